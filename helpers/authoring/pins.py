"""`author pins`: writes every file that names exact versions, from the direct pins in pyproject.toml alone.

Three places name versions, because three kinds of tools read them: the `constraint-dependencies` in
pyproject.toml (uv), requirements.txt with hashes (pip), environment.yml (conda). None names a package host.
"""

import argparse
import pathlib
import re
import subprocess
import tempfile
import tomllib

from helpers.authoring import agreement, pinned
import packaging.specifiers
import uv

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^# pins begin.*?^# pins end$", re.DOTALL | re.MULTILINE)
BLOCK_BEGIN = "# pins begin: written by `author pins`"
COMPILE = ["pip", "compile", "pyproject.toml", "--universal", "--generate-hashes"]
PLAIN = ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet"]


class PinsError(Exception):
    """The pins cannot be written; the message says what was seen, what was expected and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author pins` to a parser."""
    parser.add_argument(
        "--check",
        action="store_true",
        help="say what is out of date; write nothing, use no network",
    )
    parser.add_argument(
        "--upgrade",
        action="store_true",
        help="take the newest versions of what the direct pins need",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author pins`; return 0, or 1 when something is out of date or cannot be written."""
    if arguments.check:
        complaints = agreement.complaints(ROOT)
        print("\n".join(complaints) or "The pins agree with each other and with what is installed.")
        return 1 if complaints else 0
    try:
        changed = write(ROOT, upgrade=arguments.upgrade)
    except PinsError as error:
        print(error)
        return 1
    print("\n".join(f"Wrote {name}." for name in changed) or "Nothing has changed.")
    return 0


def write(root: pathlib.Path, upgrade: bool = False) -> list[str]:
    """Resolve the direct pins and write the three files.

    Versions already pinned are kept where they still fit, unless `upgrade` is true: adding one package does
    not change twenty others. Returns the names of the files that changed.

    Raises:
        PinsError: uv cannot resolve the direct pins, or pyproject.toml has no block for the result.
    """
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    everything, learners = resolve(project, upgrade)
    contents = {
        "pyproject.toml": with_constraints(project, everything),
        "requirements.txt": learners,
        "environment.yml": pinned.environment(tomllib.loads(project), learners),
    }
    changed = []
    for name, content in contents.items():
        path = root / name
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8", newline="\n")
            changed.append(name)
    return changed


def resolve(project: str, upgrade: bool = False) -> tuple[str, str]:
    """Return two requirements texts with hashes: of all groups, and of what each learner installs."""
    content = tomllib.loads(project)
    python = f"--python-version={lowest_python(content['project']['requires-python'])}"
    groups = [f"--group={group}" for group in content["dependency-groups"]]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # The old constraints would decide the result: uv must see the direct pins only.
        (folder / "pyproject.toml").write_text(BLOCK.sub("", project), encoding="utf-8")
        if not upgrade:
            # uv prefers the versions it finds in its output file.
            kept = "\n".join(pinned.text(pin) for pin in pinned.transitive(content))
            (folder / "everything.txt").write_text(kept, encoding="utf-8")
        everything = compile_in(folder, ["--output-file=everything.txt", python, *groups])
        constraints = ["--constraints=everything.txt", "--group=dev"]
        learners = compile_in(folder, ["--output-file=learners.txt", python, *constraints])
    return everything, learners


def compile_in(folder: pathlib.Path, options: list[str]) -> str:
    """Run `uv pip compile` in a folder and return the text of the output file that the first option names."""
    command = [uv.find_uv_bin(), *COMPILE, *PLAIN, *options]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, encoding="utf-8")
    except subprocess.CalledProcessError as error:
        raise PinsError(
            f"uv cannot resolve the direct pins in pyproject.toml:\n{error.stderr.strip()}"
        ) from None
    return (folder / options[0].partition("=")[2]).read_text(encoding="utf-8")


def lowest_python(requires_python: str) -> str:
    """Return the lower bound of a requires-python, such as "3.11" of ">=3.11,<3.14"."""
    return next(
        part.version for part in packaging.specifiers.SpecifierSet(requires_python) if part.operator == ">="
    )


def with_constraints(project: str, requirements: str) -> str:
    """Return the text of pyproject.toml with every transitive pin in its block."""
    if not BLOCK.search(project):
        raise PinsError(
            f"pyproject.toml has no block from '{BLOCK_BEGIN}' to '# pins end'. "
            "Put these two lines under [tool.uv]."
        )
    direct = pinned.direct(tomllib.loads(project))
    transitive = [pin for pin in pinned.parse(requirements) if pinned.name(pin) not in direct]
    lines = [f'    "{pinned.text(pin)}",' for pin in transitive]
    block = "\n".join([BLOCK_BEGIN, "constraint-dependencies = [", *lines, "]", "# pins end"])
    return BLOCK.sub(lambda _: block, project)
