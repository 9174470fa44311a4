"""Says why there is nothing at a path, and what is near it."""

import difflib
import errno
import pathlib

from helpers.anatomy import finding, words


def checkpoint(path: pathlib.Path) -> pathlib.Path | None:
    """The path itself if it is the name of a checkpoint, which is no file: its files have longer names."""
    starts = (f"{path.name}.index", f"{path.name}.data-")
    try:
        names = [entry.name for entry in path.parent.iterdir()] if path.name else []
    except OSError:
        return None
    return path if any(name.startswith(starts) for name in names) else None


def reason(path: pathlib.Path, error: OSError) -> Exception:
    """What to raise for a path that cannot be looked at: a sentence, or the error if it is another kind."""
    shown, folder = words.quoted(path.name), path.parent
    if error.errno == errno.ELOOP:
        return finding.Unreadable(
            f"{shown} is a link that leads back to itself. Remove it, and copy the model."
        )
    if error.errno == errno.ENAMETOOLONG:
        return finding.Unreadable(f"{shown} is too long for the name of a file. Check the path.")
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return error
    if path.is_symlink():
        return finding.Unreadable(f"{shown} is a link to something that is not there. Copy the model itself.")
    if not folder.is_dir():
        return finding.Unreadable(
            f"{shown} does not exist, and neither does the folder {words.quoted(folder.name)}. Check the "
            "path; one without a leading slash begins where Python runs."
        )
    near = difflib.get_close_matches(path.name, [entry.name for entry in folder.iterdir()][:1000], n=3)
    hint = (
        f"There is: {words.listing(map(words.plain, near))}" if near else "Nothing there has a similar name"
    )
    return finding.Unreadable(f"{shown} does not exist. {hint}. Check the path and the spelling.")
