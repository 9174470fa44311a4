"""`course --break`: the large run of lesson 09, which may be stopped at any moment and goes on later."""

import contextlib
import datetime
import importlib.metadata
import platform

from helpers import backend, scratch, stop
from helpers.breaking import large_run, report, results
from helpers.core import processes
import rich.console
import rich.progress


def main(flips: int, console: rich.console.Console | None = None) -> int:
    """Flip a bit so many times in each format, with a quarter of cuts and a fifth of kills; 0 if all is done.

    Every result is written at once, so that Control-C loses none; the same command goes on from there.
    """
    console = console or rich.console.Console()
    if flips < 1:
        console.print(f"--break takes a number of bits to flip, from 1; it got {flips}.")
        return 1
    try:
        place = scratch.writable() / "breaking"
    except stop.Stop as error:
        console.print(str(error))
        return 1
    place.mkdir(exist_ok=True)
    found = results.Results(place / f"{name(versions())}.jsonl")
    console.print(f"Results go to {scratch.shown(found.file)}; Control-C stops, the same command goes on.")
    processes.warm()
    finished = False
    with contextlib.chdir(place), contextlib.suppress(KeyboardInterrupt):
        backend.first_operation()
        large_run.make_victims()
        todo = large_run.missing(found, flips)
        columns = (*rich.progress.Progress.get_default_columns(), rich.progress.MofNCompleteColumn())
        with rich.progress.Progress(*columns, console=console) as progress:
            bar = progress.add_task("breaking", total=todo.count())
            for trial in todo.tried():
                found.add(trial)
                progress.advance(bar)
        finished = True
        if late := large_run.missing(found, flips).count():
            console.print(
                f"{late} kills came after the end of their save. The same command tries them again."
            )
    report.show(found, versions(), console)
    if not finished:
        console.print("Stopped. Nothing is lost: the same command goes on from here.")
    return 0 if finished else 130


def versions() -> dict[str, str]:
    """What the results depend on."""
    packages = {package: importlib.metadata.version(package) for package in ("tensorflow", "keras", "h5py")}
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **packages,
    }


def name(run: dict[str, str]) -> str:
    """The name of a results file: other versions are another run."""
    return f"tensorflow-{run['tensorflow']}-keras-{run['keras']}"
