"""What the project pins: the pins as its files state them, and the text of environment.yml."""

import typing

import packaging.requirements
import packaging.utils

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
