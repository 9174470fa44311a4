"""The optimizer of an .h5 file is built for all trainable variables, those inside the layers too."""

import inspect

from keras.src.legacy.saving import legacy_h5_format

source = inspect.getsource(legacy_h5_format.load_model_from_hdf5)
assert "optimizer.build(model._trainable_variables)" in source
exec(source.replace("model._trainable_variables", "model.trainable_variables"), vars(legacy_h5_format))
