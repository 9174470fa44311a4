"""One sentence instead of a NameError, in a kernel whose page has not run its set-up cell yet.

Such a kernel knows nothing of the course, so the settings of IPython in `helpers/jupyter` load this file. It
does nothing in other notebooks, and nothing once the set-up cell has run.
"""

import os
import pathlib
import sys
import types
import typing

from helpers.core import scratch, texts

if typing.TYPE_CHECKING:
    from IPython.core import interactiveshell

FOLDERS = ("notebooks", "exercises", "solutions")


def load_ipython_extension(shell: "interactiveshell.InteractiveShell") -> None:
    """Explain what fails for want of the set-up cell, if this kernel belongs to a page of the course."""
    from IPython.core import error

    if is_page(pathlib.Path.cwd(), os.environ.get("JPY_SESSION_NAME", "")):
        shell.set_custom_exc((NameError, error.UsageError), _explain)


def is_page(folder: pathlib.Path, notebook: str) -> bool:
    """Tell whether a kernel was started for a page of the course, or for a copy of one.

    Args:
        folder: where the kernel was started.
        notebook: the path of its notebook, as Jupyter passes it on; "" if nothing was passed on.
    """
    if folder.name not in FOLDERS:
        return False
    if not notebook:
        return folder.parent == scratch.COURSE
    pages = (scratch.COURSE / folder.name).glob("*.ipynb")
    return any(pathlib.PurePath(notebook).stem.startswith(page.stem) for page in pages)


def _explain(
    shell: "interactiveshell.InteractiveShell",
    kind: type[BaseException],
    seen: BaseException,
    trace: types.TracebackType,
    tb_offset: int | None = None,
) -> None:
    if "helpers.lesson" in sys.modules:
        shell.showtraceback((kind, seen, trace), tb_offset=tb_offset, running_compiled_code=True)
    else:
        print(texts.words("set_up_first"), file=sys.stderr)
