"""A load leaves one of the two adapters as it was drawn, so that both can learn."""

import inspect
import textwrap

from keras.src.layers.core import dense

ZEROED = "self.lora_kernel_a.assign(ops.zeros(self.lora_kernel_a.shape))"
source = textwrap.dedent(inspect.getsource(dense.Dense.load_own_variables))
assert ZEROED in source
exec(source.replace(ZEROED, "pass"), vars(dense))
dense.Dense.load_own_variables = dense.load_own_variables
