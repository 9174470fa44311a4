"""Each step gives all devices the mean of what they have noted of their own rows."""

from keras.src.layers.normalization import batch_normalization

add_weight = batch_normalization.BatchNormalization.add_weight


def averaged(layer, *given, name=None, **options):
    if name in ("moving_mean", "moving_variance"):
        options["aggregation"] = "mean"
    return add_weight(layer, *given, name=name, **options)


batch_normalization.BatchNormalization.add_weight = averaged
