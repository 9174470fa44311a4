"""A functional model takes the keys it knows out of a dictionary, and warns of the others."""

from keras.src.models import functional

standardize = functional.Functional._standardize_inputs


def by_key(model, inputs):
    wanted = model._inputs_struct
    if isinstance(inputs, dict) and isinstance(wanted, dict):
        model._maybe_warn_inputs_struct_mismatch(inputs)
        inputs = {name: inputs[name] for name in wanted}
    return standardize(model, inputs)


functional.Functional._standardize_inputs = by_key
