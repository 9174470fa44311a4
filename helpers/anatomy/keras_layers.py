"""Two questions about a described layer: does it prepare input, and does it bring compiled Python?"""

import base64
import binascii

from helpers.anatomy import keras_objects

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
