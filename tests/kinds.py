"""How this run starts processes: forked from one that has imported TensorFlow, or plainly.

The same variable says it as for the kernels of notebooks, and `.ci/run` runs the tests once with each.
"""

from helpers.authoring.warm import provisioner

FORKED = provisioner.wanted() == "forked"
