"""Answers that learners give to the exercises of lesson 01."""

MAIN_MODEL = (
    "keras.Sequential([keras.Input((64,)), keras.layers.Dense(128, {0!r}),"
    " keras.layers.Dense(10, 'softmax')])"
)
RELU, TANH = MAIN_MODEL.format("relu"), MAIN_MODEL.format("tanh")
COMPILE = ".compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])"
FIT = ".fit(data.train_features, data.train_labels, verbose=0, epochs="

WRONG = {
    "01.1": [
        ("", "len(model.weights)", "arrays"),
        ("", "64 * 128 + 128 * 10", "biases"),
        ("", "64 * 128", "other"),
        ("", "9610.5", "other"),
    ],
    "01.2": [
        (
            "value = keras.models.clone_model(model); value.set_weights(model.get_weights())",
            "value, model",
            "no-file",
        ),
        (
            "twin = keras.models.clone_model(model); twin.set_weights(model.get_weights()); twin.save('m.h5')\n"
            "value = keras.models.load_model('m.h5', compile=False)",
            "value, model",
            "legacy",
        ),
        ("", "model, model", "same-object"),
        ("value = model.save('x.keras') or 'x.keras'", "value, model", "no-model"),
        ("value = keras.models.clone_model(model)", "value, model", "answers"),
    ],
    "01.3": [
        ("", "model, model", "same-object"),
        ("", "keras.models.clone_model(model), model", "untouched"),
        (
            f"value = keras.models.clone_model(model)\nvalue{COMPILE}\nvalue{FIT}8)",
            "value, model",
            "retrained",
        ),
        ("", "model.get_weights(), model", "no-model"),
    ],
    "01.4": [
        ("", "photographs", "no-model"),
        ("value = keras.Sequential([keras.Input((64,)), model])", "value", "unprepared"),
        (
            "value = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(1 / 255), model])",
            "value",
            "scaled-only",
        ),
        (
            "value = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(-1, 1), model])",
            "value",
            "answers",
        ),
        (
            (
                "class Forgetful(keras.layers.Layer):\n"
                "    def __init__(self, factor=1.0, **options):\n"
                "        super().__init__(**options)\n"
                "        self.factor = factor\n"
                "    def call(self, inputs):\n"
                "        return 1 - inputs * self.factor\n"
                "    def get_config(self):\n"
                "        return super().get_config()\n"
                "keras.saving.register_keras_serializable('wrong_answer')(Forgetful)\n"
                "value = keras.Sequential([keras.Input((64,)), Forgetful(1 / 255), model])"
            ),
            "value",
            "not-saved",
        ),
    ],
    "01.5": [
        ("", "[True] * 6", "no-dictionary"),
        ("", "{'layers': True, 'weights': ...}", "unfilled"),
        ("", "dict.fromkeys(SIX, True)", "wrong"),
        ("", "{**dict.fromkeys(SIX, False), 'layers': True, 'weights': True}", "wrong"),
    ],
}

RIGHT = {
    "01.1": [("", "sum(array.size for array in model.get_weights())"), ("", "numpy.int64(9610)")],
    "01.2": [
        (
            (
                "import pathlib; keras.saving.save_model(model, pathlib.Path('other.keras'))\n"
                "value = keras.saving.load_model(pathlib.Path('other.keras'), compile=False)"
            ),
            "value, model",
        ),
    ],
    "01.3": [
        (f"value = {RELU}\nvalue.set_weights(model.get_weights())", "value, model"),
        (
            (
                "value = keras.Sequential.from_config(model.get_config())\n"
                "for left, right in zip(value.weights, model.weights): left.assign(right)"
            ),
            "value, model",
        ),
    ],
    "01.4": [
        (
            (
                "value = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(1 / 255),"
                " keras.layers.Rescaling(-1, 1), *model.layers])"
            ),
            "value",
        ),
        ("inputs = keras.Input((64,))\nvalue = keras.Model(inputs, model(1 - inputs / 255))", "value"),
    ],
    "01.5": [("", "{name: numpy.bool_(name in SIX[:4]) for name in SIX}")],
}
