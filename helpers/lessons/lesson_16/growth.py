"""What a save and a load take as a model grows: measured once, up to a file of 1 GB, and recorded here.

`python -m helpers.lessons.lesson_16.growth` measures again, each size in a process of its own, and writes the
record anew. It takes some minutes, 2.2 GB on disk and 4 GB of memory.
"""

import collections.abc
import datetime
import importlib.metadata
import json
import pathlib
import platform
import sys
import tempfile
import threading
import time

from helpers import figures
from helpers.core import backend, processes  # noqa: F401  (backend settles how TensorFlow is imported)
import keras
import matplotlib.pyplot as pyplot
import psutil

FILE = pathlib.Path(__file__).with_suffix(".json")
SIZES = (1, 4, 16, 64, 250, 1000)  # MB of numbers
WAYS = ("save .keras", "load .keras", "save weights", "load weights", "save shards", "load shards")
MEGABYTE = 10**6


def model(megabytes: float, layers: int = 8) -> keras.Sequential:
    """A model of so many megabytes of numbers, in layers of one size. Not compiled."""
    width = round((megabytes * MEGABYTE / 4 / layers) ** 0.5)
    dense = [keras.layers.Dense(width, activation="relu") for _ in range(layers)]
    return keras.Sequential([keras.Input((width,)), *dense])


def record() -> dict:
    """The whole file: "date", "machine", and "measured", which maps megabytes to a way to its measures.

    A way is one of WAYS, its measures are "seconds", and "memory" in megabytes above what the process had
    before. Each size also has "file", the megabytes of its `.keras`.
    """
    return json.loads(FILE.read_text(encoding="utf-8"))


def draw(alt: str) -> None:
    """Draw seconds and memory of each way against the size of the model.

    Args:
        alt: what the picture says, in words.
    """
    measured = record()["measured"]
    sizes = [float(size) for size in measured]
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3))
    colors = [color for color in (figures.BLUE, figures.GREEN, figures.ORANGE) for _ in range(2)]
    lowest = {"seconds": 0.01, "memory": 1}  # below it, other work of the process is larger
    for axis, measure, label in zip(axes, lowest, ("seconds", "MB of memory on top"), strict=True):
        for way, color, style in zip(WAYS, colors, ("-", "--") * 3, strict=True):
            values = [max(each[way][measure], lowest[measure]) for each in measured.values()]
            axis.loglog(sizes, values, style, color=color, marker=".", label=way)
        axis.set(xlabel="MB of numbers", ylabel=label)
    axes[1].legend(fontsize="small", loc="upper left")
    figure.tight_layout()
    figures.show(figure, alt)


def measure(megabytes: int) -> dict:
    """What each way takes for one size, in this process; the files go to a folder that is deleted."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        live = model(megabytes)
        whole, weights, shards = (folder / part for part in ("m.keras", "m.weights.h5", "s.weights.json"))
        size = max(live.count_params() * 4 / 8 / 2**30 * 1.1, 1e-4)  # a layer fits into a shard, two do not
        found = {
            "save .keras": _taken(lambda: live.save(whole)),
            "save weights": _taken(lambda: live.save_weights(weights)),
            "save shards": _taken(lambda: live.save_weights(shards, max_shard_size=size)),
            "load weights": _taken(lambda: live.load_weights(weights)),
            "load shards": _taken(lambda: live.load_weights(shards)),
        }
        found["load .keras"] = _taken(lambda: keras.models.load_model(whole))
        return {"file": whole.stat().st_size / MEGABYTE, **{way: found[way] for way in WAYS}}


def _taken(call: collections.abc.Callable[[], object]) -> dict[str, float]:
    """Seconds of a call, and the most memory that the process had during it, above that before."""
    process, ended = psutil.Process(), threading.Event()
    before = most = process.memory_info().rss

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.002):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = time.perf_counter()
    try:
        call()
    finally:
        seconds = time.perf_counter() - started
        ended.set()
        watcher.join()
    return {"seconds": round(seconds, 3), "memory": round((most - before) / MEGABYTE, 1)}


def main() -> None:
    """Measure one size, given as argument, and print it; without one, measure all and write the record."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
        return
    measured = {}
    for size in SIZES:
        command = [sys.executable, "-m", "helpers.lessons.lesson_16.growth", size]
        said = processes.run_program(*command, check=True).stdout
        measured[str(size)] = json.loads(said.splitlines()[-1])
        print(size, "MB:", measured[str(size)], flush=True)
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras")]
    machine = " · ".join([platform.system(), platform.machine(), *versions])
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    whole = {"date": today, "machine": machine, "measured": measured}
    FILE.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
