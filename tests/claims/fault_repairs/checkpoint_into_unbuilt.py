"""A Model subclass without build makes its variables at the first real call, not in a rehearsal before it."""

import keras

keras.Model.build = lambda model, shape: None
