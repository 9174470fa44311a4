"""`%%fresh`: the cell runs in a Python that has never seen this notebook. Only the disk is shared.

`%%fresh 10` gives the cell ten seconds instead of sixty. Load it with `%load_ext helpers.fresh`.
"""

from helpers.core import processes

TIME_LIMIT = processes.TIME_LIMIT  # seconds


def run_cell(code: str, timeout: float = TIME_LIMIT, fork: bool | None = None) -> int | None:
    """Run Python text in a new process, in the current folder, and print what it prints.

    Args:
        code: the text of a cell.
        timeout: seconds until the process is ended.
        fork: use the fork server; None means where the platform can.

    Returns:
        The exit status of the process, negative for a signal, None if it ran out of time. A cell that
        raised counts as 0: the line about its error is what it was run for.

    Raises:
        OSError: no process could be started.
    """
    result = processes.run(code, timeout, fork, shown=lambda text: print(text, end="", flush=True))
    if result.status is None:
        print(f"Ended after {timeout:g} seconds, the time limit. `%%fresh 120` gives a cell two minutes.")
    elif result.crash:
        print(result.crash)
    return result.status


def fresh(line: str, cell: str) -> None:
    """The magic itself: `%%fresh` or `%%fresh SECONDS`."""
    try:
        timeout = float(line) if line.strip() else TIME_LIMIT
    except ValueError:
        print(f"%%fresh takes a number of seconds, as in `%%fresh 120`; it got {line.strip()!r}.")
        return
    run_cell(cell, timeout)


def load_ipython_extension(shell: object) -> None:
    """`%load_ext helpers.fresh` makes the magic known and warms the server."""
    shell.register_magic_function(fresh, magic_kind="cell")
    processes.end_with_kernel(shell)
    processes.warm()
