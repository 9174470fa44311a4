"""Where a version comes from: the code and the libraries that made it."""

import importlib.metadata
import os
import pathlib
import platform
import subprocess

from helpers.versions import errors, fingerprint

LIBRARIES = ("tensorflow", "keras", "numpy")
_PATIENCE = 10  # seconds for git


def code(path: str | os.PathLike | None) -> dict[str, str | bool | None]:
    """The commit of the git repository around `path` or the current folder, and the sha256 of `path`.

    `dirty` says that files differed from that commit. What there is none of is None.

    Raises:
        errors.VersionsError: the path is none, or nothing is there.
        OSError: it cannot be read.
    """
    if path is not None and not isinstance(path, str | os.PathLike):
        raise errors.VersionsError(f"The code is the path of a file or a folder; got {errors.shown(path)}.")
    sha256 = None if path is None else fingerprint.of_path(path)
    folder = pathlib.Path(path or ".")
    folder = folder if folder.is_dir() else folder.parent
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain") if commit else None
    return {"commit": commit, "dirty": None if changes is None else bool(changes), "sha256": sha256}


def libraries() -> dict[str, str | None]:
    """The version of Python and of each library; None for one that is not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(folder: pathlib.Path, *command: str) -> str | None:
    """What git prints; None where there is no git, no repository, or no answer in time."""
    # Without locks of its own: to look must not disturb a commit under way.
    whole = ["git", "--no-optional-locks", *command]
    try:
        done = subprocess.run(
            whole, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace").strip()
