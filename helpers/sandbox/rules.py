"""What Python refuses inside the sandbox: its audit events say what it was asked for.

Audit hooks are there to note things. Code that wants to get around one can, so this keeps honest mistakes
and plain tricks away, not an enemy.
"""

import collections.abc
import os
import pathlib
import sys

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROGRAM, _NET, _PROCESS = "start a program", "reach the net", "end a process"
_ASKS = {
    _PROGRAM: "subprocess.Popen os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty os.startfile "
    "os.startfile/2 pty.spawn",
    _NET: "socket.connect socket.bind socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname",
    _PROCESS: "os.kill os.killpg",
}
_DEEDS = {event: deed for deed, events in _ASKS.items() for event in events.split()}
# Where in the arguments of an event the paths stand that would be changed.
_PATHS = {
    **dict.fromkeys(["os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.chown"], (0,)),
    **dict.fromkeys(["os.truncate", "os.utime"], (0,)),
    "os.rename": (0, 1),
    "os.link": (0, 1),
    "os.symlink": (1,),
}


def enforce(folders: collections.abc.Collection[pathlib.Path], notes: int) -> None:
    """From now on refuse what reaches out of the folders, and write each refusal into the open file `notes`.

    Python then raises PermissionError in place of doing it. There is no way back in this process.
    """

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if deed := _deed(event, arguments, folders):
            os.write(notes, f"to {deed}\n".encode("utf-8", "backslashreplace"))
            raise PermissionError(f"the sandbox refuses to {deed}")

    sys.addaudithook(hook)


def _deed(
    event: str, arguments: tuple[object, ...], folders: collections.abc.Collection[pathlib.Path]
) -> str | None:
    """What is refused about an event, nothing if it may happen."""
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        return _outside(arguments[:1], folders)
    if event in _PATHS:
        return _outside([arguments[place] for place in _PATHS[event]], folders)
    return _DEEDS.get(event)


def _outside(
    paths: collections.abc.Iterable[object], folders: collections.abc.Collection[pathlib.Path]
) -> str | None:
    for path in paths:
        if not isinstance(path, (str, bytes, os.PathLike)):
            continue  # a file that is open already
        real = pathlib.Path(os.path.realpath(os.fsdecode(path)))
        if str(real) != os.devnull and not any(real.is_relative_to(folder) for folder in folders):
            return f"write outside its folder: {real.name}"
    return None
