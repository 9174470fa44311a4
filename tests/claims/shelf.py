"""What the proofs share: one trained model, saved in every format once, and what new processes make of it.

Every file is saved from an instance of its own, because saving one format can change the model. What a proof
does not ask for is never made.
"""

import collections.abc
import contextlib
import functools
import inspect
import io
import pathlib
import shutil
import tempfile
import zipfile

from helpers import digits, lessons, models
from helpers.lessons import flipped_bit
from helpers.lessons.lesson_04 import survival
import keras
import numpy
import tensorflow

from tests.claims import own, trying

CAPSULE = pathlib.Path(__file__).parent / "elsewhere" / "tf-2.15.1.zip"

# In a new process: load each file, and ask it; an error is a result.
_LOAD = """
import keras, numpy, pathlib, tensorflow
rows, asked = numpy.load("golden.npz")["batch"], {}
def attempt(name, load):
    try:
        loaded = load()
        asked[name] = numpy.asarray(loaded.serve(rows) if hasattr(loaded, "serve") else loaded(rows))
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
"""


class Shelf:
    """A folder with the files, and the numbers to compare with.

    Attributes:
        folder: where the files are.
        data: the digits.
        rows: 32 of them, shape (32, 64), to ask models with.
        few: 64 rows with their labels, to train on for a moment.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.data = digits.load()
        self.rows = self.data.test_features[:32]
        self.few = (self.data.train_features[:64], self.data.train_labels[:64])
        self._shown: dict[str, bool] = {}

    def renewed(self, folder: pathlib.Path) -> "Shelf":
        """Another shelf with the same trained model, and nothing else saved yet."""
        shelf = Shelf(folder)
        shelf._trained = (shutil.copyfile(self.whole, folder / self.whole.name), self.optimizer)
        return shelf

    def place(self) -> pathlib.Path:
        """An empty folder."""
        return pathlib.Path(tempfile.mkdtemp(dir=self.folder))

    def shows(self, identifier: str) -> bool:
        """Whether the experiment of a quiz item finds here what the item says; it runs once."""
        if identifier not in self._shown:
            try:
                lessons.find(identifier)(self.place())
                self._shown[identifier] = True
            except AssertionError:
                self._shown[identifier] = False
        return self._shown[identifier]

    @functools.cached_property
    def _trained(self) -> tuple[pathlib.Path, list[numpy.ndarray]]:
        """Train, save as `.keras`, and keep the arrays of the optimizer as they were."""
        path, model = self.folder / "whole.keras", models.trained(epochs=1)
        model.save(path)
        return path, [variable.numpy() for variable in model.optimizer.variables]

    @property
    def whole(self) -> pathlib.Path:
        """The trained model as a `.keras` file: Adam at step 45."""
        return self._trained[0]

    @property
    def optimizer(self) -> list[numpy.ndarray]:
        """The arrays of that Adam, its steps first."""
        return self._trained[1]

    def another(self, **options: bool) -> keras.Model:
        """The trained model once more, loaded from its file."""
        return keras.models.load_model(self.whole, **options)

    @functools.cached_property
    def answers(self) -> numpy.ndarray:
        """What the trained model answers to `rows`."""
        return numpy.asarray(self.another()(self.rows))

    @functools.cached_property
    def bare(self) -> pathlib.Path:
        """The model without optimizer and compile settings, as `.keras`."""
        path = self.folder / "bare.keras"
        self.another(compile=False).save(path)
        return path

    @functools.cached_property
    def legacy(self) -> pathlib.Path:
        """The compiled model as `.h5`."""
        path = self.folder / "legacy.h5"
        self.another().save(path)
        return path

    @functools.cached_property
    def exported(self) -> pathlib.Path:
        """The model as `export` writes it."""
        path = self.folder / "exported"
        self.another().export(path, verbose=False)
        return path

    @functools.cached_property
    def artefact(self) -> object:
        """What `tf.saved_model.load` makes of the export."""
        return tensorflow.saved_model.load(str(self.exported))

    @functools.cached_property
    def old_way(self) -> pathlib.Path:
        """The model as `tf.saved_model.save` writes it."""
        path = self.folder / "old_way"
        tensorflow.saved_model.save(self.another(), str(path))
        return path

    @functools.cached_property
    def old_artefact(self) -> object:
        """What `tf.saved_model.load` makes of that."""
        return tensorflow.saved_model.load(str(self.old_way))

    @functools.cached_property
    def weights(self) -> pathlib.Path:
        """Weights and optimizer as `.weights.h5`."""
        path = self.folder / "only.weights.h5"
        self.another().save_weights(path)
        return path

    @functools.cached_property
    def checkpoint(self) -> pathlib.Path:
        """Weights and optimizer as a checkpoint of TensorFlow."""
        path = self.folder / "checkpoint" / "state"
        model = self.another()
        tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer).write(str(path))
        return path

    @functools.cached_property
    def own(self) -> keras.Model:
        """A model with the registered layer of the course."""
        return models.custom_layer()

    @functools.cached_property
    def own_answers(self) -> numpy.ndarray:
        """What that model answers to `rows`."""
        return numpy.asarray(self.own(self.rows))

    @functools.cached_property
    def own_files(self) -> list[str]:
        """The same model in three formats; `.h5` comes last, as it may change what it saves."""
        self.own.save(self.folder / "own.keras")
        self.own.export(self.folder / "own", verbose=False)
        self.own.save(self.folder / "own.h5")
        return ["own.keras", "own", "own.h5"]

    def small(self, layer: keras.layers.Layer) -> keras.Model:
        """A model of one layer on 64 features."""
        return keras.Sequential([keras.Input((64,)), layer])

    @functools.cached_property
    def stranger(self) -> dict[str, trying.Outcome]:
        """What a new process, where nobody defined a class or a function, makes of each file."""
        with contextlib.chdir(self.folder):
            survival.remember(self.another())
        files = [
            path.name for path in (self.whole, self.legacy, self.exported, self.weights)
        ] + self.own_files
        loss = self.another(compile=False)
        loss.compile("adam", own.strict)
        models_of = {
            "loss.keras": loss,
            "activation.keras": self.small(keras.layers.Dense(3, activation=own.bent)),
            "lambda.keras": self.small(keras.layers.Lambda(lambda inputs: 1 - inputs)),
        }
        for name, model in models_of.items():
            model.save(self.folder / name)
        code = f"""
for name in {[*files, *models_of]}:
    folder = pathlib.Path(name).is_dir()
    attempt(name, lambda: tensorflow.saved_model.load(name) if folder else keras.models.load_model(name))
attempt("loss.keras, compile=False", lambda: keras.models.load_model("loss.keras", compile=False))
numpy.savez("asked.npz", **asked)
"""
        return self._outcomes(self.folder, code)

    @functools.cached_property
    def own_models(self) -> dict[str, keras.Model]:
        """Models with what one writes oneself, with arguments that are not the defaults."""
        layers = [own.Scaled(10, gain=5.0), own.Unregistered(10, gain=5.0), own.Block(gain=5.0)]
        return {type(layer).__name__: self.small(layer) for layer in layers}

    @functools.cached_property
    def colleague(self) -> dict[str, trying.Outcome]:
        """What a new process that has our classes makes of `own_models`, saved as `.keras`."""
        folder = self.place()
        (folder / "own.py").write_text(inspect.getsource(own), encoding="utf-8")
        numpy.savez(folder / "golden.npz", batch=self.rows)
        for name, model in self.own_models.items():
            model.save(folder / f"{name}.keras")
        code = f"""
import own
for name in {[*self.own_models]}:
    attempt(name, lambda: keras.models.load_model(name + ".keras"))
named = {{"Unregistered": own.Unregistered}}
attempt("custom_objects", lambda: keras.models.load_model("Unregistered.keras", custom_objects=named))
numpy.savez("asked.npz", **asked)
"""
        return self._outcomes(folder, code)

    def as_before(self, name: str, outcome: str = "") -> bool:
        """Whether one of `own_models` answered in the new process as it answers here."""
        return self.colleague[outcome or name].same(self.own_models[name](self.rows))

    def _outcomes(self, folder: pathlib.Path, code: str) -> dict[str, trying.Outcome]:
        errors = trying.in_new_process(folder, _LOAD + code)
        with numpy.load(folder / "asked.npz") as stored:
            answered = {name: trying.Outcome(answers=stored[name]) for name in stored.files}
        return answered | {name: trying.Outcome(error=text) for name, text in errors.items()}

    @functools.cached_property
    def survival(self) -> dict[str, dict[str, bool]]:
        """What each format brings back, as lesson 04 examines it: format -> aspect -> whether it survived."""
        weight = self.another().get_weights()[0]
        loaded = {
            "whole.keras": (self.whole, keras.models.load_model),
            "bare.keras": (self.bare, keras.models.load_model),
            "legacy.h5": (self.legacy, keras.models.load_model),
            "exported": (self.exported, lambda path: tensorflow.saved_model.load(str(path))),
            "only.weights.h5": (self.weights, self._rebuilt_from_weights),
            "checkpoint": (self.checkpoint, self._rebuilt_from_checkpoint),
        }
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(io.StringIO()):
            survival.remember(self.another())
            for name, (path, load) in loaded.items():
                survival.record(name, load(path), code=name in ("only.weights.h5", "checkpoint"))
            for path, load in loaded.values():
                damaged = path.relative_to(self.folder).as_posix()
                flipped_bit.damaged_copy(damaged.split("/")[0], weight)
                survival.notices(damaged, load)
            return survival.findings()

    def compiled(self) -> keras.Model:
        """The architecture built by code, with an optimizer that has its arrays and no numbers yet."""
        model = models.sequential(seed=8)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        model.optimizer.build(model.trainable_variables)
        return model

    def _rebuilt_from_weights(self, path: pathlib.Path | str) -> keras.Model:
        model = self.compiled()
        model.load_weights(path)
        return model

    def _rebuilt_from_checkpoint(self, path: pathlib.Path | str) -> keras.Model:
        model = self.compiled()
        tensorflow.train.Checkpoint(model=model, optimizer=model.optimizer).read(str(path))
        return model

    @functools.cached_property
    def capsule(self) -> pathlib.Path:
        """Files written by TensorFlow 2.15.1, with the answers it gave."""
        folder = self.folder / "capsule"
        with zipfile.ZipFile(CAPSULE) as box:
            box.extractall(folder)
        return folder

    def as_on_its_own_version(self, name: str) -> bool:
        """Whether a file or folder of the capsule loads here, and answers as it did there."""
        answers = numpy.load(self.capsule / "answers.npz")
        path, rows = self.capsule / name, answers["rows"]
        if path.is_dir():
            artefact = tensorflow.saved_model.load(str(path))
            (found,) = artefact.signatures["serving_default"](tensorflow.constant(rows)).values()
        else:
            found = keras.models.load_model(path, compile=False)(rows)
        return trying.same(found, answers[path.stem])


def settled(cases: dict[str, str]) -> collections.abc.Callable[[Shelf], dict[str, bool]]:
    """A proof by experiments of lessons.

    Args:
        cases: what is tried, and the quiz item whose experiment tries it. The claim holds in a case where the
            experiment finds what the item says; after "not ", where it finds something else.
    """

    def proof(shelf: Shelf) -> dict[str, bool]:
        return {
            case: shelf.shows(item.removeprefix("not ")) is not item.startswith("not ")
            for case, item in cases.items()
        }

    return proof
