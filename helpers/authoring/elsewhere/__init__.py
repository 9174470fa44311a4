"""`author elsewhere`: the claims and lessons on another TensorFlow, in an environment of its own.

Outputs are not compared: a lesson stops at a cell or runs to its end, and a claim gets the verdict that its
proof finds there. What was found is kept in `tests/elsewhere/`, one file for a pair of TensorFlow and Keras.
"""
