"""An .h5 file is written from the compile settings, and they are as before afterwards."""

from keras.src.legacy.saving import saving_utils

original = saving_utils.model_metadata


def model_metadata(model, *arguments, **options):
    settings = model._compile_config.config
    before = dict(settings)
    try:
        return original(model, *arguments, **options)
    finally:
        settings.update(before)


saving_utils.model_metadata = model_metadata
