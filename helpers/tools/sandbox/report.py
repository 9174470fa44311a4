"""What a process in the sandbox did: how it ended, what it left, what it was refused, what it printed."""

import dataclasses
import os
import pathlib

from helpers.tools.anatomy import words

State = dict[str, tuple[int, int]]
_SHOWN = 4096  # bytes of one file, and of one note, that a report holds
_MOST = 100  # files that a report names


@dataclasses.dataclass(frozen=True)
class Report:
    """What could be seen of it.

    `ended` is "by itself", "by an error", "stopped: ..." with the limit, or "crashed". `files` maps what it
    left in its folder, new or changed, to the first 4,096 bytes. `refused` are things Python was asked for.
    """

    ended: str
    printed: str
    files: dict[str, bytes]
    refused: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"ended    {self.ended}"]
        lines += [f"wrote    {words.listing(map(words.plain, self.files)) or 'nothing'}"]
        lines += [f"refused  {words.plain(deed)}" for deed in self.refused]
        lines += [f"printed  {words.plain(line, 200)}" for line in self.printed.splitlines()]
        return "\n".join(lines)


def state(folder: pathlib.Path) -> State:
    """Size and time of every file below a folder; links are not followed."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            entry = pathlib.Path(place, name)
            about = entry.lstat()
            found[entry.relative_to(folder).as_posix()] = (about.st_size, about.st_mtime_ns)
    return found


def of(own: pathlib.Path, before: State, ended: str) -> Report:
    """The report on a sandbox with folders `work` and `notes`; `before` is the state `work` began with."""
    after = state(own / "work")
    changed = [name for name in sorted(after) if after[name] != before.get(name)][:_MOST]
    refused = _head(own / "notes" / "refused").decode("utf-8", "replace").splitlines()
    return Report(
        ended,
        _head(own / "notes" / "printed").decode("utf-8", "replace"),
        {name: _head(own / "work" / name) for name in changed},
        tuple(dict.fromkeys(refused)),
    )


def _head(path: pathlib.Path) -> bytes:
    """The first bytes of an ordinary file; a link may point anywhere, and a pipe would wait for ever."""
    if path.is_symlink() or not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_SHOWN)
