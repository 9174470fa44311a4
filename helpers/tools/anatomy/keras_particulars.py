"""What is unusual about a model and changes how it is loaded or asked: types, LoRA, state, outputs."""

import collections
import collections.abc

from helpers.tools.anatomy import keras_objects, words
from helpers.tools.anatomy.keras_objects import Mapping

_USUAL = {"float32", "string"}


def lines(config: Mapping) -> list[str]:
    """A line for each particular of a model, from its configuration; none for an ordinary one."""
    types: collections.Counter[str] = collections.Counter()
    quantised: collections.Counter[str] = collections.Counter()
    ranks: collections.Counter[str] = collections.Counter()
    stateful: list[str] = []
    for described in keras_objects.walk(config):
        inner = described["config"] if isinstance(described["config"], dict) else {}
        if described["class_name"] == "InputLayer" or "name" not in inner:
            continue  # policies, initializers and the like: they belong to a layer that is seen itself
        kind, mode = _policy(inner.get("dtype"))
        if mode:
            quantised[mode] += 1
        elif kind and kind not in _USUAL and "layers" not in inner:
            types[kind] += 1
        if isinstance(rank := inner.get("lora_rank"), int) and rank:
            ranks[str(rank)] += 1
        if inner.get("stateful") is True:
            stateful.append(words.plain(inner["name"]))
    found = [f"quantised to {words.plain(mode)}: {words.count(n, 'layer')}" for mode, n in quantised.items()]
    found += [f"computes in {words.plain(kind)}: {words.count(n, 'layer')}" for kind, n in types.items()]
    found += [f"LoRA of rank {rank}: {words.count(n, 'layer')}" for rank, n in ranks.items()]
    if stateful:
        found.append(f"keeps a state between calls: {words.listing(stateful, 4)}; call reset_state() first")
    return found + _outputs(config)


def _policy(dtype: object) -> tuple[str, str]:
    """The type that a layer computes in, and how it is quantised; "" for what is not said."""
    if isinstance(dtype, str):
        return dtype, ""
    inner = dtype.get("config") if isinstance(dtype, dict) else None
    if not isinstance(inner, dict):
        return "", ""
    mode, name = inner.get("mode"), inner.get("name")
    if isinstance(mode, str):
        return "", mode.split("/")[0]
    if isinstance(name, str) and "_from_" in name:  # how Keras 3.3 names a quantised policy
        return "", name.split("_from_")[0]
    return (name if isinstance(name, str) else ""), ""


def _outputs(config: Mapping) -> list[str]:
    """The names of several outputs, in the order in which they are answered."""
    inner = config.get("config")
    outputs = inner.get("output_layers") if isinstance(inner, dict) else None
    if isinstance(outputs, dict):
        return [f"answers a dict: {words.listing([words.plain(name) for name in outputs])}"]
    if not isinstance(outputs, list) or not outputs or not all(isinstance(one, list) for one in outputs):
        return []
    names = [words.plain(one[0]) if one else "(unknown)" for one in outputs]
    return [f"answers in this order: {words.listing(names)}"] if len(names) > 1 else []


def wrapped(described: object) -> str:
    """The class of an optimizer, with what it wraps: "LossScaleOptimizer around Adam"; "" for none."""
    if isinstance(described, str):
        return words.plain(described)
    if not isinstance(described, dict) or not described.get("class_name"):
        return ""
    name = words.plain(described["class_name"]).removeprefix("Custom>")
    config = described.get("config")
    inner = config.get("inner_optimizer") if isinstance(config, dict) else None
    if isinstance(inner, dict) and inner.get("class_name"):
        return f"{name} (it scales the loss) around {words.plain(inner['class_name'])}"
    return name


def inner_input(config: Mapping) -> Mapping | None:
    """The first input that is declared inside: by a model in the model, or by a layer, as Keras 2 did."""
    for described in keras_objects.walk(config):
        inner = described["config"] if isinstance(described["config"], dict) else {}
        if isinstance(inner.get("batch_input_shape", inner.get("batch_shape")), list):
            return described
    return None


def refused(config: Mapping) -> collections.abc.Iterator[str]:
    """Why Keras 3 may not read this model of Keras 2."""
    kinds = set()
    for described in keras_objects.walk(config):
        inner = described["config"] if isinstance(described["config"], dict) else {}
        if described is not config and isinstance(inner.get("layers"), list):
            kinds.add("a model inside the model")
        if "groups" in inner and described["class_name"] == "DepthwiseConv2D":
            kinds.add("the argument groups of DepthwiseConv2D")
        if "time_major" in inner:
            kinds.add(f"the argument time_major of {words.plain(described['class_name'])}")
    yield from sorted(kinds)
