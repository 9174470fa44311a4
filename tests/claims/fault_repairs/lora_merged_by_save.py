"""A save keeps the kernel and the adapters apart, and a load gives each its own numbers back."""

from keras.src.layers.core import dense

save, load = dense.Dense.save_own_variables, dense.Dense.load_own_variables
ADAPTERS = ("lora_kernel_a", "lora_kernel_b")


def save_apart(layer, store):
    save(layer, store)
    for name in ADAPTERS if layer.lora_enabled else ():
        store[name] = getattr(layer, name)


def load_apart(layer, store):
    load(layer, store)
    for name in ADAPTERS if layer.lora_enabled else ():
        getattr(layer, name).assign(store[name])


dense.Dense._get_kernel_with_merged_lora = lambda layer: (layer._kernel, None, None)
dense.Dense.save_own_variables, dense.Dense.load_own_variables = save_apart, load_apart
