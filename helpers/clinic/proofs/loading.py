"""Loading exports: a folder is no model, and what it answers with has to be kept."""

import pathlib

from helpers.clinic.proofs import caught, shelf
import keras
import tensorflow


def p01(folder: pathlib.Path) -> caught.Case:
    """An export, and a name where there is nothing: the load refuses both in the same words."""
    model = shelf.trained()
    model.export("exported", verbose=False)
    with caught.error(ValueError) as export:
        keras.models.load_model("exported")
    with caught.error(ValueError) as nothing:
        keras.models.load_model("missing")
    assert export.headline.replace("exported", "missing") == nothing.headline

    artefact = tensorflow.saved_model.load("exported")
    layer = keras.layers.TFSMLayer("exported", call_endpoint="serve")
    for answers in (artefact.serve(shelf.BATCH), layer(shelf.BATCH)):
        assert caught.apart(answers, model(shelf.BATCH)) < 1e-6
    assert not (folder / "missing").exists()
    return caught.Case(
        "serve and TFSMLayer answer as the model did; `missing` does not exist", [export, nothing]
    )


def p02(folder: pathlib.Path) -> caught.Case:
    """Call the loaded object, for a folder of export and one of saved_model.save; then call it by name."""
    model = shelf.trained()
    model.export("exported", verbose=False)
    tensorflow.saved_model.save(shelf.trained(), "plain")
    errors = []
    for name in ("exported", "plain"):
        artefact = tensorflow.saved_model.load(name)
        with caught.error(TypeError) as seen:
            artefact(shelf.BATCH)
        errors.append(seen)

    artefact = tensorflow.saved_model.load("exported")
    assert caught.apart(artefact.serve(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    plain = tensorflow.saved_model.load("plain")
    signature = plain.signatures["serving_default"]
    (name,) = signature.structured_input_signature[1]
    (answers,) = signature(**{name: tensorflow.constant(shelf.BATCH)}).values()
    assert caught.apart(answers, model(shelf.BATCH)) < 1e-6
    return caught.Case("`serve`, and the signature called by name, answer as the model did", errors)


def p03(folder: pathlib.Path) -> caught.Case:
    """Ask an export for what a model has; the .keras file beside it has it all, and trains."""
    model = shelf.trained()
    model.export("exported", verbose=False)
    model.save("model.keras")
    artefact = tensorflow.saved_model.load("exported")
    errors = []
    for name in ("predict", "summary", "fit", "layers"):
        with caught.error(AttributeError) as seen:
            getattr(artefact, name)
        errors.append(seen)

    loaded = keras.models.load_model("model.keras")
    assert caught.apart(loaded(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    loaded.fit(shelf.FEATURES, shelf.LABELS, batch_size=64, verbose=0)
    assert int(loaded.optimizer.iterations) == int(model.optimizer.iterations) + 2
    return caught.Case("the `.keras` file comes back with layers, predicts the same and trains on", errors)


def p36(folder: pathlib.Path) -> caught.Case:
    """Load and call in one expression, then keep the object."""
    model = shelf.trained()
    model.export("exported", verbose=False)
    with caught.error(AssertionError) as seen:
        tensorflow.saved_model.load("exported").serve(shelf.BATCH)

    artefact = tensorflow.saved_model.load("exported")
    assert caught.apart(artefact.serve(shelf.BATCH), model(shelf.BATCH)) < 1e-6
    return caught.Case("kept in a variable, it answers as the model did", [seen])
