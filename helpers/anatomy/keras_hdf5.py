"""Reads `.h5`: a whole model of the older kind, or weights alone."""

import pathlib

from helpers.anatomy import finding, hdf5, keras_config, keras_objects, reading, words

_GUARD = "nothing but its length: a changed bit inside goes unnoticed"


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of an HDF5 file that Keras wrote, whatever its name.

    Raises:
        finding.Unreadable: it is another HDF5 file, cut short or damaged.
        OSError: it cannot be read.
    """
    size = reading.size(path)
    outline = hdf5.read(path, 0, size, repr(words.plain(path.name)))
    if "@model_config" in outline.texts:
        return _model(path, size, outline)
    if any(name.endswith("/vars") or name == "vars" for name in outline.groups):
        return _weights(path, size, outline, "of Keras 3, or of Keras 2 from TensorFlow 2.13 on")
    if "@keras_version" in outline.texts:
        return _weights(path, size, outline, f"of Keras {words.plain(outline.texts['@keras_version'])}")
    if "model_weights" in outline.groups:
        raise finding.Unreadable(
            f"{words.plain(path.name)!r} has the weights of a Keras model and not its model_config, the "
            "description without which nothing can be rebuilt. It is damaged. Get it again from where it came."
        )
    names = words.listing([words.plain(name) for name in outline.groups], 4)
    raise finding.Unreadable(
        f"{words.plain(path.name)!r} is an HDF5 file, and not one of Keras ({hdf5.tally(list(outline.arrays))}; "
        f"groups: {names or 'none'}). A model has the attribute model_config, a weights file groups named vars. "
        "Check the path; h5py opens it."
    )


def _model(path: pathlib.Path, size: int, outline: hdf5.Outline) -> finding.Anatomy:
    shown = repr(words.plain(path.name))
    config = keras_objects.parsed(outline.texts["@model_config"], f"model_config in {shown}")
    compiled: object = None
    if "@training_config" in outline.texts:
        compiled = keras_objects.parsed(outline.texts["@training_config"], f"training_config in {shown}")
    version = words.plain(outline.texts.get("@keras_version", "of unknown version"))
    custom = keras_config.custom(config, compiled)
    optimizer, arrays = keras_config.optimizer(compiled), outline.below("optimizer_weights")
    bad = ["anything new: it is the older format, kept for old files"]
    if compiled:
        bad.append("training on: fit fails in Keras 3 until you compile again, and then the optimizer begins anew")
    if version.startswith("2."):
        bad.append("trust without a test: Keras 3 reads some models of Keras 2 wrongly, and some not at all")
    return finding.anatomy(
        path,
        "Keras model in HDF5, the older format" + _misnamed(path),
        size,
        written_by=f"Keras {version}",
        architecture=keras_config.architecture(config),
        weights=hdf5.tally(outline.below("model_weights")),
        optimizer=_optimizer(optimizer, arrays),
        compile_settings=keras_config.settings(compiled),
        endpoints=finding.NOT_HERE + ": a Keras model has predict, and is called",
        custom_classes=custom,
        code_it_would_run=_code(keras_config.code(config, compiled), outline),
        preprocessing=keras_config.preprocessing(config, []),
        protected_by=_GUARD,
        load_with=_load(path, custom),
        not_good_for="\n".join(bad),
    )


def _weights(path: pathlib.Path, size: int, outline: hdf5.Outline, writer: str) -> finding.Anatomy:
    ours = outline.below("optimizer")
    name = words.plain(outline.texts.get("optimizer/vars@name", ""))
    named = f"class not recorded (named {name!r})" if name else "class not recorded"
    weights = [array for array in outline.arrays if array not in ours]
    load = f'model.load_weights("{words.plain(path.name)}"), on a model built by the same code'
    if not path.name.endswith(".weights.h5"):
        load = f"after renaming it to end in .weights.h5: {load}"
    return finding.anatomy(
        path,
        "weights of a Keras model, in HDF5" + _misnamed(path),
        size,
        written_by=writer[3:] if writer.startswith("of ") else writer,
        weights=hdf5.tally(weights),
        optimizer=_optimizer(named, ours) if ours else "none",
        protected_by=_GUARD,
        custom_classes=f"{finding.NOT_HERE}: the code that builds the model brings them",
        code_it_would_run=_code("none", outline),
        load_with=load,
        not_good_for="loading without the code that made it: load_model answers 'No model config found in the "
        "file'. Code with other activations takes the same weights and answers differently, without an error",
    )


def _misnamed(path: pathlib.Path) -> str:
    if path.suffix in (".h5", ".hdf5"):
        return ""
    if path.suffix == ".keras":
        return ", although its name ends in .keras: renamed, or written by TensorFlow 2.12 or older"
    return f", although its name ends in {words.plain(path.suffix) or 'nothing'}"


def _load(path: pathlib.Path, custom: str) -> str:
    load = f'keras.models.load_model("{words.plain(path.name)}")'
    if path.suffix not in (".h5", ".hdf5"):
        answer = "'File not found'" if path.suffix == ".keras" else "'File format not supported'"
        load = f"after renaming it to {words.plain(path.stem)}.h5: load_model; as it is, it answers {answer}"
    if custom != "none":
        load += "\nafter importing the module that registers the classes, or with custom_objects={...}"
    return load


def _optimizer(name: str, arrays: list[hdf5.Array]) -> str:
    if not name:
        return "none"
    if not arrays:
        return f"{name}, but none of its arrays: it begins anew"
    steps = next((array.value for array in arrays if array.value is not None), None)
    counted = words.count(steps, "step") if steps is not None else "steps unknown"
    return f"{name}, {counted}, {words.count(len(arrays), 'array')}"


def _code(found: str, outline: hdf5.Outline) -> str:
    elsewhere = outline.elsewhere()
    if not elsewhere:
        return found
    line = f"its arrays point to other files: {words.listing(elsewhere)}; they are not followed here"
    return line if found == "none" else f"{found}\n{line}"
