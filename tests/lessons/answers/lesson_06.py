"""Answers that learners give to the exercises of lesson 06."""

REGISTER = "@keras.saving.register_keras_serializable('exercise_06')\n"
GATE = (
    "class Gate(keras.layers.Layer):\n"
    "    def __init__(self, level=0.5, **kwargs):\n"
    "        super().__init__(**kwargs)\n"
    "        self.level = level\n"
    "    def call(self, inputs):\n"
    "        return keras.ops.where(inputs >= self.level, inputs, 0.0)\n"
)
GATE_CONFIG = "    def get_config(self):\n        return {{**super().get_config(), {0}}}\n"
CENTRE = (
    "class Centre(keras.layers.Layer):\n"
    "    def build(self, input_shape):\n"
    "        self.mean = {weight}\n"
    "    def adapt(self, rows):\n"
    "        if not self.built:\n"
    "            self.build(rows.shape)\n"
    "        self.mean.assign({mean})\n"
    "    def call(self, inputs):\n"
    "        return inputs - self.mean\n"
)
MEAN = "rows.mean(axis=0)"
WEIGHT = "self.add_weight((input_shape[-1],), 'zeros', trainable={0})"
CONTRAST = (
    "@keras.saving.register_keras_serializable('exercise_06', name={name!r})\n"
    "class {name}(keras.layers.Layer):\n"
    "    def call(self, inputs):\n"
    "        return {computation}\n"
)
FIRST = CONTRAST.format(name="Contrast", computation="inputs**2")
SQRT = "keras.ops.sqrt(inputs)"
SAVE = "keras.Sequential([keras.Input((64,)), {0}()]).save('{1}.keras')\n"

WRONG = {
    "06.1": [
        ("", "ramp.get_config(), ramp", "no-layer"),
        ("", "ramp, ramp", "same-object"),
        ("", "keras.layers.Activation('tanh'), ramp", "other-class"),
        ("", "Ramp(name='ramp'), ramp", "steepness"),
    ],
    "06.2": [
        (
            "import tensorflow\ncustom.export('e', verbose=False)\nvalue = tensorflow.saved_model.load('e')",
            "value, custom",
            "no-model",
        ),
        ("", "custom, custom", "same-object"),
        # The second article's pitfall is to hand in no class; this one hands in the wrong one.
        (
            (
                "Straight = type('MyLayer', (MyLayer,), {\n"
                "    'call': lambda self, inputs: keras.ops.matmul(inputs, self.kernel)})\n"
                "value = keras.models.load_model('custom_model.keras', custom_objects={'MyLayer': Straight})"
            ),
            "value, custom",
            "computation",
        ),
        ("value = keras.Sequential([keras.Input((64,)), MyLayer(16, -1.0)])", "value, custom", "weights"),
    ],
    "06.3": [
        (REGISTER + GATE, "Gate()", "no-class"),
        (REGISTER + GATE, "Gate", "constructor"),
        (REGISTER + GATE + GATE_CONFIG.format("'trainable': True"), "Gate", "default"),
        (
            REGISTER + GATE + "    def get_config(self):\n        return {'level': self.level}\n",
            "Gate",
            "name",
        ),
        (REGISTER + GATE + GATE_CONFIG.format("'level': self.level / 2"), "Gate", "answers"),
        (
            REGISTER + GATE.replace("inputs >=", "inputs <") + GATE_CONFIG.format("'level': self.level"),
            "Gate",
            "computes",
        ),
        (GATE + GATE_CONFIG.format("'level': self.level"), "Gate", "unregistered"),
    ],
    "06.4": [
        ("", "Centre()", "no-class"),
        (REGISTER + CENTRE.format(weight=WEIGHT.format(True), mean=MEAN), "Centre", "trainable"),
        (
            REGISTER + CENTRE.format(weight=WEIGHT.format(False), mean="numpy.full(64, rows.mean())"),
            "Centre",
            "computes",
        ),
        (CENTRE.format(weight=WEIGHT.format(False), mean=MEAN), "Centre", "unregistered"),
        # A variable of TensorFlow's instead of a weight: nothing tracks it.
        (
            "import tensorflow\n"
            + REGISTER
            + CENTRE.format(weight="tensorflow.Variable(tensorflow.zeros(input_shape[-1]))", mean=MEAN),
            "Centre",
            "lost",
        ),
        (
            REGISTER
            + "class Centre(keras.layers.Layer):\n"
            + "    mean = 0.0\n"
            + "    def adapt(self, rows):\n"
            + "        self.mean = rows.mean(axis=0)\n"
            + "    def call(self, inputs):\n"
            + "        return inputs - self.mean\n",
            "Centre",
            "lost",
        ),
    ],
    "06.5": [
        ("", "'Ben'", "no-set"),
        ("", "{'Ben', 'Zoe'}", "unknown"),
        ("", "{'Ben', 'Cem', 'Eli', 'Gus'}", "raises"),
        # Whoever reads code instead of comparing answers takes the dropout for a fault.
        ("", "{'Ben', 'Dia', 'Eli', 'Gus'}", "same"),
        ("", "{'Ben', 'Gus'}", "missing"),
        ("", "set()", "missing"),
    ],
    "06.6": [
        ("", "'nothing_there.keras'", "no-file"),
        ("", "'old.keras'", "old-edited"),
        (SAVE.format("Contrast", "new"), "'new.keras'", "old-edited"),
        (FIRST + SAVE.format("Contrast", "new"), "'new.keras'", "new-first"),
        (
            f"class Unknown(keras.layers.Layer):\n    def call(self, inputs):\n        return {SQRT}\n"
            + SAVE.format("Unknown", "unknown"),
            "'unknown.keras'",
            "unregistered",
        ),
    ],
}

RIGHT = {
    "06.1": [
        ("", "type(ramp)(**ramp.get_config()), ramp"),
        ("", "keras.layers.deserialize(keras.layers.serialize(ramp)), ramp"),
    ],
    "06.2": [
        (
            (
                "with keras.saving.custom_object_scope({'MyLayer': MyLayer}):\n"
                "    value = keras.models.load_model('custom_model.keras')"
            ),
            "value, custom",
        ),
        (
            (
                "keras.saving.get_custom_objects()['MyLayer'] = MyLayer\n"
                "value = keras.models.load_model('custom_model.keras', compile=False)\n"
                "del keras.saving.get_custom_objects()['MyLayer']"
            ),
            "value, custom",
        ),
    ],
    "06.3": [
        (REGISTER + GATE + GATE_CONFIG.format("'level': float(self.level)"), "Gate"),
        (
            (
                REGISTER + GATE + "    def get_config(self):\n"
                "        config = super().get_config()\n"
                "        config.update(level=self.level)\n"
                "        return config\n"
            ),
            "Gate",
        ),
    ],
    "06.4": [
        # The mean as an argument of the constructor, in the config instead of the weights.
        (
            (
                REGISTER + "class Centre(keras.layers.Layer):\n"
                "    def __init__(self, mean=0.0, **kwargs):\n"
                "        super().__init__(**kwargs)\n"
                "        self.mean = numpy.array(mean, 'float32')\n"
                "    def adapt(self, rows):\n"
                "        self.mean = rows.mean(axis=0)\n"
                "    def call(self, inputs):\n"
                "        return inputs - self.mean\n"
                "    def get_config(self):\n"
                "        return {**super().get_config(), 'mean': self.mean.tolist()}\n"
            ),
            "Centre",
        ),
        # A plain attribute, and the hooks that save it.
        (
            (
                REGISTER + "class Centre(keras.layers.Layer):\n"
                "    def adapt(self, rows):\n"
                "        self.mean = rows.mean(axis=0)\n"
                "    def call(self, inputs):\n"
                "        return inputs - getattr(self, 'mean', 0.0)\n"
                "    def save_own_variables(self, store):\n"
                "        store['mean'] = self.mean\n"
                "    def load_own_variables(self, store):\n"
                "        self.mean = store['mean'][:]\n"
            ),
            "Centre",
        ),
    ],
    "06.5": [("", "['Gus', 'Eli', 'Ben']"), ("", "frozenset({'Ben', 'Eli', 'Gus'})")],
    "06.6": [
        (
            (
                FIRST
                + "@keras.saving.register_keras_serializable('exercise_06_v2')\n"
                + f"class Edited(keras.layers.Layer):\n    def call(self, inputs):\n        return {SQRT}\n"
                + SAVE.format("Edited", "edited")
            ),
            "'edited.keras'",
        ),
        (
            (
                "import pathlib\n"
                + FIRST
                + CONTRAST.format(name="Later", computation="inputs**0.5")
                + SAVE.format("Later", "later")
            ),
            "pathlib.Path('later.keras')",
        ),
    ],
}
