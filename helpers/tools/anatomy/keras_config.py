"""Reads a model's configuration, as `.keras` and `.h5` hold it: findings only, nothing is built."""

import base64
import binascii
import collections.abc

from helpers.tools.anatomy import keras_objects, keras_particulars, words
from helpers.tools.anatomy.keras_objects import Mapping

# Two questions about a described layer: does it prepare input, and does it bring compiled Python?


_PREPROCESSING = {
    "AugMix",
    "AutoContrast",
    "CategoryEncoding",
    "CenterCrop",
    "CutMix",
    "Discretization",
    "Equalization",
    "HashedCrossing",
    "Hashing",
    "IntegerLookup",
    "MaxNumBoundingBoxes",
    "MelSpectrogram",
    "MixUp",
    "Normalization",
    "RandAugment",
    "Rescaling",
    "Resizing",
    "STFTSpectrogram",
    "Solarization",
    "StringLookup",
    "TextVectorization",
}
_RANDOM_START = {"RandomNormal", "RandomUniform"}  # of weights; every other Random... changes training images


def prepares(described: keras_objects.Mapping) -> bool:
    """Whether it is a layer that prepares raw input, or one that changes training images at random."""
    kind = described["class_name"]
    return kind in _PREPROCESSING or (
        kind.startswith("Random") and kind not in _RANDOM_START and keras_objects.is_own(described)
    )


def bytecode(described: keras_objects.Mapping) -> int | None:
    """How many bytes of compiled Python a lambda holds; None for everything else. Nothing is unpacked."""
    config = described["config"] if isinstance(described["config"], dict) else {}
    if described["class_name"] == "__lambda__":
        held = config.get("code", config.get("value"))
    elif described["class_name"] == "Lambda":
        held = config.get("function")  # Keras 2: the bytecode stands in the layer itself
    else:
        return None
    held = held[0] if isinstance(held, list) and held else held
    if not isinstance(held, str) or (described["class_name"] == "Lambda" and held.isidentifier()):
        return None
    try:
        return len(base64.b64decode(held))
    except (binascii.Error, ValueError):
        return 0


BRING_CLASSES = "after importing the module that registers the classes, or with custom_objects={...}"
_REFUSED = "load_model refuses it unless safe_mode=False"


def architecture(config: Mapping) -> str:
    """Class, number and kinds of layers, and inputs; below them what is unusual."""
    kind = words.plain(config.get("class_name"))
    inner = config.get("config")
    layers = inner.get("layers") if isinstance(inner, dict) else inner
    if not isinstance(layers, list):
        return words.lines(
            [f"{kind}; its layers are in the code of its class", *keras_particulars.lines(config)]
        )
    described = [layer for layer in layers if isinstance(layer, dict)]
    kinds = [words.plain(layer.get("class_name")) for layer in described]
    own = [name for name in kinds if name != "InputLayer"]
    inputs = [_input(layer) for layer, name in zip(described, kinds, strict=True) if name == "InputLayer"]
    text = f"{kind}, {words.count(len(own), 'layer')}"
    text += f": {words.kinds(own)}" if own else ""
    if inputs:
        text += f"; input {words.listing(inputs, 4)}"
    else:
        inside = keras_particulars.inner_input(config)
        text += f"; input, declared inside: {_input(inside)}" if inside else "; no input declared"
    return words.lines([text, *keras_particulars.lines(config)])


def _input(layer: Mapping) -> str:
    config = layer.get("config")
    if not isinstance(config, dict):
        return "unknown"
    shape = config.get("batch_shape", config.get("batch_input_shape"))
    sizes = words.shape(shape) if isinstance(shape, list) else "of any shape"
    return f"{words.plain(config.get('name'))} {sizes} {words.plain(config.get('dtype'))}"


def settings(compiled: object) -> str:
    """Loss and metrics, or that the model was not compiled."""
    if not isinstance(compiled, dict) or not compiled:
        return "none: saved without compiling"
    metrics = [*_named(compiled.get("metrics")), *_named(compiled.get("weighted_metrics"))]
    loss = words.listing(_named(compiled.get("loss"))) or "none"
    return f"loss {loss}; metrics {words.listing(metrics) or 'none'}"


def optimizer(compiled: object) -> str:
    """The class of the optimizer, empty if the configuration names none."""
    if not isinstance(compiled, dict):
        return ""
    described = compiled.get("optimizer", compiled.get("optimizer_config"))
    return keras_particulars.wrapped(described)


def _named(value: object) -> list[str]:
    """The names in a loss or metric setting: a name, a description, or a list or mapping of those."""
    found, waiting = [], [("", value)]
    while waiting:
        output, value = waiting.pop(0)
        before = f"{words.plain(output)}: " if output else ""
        if isinstance(value, str):
            found.append(before + words.plain(value))
        elif isinstance(value, list):
            waiting = [(output, entry) for entry in value] + waiting
        elif isinstance(value, dict) and isinstance(value.get("class_name"), str):
            kind, config = value["class_name"], value.get("config")
            if kind == "MeanMetricWrapper" and isinstance(
                config, dict
            ):  # Keras 2: any metric that is a function
                kind = config.get("name")
            found.append(before + words.plain(config if kind == "function" else kind))
        elif isinstance(value, dict):
            waiting = [(name, entry) for name, entry in value.items()] + waiting
    return found


def custom(*configs: object) -> str:
    """The classes and functions a load asks for, because Keras does not have them."""
    names = [
        keras_objects.name(described)
        for described in keras_objects.walk(list(configs))
        if not keras_objects.is_own(described)
    ]
    return words.lines(list(dict.fromkeys(names))) if names else "none"


def code(*configs: object) -> str:
    """What a load, or a call of the loaded model, would run besides Keras."""
    found, layer, customs = [], "", False
    for described in keras_objects.walk(list(configs)):
        inner = described["config"] if isinstance(described["config"], dict) else {}
        shown = words.plain(described["class_name"])
        shown += f" {words.quoted(inner['name'])}" if "name" in inner else ""
        if "trainable" in inner:
            layer = shown  # the one that what follows belongs to, if it is no layer itself
        size = bytecode(described)
        if size is not None:
            found.append(
                f"{layer or shown}: a lambda, {words.count(size, 'byte')} of Python bytecode; {_REFUSED}"
            )
        found += [f"{shown}: {deed}" for deed in _deeds(described, inner)]
        customs |= not keras_objects.is_own(described)
    if customs:
        found.append("the custom classes above, with arguments from this file")
    return words.lines(list(dict.fromkeys(found))) if found else "none"


def _deeds(described: Mapping, inner: Mapping) -> collections.abc.Iterator[str]:
    """What Keras's own layers do besides computing."""
    if described["class_name"] == "TFSMLayer":
        # `.h5` names classes alone, and load_model does not know this one by its name.
        refused = _REFUSED if "module" in described else "load_model refuses it"
        yield f"loads the SavedModel {words.quoted(inner.get('filepath'))}; {refused}"
    if described["class_name"] == "TorchModuleWrapper":
        yield f"opens a pickled PyTorch module; {_REFUSED}"
    if isinstance(inner.get("vocabulary"), str):
        yield f"reads the file {words.quoted(inner['vocabulary'])}; {_REFUSED}"


def preprocessing(config: Mapping, assets: list[str]) -> str:
    """Layers that prepare raw input, and the files they bring."""
    layers = [
        words.plain(described["class_name"])
        for described in keras_objects.walk(config)
        if prepares(described)
    ]
    text = words.kinds(layers) or "none"
    return text + (f"; files: {words.listing([words.plain(name) for name in assets])}" if assets else "")
