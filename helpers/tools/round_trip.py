"""Does a saved model come back? Loaded in a new process, it has to answer a golden batch as before.

Copy this file into your own tests; it needs numpy, keras and tensorflow, and nothing else:

    def test_the_model_comes_back(tmp_path):
        model.save(tmp_path / "model.keras")
        round_trip.check(tmp_path / "model.keras", batch, model.predict(batch), imports=["my_layers"])

or run it: `python -P round_trip.py my.keras --golden golden.npz --import my_layers`. A load runs what the
file contains, here as anywhere, so give it files of your own.
"""

import argparse
import collections.abc
import contextlib
import json
import math
import mmap
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import typing
import zipfile

import numpy

SECONDS = 600.0  # until the new process is ended
NOTICE = 8.0  # seconds after which the terminal hears that it goes on
ROWS = 4
_LARGEST = 2**28  # bytes of one input that is made up
_SMALL = 2**18  # numbers of one input with ROWS rows; of a larger one a single row is made
_SIZES = (8, 64, 224)  # what is tried in turn for a size that is open
_LIMIT = 2**30  # bytes of a golden batch
_GRAPH = 2**28  # bytes of memory that any graph may take, beside eight times its file

Arrays = dict[str, numpy.ndarray]


class Failed(AssertionError):
    """The model does not come back. `step` says where, `text` is the traceback of the new process or ""."""

    def __init__(self, sentence: str, step: str = "", text: str = "") -> None:
        super().__init__(sentence)
        self.step, self.text = step, text


class _Said(ValueError):
    """A sentence of this file, for which nobody needs to look up an error."""


# In your tests


def check(
    path: pathlib.Path | str,
    batch: object,
    answers: object,
    tolerance: float | None = None,
    imports: collections.abc.Sequence[str] = (),
    trust: bool = False,
) -> float:
    """Load a saved model in a new process and compare its answers; returns the largest difference.

    Args:
        path: a `.keras` or `.h5` file, an unzipped `.keras`, or an exported folder.
        batch: one array, or arrays in a list or a dict, nested as the model takes them.
        answers: what the model answered before it was saved, in the same form.
        tolerance: the largest difference that counts as the same. None means 1e-5 of the largest answer (or
            of 1, if that is more), and 1e-3 or 1e-2 of it where the answers are float16 or bfloat16.
        imports: modules with custom classes, imported in the new process before the load.
        trust: load lambdas too, and exports that write files.

    Raises:
        Failed: an AssertionError: it does not load, or it answers otherwise; the text says what was seen.
    """
    golden = {**_packed("batch", batch), **_packed("answers", answers)}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = _new_processes(pathlib.Path(path), pathlib.Path(folder), golden, imports, trust)[0]
        return compared(str(path), _of("answers", golden), report, tolerance)


def ask(
    path: pathlib.Path | str, batch: object, imports: collections.abc.Sequence[str] = ()
) -> list[numpy.ndarray]:
    """The answers of a saved model, given by a Python that knows nothing of this one.

    Raises:
        Failed: the model does not load or does not answer; the text says why.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = _new_processes(
            pathlib.Path(path), pathlib.Path(folder), _packed("batch", batch), imports, False
        )[0]
        return list(report["answers"].values())


def compared(shown: str, wanted: Arrays, report: dict, tolerance: float | None = None) -> float:
    """The largest difference between answers and those that a new process gave.

    Raises:
        Failed: they have other names or shapes, are further apart than the tolerance, or hold no number.
    """
    found: Arrays = report["answers"]
    pairs = _matched(wanted, list(found), report["outputs"])
    if pairs is None:
        raise Failed(f"{shown} answers {_names(found)}. Expected: {_names(wanted)}.")
    largest = 0.0
    shapes = [[array.shape for array in arrays] for arrays in (pairs.values(), found.values())]
    if shapes[0] != shapes[1]:
        raise Failed(f"{shown} answers in the shapes {shapes[1]}. Expected: {shapes[0]}.")
    for name, one in pairs.items():
        other = found[name]
        if not _numeric(one) or not _numeric(other):
            if not numpy.array_equal(one.astype("U"), other.astype("U")):
                raise Failed(f"{shown} answers with other words in {name or 'its answer'}.")
            continue
        if one.size and numpy.isnan(other).all():
            raise Failed(f"{shown} answers nothing but NaN to this batch, so nothing is proved.")
        apart = _apart(one, other)
        allowed = _tolerance(one, report["kinds"].get(name, "")) if tolerance is None else tolerance
        if not apart <= allowed:
            raise Failed(
                f"{shown} answers with a difference of {apart:.2g}"
                f"{f' in {name}' if len(found) > 1 else ''}. Expected: at most {allowed:g}."
            )
        largest = max(largest, apart)
    return largest


def _numeric(array: numpy.ndarray) -> bool:
    return array.dtype.kind in "biufc"


def _apart(one: numpy.ndarray, other: numpy.ndarray) -> float:
    """The largest difference; equal NaN and equal infinities are none."""
    kinds = one.dtype.kind + other.dtype.kind
    if set(kinds) <= set("biu") and numpy.array_equal(one, other):
        return 0.0  # whole numbers beyond 2**53 would be rounded below
    wide = "complex128" if "c" in kinds else "float64"  # the difference of two unsigned numbers is a huge one
    one, other = one.astype(wide), other.astype(wide)
    same = (one == other) | (numpy.isnan(one) & numpy.isnan(other))
    with numpy.errstate(invalid="ignore", over="ignore"):
        return float(numpy.where(same, 0.0, numpy.abs(one - other)).max(initial=0.0))


def _tolerance(wanted: numpy.ndarray, kind: str) -> float:
    finite = numpy.abs(
        wanted[numpy.isfinite(wanted)].astype("complex128" if wanted.dtype.kind == "c" else float)
    )
    part = {"float16": 1e-3, "bfloat16": 1e-2}.get(kind, 1e-5)
    return float(part * max(1.0, finite.max(initial=0.0)))


# A golden batch: `batch` and `answers`, or `batch.NAME` for each input and `answers.NAME` for each output


def read_golden(path: pathlib.Path | str) -> Arrays:
    """The arrays of a golden batch, as lesson 02 and a version store write them.

    Raises:
        Failed: it is no such file, holds Python objects, or is too large; the text says what to do.
    """
    place = pathlib.Path(path)
    shown = plain(place.name)
    wanted = 'numpy.savez("golden.npz", batch=batch, answers=answers) writes one.'
    try:
        if not place.is_file():
            raise Failed(f"There is no file at {plain(str(path))}. {wanted}")
        with zipfile.ZipFile(place) as members:
            if (size := sum(one.file_size for one in members.infolist())) > _LIMIT:
                raise Failed(f"{shown} holds {size:,} bytes of arrays. A golden batch of 32 rows is enough.")
        with numpy.load(place, allow_pickle=False) as stored:
            golden = {name: _readable(stored[name]) for name in stored.files}
    except Failed:
        raise
    except Exception as error:  # a damaged file makes numpy and zipfile raise errors of a dozen kinds
        said = f"{type(error).__name__}: {plain(str(error))[:120]}"
        raise Failed(f"{shown} is no golden batch that can be read ({said}). {wanted}") from error
    for part in ("batch", "answers"):
        arrays = _of(part, golden)
        if not arrays:
            raise Failed(f"{shown} has the arrays {_names(golden)}, and none named {part}. {wanted}")
        if not all(array.size for array in arrays.values()):
            raise Failed(f"{shown} has an empty array in its {part}, which would prove nothing. {wanted}")
    return golden


def _readable(array: numpy.ndarray) -> numpy.ndarray:
    """numpy stores bfloat16 as two bytes without a name: give them their meaning back."""
    if array.dtype.kind == "V" and array.dtype.itemsize == 2:
        return (array.view("uint16").astype("uint32") << 16).view("float32")
    if array.dtype.kind == "V":
        raise ValueError('a type that numpy does not know; write it with .astype("float32")')
    return array


def _packed(part: str, value: object) -> Arrays:
    leaves = _leaves(value)
    return {f"{part}.{name}" if name else part: _plain_numbers(one) for name, one in leaves.items()}


def _of(part: str, golden: Arrays) -> Arrays:
    """The arrays of one part by their names; "" is the name of a single one."""
    found = {name[len(part) + 1 :]: one for name, one in golden.items() if name.partition(".")[0] == part}
    if all(name.isdecimal() for name in found):
        return dict(sorted(found.items(), key=lambda pair: int(pair[0])))
    return found


def _leaves(value: object, name: str = "") -> dict[str, typing.Any]:
    """The parts of a structure by their paths, in the order in which Keras flattens it."""
    if isinstance(value, collections.abc.Mapping):
        parts = [(str(key), value[key]) for key in sorted(value, key=str)]
    elif isinstance(value, list | tuple) and not hasattr(value, "dtype"):
        parts = [(str(number), one) for number, one in enumerate(value)]
    else:
        return {name: value}
    found = {}
    for key, one in parts:
        found |= _leaves(one, f"{name}.{key}" if name else key)
    return found


def _matched(
    given: dict[str, typing.Any], paths: list[str], names: list[str]
) -> dict[str, typing.Any] | None:
    """What was given, by the paths of what it is for; it may go by path, by name, or in order."""
    if len(given) != len(paths):
        return None
    if set(given) == set(paths):
        return {path: given[path] for path in paths}
    if len(set(names)) == len(names) and set(given) == set(names):
        return {path: given[name] for path, name in zip(paths, names, strict=True)}
    if len(given) == 1 or all(name.isdecimal() for name in given):
        return dict(zip(paths, given.values(), strict=True))
    return None


def _plain_numbers(value: object) -> numpy.ndarray:
    """An array of a type that numpy can store; one of reduced precision as float32, which holds it."""
    array = value.numpy() if hasattr(value, "numpy") else numpy.asarray(value)
    array = numpy.asarray(array)
    if array.dtype.kind == "O":  # texts, as TensorFlow hands them out
        texts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in array.flat]
        return numpy.array(texts, dtype="U").reshape(array.shape)
    return array if array.dtype.kind in "biufcSU" else array.astype("float32")


# The new process is started, and what it reports is read


def _new_processes(
    path: pathlib.Path,
    folder: pathlib.Path,
    golden: Arrays,
    imports: collections.abc.Sequence[str],
    trust: bool,
    again: bool = False,
    memory: float | None = None,
) -> list[dict]:
    """The report of a process that loads and asks; with `again`, that of one that does it with a second save.

    An empty `golden` lets the process make up a batch.

    Raises:
        Failed: a step did not succeed; the text says which, and what was seen.
    """
    common = {
        "imports": list(imports),
        "trust": trust,
        "memory": (memory or 1.5) * 2**30 + (0 if memory else 8 * _size(path)),
        "graph": memory * 2**30 if memory else _GRAPH + 8 * _size(path / "saved_model.pb"),
        "seconds": SECONDS,
    }
    first = {**common, "path": os.path.abspath(path), "batch": "", "copy": ""}
    jobs = [first]
    folders = [folder / "first", folder / "again"][: 1 + again]
    if again and not (path / "saved_model.pb").exists():
        first["copy"] = str(folder / f"copy{'.h5' if path.suffix in ('.h5', '.hdf5') else '.keras'}")
    if again:
        jobs.append(
            {**common, "path": first["copy"] or first["path"], "batch": str(folders[0] / "batch.npz")}
        )
        jobs[1] |= {"copy": ""}
    for place, job in zip(folders, jobs, strict=True):
        place.mkdir()
        (place / "job.json").write_text(json.dumps(job), encoding="utf-8")
    if golden:
        first["batch"] = str(folders[0] / "given.npz")
        (folders[0] / "job.json").write_text(json.dumps(first), encoding="utf-8")
        numpy.savez(first["batch"], **{name: one for name, one in golden.items() if name.startswith("batch")})
    # Where a process can be forked, one import of TensorFlow is enough for both.
    groups = [folders] if sys.platform == "linux" else [[place] for place in folders]
    reports: list[dict] = []
    for group in groups:
        said = _started([str(place) for place in group])
        for place in group:
            reports.append(_report(place, said))
            if reports[-1].get("unsaved"):
                return reports
    return reports


def _started(folders: list[str]) -> str:
    """Run the jobs in a new Python; what it said on its error stream."""
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
    # A file json.py or numpy.py in the current folder must not be taken for the real one.
    environment |= {"PYTHONSAFEPATH": "1", "TF_USE_LEGACY_KERAS": "0"}
    environment.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, os.path.abspath(__file__), *folders],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            encoding="utf-8",
            timeout=SECONDS + 60,
        )
    except subprocess.TimeoutExpired:
        return "it did not come to an end"
    return done.stderr


_START = "import runpy, sys; runpy.run_path(sys.argv[1])['_new_process'](*sys.argv[2:])"
_STEPS = {
    "start": "start Python with keras and tensorflow",
    "import": "import your modules",
    "load": "load",
    "batch": "take this batch",
    "answer": "answer",
}


def _report(folder: pathlib.Path, said: str) -> dict:
    again = "again, from the file that it was saved to, " if folder.name == "again" else ""
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        report = {"step": "start"}
    step = report["step"]
    if not report.get("done"):
        with contextlib.suppress(OSError):
            said = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")[-20_000:] or said
        lines = [line for line in said.strip().splitlines() if line.strip()] or ["nothing was said"]
        error = report.get("error") or f"the process ended without a report; its last line: {lines[-1][:300]}"
        raise Failed(f"it does not {again}{_STEPS[step]}: {error}", again + step, report.get("text", said))
    with numpy.load(folder / "answers.npz") as stored:
        report["answers"] = {name: stored[f"_{number}"] for number, name in enumerate(report["paths"])}
    return report


def _size(path: pathlib.Path) -> int:
    """The bytes of a file, or of the files in a folder; 0 if that cannot be told."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        return sum(
            os.lstat(os.path.join(place, name)).st_size for place, _, names in os.walk(path) for name in names
        )
    except OSError:
        return 0


# In the new process


class _Modules:
    """Finds the modules that were named in the current folder, and no other: not its json.py."""

    def __init__(self, imports: list[str]) -> None:
        self.names = {name.partition(".")[0] for name in imports}

    def find_spec(self, name: str, path: object = None, target: object = None) -> object:
        """As Python asks a finder."""
        import importlib.machinery

        asked = path is None and name in self.names
        return importlib.machinery.PathFinder.find_spec(name, [os.getcwd()]) if asked else None


def _new_process(*folders: str) -> None:
    """Do the jobs in these folders, each but the last in a fork of this process, which knows no model."""
    import keras  # noqa: F401
    import tensorflow

    tensorflow.get_logger().setLevel("ERROR")
    for folder in folders[:-1]:
        child = os.fork()
        if not child:
            _work(pathlib.Path(folder))
            os._exit(0)
        os.waitpid(child, 0)
        report = pathlib.Path(folder, "report.json")
        found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        if not found.get("done") or found.get("unsaved"):
            return
    _work(pathlib.Path(folders[-1]))


def _work(folder: pathlib.Path) -> None:
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    report: dict = {"step": "start"}

    def tell(**facts: object) -> None:
        report.update(facts)
        (folder / "report.new").write_text(json.dumps(report), encoding="utf-8")
        os.replace(folder / "report.new", folder / "report.json")

    said = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(said, 2)
    sys.dont_write_bytecode = True  # a check leaves no trace beside your modules
    threading.Thread(target=_watch, args=(job, os.getppid(), tell), daemon=True).start()
    try:
        tell(step="import")
        import importlib

        sys.meta_path.insert(0, _Modules(job["imports"]))
        sys.path.append(os.getcwd())
        for module in job["imports"]:
            importlib.import_module(module)
        tell(step="load")
        if is_export := _is_export(job["path"]):
            _refuse_unfolding(pathlib.Path(job["path"], "saved_model.pb"), int(job["graph"]))
        asked = _Export(job["path"]) if is_export else _Model(job["path"], job["trust"])
        tell(weights=asked.weights(), lines=asked.lines(), saves=bool(job["copy"]))
        if job["copy"]:
            try:
                asked.model.save(job["copy"])
            except Exception as error:
                tell(unsaved=_line(error), text=_traceback(error))
        tell(step="batch")
        batches = [_given(asked, job["batch"])] if job["batch"] else asked.made_up()
        tell(step="answer")
        batch, answers = _answered(asked, batches)
        leaves = _leaves(answers)
        arrays = {name: _plain_numbers(one) for name, one in _plain_tensors(leaves).items()}
        asked_for = dict(batch) if len(batch) > 1 else next(iter(batch.values()))
        numpy.savez(folder / "batch.npz", **_packed("batch", asked_for))
        numpy.savez(
            folder / "answers.npz", **{f"_{number}": one for number, one in enumerate(arrays.values())}
        )
        names = asked.output_names(len(arrays))
        kinds = {name: str(getattr(getattr(one, "dtype", ""), "name", "")) for name, one in leaves.items()}
        repeated = _same(arrays, asked, batch)
        shown = [_shown(one) for one in batch.values()]
        tell(
            done=True,
            paths=list(arrays),
            outputs=names,
            kinds=kinds,
            repeated=bool(repeated),
            shown=shown,
            built=asked.weights(),
        )
    except BaseException as error:
        tell(error=_line(error), text="" if isinstance(error, _Said) else _traceback(error))


def _watch(job: dict, parent: int, tell: collections.abc.Callable) -> None:
    """End this process when its parent is gone, its time is over, or it takes more memory than agreed."""
    end = time.monotonic() + job["seconds"]
    while os.getppid() == parent:
        time.sleep(0.1)
        if time.monotonic() > end:
            tell(error=f"it did not come to an end within {job['seconds']:.0f} seconds")
            os._exit(1)
        with contextlib.suppress(OSError, ValueError):
            taken = int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
            if taken > job["memory"]:
                limit = job["memory"] / 2**30
                tell(
                    error=f"it takes more than {limit:.1f} GB of memory; --memory {limit * 4:.0f} allows more"
                )
                os._exit(1)
    os._exit(1)


def _refuse_unfolding(path: pathlib.Path, allowed: int) -> None:
    """Parse a graph once within so much memory, where the system can hold this process to it.

    Fifty megabytes of empty parts unfold to gigabytes, and `_watch` cannot end that: no other thread runs
    during a parse.
    """
    if sys.platform != "linux" or _size(path) < _SMALL:
        return
    import resource

    from google.protobuf import message
    from tensorflow.core.protobuf import saved_model_pb2

    content = path.read_bytes()
    pages = int(pathlib.Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + allowed
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if soft == resource.RLIM_INFINITY else min(limit, soft), hard)
    )
    try:
        saved_model_pb2.SavedModel().ParseFromString(content)
    except (message.DecodeError, MemoryError):  # the parser says the same to both
        raise _Said(
            f"its graph is damaged, or unfolds from {len(content) / 1e6:.0f} MB to more than "
            f"{allowed / 2**30:.1f} GB of memory, as no model does; --memory {4 * allowed / 2**30:.0f} "
            "allows more"
        ) from None
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _line(error: BaseException) -> str:
    """The error in one line; Keras puts the cause last, below a line that names the layer."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
    text = lines[0]
    if text.startswith("Exception encountered when calling") and len(lines) > 1:
        text = next((line for line in lines[1:] if "\x1b" in line or not line.startswith("Arguments")), text)
    if "could not be deserialized properly" in text:  # which says nothing; the innermost line does
        text = ([*re.findall(r"Exception encountered: (.+)", str(error)), text])[-2:][0]
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return plain(text) if isinstance(error, _Said) else f"{type(error).__name__}: {plain(text)[:400]}"


def _traceback(error: BaseException) -> str:
    # A message of Keras can hold the whole configuration, so what it begins with is said once more.
    begin = f"{type(error).__name__}: {str(error)[:4000]}"
    return "".join(traceback.format_exception(error))[-20_000:] + f"\n{begin}\n"


def _is_export(path: str) -> bool:
    return os.path.isdir(path) and not os.path.exists(os.path.join(path, "config.json"))


class _Wanted(typing.NamedTuple):
    """One input: its name, its sizes (None is open; None for all of them is any rank), its type, its form."""

    name: str
    shape: tuple[int | None, ...] | None
    dtype: str
    form: str = ""
    highest: int = 0  # whole numbers below it are in range; 0 is unknown
    words: tuple[str, ...] = ()


def _texts(wanted: dict[str, _Wanted]) -> bool:
    return any(one.dtype == "string" for one in wanted.values())


class _Model:
    """A Keras model that was loaded, and what it takes."""

    def __init__(self, path: str, trust: bool) -> None:
        import keras

        self.model = keras.models.load_model(path, compile=False, safe_mode=not trust)
        inner = getattr(self.model, "_functional", None)  # of a Sequential
        structures = [getattr(one, "_inputs_struct", None) for one in (self.model, inner)]
        self.several = False  # whether the parts are arguments of `call`, and not one structure
        self.structure = next((one for one in structures if one is not None), None)
        if self.structure is None:
            self.structure = self._built()
        highest, words = self._limits()
        self.wanted = {
            name: self._wanted(one, highest, words)
            for name, one in _leaves(self.structure).items()
            if one is not None
        }

    def _built(self) -> object:
        """What a class of your own recorded when it was built: shapes, and no types."""
        try:
            config = self.model.get_build_config() or {}
        except Exception:
            return None
        shapes = config.get("shapes_dict")
        self.several = bool(shapes)
        if shapes:
            return {name.removesuffix("_shape"): _Shape(shape) for name, shape in shapes.items()}
        shape = config.get("input_shape")
        if isinstance(shape, dict):
            return {name: _Shape(one) for name, one in shape.items()}
        if isinstance(shape, list | tuple) and shape and isinstance(shape[0], list | tuple):
            return [_Shape(one) for one in shape]
        return _Shape(shape) if shape else None

    def _limits(self) -> tuple[dict[str, int], tuple[str, ...]]:
        """The highest whole number that each input may hold ("" for any), and words of a vocabulary."""
        import keras

        highest: dict[str, int] = {}
        words: list[str] = []
        for layer in self.model._flatten_layers():
            size = getattr(layer, "input_dim", 0) if isinstance(layer, keras.layers.Embedding) else 0
            size = layer.num_tokens or 0 if isinstance(layer, keras.layers.CategoryEncoding) else size
            if size:
                reads = [
                    one.name for node in getattr(layer, "_inbound_nodes", []) for one in node.input_tensors
                ]
                for name in ["", *reads]:
                    highest[name] = min(size, highest.get(name, size))
            if isinstance(layer, keras.layers.StringLookup | keras.layers.TextVectorization):
                with contextlib.suppress(Exception):
                    words += [str(word) for word in layer.get_vocabulary()[:1000] if word]
        return highest, tuple(words)

    def _wanted(self, tensor: typing.Any, highest: dict[str, int], words: tuple[str, ...]) -> _Wanted:
        name = getattr(tensor, "name", "")
        dtype = str(getattr(tensor, "dtype", "float32"))
        form = next((form for form in ("sparse", "ragged") if getattr(tensor, form, False)), "")
        limit = highest.get(name, highest.get("", 0) if "int" in dtype else 0)
        shape = None if tensor is None else tuple(tensor.shape)
        return _Wanted(name, shape, dtype, form, limit, words)

    def weights(self) -> int:
        return len(self.model.weights)

    def lines(self) -> list[str]:
        """The two lines that write a golden batch of this model."""
        inner = getattr(self.model, "_functional", None)
        structures = [getattr(one, "_outputs_struct", None) for one in (self.model, inner)]
        outputs = next((one for one in structures if one is not None), None)
        return golden_lines(set(self.wanted) | set(_leaves(outputs)) == {""}, _texts(self.wanted))

    def output_names(self, count: int) -> list[str]:
        names = getattr(self.model, "output_names", None) or []
        return [str(name) for name in names] if len(names) == count else []

    def made_up(self) -> collections.abc.Iterator[dict[str, typing.Any]]:
        if not self.wanted:
            raise _Said(
                "it was saved before it was built, so its file holds no weights. Give the model an Input, or "
                "call it once, then save it"
                if not self.weights()
                else "its file does not say what it takes, so give a golden batch"
            )
        yield from _made_up(self.wanted)
        if all(
            isinstance(one, _Shape) for one in _leaves(self.structure).values()
        ):  # whose types are unknown
            whole = {name: one._replace(dtype="int32", highest=2) for name, one in self.wanted.items()}
            yield from _made_up(whole)

    def answers(self, batch: dict[str, typing.Any]) -> object:
        """What the model says; stateful layers begin at zero."""
        import keras

        for layer in self.model._flatten_layers():
            if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
                layer.reset_state()
        whole = _shaped(self.structure, batch)
        if self.several:
            return keras.tree.map_structure(keras.ops.convert_to_numpy, self.model(**whole))
        rows = max((len(one) for one in batch.values() if getattr(one, "shape", ())), default=1)
        return self.model.predict(whole, batch_size=rows, verbose=0)


class _Shape:
    """A shape in the place of a tensor."""

    def __init__(self, shape: collections.abc.Iterable[int | None]) -> None:
        self.shape, self.dtype = (None, *[*shape][1:]), "float32"  # of any number of rows


class _Export:
    """A SavedModel that was loaded, the function of it that is asked, and what that takes."""

    def __init__(self, path: str) -> None:
        import tensorflow

        self.artefact = tensorflow.saved_model.load(path)
        signatures = dict(getattr(self.artefact, "signatures", {}))
        asked = [
            getattr(self.artefact, "serve", None),
            signatures.get("serving_default"),
            *signatures.values(),
        ]
        self.ask = next((one for one in asked if one is not None), None)
        if self.ask is None:
            raise _Said("it has no function serve and no signature, so there is nothing to ask")
        traced = getattr(self.ask, "concrete_functions", [self.ask])[0]
        self.arguments, self.named = traced.structured_input_signature
        whole = (
            self.named
            if not self.arguments
            else self.arguments[0]
            if len(self.arguments) == 1
            else self.arguments
        )
        self.one = len(self.arguments) == 1 and not any(map(_is_tensor, _leaves(self.named).values()))
        self.structure = whole if self.one or not self.arguments else [*self.arguments, self.named]
        self.wanted = {
            name: _Wanted(
                re.sub(r":\d+$", "", str(one.name or "")),
                None if one.shape.rank is None else tuple(one.shape.as_list()),
                one.dtype.name,
                {"RaggedTensorSpec": "ragged", "SparseTensorSpec": "sparse"}.get(type(one).__name__, ""),
            )
            for name, one in _leaves(self.structure).items()
            if _is_tensor(one)
        }
        self.outputs = traced.structured_outputs

    def weights(self) -> int:
        return 0

    def lines(self) -> list[str]:
        return golden_lines(set(self.wanted) | set(_leaves(self.outputs)) == {""}, _texts(self.wanted))

    def output_names(self, count: int) -> list[str]:
        names = list(_leaves(self.outputs))
        return names if len(names) == count else []

    def made_up(self) -> collections.abc.Iterator[dict[str, typing.Any]]:
        return _made_up(self.wanted)

    def answers(self, batch: dict[str, typing.Any]) -> object:
        import tensorflow

        tensors = {
            name: one if hasattr(one, "numpy") else tensorflow.constant(one, self.wanted[name].dtype)
            for name, one in batch.items()
        }
        whole = _shaped(self.structure, tensors)
        if self.one:
            return self.ask(whole)
        if not self.arguments:
            return self.ask(**whole)
        return self.ask(*whole[:-1], **whole[-1])


def _is_tensor(spec: object) -> bool:
    return hasattr(spec, "shape") and hasattr(spec, "dtype")


def _shaped(structure: object, batch: dict[str, typing.Any], name: str = "") -> typing.Any:
    """The parts of a batch in the structure that they were named by; what is no tensor stays as it is."""
    if structure is None and not name:
        if len(batch) == 1:
            return next(iter(batch.values()))
        return list(batch.values()) if all(key.isdecimal() for key in batch) else dict(batch)
    if isinstance(structure, collections.abc.Mapping):
        return {
            key: _shaped(one, batch, f"{name}.{key}" if name else str(key)) for key, one in structure.items()
        }
    if isinstance(structure, list | tuple) and not hasattr(structure, "dtype"):
        parts = [_shaped(one, batch, f"{name}.{n}" if name else str(n)) for n, one in enumerate(structure)]
        return parts if isinstance(structure, list) else tuple(parts)
    return batch.get(name, structure)


def _given(asked: _Model | _Export, path: str) -> dict[str, typing.Any]:
    """A stored batch, by the names of the inputs, in their types."""
    with numpy.load(path, allow_pickle=False) as stored:
        given = _of("batch", {name: stored[name] for name in stored.files})
    if not asked.wanted:
        return {name: _typed(one, "") for name, one in given.items()}
    _refuse_forms(asked.wanted)
    names = [one.name for one in asked.wanted.values()]
    found = _matched(given, list(asked.wanted), names)
    if found is None:
        raise _Said(f"it takes {_names(names)}, and the batch has {_names(given)}")
    return {name: _typed(one, asked.wanted[name].dtype) for name, one in found.items()}


def _typed(array: numpy.ndarray, dtype: str) -> typing.Any:
    import tensorflow

    if array.dtype.kind in "SU":
        return tensorflow.constant(array)
    return array.astype(tensorflow.as_dtype(dtype).as_numpy_dtype) if dtype and dtype != "string" else array


def _refuse_forms(wanted: dict[str, _Wanted]) -> None:
    for one in wanted.values():
        if one.form:
            raise _Said(
                f"its input {one.name!r} is {one.form}, which no array of numpy holds. Compare its answers "
                "in a test of your own"
            )


def _made_up(wanted: dict[str, _Wanted]) -> collections.abc.Iterator[dict[str, typing.Any]]:
    """Batches for these inputs, one for each size that an open length may have."""
    _refuse_forms(wanted)
    for one in wanted.values():
        if one.shape is None:
            raise _Said(f"its input {one.name!r} says nothing of its shape, so give a golden batch")
    # An open length needs no trying where there is none.
    is_open = any(None in one.shape[1:] for one in wanted.values())
    images = any(None in one.shape[1:] and len(one.shape) > 3 for one in wanted.values())
    sizes = (_SIZES[1:] if images else _SIZES) if is_open else _SIZES[:1]
    for size in sizes:
        generator = numpy.random.default_rng(0)
        numbers = max(math.prod(length or size for length in one.shape[1:]) for one in wanted.values())
        fixed = next((one.shape[0] for one in wanted.values() if one.shape and one.shape[0]), 0)
        rows = fixed or (ROWS if numbers * ROWS <= _SMALL * 4 else 1)
        yield {name: _made(one, rows, size, generator) for name, one in wanted.items()}


def _made(one: _Wanted, rows: int, size: int, generator: numpy.random.Generator) -> typing.Any:
    """Values for one input."""
    import tensorflow

    sizes = [one.shape[0] or rows, *(length or size for length in one.shape[1:])] if one.shape else []
    if math.prod(sizes) * 8 > _LARGEST:
        raise _Said(f"its input {one.name!r} has the shape {sizes}, too large to make one up")
    if one.dtype == "string":
        return tensorflow.constant(generator.choice(one.words or ("yes", "no", "red"), sizes or None))
    kind = tensorflow.as_dtype(one.dtype)
    if one.highest or kind.is_integer or kind.is_bool:
        pixels = 256 if one.dtype == "uint8" and len(sizes) > 3 else 2
        values = generator.integers(0, one.highest or pixels, sizes)
    elif kind.is_complex:
        values = generator.random(sizes) + 1j * generator.random(sizes)
    else:
        values = generator.random(sizes)
    return numpy.asarray(values).astype(kind.as_numpy_dtype)


def _answered(
    asked: _Model | _Export, batches: collections.abc.Iterable[dict[str, typing.Any]]
) -> tuple[dict[str, typing.Any], object]:
    """The first batch that is answered, and the answers.

    Raises:
        Exception: none is; this is the last one's error.
    """
    failed: Exception | None = None
    for batch in batches:
        try:
            return batch, asked.answers(batch)
        except Exception as error:
            failed = error
    raise failed or _Said("there is nothing to ask it")


def _plain_tensors(leaves: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """Ragged and sparse answers as the arrays they consist of."""
    import tensorflow

    found = {}
    for name, one in leaves.items():
        if isinstance(one, tensorflow.RaggedTensor | tensorflow.SparseTensor):
            parts = tensorflow.nest.flatten(one, expand_composites=True)
            found |= {f"{name}.part{number}": part for number, part in enumerate(parts)}
        elif one is not None:
            found[name] = one
    return found


def _shown(array: typing.Any) -> str:
    kind = array.dtype
    return f"{tuple(numpy.shape(array))} {kind if isinstance(kind, numpy.dtype) else kind.name}"


def _same(arrays: Arrays, asked: _Model | _Export, batch: dict[str, typing.Any]) -> bool:
    """Whether the same question gets the same answer a second time."""
    second = {
        name: _plain_numbers(one) for name, one in _plain_tensors(_leaves(asked.answers(batch))).items()
    }
    return all(
        not _numeric(one) or _apart(one, second[name]) <= _tolerance(one, "float16")
        for name, one in arrays.items()
    )


# From a terminal


def golden_lines(single: bool = True, texts: bool = False) -> list[str]:
    """The two lines that write a golden batch: of one array for one array or of more, some of them texts."""
    if single:
        batch = 'tensorflow.constant(batch).numpy().astype("S")' if texts else "batch"
        return [
            "answers = model.predict(batch, verbose=0)",
            f'numpy.savez("golden.npz", batch={batch}, answers=answers)',
        ]
    one = 'v.astype("S") if (v := tensorflow.constant(v).numpy()).dtype == object else v' if texts else "v"
    return [
        'parts = {"batch": batch, "answers": model.predict(batch, verbose=0)}',
        f'numpy.savez("golden.npz", **{{f"{{k}}.{{n}}": {one} for k in parts '
        "for n, v in enumerate(keras.tree.flatten(parts[k]))})",
    ]


def plain(text: str) -> str:
    """A text on one line, with the signs that could steer a terminal spelled out."""
    signs = (
        sign if sign.isprintable() else sign.encode("unicode_escape", "backslashreplace").decode()
        for sign in text
    )
    return "".join(signs)


def _names(names: collections.abc.Iterable[str]) -> str:
    kept = [plain(name)[:60] or "one array" for name in names]
    return ", ".join(kept[:8]) + (f" and {len(kept) - 8:,} more" if len(kept) > 8 else "")


def complaint(path: pathlib.Path, trust: bool = False) -> str:
    """Why a path is not loaded, or "": nothing there, no model, or one that would do more than compute."""
    shown = plain(path.name or str(path))
    expected = "a .keras or .h5 file, an unzipped .keras, or the folder of an export"
    try:
        if path.is_dir():
            if (path / "saved_model.pb").is_file():
                deeds = [] if trust else _deeds(path / "saved_model.pb")
                return (
                    f"{shown} would do more than compute when it is asked ({', '.join(deeds)}), so it was "
                    "not loaded. If it is yours and should: --trust."
                    if deeds
                    else ""
                )
            return (
                ""
                if (path / "config.json").is_file()
                else f"{shown} is a folder without a model. Expected: {expected}."
            )
        if not path.exists():
            return f"There is nothing at {plain(str(path))[:200]}. Expected: {expected}."
        if not path.is_file():
            return f"{shown} is not an ordinary file. Expected: {expected}."
        if path.suffix not in {".keras", ".h5", ".hdf5"} or path.name.endswith(".weights.h5"):
            return f"{shown} cannot answer by itself. Expected: {expected}."
        with path.open("rb") as file:
            if not file.read(8).startswith((b"PK\x03\x04", b"\x89HDF\r\n\x1a\n")):
                return f"{shown} begins neither as a .keras nor as an .h5. Expected: {expected}."
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as members:
                for one in members.infolist():
                    if one.file_size > 2**26 and one.file_size > 100 * one.compress_size:
                        return (
                            f"{shown} holds {plain(one.filename)[:60]}, {one.file_size:,} bytes packed into "
                            f"{one.compress_size:,}: no model is so, and it was not loaded."
                        )
                if bad := members.testzip():  # Keras does not compare all of them
                    return f"{shown} is damaged: the checksum of {plain(bad)[:60]} in it does not fit."
    except Exception as error:  # a damaged zip raises errors of a dozen kinds
        return f"{shown[:80]} cannot be read ({plain(str(error))[:120]}). Expected: {expected}."
    return ""


_DOES = {
    "writes files": "WriteFile SaveDataset SaveDatasetV2 DatasetToTFRecord SaveSlices Save DebugIdentityV3",
    "reads files": "ReadFile MatchingFiles",
    "calls Python": "PyFunc EagerPyFunc PyFuncStateless",
    "reaches other machines": "RpcCall RpcClient RpcServerStart",
}


def _deeds(path: pathlib.Path) -> list[str]:
    """What operations of a graph do besides computing, from its bytes: a parse can take all the memory."""
    if not path.stat().st_size:
        return []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def count(operation: str) -> int:
            return len(re.findall(b"\x12" + bytes([len(operation)]) + operation.encode(), content))

        found = [f"{one}: {does}" for does, ones in _DOES.items() for one in ones.split() if count(one)]
        # Every SavedModel has one, to save itself.
        return found + (["SaveV2: writes files"] if count("SaveV2") > 1 else [])


def run(
    path: str,
    golden: str | None = None,
    imports: collections.abc.Sequence[str] = (),
    trust: bool = False,
    memory: float | None = None,
    tolerance: float | None = None,
    explain: collections.abc.Callable[[str], str] = lambda text: "",
    hint: str = "",
) -> int:
    """Load a model, save it again, load that in another process, compare answers: 0 if they are the same.

    Prints what it proves, then what it found. `explain` makes advice of a traceback; `hint` ends the line
    that warns of a load.
    """
    place = pathlib.Path(path)
    shown = plain(place.name or path)[:80]
    if said := complaint(place, trust):
        print(said, hint, sep="\n" if hint else "")
        return 1
    try:
        given = read_golden(golden) if golden is not None else {}
    except Failed as failed:
        print(failed)
        return 1
    if golden is None:
        print(f"Without a golden batch this shows that {shown} agrees with itself, not with your model.")
    else:
        print(f"This shows whether {shown}, in a new process, answers {plain(golden)} as your model did.")
    print(
        f"A load runs what the file contains: give files of your own.{f' {hint}' if hint else ''}", flush=True
    )
    notice = threading.Timer(NOTICE, print, ["It goes on. Ctrl-C stops it."], {"flush": True})
    notice.daemon = True
    notice.start()
    lines: list[str] = []
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            reports = _new_processes(place, pathlib.Path(folder), given, imports, trust, True, memory)
        lines = reports[0]["lines"]
        code = _told(shown, given, reports, golden, tolerance, explain)
    except Failed as failed:
        print(_explained(f"{shown}: {failed}" if failed.step else str(failed), failed.text, imports, explain))
        code = 1
    finally:
        notice.cancel()
    if lines and golden is None:
        print("To compare it with your model, write a golden batch where that is in memory:")
        print(*(f"    {line}" for line in lines), sep="\n")
        print("and give it: --golden golden.npz")
    return code


_DRAWS = (
    "{shown} answers otherwise each time it is asked, without any save, so answers prove nothing: something "
    "in it draws. Seed it, or compare what it computes before the draw."
)


def _told(
    shown: str,
    given: Arrays,
    reports: list[dict],
    golden: str | None,
    tolerance: float | None,
    explain: collections.abc.Callable[[str], str],
) -> int:
    """Print what the reports prove; 0 if the model comes back."""
    first = reports[0]
    if first["built"] > first["weights"] and not first["weights"]:
        print(
            f"{shown} loads, and holds no weights: it was saved before it was built. What it answers is "
            "random. Give the model an Input, or call it once, then save it."
        )
        return 1
    if given:
        try:
            apart = compared(shown, _of("answers", given), first, tolerance)
        except Failed as failed:
            if not first["repeated"]:
                print(_DRAWS.format(shown=shown))
                return 1
            print(f"{shown} loads, and is not the model that wrote {plain(golden or '')}. {failed}")
            print(
                "A load without an error proves nothing. Look for a layer whose get_config forgets an "
                "argument, for numbers kept outside add_weight, and for a batch that was prepared otherwise."
            )
            return 1
        print(
            f"{shown} answers {plain(golden or '')} as your model did: the largest difference is {apart:.1g}."
        )
    if first.get("unsaved"):
        print(
            _explained(
                f"{shown} loads and answers, and cannot be saved again: {first['unsaved']}",
                first["text"],
                (),
                explain,
            )
        )
        return 1
    try:
        apart = compared(shown, first["answers"], reports[1], tolerance)
    except Failed as failed:
        if not first["repeated"]:
            print(_DRAWS.format(shown=shown))
        else:
            print(f"{shown} loads, and does not survive a second save. {failed}")
        return 1
    way = (
        "loaded, saved again and loaded in a new process" if first["saves"] else "loaded in two new processes"
    )
    print(f"{shown} comes back: {way},")
    what = plain(golden or "") if given else f"a made-up batch of shape {_names(first['shown'])}"
    print(f"it answers {what} with a difference of {apart:.1g}.")
    return 0


def _explained(
    sentence: str,
    text: str,
    imports: collections.abc.Sequence[str],
    explain: collections.abc.Callable[[str], str],
) -> str:
    advice = explain(text) if text else ""
    missing = re.search(r"Could not locate (?:class|function) '([^']+)'", text)
    if missing and not imports and missing[1] not in {"Functional", "Sequential", "Model"}:
        advice = f"Name the module that defines {missing[1]}: --import my_layers\n{advice}"
    return f"{sentence}\n{advice}".rstrip()


def main(arguments: collections.abc.Sequence[str] | None = None) -> int:
    """The check of one file, from a terminal."""
    parser = argparse.ArgumentParser("round_trip", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "path", help="a .keras or .h5 file, or an exported folder; a load runs what it contains"
    )
    parser.add_argument("--golden", metavar="NPZ", help="a golden batch to compare with")
    parser.add_argument("--import", metavar="MODULE", dest="imports", action="append", default=[])
    parser.add_argument("--trust", action="store_true", help="load lambdas too, and exports that write files")
    parser.add_argument("--memory", metavar="GB", type=float, help="how much memory the model may take")
    parser.add_argument("--tolerance", type=float, help="the largest difference that counts as the same")
    return run(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main())
