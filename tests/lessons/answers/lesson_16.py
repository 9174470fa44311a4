"""Answers that learners give to the exercises of lesson 16."""

FAULTS = (
    "def faults(map_name, kept):\n"
    "    path = pathlib.Path(map_name)\n"
    "    where = json.loads(path.read_text(encoding='utf-8'))['weight_map']\n"
    "    names = {shard for shards in where.values() for shard in shards}\n"
)
HASH = "hashlib.sha256((path.parent / name).read_bytes()).hexdigest()"
GONE = "    gone = [name for name in names if not (path.parent / name).exists()]\n"
OTHER = f"    other = [name for name in names - {{*gone}} if {HASH} != kept[name]]\n"
RESUME = "def resume(path):\n"
MIXED = "    keras.config.set_dtype_policy('mixed_float16')\n"
LOAD = "keras.models.load_model(path)\n"
FINALLY = "    finally:\n        keras.config.set_dtype_policy(before)\n"
BEFORE = "    before = keras.config.dtype_policy()\n"
COMPILE = "keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
SHRINK = "def shrink(source, target):\n"
WHOLE = "    model = keras.models.load_model(source, compile=False)\n"
ROUND = "    model.quantize('int8')\n"
SAVE = "    model.save(target)\n"
KEEP = "def keep(model):\n    model.save('lora.keras')\n"
ARRAYS = "    numpy.savez('lora.npz', *model.get_weights())\n"
BACK = "def bring_back():\n    model = keras.models.load_model('lora.keras')\n"
GIVEN_BACK = "    model.set_weights([*numpy.load('lora.npz').values()])\n"
RETURN = "    return model\n"

WRONG = {
    "16.1": [
        ("", "['m_00000.weights.h5']", "no-function"),
        (FAULTS + "    raise KeyError('kept')\n", "faults", "error"),
        # It finds them and returns nothing.
        (FAULTS + GONE + OTHER + "    gone.extend(other)\n", "faults", "whole"),
        (FAULTS + GONE + "    return sorted(gone)\n", "faults", "exchanged"),
        # The hashes of all are read before anybody asks whether they are there.
        (FAULTS + f"    return sorted(name for name in names if {HASH} != kept[name])\n", "faults", "error"),
        (FAULTS + GONE + OTHER + "    return sorted(other)\n", "faults", "missing"),
        (FAULTS + GONE + OTHER + "    return sorted(gone + other, reverse=True)\n", "faults", "order"),
        # The shards of the current folder.
        ((FAULTS + GONE + OTHER + "    return sorted(gone + other)\n").replace("(path.parent / name)", "pathlib.Path(name)"),
         "faults", "folder"),
    ],
    "16.2": [
        ("", "keras.models.load_model('mixed.keras')", "no-function"),
        (RESUME + "    raise OSError(path)\n", "resume", "error"),
        (RESUME + MIXED + "    " + LOAD, "resume", "no-model"),
        (RESUME + "    return keras.models.load_model(path, compile=False)\n", "resume", "uncompiled"),
        (RESUME + "    return " + LOAD, "resume", "step"),
        # A step number by hand.
        (RESUME + "    model = " + LOAD + "    model.optimizer.iterations.assign(15)\n" + RETURN, "resume", "states"),
        (RESUME + MIXED + "    return " + LOAD, "resume", "policy"),
        # Always the default afterwards, whatever was set.
        (RESUME + MIXED + "    model = " + LOAD + "    keras.config.set_dtype_policy('float32')\n" + RETURN, "resume",
         "policy"),
        (RESUME + BEFORE + MIXED + "    model = " + LOAD + "    keras.config.set_dtype_policy(before)\n" + RETURN,
         "resume", "left"),
    ],
    "16.3": [
        ("", "keras.models.load_model('float.keras')", "no-function"),
        (SHRINK + WHOLE + "    model.quantize('int9')\n" + SAVE, "shrink", "error"),
        (SHRINK + WHOLE + ROUND, "shrink", "no-file"),
        (SHRINK + "    pathlib.Path(target).write_bytes(pathlib.Path(source).read_bytes()[:1000])\n", "shrink", "load"),
        (SHRINK + WHOLE + ROUND + SAVE + "    model.save(source)\n", "shrink", "source"),
        (SHRINK + WHOLE + SAVE, "shrink", "float"),
        # With the optimizer, whose states are float32.
        (SHRINK + WHOLE.replace(", compile=False", "") + ROUND + SAVE, "shrink", "optimizer"),
        # Rounded before it was trained: what is rounded are random numbers.
        (SHRINK + "    model = keras.models.clone_model(keras.models.load_model(source, compile=False))\n" + ROUND + SAVE, "shrink",
         "answers"),
    ],
    "16.4": [
        ("", "'lora.keras', 'lora.npz', adapted", "no-functions"),
        (KEEP + ARRAYS + BACK.replace("lora.keras", "lora.h5") + RETURN, "keep, bring_back, adapted", "error"),
        (KEEP + ARRAYS + BACK + GIVEN_BACK, "keep, bring_back, adapted", "no-model"),
        (KEEP + "def bring_back():\n    return adapted\n", "keep, bring_back, adapted", "same"),
        ("def keep(model):\n    kept.append(model)\nkept = []\ndef bring_back():\n    return kept[0]\n",
         "keep, bring_back, adapted", "same"),
        # The float model of before.
        (KEEP + "def bring_back():\n    return keras.models.load_model('float.keras')\n", "keep, bring_back, adapted",
         "answers"),
        # What a golden batch passes.
        (KEEP + BACK + RETURN, "keep, bring_back, adapted", "adapters"),
        # A second compile makes a new optimizer.
        (KEEP + ARRAYS + BACK + GIVEN_BACK
         + "    model.compile(keras.optimizers.Adam(0.01), 'sparse_categorical_crossentropy')\n" + RETURN,
         "keep, bring_back, adapted", "optimizer"),
        (KEEP + ARRAYS + BACK.replace("'lora.keras'", "'lora.keras', compile=False") + GIVEN_BACK + RETURN,
         "keep, bring_back, adapted", "optimizer"),
    ],
}  # fmt: skip

RIGHT = {
    "16.1": [
        (FAULTS + GONE + OTHER + "    return sorted(gone + other)\n", "faults"),
        # From the names that were kept, in place of the map.
        ("def faults(map_name, kept):\n"
         "    folder, wrong = pathlib.Path(map_name).parent, []\n"
         "    for name in sorted(kept):\n"
         "        file = folder / name\n"
         "        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != kept[name]:\n"
         "            wrong.append(name)\n"
         "    return wrong\n", "faults"),
    ],
    "16.2": [
        (RESUME + BEFORE + MIXED + "    try:\n        return " + LOAD + FINALLY, "resume"),
        # A wrapper of one's own before the states are read.
        (RESUME + "    model = keras.models.load_model(path, compile=False)\n"
         f"    model.compile(*[keras.optimizers.LossScaleOptimizer({COMPILE.split(', ')[0]}), {COMPILE.split(', ')[1]}])\n"
         "    model.optimizer.build(model.trainable_variables)\n"
         "    model.load_weights(path)\n" + RETURN, "resume"),
    ],
    "16.3": [
        (SHRINK + WHOLE + ROUND + SAVE, "shrink"),
        (SHRINK + WHOLE + "    model = keras.models.clone_model(model)\n"
         "    model.set_weights(keras.models.load_model(source).get_weights())\n" + ROUND + SAVE, "shrink"),
    ],
    "16.4": [
        (KEEP + ARRAYS + BACK + GIVEN_BACK + RETURN, "keep, bring_back, adapted"),
        # Each array under the path of its weight.
        ("def keep(model):\n    model.save('lora.keras')\n"
         "    for number, weight in enumerate(model.weights):\n        numpy.save(f'lora_{number}.npy', weight)\n"
         "def bring_back():\n    model = keras.models.load_model('lora.keras')\n"
         "    for number, weight in enumerate(model.weights):\n        weight.assign(numpy.load(f'lora_{number}.npy'))\n"
         + RETURN, "keep, bring_back, adapted"),
    ],
}  # fmt: skip
