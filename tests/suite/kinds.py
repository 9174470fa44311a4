"""How this run starts processes: forked from one that has imported TensorFlow, or plainly.

The same variable says it as for the kernels of notebooks, and `.ci/run` runs the tests once with each.
"""

from tests.suite import kernel_provisioner

FORKED = kernel_provisioner.wanted() == "forked"
