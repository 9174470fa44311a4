"""Answers that learners give to the exercises of lesson 11."""

HOW = "dict(zip(['ada.keras', 'ben.keras', 'cleo.h5', 'dan', 'eve.keras'], {}, strict=True))"
BEST = "['rename', 'as it is', 'as it is', 'tf.saved_model.load', 'compile=False']"
LOAD = "keras.models.load_model('gate.h5'{})"
GATE = (
    "@keras.saving.register_keras_serializable(package='answers_{0}')\n"
    "def gate_{0}(x): return keras.ops.clip({1}, 0, 1)\n"
)
HOME = "model = keras.models.load_model('own.h5')\n"
COMPILE = "model.compile(keras.optimizers.{}(0.01), 'sparse_categorical_crossentropy')\n"
SAVE = "model.save('{}.keras')"

WRONG = {
    "11.1": [
        ("", "['as it is'] * 5", "no-dictionary"),
        ("", HOW.format("[...] * 5"), "unfilled"),
        # The pitfall: what ends in .keras is taken for what load_model reads.
        ("", HOW.format("['as it is', 'as it is', 'rename', 'tf.saved_model.load', 'as it is']"), "suffix"),
        ("", HOW.format("['rename', 'as it is', 'as it is', 'as it is', 'compile=False']"), "suffix"),
        ("", HOW.format("['compile=False', 'as it is', 'as it is', 'tf.saved_model.load', 'compile=False']"), "other"),
        ("", HOW.format("['rename it', 'as it is', 'as it is', 'tf.saved_model.load', 'compile=False']"), "unknown"),
    ],
    "11.2": [
        ("", "golden.answers", "no-model"),
        # Loading is all one does, and it raises nothing.
        ("", LOAD.format(""), "unchanged"),
        # custom_objects under the name of the function, not under the name in the file.
        (GATE.format("a", "0.2 * x + 0.5"), LOAD.format(", custom_objects={'gate_a': gate_a}"), "unchanged"),
        (GATE.format("b", "0.25 * x + 0.5"), LOAD.format(", custom_objects={'hard_sigmoid': gate_b}"), "off"),
        ("", LOAD.format(", custom_objects={'hard_sigmoid': lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)}"), "lost"),
        ("def hard_sigmoid(x): return keras.ops.clip(0.2 * x + 0.5, 0, 1)\n"
         f"value = {LOAD.format('')}\nvalue.layers[-1].activation = hard_sigmoid", "value", "changed"),
        ("layer = keras.layers.TFSMLayer('tf-2.8/gate_model_save', call_endpoint='serving_default')\n"
         "inputs = keras.Input((1,))\nvalue = keras.Model(inputs, layer(inputs))", "value", "lost"),
        ("import tf_keras", "tf_keras.models.load_model('gate.h5')", "keras-2"),
        ("", "keras.models.load_model('own.h5')", "refuses"),
    ],
    "11.3": [
        (HOME, "model", "no-path"),
        ("", "'nowhere.keras'", "missing"),
        ("shutil.copyfile('own.h5', 'renamed.keras')", "'renamed.keras'", "format"),
        ("", "'own.h5'", "format"),
        ("", "'own.keras'", "refused"),
        # Rebuilt by hand, and the weights forgotten.
        ("inputs = keras.Input((64,))\n"
         "model = keras.Model(inputs, keras.layers.Softmax()(capsules.Scaled(10)(inputs)))\n"
         + COMPILE.format("Adam") + SAVE.format("fresh"), "'fresh.keras'", "answers"),
        ("model = keras.models.load_model('own.h5', compile=False)\n" + SAVE.format("bare"), "'bare.keras'", "fit"),
        (HOME + COMPILE.format("SGD") + SAVE.format("slow"), "'slow.keras'", "optimizer"),
    ],
}  # fmt: skip

RIGHT = {
    "11.1": [("", HOW.format(BEST))],
    "11.2": [
        (GATE.format("c", "0.2 * x + 0.5"), LOAD.format(", custom_objects={'hard_sigmoid': gate_c}")),
        # Rebuilt by hand, with the weights of the file.
        (GATE.format("d", "(x + 2.5) / 5") + "value = keras.Sequential([keras.Input((1,)),"
         " keras.layers.Dense(1, activation=gate_d)])\nvalue.load_weights('gate.h5')", "value"),
        # Registered, and put in the place of the other after the load.
        (GATE.format("e", "0.2 * x + 0.5") + f"value = {LOAD.format('')}\nvalue.layers[-1].activation = gate_e", "value"),
        # No new function: the old slope goes into the weights.
        (f"value = {LOAD.format('')}\nvalue.set_weights([weight * 1.2 for weight in value.get_weights()])", "value"),
    ],
    "11.3": [
        (HOME + COMPILE.format("Adam") + SAVE.format("one"), "'one.keras'"),
        ("model = keras.models.load_model('own.h5', compile=False)\n" + COMPILE.format("Adam") + SAVE.format("two"),
         "pathlib.Path('two.keras')"),
        ("inputs = keras.Input((64,))\n"
         "model = keras.Model(inputs, keras.layers.Softmax()(capsules.Scaled(10)(inputs)))\n"
         "model.load_weights('own.h5')\n" + COMPILE.format("Adam") + SAVE.format("three"), "'three.keras'"),
        ("artefact = __import__('tensorflow').saved_model.load('tf-2.13/own_model_save')\ninputs = keras.Input((64,))\n"
         "model = keras.Model(inputs, keras.layers.Softmax()(capsules.Scaled(10)(inputs)))\n"
         "model.set_weights([variable.numpy() for variable in artefact.trainable_variables])\n"
         + COMPILE.format("Adam") + SAVE.format("four"), "'four.keras'"),
    ],
}  # fmt: skip
