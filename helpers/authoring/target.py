"""The machines a class may have: which wheels fit them, and which pins apply to them."""

import dataclasses
import platform
import sys
import typing

from helpers.authoring import pinned
import packaging.markers
import packaging.tags

# Enough for every distribution of Linux that TensorFlow's own wheels run on, and for macOS 14.
NEWEST_GLIBC, NEWEST_MACOS = 28, (14, 0)
SYSTEMS = {
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "macos": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    "windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
}
MACHINES = {
    "linux-x86_64": "x86_64",
    "linux-aarch64": "aarch64",
    "macos-arm64": "arm64",
    "windows-x86_64": "AMD64",
}
PYTHONS = ("3.11", "3.12", "3.13")


class NoWheels(ValueError):
    """TensorFlow has no wheels for such a machine; the text says for which there are."""


@dataclasses.dataclass(frozen=True)
class Target:
    """One kind of machine.

    Attributes:
        machine: a key of MACHINES.
        python: one of PYTHONS.
    """

    machine: str
    python: str

    def __str__(self) -> str:
        """As `Python 3.12 on linux-x86_64`."""
        return f"Python {self.python} on {self.machine}"

    def platforms(self) -> list[str]:
        """Return the platform tags of wheels that run here, the best first."""
        kind = MACHINES[self.machine]
        if self.machine.startswith("windows"):
            return ["win_amd64"]
        if self.machine.startswith("macos"):
            return list(packaging.tags.mac_platforms(NEWEST_MACOS, kind))
        numbered = [f"manylinux_2_{minor}_{kind}" for minor in range(NEWEST_GLIBC, 4, -1)]
        return [
            *numbered,
            f"manylinux2014_{kind}",
            f"manylinux2010_{kind}",
            f"manylinux1_{kind}",
            f"linux_{kind}",
        ]

    def tags(self) -> frozenset[packaging.tags.Tag]:
        """Return every tag of a wheel that runs here."""
        version = tuple(int(part) for part in self.python.split("."))
        platforms = self.platforms()
        exact = packaging.tags.cpython_tags(version, platforms=platforms)
        general = packaging.tags.compatible_tags(version, f"cp{version[0]}{version[1]}", platforms)
        return frozenset([*exact, *general])

    def releases(self) -> tuple[str, str]:
        """Return the first release of this Python and one later than any: a pin may depend on the release."""
        return f"{self.python}.0", f"{self.python}.99"

    def needed(self, pins: typing.Iterable[pinned.Pin], release: str) -> list[pinned.Pin]:
        """Return the pins that apply here, on one release of this Python."""
        environment = {
            **packaging.markers.default_environment(),
            **SYSTEMS[self.machine.partition("-")[0]],
            "platform_machine": MACHINES[self.machine],
            "python_version": self.python,
            "python_full_version": release,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        return [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]


def here() -> Target:
    """Return the target that this machine is.

    Raises:
        NoWheels: TensorFlow has no wheels for it.
    """
    system = {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    kind = platform.machine().lower().replace("amd64", "x86_64")
    found = Target(f"{system}-{kind}", f"{sys.version_info.major}.{sys.version_info.minor}")
    if found.machine not in MACHINES or found.python not in PYTHONS:
        raise NoWheels(
            f"This is {found}. TensorFlow has wheels for {', '.join(MACHINES)} and for Python "
            f"{', '.join(PYTHONS)}. Choose with --machine and --python."
        )
    return found
