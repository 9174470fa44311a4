"""Kernels for the tests, forked from a process that has imported TensorFlow already.

`provisioner` is what jupyter_client calls; `server` is the warm process, one for each process of the tests.
Only tests use this: learners, and the author's build, start plain kernels.
"""
