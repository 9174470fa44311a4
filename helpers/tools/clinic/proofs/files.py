"""Files that are not what their name says: pointers, parts, other formats, nothing at all."""

import os
import pathlib
import shutil
import sys
import zipfile

import h5py
from helpers.core import processes
from helpers.tools.clinic.proofs import caught
import keras
import tensorflow

# What lies in a clone of a repository in which `git lfs pull` was forgotten.
POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 137704\n"


def p23(folder: pathlib.Path) -> caught.Case:
    """An .h5 file: a pointer, an empty file, and the first half."""
    model = caught.trained()
    model.save("model.h5")
    content = (folder / "model.h5").read_bytes()
    (folder / "pointer.h5").write_text(POINTER, encoding="ascii")
    (folder / "empty.h5").touch()
    (folder / "half.h5").write_bytes(content[: len(content) // 2])
    errors = []
    for name in ("pointer.h5", "empty.h5", "half.h5"):
        with caught.error(OSError) as seen:
            keras.models.load_model(name)
        errors.append(seen)

    assert not any(map(h5py.is_hdf5, ("pointer.h5", "empty.h5")))
    (folder / "half.h5").write_bytes(content)
    loaded = keras.models.load_model("half.h5", compile=False)
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("fetched again as a whole, the file loads and answers as the model did", errors)


def p24(folder: pathlib.Path) -> caught.Case:
    """A .keras file: the first half, a pointer, an .h5 file with another name, and no file."""
    model = caught.trained()
    model.save("model.keras")
    caught.trained().save("old.h5")
    content = (folder / "model.keras").read_bytes()
    (folder / "half.keras").write_bytes(content[: len(content) // 2])
    (folder / "pointer.keras").write_text(POINTER, encoding="ascii")
    shutil.copyfile("old.h5", "renamed.keras")
    errors = []
    for name in ("half.keras", "pointer.keras", "renamed.keras", "missing.keras"):
        with caught.error(ValueError) as seen:
            keras.models.load_model(name)
        errors.append(seen)

    assert zipfile.is_zipfile("model.keras") and not zipfile.is_zipfile("half.keras")
    assert h5py.is_hdf5("renamed.keras")
    shutil.copyfile("renamed.keras", "renamed.h5")
    (folder / "half.keras").write_bytes(content)
    for name in ("renamed.h5", "half.keras"):
        loaded = keras.models.load_model(name, compile=False)
        assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case(
        "under `.h5` the renamed file loads, fetched again the half one: the same answers", errors
    )


# Loading exports: a folder is no model, and what it answers with has to be kept.


def p01(folder: pathlib.Path) -> caught.Case:
    """An export, and a name where there is nothing: the load refuses both in the same words."""
    model = caught.trained()
    model.export("exported", verbose=False)
    with caught.error(ValueError) as export:
        keras.models.load_model("exported")
    with caught.error(ValueError) as nothing:
        keras.models.load_model("missing")
    assert export.headline.replace("exported", "missing") == nothing.headline

    artefact = tensorflow.saved_model.load("exported")
    layer = keras.layers.TFSMLayer("exported", call_endpoint="serve")
    for answers in (artefact.serve(caught.BATCH), layer(caught.BATCH)):
        assert caught.apart(answers, model(caught.BATCH)) < 1e-6
    assert not (folder / "missing").exists()
    return caught.Case(
        "serve and TFSMLayer answer as the model did; `missing` does not exist", [export, nothing]
    )


def p02(folder: pathlib.Path) -> caught.Case:
    """Call the loaded object, for a folder of export and one of saved_model.save; then call it by name."""
    model = caught.trained()
    model.export("exported", verbose=False)
    tensorflow.saved_model.save(caught.trained(), "plain")
    errors = []
    for name in ("exported", "plain"):
        artefact = tensorflow.saved_model.load(name)
        with caught.error(TypeError) as seen:
            artefact(caught.BATCH)
        errors.append(seen)

    artefact = tensorflow.saved_model.load("exported")
    assert caught.apart(artefact.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    plain = tensorflow.saved_model.load("plain")
    signature = plain.signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    (answers,) = signature(**{name: tensorflow.constant(caught.BATCH)}).values()
    assert caught.apart(answers, model(caught.BATCH)) < 1e-6
    return caught.Case("`serve`, and the signature called by name, answer as the model did", errors)


def p03(folder: pathlib.Path) -> caught.Case:
    """Ask an export for what a model has; the .keras file beside it has it all, and trains."""
    model = caught.trained()
    model.export("exported", verbose=False)
    model.save("model.keras")
    artefact = tensorflow.saved_model.load("exported")
    errors = []
    for name in ("predict", "summary", "fit", "layers"):
        with caught.error(AttributeError) as seen:
            getattr(artefact, name)
        errors.append(seen)

    loaded = keras.models.load_model("model.keras")
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) < 1e-6
    loaded.fit(caught.FEATURES, caught.LABELS, batch_size=64, verbose=0)
    assert int(loaded.optimizer.iterations) == int(model.optimizer.iterations) + 2
    return caught.Case("the `.keras` file comes back with layers, predicts the same and trains on", errors)


def p36(folder: pathlib.Path) -> caught.Case:
    """Load and call in one expression, then keep the object."""
    model = caught.trained()
    model.export("exported", verbose=False)
    with caught.error(AssertionError) as seen:
        tensorflow.saved_model.load("exported").serve(caught.BATCH)

    artefact = tensorflow.saved_model.load("exported")
    assert caught.apart(artefact.serve(caught.BATCH), model(caught.BATCH)) < 1e-6
    return caught.Case("kept in a variable, it answers as the model did", [seen])


# Names of files: the suffixes that Keras 3 takes, and finding the newest one.


def p07(folder: pathlib.Path) -> caught.Case:
    """Names of Keras 2, then names of Keras 3."""
    model = caught.trained()
    refused = [
        lambda: model.save_weights("model.h5"),
        lambda: model.save_weights("training/cp.ckpt"),
        lambda: keras.callbacks.ModelCheckpoint("cp.ckpt", save_weights_only=True),
        lambda: keras.callbacks.ModelCheckpoint("cp.ckpt"),
        lambda: model.save("model"),
        lambda: model.save("model", save_format="tf"),
    ]
    errors = []
    for line in refused:
        with caught.error(ValueError) as seen:
            line()
        errors.append(seen)

    model.save("model.keras")
    model.save_weights("model.weights.h5")
    other = caught.fresh()
    other.load_weights("model.weights.h5")
    best = keras.callbacks.ModelCheckpoint("best.keras", monitor="loss", save_best_only=True)
    each = keras.callbacks.ModelCheckpoint("epoch-{epoch}.weights.h5", save_weights_only=True)
    caught.trained().fit(caught.FEATURES, caught.LABELS, verbose=0, callbacks=[best, each])
    for back in (keras.models.load_model("model.keras"), other):
        assert caught.apart(back(caught.BATCH), model(caught.BATCH)) < 1e-6
    assert (folder / "best.keras").exists() and (folder / "epoch-1.weights.h5").exists()
    return caught.Case("`.keras` and `.weights.h5` are written, load and answer the same", errors)


def p08(folder: pathlib.Path) -> caught.Case:
    """Ask TensorFlow for the newest of two files of weights; then choose it by the number in its name."""
    model, wanted = caught.fresh(), caught.trained()
    caught.fresh(2).save_weights("epoch-9.weights.h5")
    wanted.save_weights("epoch-10.weights.h5")
    assert tensorflow.train.latest_checkpoint(".") is None
    with caught.error(TypeError) as seen:
        model.load_weights(tensorflow.train.latest_checkpoint("."))

    newest = max(
        folder.glob("epoch-*.weights.h5"), key=lambda path: int(path.name.split("-")[1].split(".")[0])
    )
    model.load_weights(newest)
    assert caught.apart(model(caught.BATCH), wanted(caught.BATCH)) < 1e-6
    return caught.Case(f"chosen by its number: {newest.name}, and it answers as its model did", [seen])


# What turns words into numbers: outside the model, or in a file that has no place for it.


TEXTS = ["no", "yes", "maybe", "often", "never", "always", "soon", "late"]
_ORDER = f"print(' '.join(set({TEXTS!r})))"


def _order(seed: str) -> list[str]:
    """The order in which a new Python goes through the set of words."""
    seeded = os.environ | {"PYTHONHASHSEED": seed}
    return processes.run_program(sys.executable, "-c", _ORDER, check=True, env=seeded).stdout.split()


def p17(folder: pathlib.Path) -> caught.Case:
    """A vocabulary that each session makes anew from a set; then one that lies in the model."""
    keras.utils.set_random_seed(7)
    trained = keras.Sequential([keras.Input((1,)), keras.layers.Embedding(9, 1)])
    trained.save("numbers.keras")
    sessions = [_order(seed) for seed in ("1", "2")]
    assert sessions[0] != sessions[1]
    model = keras.models.load_model("numbers.keras")

    def answers(order: list[str]) -> tensorflow.Tensor:
        return model(tensorflow.constant([[order.index(word)] for word in TEXTS]))

    moved = caught.apart(*map(answers, sessions))
    assert moved > 0, moved

    words = keras.layers.StringLookup(vocabulary=sorted(TEXTS))
    inside = keras.Sequential([keras.Input((1,), dtype="string"), words, *trained.layers])
    inside.save("words.keras")
    loaded = keras.models.load_model("words.keras")
    batch = tensorflow.constant([[word] for word in TEXTS])
    assert caught.apart(loaded(batch), inside(batch)) == 0
    return caught.Case(
        "with the vocabulary in the model, a load answers the same",
        measured="no error, and the same words get other numbers in the second session, so other answers",
    )


def p18(folder: pathlib.Path) -> caught.Case:
    """A vocabulary learned by adapt, in an .h5 file; then in a .keras file, or handed to the constructor."""
    errors = []
    for kind, row in ((keras.layers.StringLookup, [["yes"]]), (keras.layers.TextVectorization, [["yes no"]])):
        batch = tensorflow.constant(row)
        layer = kind()
        layer.adapt(TEXTS)
        model = keras.Sequential([keras.Input((1,), dtype="string"), layer])
        model.save("words.keras")
        model.save("words.h5")
        with caught.error(tensorflow.errors.FailedPreconditionError) as seen:
            keras.models.load_model("words.h5")(batch)
        errors.append(seen)

        loaded = keras.models.load_model("words.keras")
        assert caught.apart(loaded(batch), model(batch)) == 0
        given = kind(vocabulary=TEXTS)
        model = keras.Sequential([keras.Input((1,), dtype="string"), given])
        model.save("given.h5")
        assert caught.apart(keras.models.load_model("given.h5")(batch), model(batch)) == 0
    return caught.Case(
        "from `.keras`, and with a vocabulary handed over from `.h5` too, the same numbers", errors
    )
