"""What settles the items of lesson 15."""

import contextlib
import pathlib
import warnings
import zipfile

import h5py
from helpers.lessons.lesson_15 import messages
import keras
import numpy
import tensorflow

_NAMES = ["Harbour", "Old Mill", "Station"]
_ROWS = numpy.random.default_rng(5).random((48, 6)).astype("float32")
_LABELS = (_ROWS.sum(axis=1, keepdims=True) > 3).astype("float32")


def predict_words(folder: pathlib.Path) -> str:
    """Load the weights of a text model with the vocabulary it had, and with that of the next month."""
    then, later = messages.load(), messages.load(seed=17)
    trained = _router(then)
    trained.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    trained.fit(tensorflow.constant(then.texts), then.desks, epochs=6, batch_size=48, verbose=0)
    trained.save_weights(folder / "router.weights.h5")
    exam = messages.load(rows=120, seed=16)
    wrong = {}
    for month, learned_from in {"the same": then, "the next": later}.items():
        model = _router(learned_from)
        model.load_weights(folder / "router.weights.h5")
        answers = numpy.asarray(model(tensorflow.constant(exam.texts)))
        wrong[month] = int((answers.argmax(axis=1) != exam.desks).sum())
    sizes = {len(_router(one).layers[0].get_vocabulary()) for one in (then, later)}
    assert len(sizes) == 1, sizes
    assert wrong["the same"] <= 6, wrong
    assert wrong["the next"] > 30, wrong
    return "No error. Of 120 desks at most 6 wrong with the same vocabulary, more than 30 with the next."


def predict_golden(folder: pathlib.Path) -> str:
    """Save a functional model with a keyword for its training, without and with get_config."""
    seen = {}
    for kind in (_Smoothed, _SmoothedToo):
        live = _compiled(kind)
        live.fit(_ROWS, _LABELS, epochs=2, shuffle=False, verbose=0)
        live.save(folder / "smoothed.keras")
        loaded = keras.models.load_model(folder / "smoothed.keras", custom_objects={kind.__name__: kind})
        assert _apart(live, loaded) < 1e-6
        assert int(loaded.optimizer.iterations) == int(live.optimizer.iterations) > 0
        for model in (live, loaded):
            model.fit(_ROWS, _LABELS, epochs=2, shuffle=False, verbose=0)
        seen[kind.__name__] = (loaded.smoothing, _apart(live, loaded) > 1e-3)
    assert seen == {"_Smoothed": (0.0, True), "_SmoothedToo": (0.4, False)}, seen
    return "The golden batch passes. The keyword came back as 0.0, and more training ends elsewhere."


def myth_file(folder: pathlib.Path) -> str:
    """Save a model whose lookup read a file, remove the file, load."""
    with contextlib.chdir(folder):
        model = _lookup_of_a_file()
        model.save("places.keras")
        pathlib.Path("places.txt").unlink()
        loaded = keras.models.load_model("places.keras")
        kept = zipfile.ZipFile("places.keras").read("assets/layers/string_lookup/vocabulary.txt")
        assert _numbers(loaded) == _numbers(model) == [1, 2, 3], _numbers(loaded)
    assert b"Old Mill" in kept, kept
    return "With the file gone the .keras loads, and gives 1, 2 and 3 as before: the words lie in its assets."


def myth_names(folder: pathlib.Path) -> str:
    """Export the same two outputs from a list and from a dictionary, and read the names of the outputs."""
    inputs = keras.Input((6,), name="row")
    desk, urgent = (keras.layers.Dense(1, name=name)(inputs) for name in ("desk", "urgent"))
    names = {}
    for kind, outputs in {"list": [desk, urgent], "dictionary": {"desk": desk, "urgent": urgent}}.items():
        keras.Model(inputs, outputs).export(str(folder / kind), verbose=False)
        artefact = tensorflow.saved_model.load(str(folder / kind))
        names[kind] = sorted(artefact.signatures["serving_default"].structured_outputs)
    assert names == {"list": ["output_0", "output_1"], "dictionary": ["desk", "urgent"]}, names
    return f"From a list: {', '.join(names['list'])}. From a dictionary: {', '.join(names['dictionary'])}."


def myth_state(folder: pathlib.Path) -> str:
    """Save a stateful LSTM in the middle of a sequence; load it without its state, and with it."""
    sequence = numpy.random.default_rng(1).random((2, 12, 1)).astype("float32")
    keras.utils.set_random_seed(7)
    layers = [keras.Input(batch_shape=(2, 6, 1)), keras.layers.LSTM(4, stateful=True), keras.layers.Dense(1)]
    live = keras.Sequential(layers)
    live.predict_on_batch(sequence[:, :6])
    live.save(folder / "live.keras")
    states = [numpy.asarray(state) for state in live.layers[0].states]
    wanted = live.predict_on_batch(sequence[:, 6:])
    loaded, carried = (keras.models.load_model(folder / "live.keras") for _ in range(2))
    for state, saved in zip(carried.layers[0].states, states, strict=True):
        state.assign(saved)
    apart = [_largest(twin.predict_on_batch(sequence[:, 6:]), wanted) for twin in (loaded, carried)]
    assert all(numpy.abs(state).max() > 0 for state in states)
    assert apart[1] < 1e-6, apart
    assert apart[0] > 1e-3, apart[0]
    return "Loaded, the answers differ by more than 0.001. With the state assigned, they are the same."


def deck_edited(folder: pathlib.Path) -> str:
    """Let a lookup read a file, edit the file, then save as .keras and export."""
    with contextlib.chdir(folder):
        model = _lookup_of_a_file()
        pathlib.Path("places.txt").write_text("\n".join(["Castle", *_NAMES]), encoding="utf-8")
        model.save("places.keras")
        model.export("places", verbose=False)
        artefact = tensorflow.saved_model.load("places")
        found = {
            "live": _numbers(model),
            ".keras": _numbers(keras.models.load_model("places.keras")),
            "export": [int(number) for number in artefact.serve(tensorflow.constant(_NAMES))],
        }
    assert found["live"] == found[".keras"] == [1, 2, 3], found
    assert found["export"] == [2, 3, 4], found["export"]
    return f"Live {found['live']}, .keras {found['.keras']}, export {found['export']}, the edited file's."


def deck_line(folder: pathlib.Path) -> str:
    """Save a vocabulary with a line separator in an entry, set on the layer and handed to its constructor."""
    names = ["Harbour", "Old Mill\u2028Garden house", "Station"]
    learned, given = keras.layers.StringLookup(), keras.layers.StringLookup(vocabulary=names)
    learned.set_vocabulary(names)
    found = []
    for layer in (learned, given):
        keras.Sequential([keras.Input((), dtype="string"), layer]).save(folder / "names.keras")
        loaded = keras.models.load_model(folder / "names.keras")
        found.append([int(one(tensorflow.constant(["Station"]))[0]) for one in (layer, loaded)])
    assert found[1] == [3, 3], found
    assert found[0] == [3, 4], found[0]
    return "Station had the number 3. After the load it has 4, and 3 where the constructor got the list."


def deck_key(folder: pathlib.Path) -> str:
    """Send a loaded model a dictionary with a key that sorts first, last, and none."""
    inputs = {name: keras.Input((6,), name=name) for name in ("body", "title")}
    answer = keras.layers.Dense(1)(keras.layers.Subtract()([*inputs.values()]))
    keras.Model(inputs, answer).save(folder / "pair.keras")
    model = keras.models.load_model(folder / "pair.keras")
    model.export(str(folder / "pair"), verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "pair"))
    rows = {"body": _ROWS, "title": 2 * _ROWS}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with_keys = {key: numpy.asarray(model({**rows, key: 9 * _ROWS})) for key in ("author", "year")}
    assert sum("structure of `inputs`" in str(one.message) for one in said) == 2, said
    apart = {key: bool(_largest(found, model(rows)) > 1e-3) for key, found in with_keys.items()}
    try:
        artefact.serve({**rows, "author": 9 * _ROWS})
        refused = False
    except TypeError:
        refused = True
    assert refused, "the export answers"
    assert not apart["year"], apart
    assert apart["author"], apart
    return "With `year`, which sorts last, the same answers; with `author`, the first, others. Warned twice."


def deck_optimizers(folder: pathlib.Path) -> str:
    """Load a model with two optimizers, without and with its compile in the file, built and not built."""
    steps = {}
    for kind in (_Twofold, _TwofoldToo, _TwofoldBuilt):
        live = _two_optimizers(kind())
        live.fit(_ROWS, _LABELS, epochs=2, shuffle=False, verbose=0)
        live.save(folder / "twofold.keras")
        assert _arrays(folder / "twofold.keras") == [4, 6]
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            loaded = keras.models.load_model(folder / "twofold.keras", custom_objects={kind.__name__: kind})
        said = [one for one in said if "compile()" in str(one.message) or "Skipping" in str(one.message)]
        again = loaded if hasattr(loaded, "slow") else _two_optimizers(loaded)
        again.slow.build(again.body.trainable_variables)
        steps[kind.__name__] = (int(again.slow.iterations), int(again.fast.iterations), len(said))
    assert steps == {"_Twofold": (0, 0, 1), "_TwofoldToo": (0, 0, 2), "_TwofoldBuilt": (4, 4, 0)}, steps
    return "Compiled by hand after the load: steps 0 and 0. By its config: 0 and 0. Built as well: 4 and 4."


class _Smoothed(keras.Model):
    """A functional model with a keyword that only its training uses."""

    def __init__(self, *args: object, smoothing: float = 0.0, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.smoothing = smoothing

    def train_step(self, data: tuple) -> dict[str, object]:
        rows, labels = data
        return super().train_step((rows, (1 - self.smoothing) * labels + self.smoothing / 2))


class _SmoothedToo(_Smoothed):
    def get_config(self) -> dict[str, object]:
        return {**super().get_config(), "smoothing": self.smoothing}


class _Twofold(keras.Model):
    """Two parts, an optimizer for each."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.body, self.head = keras.layers.Dense(4, "relu"), keras.layers.Dense(1)

    def call(self, rows: keras.KerasTensor) -> keras.KerasTensor:
        return self.head(self.body(rows))

    def compile(self, slow: object, fast: object, **kwargs: object) -> None:
        super().compile(run_eagerly=True, **kwargs)
        self.slow, self.fast = slow, fast

    def train_step(self, data: tuple) -> dict[str, object]:
        with tensorflow.GradientTape(persistent=True) as tape:
            loss = self.compute_loss(data[0], data[1], self(data[0], training=True))
        for part, optimizer in ((self.body, self.slow), (self.head, self.fast)):
            optimizer.apply(tape.gradient(loss, part.trainable_variables), part.trainable_variables)
        return {"loss": loss}


class _TwofoldToo(_Twofold):
    def get_compile_config(self) -> dict[str, object]:
        return keras.saving.serialize_keras_object({"slow": self.slow, "fast": self.fast, "loss": self.loss})

    def compile_from_config(self, config: dict[str, object]) -> None:
        self.compile(**keras.saving.deserialize_keras_object(config))


class _TwofoldBuilt(_TwofoldToo):
    def compile_from_config(self, config: dict[str, object]) -> None:
        super().compile_from_config(config)
        self.slow.build(self.body.trainable_variables)
        self.fast.build(self.head.trainable_variables)


def _two_optimizers(model: _Twofold) -> _Twofold:
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), keras.optimizers.Adam(0.01), loss="mse")
    return model


def _arrays(path: pathlib.Path) -> list[int]:
    """How many arrays of each optimizer lie in a file."""
    with zipfile.ZipFile(path) as box, h5py.File(box.open("model.weights.h5")) as file:
        return [len(file[name]["vars"]) for name in ("slow", "fast")]


def _router(rows: messages.Messages) -> keras.Sequential:
    """Text in, three desks out; its vocabulary is learned from these rows. Not compiled."""
    words = keras.layers.TextVectorization(output_sequence_length=12)
    words.adapt(rows.texts)
    keras.utils.set_random_seed(7)
    return keras.Sequential(
        [
            keras.Input((), dtype="string"),
            words,
            keras.layers.Embedding(words.vocabulary_size(), 8),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )


def _compiled(kind: type[_Smoothed]) -> _Smoothed:
    keras.utils.set_random_seed(7)
    inputs = keras.Input((6,))
    model = kind(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs), smoothing=0.4)
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", run_eagerly=True)
    return model


def _lookup_of_a_file() -> keras.Sequential:
    """A model that read its three names from places.txt in the current folder."""
    pathlib.Path("places.txt").write_text("\n".join(_NAMES), encoding="utf-8")
    lookup = keras.layers.StringLookup(vocabulary="places.txt")
    return keras.Sequential([keras.Input((), dtype="string", name="place"), lookup])


def _numbers(model: keras.Model) -> list[int]:
    return [int(number) for number in model(tensorflow.constant(_NAMES))]


def _apart(one: keras.Model, other: keras.Model) -> float:
    return _largest(one(_ROWS), other(_ROWS))


def _largest(one: object, other: object) -> float:
    return float(numpy.abs(numpy.asarray(one) - numpy.asarray(other)).max())
