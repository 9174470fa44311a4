"""Where weights are stored by attribute, the list of all layers does not come before the attributes."""

from keras.src.saving import saving_lib

walk = saving_lib._walk_saveable


def by_name(saveable):
    whole = saveable._obj_type() in ("Sequential", "Functional")
    return ((name, child) for name, child in walk(saveable) if whole or name != "layers")


saving_lib._walk_saveable = by_name
