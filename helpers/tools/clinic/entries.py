"""The entries of the error clinic: what one sees, why it happens, what cures it, where it happens."""

import dataclasses

from helpers.core import texts

_NO_CAUSE = "NO_CAUSE"  # the table of such lines, beside the entries
MOST_FOUND = 12  # threads that one search shows
STATES = ("live", "mended", "recorded")


@dataclasses.dataclass(frozen=True)
class Entry:
    """One error or silent failure, in the learner's language; tools/clinic/en.toml explains the fields."""

    identifier: str
    title: str
    symptom: str
    cause: str
    cure: str
    code: str
    lesson: str
    state: str
    threads: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    seen: str = ""
    threads_found: int | None = None
    inspect: bool = False

    @property
    def shown(self) -> bool:
        """Whether a proof shows that it happens on the installed TensorFlow, or no longer does."""
        return self.state != "recorded"


class UnknownEntry(KeyError):
    """No entry has this id; the text lists the ids there are."""

    def __str__(self) -> str:
        return self.args[0]


def load() -> dict[str, Entry]:
    """Every entry by its id, such as "P24": what people meet in public first, then the other surprises."""
    return {
        identifier: _entry(identifier, fields)
        for identifier, fields in texts.table("clinic").items()
        if identifier != _NO_CAUSE
    }


def lines_without_a_cause() -> tuple[str, ...]:
    """Patterns of lines that many causes share: they say that a load failed, and nothing more."""
    return tuple(texts.table("clinic")[_NO_CAUSE]["patterns"])


def find(identifier: str) -> Entry:
    """The entry with an id; "p24" means "P24".

    Raises:
        UnknownEntry: there is none.
    """
    known = load()
    try:
        return known[identifier.upper()]
    except KeyError:
        raise UnknownEntry(
            texts.words("clinic_no_entry", identifier=identifier, entries=", ".join(known))
        ) from None


def _entry(identifier: str, fields: dict[str, object]) -> Entry:
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()}
    plain["code"] = fields["code"].strip()
    return Entry(identifier, **plain)
