"""The claims, the results recorded on other versions, and the proofs, each found by the id of its claim."""

import collections.abc
import dataclasses
import importlib
import pathlib
import pkgutil
import tomllib
import types

from tests.claims import proofs, shelf

FOLDER = pathlib.Path(__file__).parent
Proof = collections.abc.Callable[[shelf.Shelf], dict[str, bool]]


@dataclasses.dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes:
        identifier: A01 to A28 for the first article, B01 to B56 for the second.
        article: first or second.
        section: where in the article it stands.
        claim: what it says, in our words.
        verdict: one of `settle.VERDICTS`.
        condition: what it depends on, for the verdict "condition".
        teach: what we say instead.
        note: why no run can settle it, or what was not run.
        seen_in: the cell of a lesson that shows it.
        awaits: the lesson that will show it, for as long as the course does not have it.
        elsewhere: what the recorded results of other versions say.
    """

    identifier: str
    article: str
    section: str
    claim: str
    verdict: str
    condition: str = ""
    teach: str = ""
    note: str = ""
    seen_in: str = ""
    awaits: str = ""
    elsewhere: str = ""


@dataclasses.dataclass(frozen=True)
class Recorded:
    """What was found on another version, by `elsewhere/record.py`: claim id -> case -> whether it held."""

    versions: str
    recorded: str
    cases: dict[str, dict[str, bool]]


def claims() -> dict[str, Claim]:
    """Every claim by its id, in the order of the file."""
    entries = tomllib.loads((FOLDER / "claims.toml").read_text(encoding="utf-8"))
    return {identifier: Claim(identifier, **entry) for identifier, entry in entries.items()}


def recorded() -> list[Recorded]:
    """The recorded results, oldest version first."""
    found = []
    for path in (FOLDER / "elsewhere").glob("*.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found.append(Recorded(content.pop("versions"), content.pop("recorded"), content))
    return sorted(found, key=lambda each: [int(part) for part in each.versions.split()[1].split(".")])


def held_elsewhere(identifier: str) -> list[bool]:
    """Whether a claim held in each case that was recorded on another version."""
    return [held for each in recorded() for held in each.cases.get(identifier, {}).values()]


def subjects() -> dict[str, types.ModuleType]:
    """The modules with proofs, by name."""
    names = [module.name for module in pkgutil.iter_modules(proofs.__path__)]
    return {name: importlib.import_module(f"tests.claims.proofs.{name}") for name in names}


def in_subject(module: types.ModuleType) -> dict[str, Proof]:
    """The proofs of one module by the id of their claim."""
    return {
        name.upper(): value
        for name, value in vars(module).items()
        if len(name) == 3 and name[0] in "ab" and name[1:].isdigit() and callable(value)
    }


def all_proofs() -> dict[str, Proof]:
    """Every proof by the id of its claim.

    Raises:
        ValueError: two modules have a proof of one claim.
    """
    found: dict[str, Proof] = {}
    for module in subjects().values():
        if twice := found.keys() & in_subject(module).keys():
            raise ValueError(f"{module.__name__} proves {sorted(twice)} a second time")
        found |= in_subject(module)
    return found
