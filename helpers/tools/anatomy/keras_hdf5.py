"""Reads `.h5`: a whole model of the older kind, or weights alone."""

import pathlib
import re

from helpers.tools.anatomy import files, finding, hdf5, keras_config, keras_objects, keras_particulars, words

_NAMES = (".h5", ".hdf5")
_GUARD = "nothing but its length: a changed bit inside goes unnoticed"


def read(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of an HDF5 file that Keras wrote, whatever its name.

    Raises:
        finding.Unreadable: it is another HDF5 file, cut short or damaged.
        OSError: it cannot be read.
    """
    size, shown = files.size(path), words.quoted(path.name)
    outline = hdf5.read(path, 0, size, shown)
    if "@model_config" in outline.texts:
        return _model(path, size, outline)
    if any(name == "vars" or name.endswith("/vars") for name in outline.groups):
        return _weights(path, size, outline, "Keras 3, or Keras 2 of TensorFlow 2.13 or newer; not recorded")
    if "@keras_version" in outline.texts:
        return _weights(path, size, outline, keras_objects.written(outline.texts["@keras_version"]), True)
    if "model_weights" in outline.groups:
        raise finding.Unreadable(
            f"{shown} has the weights of a Keras model and not its model_config, the description without "
            f"which nothing can be rebuilt. It is damaged. {finding.AGAIN}"
        )
    names = words.listing([words.plain(name) for name in outline.groups], 4)
    raise finding.Unreadable(
        f"{shown} is an HDF5 file, and not one of Keras (in it: {hdf5.tally(outline.arrays)}; "
        f"groups: {names or 'none'}). A Keras model has the attribute model_config, a weights file groups "
        "named vars. Check the path; h5py opens it."
    )


def _model(path: pathlib.Path, size: int, outline: hdf5.Outline) -> finding.Anatomy:
    shown = words.quoted(path.name)
    config = keras_objects.parsed(outline.texts["@model_config"], f"model_config in {shown}")
    compiled: keras_objects.Mapping = {}
    if "@training_config" in outline.texts:
        compiled = keras_objects.parsed(outline.texts["@training_config"], f"training_config in {shown}")
    version = outline.texts.get("@keras_version")
    custom = keras_config.custom(config, compiled)
    bad = ["anything new: it is the older format, kept for old files"]
    if compiled:
        bad.append("training on: in Keras 3 fit fails until you compile again, and the optimizer begins anew")
    if keras_objects.major(version) == 2:
        bad.append(keras_objects.ACROSS)
    return finding.anatomy(
        path,
        "Keras model in HDF5, the older format" + _misnamed(path),
        size,
        written_by=keras_objects.written(version),
        architecture=keras_config.architecture(config),
        weights=hdf5.tally(outline.below("model_weights")),
        optimizer=hdf5.optimizer(keras_config.optimizer(compiled), outline.below("optimizer_weights")),
        compile_settings=keras_config.settings(compiled),
        endpoints=f"{finding.NOT_HERE}: a Keras model has predict, and is called",
        custom_classes=custom,
        code_it_would_run=outline.with_links(keras_config.code(config, compiled)),
        preprocessing=keras_config.preprocessing(config, []),
        protected_by=_GUARD,
        load_with=_load(path, custom, config, version),
        not_good_for="\n".join(bad),
    )


def _weights(
    path: pathlib.Path, size: int, outline: hdf5.Outline, writer: str, older: bool = False
) -> finding.Anatomy:
    optimizer = outline.below("optimizer")
    name = words.plain(outline.texts.get("optimizer/vars@name", ""))
    named = f"class not recorded (named {name!r})" if name else "class not recorded"
    load = f'model.load_weights("{words.plain(path.name)}"), on a model built by the same code'
    if older:  # the layout of Keras 2 up to TensorFlow 2.12; Keras 3 tells it from its own by the name
        if path.name.endswith(".weights.h5") or path.suffix not in _NAMES:
            stem = words.plain(path.name.removesuffix(".weights.h5"))
            load = f"in Keras 2: {load}\nin Keras 3 after renaming it to {stem}.h5, without .weights"
    elif not path.name.endswith(".weights.h5"):
        load = f"after renaming it to end in .weights.h5: {load}"
    form = "weights of a Keras model, in HDF5" + _misnamed(path)
    if index := _index(path):
        form = f"one part of the weights of a Keras model, listed in {words.plain(index)}"
        load = f'model.load_weights("{words.plain(index)}"), on a model built by the same code; not this part'
    return finding.anatomy(
        path,
        form,
        size,
        written_by=writer,
        weights=outline.weights(),
        optimizer=hdf5.optimizer(named if optimizer else "", optimizer),
        custom_classes=f"{finding.NOT_HERE}: the code that builds the model brings them",
        code_it_would_run=outline.with_links("none"),
        protected_by=_GUARD,
        load_with=load,
        not_good_for="loading without that code: load_model answers 'No model config found in the file'\n"
        "proving that the code is the same: other activations take the same weights, without an error",
    )


_PART = re.compile(r"(?P<name>.+)_\d{5}\.weights\.h5")


def _index(path: pathlib.Path) -> str:
    """The file that lists this one as a part of a save in several files; "" if it is none."""
    matched = _PART.fullmatch(path.name)
    index = path.with_name(f"{matched['name']}.weights.json") if matched else None
    try:
        found = index and path.name in files.whole(index, finding.CONFIG).decode("utf-8", errors="replace")
    except (OSError, finding.Unreadable):
        return ""
    return index.name if index and found else ""


def _misnamed(path: pathlib.Path) -> str:
    if path.suffix in _NAMES:
        return ""
    if path.suffix == ".keras":
        return ", although its name ends in .keras: renamed, or written by TensorFlow 2.12 or older"
    return (
        f", although its name ends in {words.plain(path.suffix)}"
        if path.suffix
        else ", under a name without .h5"
    )


def _load(path: pathlib.Path, custom: str, config: keras_objects.Mapping, version: object) -> str:
    load = f'keras.models.load_model("{words.plain(path.name)}")'
    if path.suffix not in _NAMES:
        # What load_model says to HDF5 under another name; a test holds it against the installed Keras.
        answer = "'File not found'" if path.suffix == ".keras" else "'File format not supported'"
        load = f"after renaming it to {words.plain(path.stem)}.h5: load_model; as it is, it answers {answer}"
    if keras_objects.major(version) == 2 and (reasons := words.listing(keras_particulars.refused(config))):
        load = (
            f"{load.replace('keras.', 'tf_keras.', 1)}, which is Keras 2 as a package of its own\n"
            f"Keras 3 may refuse it, or read it wrongly: it has {reasons}"
        )
    return load if custom == "none" else f"{load}\n{keras_config.BRING_CLASSES}"
