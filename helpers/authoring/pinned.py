"""What the project pins: read from its files, compared with each other and with what is installed.

Nothing here needs the network. The files are written by `author pins`, see pins.py.
"""

import importlib.metadata
import pathlib
import tomllib
import typing

import packaging.requirements
import packaging.utils

Project = dict[str, typing.Any]
Pin = packaging.requirements.Requirement
CURE = "Run `uv run author pins`."


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


def direct(project: Project) -> dict[str, str]:
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


def complaints(root: pathlib.Path) -> list[str]:
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
    return found + not_as_installed(parse(requirements), transitive(project))


def disagreements(project: Project, requirements: str) -> list[str]:
    """Compare pyproject.toml with requirements.txt: each package must have one version, stated in both."""
    named = direct(project)
    learners = named.keys() - {name(Pin(line)) for line in project["dependency-groups"].get("browser", [])}
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
            found.append(f"requirements.txt has {text(pin)}, pyproject.toml has {named[name(pin)]}. {CURE}")
    return found


def not_as_installed(pins: list[Pin], others: list[Pin]) -> list[str]:
    """Compare pins with the packages installed here.

    Args:
        pins: must be installed wherever their marker applies.
        others: may be missing, as the browser tests' packages are, but have no other version.
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
            found.append(f"{pin.name} is pinned to {version(pin)}; here it is {installed}. Run `uv sync`.")
    return sorted(set(found))
