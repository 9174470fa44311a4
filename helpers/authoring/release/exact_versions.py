"""`author pins`: writes every file that names exact versions, from the direct pins in pyproject.toml alone.

Three places name versions, because three kinds of tools read them: the `constraint-dependencies` in
pyproject.toml (uv), requirements.txt with hashes (pip), environment.yml (conda). None names a package host.
"""

import argparse
import importlib.metadata
import pathlib
import re
import subprocess
import tempfile
import tomllib
import typing

from helpers.core import processes
import packaging.requirements
import packaging.specifiers
import packaging.utils
import uv

# What the project pins: the pins as its files state them, and the text of environment.yml.


Project = dict[str, typing.Any]
Pin = packaging.requirements.Requirement


def name(pin: Pin) -> str:
    """Return the name that all spellings of a package share: `Send2Trash` and `send2trash` are one."""
    return packaging.utils.canonicalize_name(pin.name)


def version(pin: Pin) -> str:
    """Return the version of an exact pin.

    Raises:
        ValueError: the requirement allows more than one version.
    """
    exact = [
        part.version for part in pin.specifier if part.operator == "==" and not part.version.endswith(".*")
    ]
    if len(exact) != 1 or len(pin.specifier) != 1:
        raise ValueError(f"{pin} allows several versions. Pin it exactly, as in {pin.name}==1.2.3.")
    return exact[0]


def text(pin: Pin) -> str:
    """Return a pin as one line, with its marker in the quotes that TOML and YAML strings can hold."""
    marker = str(pin.marker).replace('"', "'") if pin.marker else ""
    return f"{pin.name}{pin.specifier}" + (f" ; {marker}" if marker else "")


def parse(requirements: str) -> list[Pin]:
    """Return the pins of a requirements text; the hashes are left out."""
    return [Pin(line) for line, _ in entries(requirements)]


def hashes(requirements: str) -> dict[str, list[str]]:
    """Return the hash options of a requirements text, by the text of the pin."""
    return {text(Pin(line)): options for line, options in entries(requirements)}


def entries(requirements: str) -> list[tuple[str, list[str]]]:
    """Return each requirement of a requirements text and its `--hash` options."""
    lines = requirements.replace("\\\n", " ").splitlines()
    parts = [line.split("--hash=") for line in lines if line.strip() and not line.startswith("#")]
    return [(part[0].strip(), [f"--hash={value.strip()}" for value in part[1:]]) for part in parts]


def direct_pins(project: Project) -> dict[str, str]:
    """Return the version of every package that pyproject.toml names itself, of all groups."""
    groups = project.get("dependency-groups", {}).values()
    lines = [
        *project["project"]["dependencies"],
        *(line for group in groups for line in group),
    ]
    return {name(pin): version(pin) for pin in map(Pin, lines)}


def transitive(project: Project) -> list[Pin]:
    """Return the pins of what the direct pins need, for every group."""
    return [Pin(line) for line in project["tool"]["uv"].get("constraint-dependencies", [])]


def environment(project: Project, requirements: str) -> str:
    """Return the text of environment.yml: Python from conda, every package from pip, the versions the same.

    The pins stand in the file itself, because micromamba looks for a `-r file` in the wrong folder.
    """
    lines = [f'      - "{text(pin)}"' for pin in parse(requirements)]
    return "\n".join(
        [
            f"name: {project['project']['name']}",
            "channels:",
            "  - conda-forge",
            "dependencies:",
            f"  - python {project['project']['requires-python']}",
            "  - pip",
            "  - pip:",
            *lines,
            "",
        ]
    )


# Whether the files that name versions agree, with each other and with what is installed, found offline.


CURE = "Run `uv run author pins`."


def objections(root: pathlib.Path) -> list[str]:
    """Return a sentence for each thing that is out of date in the files or in what is installed."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    files = {file: root / file for file in ("requirements.txt", "environment.yml")}
    missing = [f"{file} is missing. {CURE}" for file, path in files.items() if not path.exists()]
    if missing:
        return missing
    requirements = files["requirements.txt"].read_text(encoding="utf-8")
    found = disagreements(project, requirements)
    if files["environment.yml"].read_text(encoding="utf-8") != environment(project, requirements):
        found.append(f"environment.yml does not say what requirements.txt says. {CURE}")
    others = [*transitive(project), *beside(project)]
    return found + not_as_installed(parse(requirements), others)


def beside(project: Project) -> list[Pin]:
    """Return the direct pins of the groups that requirements.txt leaves out: browser tests, website."""
    groups = project["dependency-groups"].items()
    return [Pin(line) for name, lines in groups if name != "dev" for line in lines]


def disagreements(project: Project, requirements: str) -> list[str]:
    """Compare pyproject.toml with requirements.txt: each package must have one version, stated in both."""
    named = direct_pins(project)
    learners = named.keys() - {name(pin) for pin in beside(project)}
    pins = parse(requirements)
    constraints = {text(pin) for pin in transitive(project)}
    found = [
        f"pyproject.toml names {package}, requirements.txt does not. {CURE}"
        for package in sorted(learners - {name(pin) for pin in pins})
    ]
    for pin in pins:
        if name(pin) not in named and text(pin) not in constraints:
            found.append(f"requirements.txt has {text(pin)}, pyproject.toml does not. {CURE}")
        elif named.get(name(pin), version(pin)) != version(pin):
            other = named[name(pin)]
            found.append(f"requirements.txt has {text(pin)}, pyproject.toml has {other}. {CURE}")
    return found


def not_as_installed(pins: list[Pin], others: list[Pin]) -> list[str]:
    """Compare pins with the packages installed here.

    Args:
        pins: must be installed wherever their marker applies.
        others: may be missing, as those of the browser tests are, but have no other version.
    """
    required = {name(pin) for pin in pins}
    found = []
    for pin in [*pins, *others]:
        if pin.marker and not pin.marker.evaluate():
            continue
        try:
            installed = importlib.metadata.version(pin.name)
        except importlib.metadata.PackageNotFoundError:
            installed = "not installed" if name(pin) in required else version(pin)
        if installed != version(pin):
            seen = f"{pin.name} is pinned to {version(pin)}; here it is {installed}."
            found.append(f"{seen} Run `uv sync`, or install requirements.txt again.")
    return sorted(set(found))


ROOT = pathlib.Path(__file__).resolve().parents[3]
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
        complaints = objections(ROOT)
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
        "environment.yml": environment(tomllib.loads(project), learners),
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
            kept = "\n".join(text(pin) for pin in transitive(content))
            (folder / "everything.txt").write_text(kept, encoding="utf-8")
        everything = compile_in(folder, ["--output-file=everything.txt", python, *groups])
        constraints = ["--constraints=everything.txt", "--group=dev"]
        learners = compile_in(folder, ["--output-file=learners.txt", python, *constraints])
    return everything, learners


def compile_in(folder: pathlib.Path, options: list[str]) -> str:
    """Run `uv pip compile` in a folder and return the text of the output file that the first option names."""
    command = [uv.find_uv_bin(), *COMPILE, *PLAIN, *options]
    try:
        processes.run_program(*command, cwd=folder, check=True)
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
    direct = direct_pins(tomllib.loads(project))
    transitive = [pin for pin in parse(requirements) if name(pin) not in direct]
    lines = [f'    "{text(pin)}",' for pin in transitive]
    block = "\n".join([BLOCK_BEGIN, "constraint-dependencies = [", *lines, "]", "# pins end"])
    return BLOCK.sub(lambda _: block, project)
