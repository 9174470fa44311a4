"""Answers that learners give to the exercises of lesson 01."""

MAIN_MODEL = (
    "keras.Sequential([keras.Input((64,)), keras.layers.Dense(128, {0!r}),"
    " keras.layers.Dense(10, 'softmax')])"
)
RELU, TANH = MAIN_MODEL.format("relu"), MAIN_MODEL.format("tanh")
COMPILE = ".compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])"
FIT = ".fit(data.train_features, data.train_labels, verbose=0, epochs="

TURNED = "keras.layers.Reshape((8, 8)), keras.layers.Permute((2, 1)), keras.layers.Flatten()"
PUPIL = (
    "pupil = keras.models.load_model('pupil.keras')\n"
    "found = {'units': pupil.layers[0].units, 'steps': int(pupil.optimizer.iterations), 'loss': pupil.loss}\n"
    "found |= {'learning rate': float(pupil.optimizer.learning_rate), 'epochs': 'lost', 'author': 'lost'}\n"
)

WRONG = {
    "01.1": [
        ("", "model.count_params()", "own-model"),
        ("", "len(keras.models.load_model('stranger.keras').weights)", "arrays"),
        (
            "kernels = [layer.kernel for layer in keras.models.load_model('stranger.keras').layers]",
            "sum(kernel.numpy().size for kernel in kernels)",
            "biases",
        ),
        (
            "whole = keras.models.load_model('stranger.keras')\n"
            "arrays = [*whole.weights, *whole.optimizer.variables]",
            "sum(array.numpy().size for array in arrays)",
            "optimizer",
        ),
        ("", "12", "other"),
        ("", "keras.models.load_model('stranger.keras').count_params() + 0.5", "other"),
    ],
    "01.2": [
        ("value = model.save('x.keras') or 'x.keras'", "value", "no-model"),
        ("", "model", "own-model"),
        ("value = keras.models.clone_model(model)", "value", "answers"),
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
        ("", "scans", "no-model"),
        ("value = keras.Sequential([keras.Input((64,)), model])", "value", "unprepared"),
        (
            "value = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(1 / 100), model])",
            "value",
            "scaled-only",
        ),
        (f"value = keras.Sequential([keras.Input((64,)), {TURNED}, model])", "value", "turned-only"),
        (
            f"value = keras.Sequential([keras.Input((64,)), keras.layers.Rescaling(1 / 16), {TURNED}, model])",
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
                "        return inputs * self.factor\n"
                "    def get_config(self):\n"
                "        return super().get_config()\n"
                "keras.saving.register_keras_serializable('wrong_answer')(Forgetful)\n"
                f"value = keras.Sequential([keras.Input((64,)), Forgetful(1 / 100), {TURNED}, model])"
            ),
            "value",
            "not-saved",
        ),
    ],
    "01.5": [
        ("", "[90, 0.003]", "no-dictionary"),
        ("", "{'units': 20, 'steps': ...}", "unfilled"),
        # Steps divided by a guessed number of steps an epoch; or `model`, the one of the page, was asked.
        (f"{PUPIL}found['epochs'] = found['steps'] // 10", "found", "never-there"),
        (f"{PUPIL}found['steps'] = 'lost'", "found", "not-lost"),
        (f"{PUPIL}found['units'] = model.layers[0].units", "found", "own-model"),
        (f"{PUPIL}found['learning rate'] = 0.01", "found", "wrong"),
        (f"{PUPIL}found['loss'] = 'mse'", "found", "wrong"),
    ],
}

RIGHT = {
    "01.1": [
        ("", "sum(array.size for array in keras.models.load_model('stranger.keras').get_weights())"),
        ("", "numpy.int64(keras.models.load_model('stranger.keras').count_params())"),
    ],
    "01.2": [
        (
            "import shutil; shutil.copy('sent.keras', 'copy.hdf5')\n"
            "value = keras.models.load_model('copy.hdf5', compile=False)",
            "value",
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
            f"inputs = keras.Input((64,))\nturned = keras.Sequential([{TURNED}])\n"
            "value = keras.Model(inputs, model(turned(inputs / 100)))",
            "value",
        ),
    ],
    "01.5": [
        (f"{PUPIL}found['units'] = numpy.int64(found['units'])", "found"),
        (f"{PUPIL}found['learning rate'] = round(found['learning rate'], 3)", "found"),
    ],
}
