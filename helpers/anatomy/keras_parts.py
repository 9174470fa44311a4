"""The parts of a Keras 3 model, from a zip or a folder, and the findings on them."""

import dataclasses
import pathlib

from helpers.anatomy import finding, hdf5_outline, keras_config, keras_objects, keras_versions, reading

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
OTHER_WEIGHTS, ASSETS = "model.weights.npz", "assets/"


@dataclasses.dataclass(frozen=True)
class Parts:
    """The parts of one model, wherever they lay."""

    config: keras_objects.Mapping
    metadata: keras_objects.Mapping
    outline: hdf5_outline.Outline | None
    names: list[str]
    assets: list[str]


def anatomy(path: pathlib.Path, parts: Parts, form: str, load: str, guard: str) -> finding.Anatomy:
    """The anatomy of those parts, with what depends on where they lay: form, line that loads, guard."""
    outline, compiled = parts.outline, parts.config.get("compile_config")
    custom, code = keras_config.custom(parts.config), keras_config.code(parts.config)
    version = parts.metadata.get("keras_version")
    if load.startswith("keras."):
        load = keras_versions.load(load, version)
    across = keras_versions.ACROSS if keras_versions.major(version) == 2 else keras_versions.OLDER
    if custom != "none":
        load += "\n" + keras_config.BRING_CLASSES
    optimizer = outline.below("optimizer") if outline else []
    counted = f"none: {WEIGHTS} is missing"
    if outline:
        counted = outline.weights()
    elif OTHER_WEIGHTS in parts.names:
        counted = f"in {OTHER_WEIGHTS}, which is not opened here"
    return finding.anatomy(
        path,
        form,
        reading.size(path),
        written_by=keras_versions.written(version),
        architecture=keras_config.architecture(parts.config),
        weights=counted,
        optimizer=hdf5_outline.optimizer(keras_config.optimizer(compiled), optimizer),
        compile_settings=keras_config.settings(compiled),
        endpoints=f"{finding.NOT_HERE}: a Keras model has predict, and is called",
        custom_classes=custom,
        code_it_would_run=outline.with_links(code) if outline else code,
        preprocessing=keras_config.preprocessing(parts.config, parts.assets),
        protected_by=guard,
        load_with=load,
        not_good_for=f"programs without Keras, such as TensorFlow Serving or C: export for those\n{across}",
    )
