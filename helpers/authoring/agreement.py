"""Whether the files that name versions agree, with each other and with what is installed, found offline."""

import importlib.metadata
import pathlib
import tomllib

from helpers.authoring import pinned

CURE = "Run `uv run author pins`."


def complaints(root: pathlib.Path) -> list[str]:
    """Return a sentence for each thing that is out of date in the files or in what is installed."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    files = {file: root / file for file in ("requirements.txt", "environment.yml")}
    missing = [f"{file} is missing. {CURE}" for file, path in files.items() if not path.exists()]
    if missing:
        return missing
    requirements = files["requirements.txt"].read_text(encoding="utf-8")
    found = disagreements(project, requirements)
    if files["environment.yml"].read_text(encoding="utf-8") != pinned.environment(project, requirements):
        found.append(f"environment.yml does not say what requirements.txt says. {CURE}")
    others = [*pinned.transitive(project), *browser(project)]
    return found + not_as_installed(pinned.parse(requirements), others)


def browser(project: pinned.Project) -> list[pinned.Pin]:
    """Return the direct pins of the browser tests, the one group that requirements.txt leaves out."""
    return [pinned.Pin(line) for line in project["dependency-groups"]["browser"]]


def disagreements(project: pinned.Project, requirements: str) -> list[str]:
    """Compare pyproject.toml with requirements.txt: each package must have one version, stated in both."""
    named = pinned.direct(project)
    learners = named.keys() - {pinned.name(pin) for pin in browser(project)}
    pins = pinned.parse(requirements)
    constraints = {pinned.text(pin) for pin in pinned.transitive(project)}
    found = [
        f"pyproject.toml names {package}, requirements.txt does not. {CURE}"
        for package in sorted(learners - {pinned.name(pin) for pin in pins})
    ]
    for pin in pins:
        if pinned.name(pin) not in named and pinned.text(pin) not in constraints:
            found.append(f"requirements.txt has {pinned.text(pin)}, pyproject.toml does not. {CURE}")
        elif named.get(pinned.name(pin), pinned.version(pin)) != pinned.version(pin):
            other = named[pinned.name(pin)]
            found.append(f"requirements.txt has {pinned.text(pin)}, pyproject.toml has {other}. {CURE}")
    return found


def not_as_installed(pins: list[pinned.Pin], others: list[pinned.Pin]) -> list[str]:
    """Compare pins with the packages installed here.

    Args:
        pins: must be installed wherever their marker applies.
        others: may be missing, as the browser tests' packages are, but have no other version.
    """
    required = {pinned.name(pin) for pin in pins}
    found = []
    for pin in [*pins, *others]:
        if pin.marker and not pin.marker.evaluate():
            continue
        try:
            installed = importlib.metadata.version(pin.name)
        except importlib.metadata.PackageNotFoundError:
            installed = "not installed" if pinned.name(pin) in required else pinned.version(pin)
        if installed != pinned.version(pin):
            seen = f"{pin.name} is pinned to {pinned.version(pin)}; here it is {installed}."
            found.append(f"{seen} Run `uv sync`, or install requirements.txt again.")
    return sorted(set(found))
