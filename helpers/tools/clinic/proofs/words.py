"""Text models: vocabularies and their files, inputs by name, and layers that remember."""

import json
import pathlib

from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow

NAMES = ["Harbour", "Old Mill", "Station"]
PLACES = tensorflow.constant(NAMES)


def _file(*names: str) -> str:
    pathlib.Path("names.txt").write_text("\n".join(names), encoding="utf-8")
    return "names.txt"


def _around(layer: keras.layers.Layer) -> keras.Sequential:
    return keras.Sequential([keras.Input((), dtype="string", name="place"), layer])


def i02(folder: pathlib.Path) -> caught.Case:
    """Code that makes a lookup again, without its file; then with the list out of the .keras."""
    model = _around(keras.layers.StringLookup(vocabulary=_file(*NAMES)))
    model.save("model.keras")
    pathlib.Path("names.txt").unlink()
    kinds = (keras.layers.StringLookup, keras.layers.TextVectorization)
    errors = [caught.raised(lambda kind=kind: kind(vocabulary="names.txt"), ValueError) for kind in kinds]

    loaded = keras.models.load_model("model.keras")
    names = loaded.layers[0].get_vocabulary(include_special_tokens=False)
    pathlib.Path("names.json").write_text(json.dumps(names), encoding="utf-8")
    names = json.loads(pathlib.Path("names.json").read_text(encoding="utf-8"))
    again = _around(keras.layers.StringLookup(vocabulary=names))
    assert caught.apart(again(PLACES), [1, 2, 3]) == caught.apart(loaded(PLACES), [1, 2, 3]) == 0
    return caught.Case(
        "the .keras needs no file, and the list taken out of it gives the same numbers", errors
    )


class Opening(keras.layers.Layer):
    """A layer that opens a vocabulary file in its constructor."""

    def __init__(self, file: str, **options: object) -> None:
        super().__init__(**options)
        self.lookup = keras.layers.StringLookup(vocabulary=file)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Build the lookup."""
        self.lookup.build(input_shape)

    def call(self, names: keras.KerasTensor) -> keras.KerasTensor:
        """Return their numbers."""
        return self.lookup(names)


class Given(Opening):
    """The same, and it is given the names."""

    def __init__(self, names: list[str], **options: object) -> None:
        keras.layers.Layer.__init__(self, **options)
        self.lookup = keras.layers.StringLookup(vocabulary=names)


def i03(folder: pathlib.Path) -> caught.Case:
    """A layer of one's own with the name of a file as argument; then with the list."""
    kinds = {"Opening": Opening, "Given": Given}
    _around(Opening(_file(*NAMES))).save("opening.keras")
    _around(Given(NAMES)).save("given.keras")
    with caught.error(TypeError) as seen:
        keras.models.load_model("opening.keras", custom_objects=kinds)
    loaded = keras.models.load_model("given.keras", custom_objects=kinds)
    assert caught.apart(loaded(PLACES), [1, 2, 3]) == 0
    return caught.Case("with the list as argument it loads in safe mode, and gives the same numbers", [seen])


def i04(folder: pathlib.Path) -> caught.Case:
    """A lookup that read a file, exported after the file was edited; then one that was given the list."""
    read, given = (keras.layers.StringLookup(vocabulary=each) for each in (_file(*NAMES), NAMES))
    _file("Castle", *NAMES)
    found = {}
    for name, layer in {"read": read, "given": given}.items():
        model = _around(layer)
        model.export(name, verbose=False)
        artefact = tensorflow.saved_model.load(name)
        found[name] = caught.apart(artefact.serve(PLACES), model(PLACES))
    assert found == {"read": 1, "given": 0}, found
    return caught.Case(
        "from the list the export gives the numbers of the live model",
        measured="no error, and in the export each of three names has the number of its neighbour",
    )


def i05(folder: pathlib.Path) -> caught.Case:
    """Characters as words, the line break among them; then with the list in the constructor."""
    learned = keras.layers.TextVectorization(split="character", standardize=None)
    learned.adapt(["to be\nor not\n"])
    _around(learned).save("learned.keras")
    with caught.error(ValueError) as seen:
        keras.models.load_model("learned.keras")
    characters = learned.get_vocabulary(include_special_tokens=False)
    given = keras.layers.TextVectorization(split="character", standardize=None, vocabulary=characters)
    _around(given).save("given.keras")
    text = tensorflow.constant(["not\nto"])
    loaded = keras.models.load_model("given.keras")
    assert caught.apart(loaded(text), _around(learned)(text)) == 0
    return caught.Case("with the list in the constructor it loads, and gives the same numbers", [seen])


def i06(folder: pathlib.Path) -> caught.Case:
    """A dictionary with a key that the model does not know and that sorts first; then without it."""
    inputs = {name: keras.Input((2,), name=name) for name in ("body", "title")}
    model = keras.Model(inputs, keras.layers.Subtract()([inputs["body"], inputs["title"]]))
    rows = {name: numpy.full((1, 2), value, "float32") for name, value in {"body": 5, "title": 3}.items()}
    with caught.warned() as said:
        crossed = model({**rows, "author": numpy.full((1, 2), 9, "float32")})
    assert any("structure of `inputs` doesn't match" in line for line in said), said
    assert caught.apart(crossed, 9 - 5) == 0
    sent = {**rows, "author": None}
    assert caught.apart(model({name: sent[name] for name in model.input}), 5 - 3) == 0
    return caught.Case(
        "with the keys of `model.input` alone each value comes to its own input",
        measured="a warning alone: the third key was read as the first input, and the first as the second",
    )


def t16(folder: pathlib.Path) -> caught.Case:
    """A stateful LSTM saved in the middle of a sequence; then with its state carried, and with one reset."""
    sequence = numpy.random.default_rng(1).random((2, 8, 1)).astype("float32")
    layers = [keras.Input(batch_shape=(2, 4, 1)), keras.layers.LSTM(4, stateful=True)]
    live = keras.Sequential(layers)
    live.predict_on_batch(sequence[:, :4])
    live.save("model.keras")
    states = [numpy.asarray(state) for state in live.layers[0].states]
    wanted = live.predict_on_batch(sequence[:, 4:])
    lost, carried = (keras.models.load_model("model.keras") for _ in range(2))
    moved = caught.apart(lost.predict_on_batch(sequence[:, 4:]), wanted)
    assert moved > 1e-3, moved
    for state, saved in zip(carried.layers[0].states, states, strict=True):
        state.assign(saved)
    assert caught.apart(carried.predict_on_batch(sequence[:, 4:]), wanted) < 1e-6
    for model in (live, lost):
        model.layers[0].reset_state()
    first = sequence[:, :4]
    assert caught.apart(lost.predict_on_batch(first), live.predict_on_batch(first)) < 1e-6
    return caught.Case(
        "with the states assigned, or reset on both sides, the answers are the same",
        measured="no error, and the next answers differ by more than 0.001: the state is not in the file",
    )


def e08(folder: pathlib.Path) -> caught.Case:
    """Export a stateful LSTM with a batch of one; then with a batch of two, the second row unused."""

    def model(rows: int) -> keras.Sequential:
        keras.utils.set_random_seed(7)
        return keras.Sequential([keras.Input(batch_shape=(rows, 4, 1)), keras.layers.LSTM(4, stateful=True)])

    one, two = model(1), model(2)
    two.set_weights(one.get_weights())
    with caught.error(ValueError) as seen:
        one.export("one", verbose=False)
    two.export("two", verbose=False)
    rows = numpy.random.default_rng(1).random((2, 4, 1)).astype("float32")
    artefact = tensorflow.saved_model.load("two")
    assert caught.apart(artefact.serve(rows)[:1], one.predict_on_batch(rows[:1])) < 1e-6
    return caught.Case("with a batch of two it is exported, and answers as the other does", [seen])
