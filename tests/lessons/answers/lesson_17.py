"""Answers that learners give to the exercises of lesson 17."""

REGISTER = "@keras.saving.register_keras_serializable(package='exercise_17')\n"
SOFTSIGN = "class Softsign(keras.layers.Layer):\n    def call(self, rows):\n        return {0}\n"
PLACE = "b'keras.src.backend.torch.optimizers.torch_adam'"
MENDED = (
    "with zipfile.ZipFile('from_torch.keras') as old, zipfile.ZipFile('mine.keras', 'w') as new:\n"
    "    for name in old.namelist():\n"
    "        content = old.read(name)\n"
    "        if name == 'config.json':\n"
    "            content = content.replace({0}, {1})\n"
    "        new.writestr(name, content)\n"
)
ALONE = "model = keras.models.load_model('from_torch.keras', compile=False)\n"
NEWEST = (
    "def newest(folder):\n"
    "    workers = pathlib.Path(folder).glob('worker-*')\n"
    "    steps = [{{{0} for path in worker.glob('{1}')}} for worker in workers]\n"
    "    return {2}\n"
)
STEP = "int(path.stem.split('-')[1])"
READ = (
    "def read(path):\n"
    "    content = pathlib.Path(path).read_bytes()\n"
    "    if len(content) < 8: raise ValueError('too short')\n"
    "    (length,) = struct.unpack('<Q', content[:8])\n"
    "    header, body = json.loads(content[8:8 + length]), content[8 + length:]\n"
    "    header.pop('__metadata__', None)\n"
    "    if max(about['data_offsets'][1] for about in header.values()) != len(body): raise ValueError('cut')\n"
    "    return {name: numpy.frombuffer(body[slice(*about['data_offsets'])], '<f4').reshape(about['shape'])\n"
    "            for name, about in header.items()}\n"
)

WRONG = {
    "17.1": [
        ("", "Softsign()", "no-class"),
        ("", "Softsign", "backend"),
        (REGISTER + SOFTSIGN.format("rows / keras.ops.abs(1 + rows)"), "Softsign", "computes"),
        (REGISTER + SOFTSIGN.format("keras.ops.softsigned(rows)"), "Softsign", "call"),
        # Half of it: plain arithmetic around a function of TensorFlow.
        (REGISTER + SOFTSIGN.format("rows / (1 + tensorflow.abs(rows))"), "Softsign", "backend"),
        # NumPy's functions take TensorFlow's tensors, as long as they have numbers.
        (REGISTER + SOFTSIGN.format("rows / (1 + numpy.abs(numpy.asarray(rows)))"), "Softsign", "backend"),
        (SOFTSIGN.format("rows / (1 + keras.ops.abs(rows))"), "Softsign", "unregistered"),
    ],
    "17.2": [
        ("", "'from_torch.keras'", "no-model"),
        ("", "keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])", "answers"),
        (ALONE, "model", "uncompiled"),
        (ALONE + "model.compile('sgd', 'mse')\n", "model", "optimizer"),
        (ALONE + "model.compile('adam', 'mse')\n", "model", "optimizer"),
        (ALONE + "model.compile(keras.optimizers.Adam(0.01), 'mse')\n", "model", "steps"),
        # The step by hand: what Adam remembers of the gradients is more.
        (ALONE + "model.compile(keras.optimizers.Adam(0.01), 'mse')\n"
         "model.optimizer.build(model.trainable_variables)\nmodel.optimizer.iterations.assign(8)\n", "model", "states"),
        # It trained on before it was handed in.
        (MENDED.format(PLACE, "b'keras.optimizers'") + "model = keras.models.load_model('mine.keras')\n"
         "model.fit(numpy.zeros((4, 4)), numpy.zeros((4, 1)), verbose=0)\n", "model", "answers"),
    ],
    "17.3": [
        ("", "12", "no-function"),
        ("def newest(folder):\n    ...\n", "newest", "wrong"),
        # The newest of any worker.
        (NEWEST.format(STEP, "ckpt-*.index", "max(set.union(*steps), default=None)"), "newest", "wrong"),
        # As text, 8 comes after 12.
        (NEWEST.format("path.stem.split('-')[1]", "ckpt-*.index", "int(max(set.intersection(*steps)))"), "newest",
         "wrong"),
        (NEWEST.format(STEP, "ckpt-*.index", "max(set.intersection(*steps))"), "newest", "raises"),
        # The oldest of the newest: the other worker may never have saved at it.
        (NEWEST.format(STEP, "ckpt-*.index", "min(max(each, default=0) for each in steps)"), "newest", "wrong"),
        (NEWEST.format(STEP, "ckpt-*.index", "max(set.intersection(*steps), default=0)"), "newest", "wrong"),
    ],
    "17.4": [
        ("", "{}", "no-function"),
        ("def read(path):\n    ...\n", "read", "kind"),
        (READ.replace("content[8 + length:]", "content[length:]"), "read", "raises"),
        (READ.replace("    header.pop('__metadata__', None)\n", ""), "read", "raises"),
        (READ.replace(".reshape(about['shape'])", ""), "read", "shape"),
        (READ.replace("'<f4'", "'>f4'"), "read", "numbers"),
        (READ.replace("for name, about in header", "for name, about in list(header.items())[:1] if header"
                      ).replace("[:1] if header.items()", "[:1]"), "read", "names"),
        (READ.replace("    if max(about['data_offsets'][1] for about in header.values()) != len(body): "
                      "raise ValueError('cut')\n", "").replace("'<f4').reshape(about['shape'])",
                                                              "'<f4')[:12].reshape(-1, *about['shape'][1:])"),
         "read", "accepted"),
        (READ.replace("    if len(content) < 8: raise ValueError('too short')\n", ""), "read", "other-error"),
    ],
}  # fmt: skip

RIGHT = {
    "17.1": [
        (REGISTER + SOFTSIGN.format("rows / (1 + keras.ops.abs(rows))"), "Softsign"),
        (REGISTER + SOFTSIGN.format("keras.ops.divide(rows, keras.ops.add(1.0, keras.ops.absolute(rows)))"),
         "Softsign"),
        (REGISTER + SOFTSIGN.format("keras.activations.softsign(rows)"), "Softsign"),
    ],
    "17.2": [
        (MENDED.format(PLACE, "b'keras.optimizers'") + "model = keras.models.load_model('mine.keras')\n", "model"),
        (MENDED.format("b'torch_adam'", "b'torch_adam'").replace("content.replace(b'torch_adam', b'torch_adam')",
         "content.replace(" + PLACE + ", b'keras.src.optimizers.adam')")
         + "model = keras.models.load_model('mine.keras')\n", "model"),
        # By hand: compile, build, and read the arrays out of the weights file.
        (ALONE + "model.compile(keras.optimizers.Adam(0.01), 'mse')\n"
         "model.optimizer.build(model.trainable_variables)\n"
         "for variable, array in zip(model.optimizer.variables, backends.optimizer_arrays()):\n"
         "    variable.assign(array)\n", "model"),
    ],
    "17.3": [
        (NEWEST.format(STEP, "ckpt-*.index", "max(set.intersection(*steps), default=None)"), "newest"),
        (NEWEST.format(STEP, "*.data-*", "max(set.intersection(*steps), default=None)").replace(
            "path.stem.split", "path.name.split('.')[0].split"), "newest"),
        ("import re\ndef newest(folder):\n"
         "    steps = [[int(re.findall('[0-9]+', path.name)[0]) for path in sorted(worker.glob('*.index'))]\n"
         "             for worker in pathlib.Path(folder).iterdir()]\n"
         "    common = [step for step in steps[0] if all(step in each for each in steps)]\n"
         "    return max(common) if common else None\n", "newest"),
    ],
    "17.4": [
        (READ, "read"),
        (READ.replace("numpy.frombuffer(body[slice(*about['data_offsets'])], '<f4')",
                      "numpy.array(list(struct.iter_unpack('<f', body[slice(*about['data_offsets'])])))"), "read"),
    ],
}  # fmt: skip
