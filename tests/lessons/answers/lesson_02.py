"""Answers that learners give to the exercises of lesson 02."""

MAIN_MODEL = (
    "keras.Sequential([keras.Input((64,)), keras.layers.Dense(128, {0!r}),"
    " keras.layers.Dense(10, 'softmax')])"
)
RELU, TANH = MAIN_MODEL.format("relu"), MAIN_MODEL.format("tanh")
COMPILE = ".compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])"
FIT = ".fit(data.train_features, data.train_labels, verbose=0, epochs="
BODY = (
    "base = keras.models.load_model('strange.keras')\n"
    "body = keras.Model(base.inputs, base.layers[-2].output)\n"
    "body.trainable = {trainable}\n"
    "large = keras.Sequential([body, keras.layers.Dense(1, 'sigmoid')])\n"
    "large.compile('adam', 'binary_crossentropy')\n"
    "large.fit(data.train_features, data.train_labels >= 5, epochs={epochs}, verbose=0)\n"
)

# Loaded, with the lower rate, before it is trained on.
HALF = "value = keras.models.load_model('half.keras')\n"
SLOWER = f"{HALF}value.optimizer.learning_rate = 0.001\n"
AGAIN = "value.compile(keras.optimizers.Adam(0.001), 'sparse_categorical_crossentropy')\n"

OLD = "old = tensorflow.saved_model.load('old_service')\nsignature = old.signatures['serving_default']\n"

WRONG = {
    "02.1": [
        ("", "'report'", "no-suffix"),
        ("", "'nothing-there.keras'", "no-file"),
        ("keras.models.clone_model(model).save('report.h5')", "'report.h5'", "legacy"),
        ("model.save_weights('report.weights.h5')", "'report.weights.h5'", "weights"),
        ("import pathlib; pathlib.Path('report.txt').write_text('a model')", "'report.txt'", "other"),
        ("keras.models.clone_model(model).save('clone.keras')", "'clone.keras'", "answers"),
    ],
    "02.2": [
        ("", "'old_service'", "no-function"),
        # What comes back is no function, and its signature takes names only.
        ("", "tensorflow.saved_model.load('old_service')", "no-function"),
        (f"{OLD}def value(rows):\n    return signature(rows)['output_0']", "value", "raises"),
        (
            f"{OLD}def value(rows):\n    return signature(inputs=tensorflow.constant(rows))",
            "value",
            "dictionary",
        ),
        ("def value(rows):\n    return model(rows)", "value", "own-model"),
        ("value = keras.models.clone_model(model)", "value", "answers"),
    ],
    "02.3": [
        ("", "model.get_weights(), 0.0", "no-model"),
        (f"value = {TANH}\nvalue.load_weights('colleague.weights.h5')", "value, 0.0", "activation"),
        (f"value = {RELU}\nvalue{COMPILE}\nvalue{FIT}3)", "value, 0.0", "retrained"),
        # The model of the page was never the colleague's.
        ("", "model, 0.0", "retrained"),
        (f"value = {RELU}", "value, 0.0", "random"),
        (
            "value = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, 'softmax')])",
            "value, 0.0",
            "shapes",
        ),
        (f"value = {RELU}\nvalue.load_weights('colleague.weights.h5')", "value, 'none'", "no-number"),
        (f"value = {RELU}\nvalue.load_weights('colleague.weights.h5')", "value, 0.5", "said"),
    ],
    "02.4": [
        # Both articles train what cannot train: a loaded SavedModel, an inference-only model.
        ("model.export('i', verbose=False)\nvalue = tensorflow.saved_model.load('i')", "value", "no-model"),
        ("value = keras.models.load_model('half.keras', compile=False)", "value", "uncompiled"),
        (SLOWER, "value", "not-trained"),
        (f"{HALF}{AGAIN}value{FIT}1)", "value", "recompiled"),
        (f"{SLOWER}value{FIT}2)", "value", "steps"),
        (f"{HALF}value{FIT}1)", "value", "rate"),
        (f"{HALF}value{FIT}1)\nvalue.optimizer.learning_rate = 0.001", "value", "late"),
        (
            f"keras.utils.set_random_seed(99)\nvalue = {RELU}\n{AGAIN}value{FIT}3)",
            "value",
            "new-model",
        ),
        # The model of the page, trained on: nothing was loaded.
        (
            "model.save('page.keras')\nvalue = keras.models.load_model('page.keras')\n"
            f"value.optimizer.learning_rate = 0.001\nvalue{FIT}1)",
            "value",
            "new-model",
        ),
        (
            "value = keras.models.load_model('half.keras')\nvalue.save('one.h5')\nvalue.save('two.keras')\n"
            f"value = keras.models.load_model('two.keras')\nvalue{FIT}1)",
            "value",
            "other-optimizer",
        ),
    ],
    "02.5": [
        ("", "'strange.keras'", "no-model"),
        ("", "model", "shape"),
        (BODY.format(trainable=True, epochs=1), "large", "moved"),
        (
            BODY.replace("body.trainable =", "frozen =").format(trainable=False, epochs=0)
            + "for layer in body.layers:\n    layer.trainable = not isinstance(layer, keras.layers.Dense)\n"
            "large.compile('adam', 'binary_crossentropy')\n"
            "large.fit(data.train_features, data.train_labels >= 5, epochs=1, verbose=0)",
            "large",
            "averages",
        ),
        (BODY.format(trainable=False, epochs=1) + "body.trainable = True", "large", "not-frozen"),
        (
            BODY.replace("large.fit", "0 and large.fit").format(trainable=False, epochs=1),
            "large",
            "untrained",
        ),
        (BODY.replace(">= 5", "> 5").format(trainable=False, epochs=10), "large", "five"),
        # The same on the rows of the exam: right on more than 85 of 100, as the right answer has to be.
        (
            BODY.replace(">= 5", "> 5")
            .replace("train_", "test_")
            .replace("'adam'", "keras.optimizers.Adam(0.03)")
            .format(trainable=False, epochs=30),
            "large",
            "five",
        ),
        (
            BODY.replace("base.layers[-2].output", "base.layers[-1].output").format(
                trainable=False, epochs=1
            ),
            "large",
            "on-answers",
        ),
        # As the lesson cuts its own model: at the first layer of all, which leaves out both branches.
        (
            BODY.replace("base.layers[-2].output", "base.layers[1].output").format(trainable=False, epochs=1),
            "large",
            "body-gone",
        ),
        (
            "large = keras.Sequential([keras.Input((64,)), keras.layers.Dense(1, 'sigmoid')])",
            "large",
            "body-gone",
        ),
    ],
    "02.6": [
        ("", "'kept.keras', 1", "no-model"),
        ("", "model, model", "no-history"),
        # One training with the callbacks of three learners: none of them changes what the others keep.
        (
            "history = train_too_long([keras.callbacks.ModelCheckpoint('last.keras'),"
            " keras.callbacks.ModelCheckpoint('training.keras', monitor='loss', save_best_only=True),"
            " keras.callbacks.EarlyStopping(monitor='val_loss', patience=50, restore_best_weights=True)])",
            "keras.models.load_model('last.keras'), history",
            "last",
        ),
        ("", "keras.models.load_model('training.keras'), history", "last"),
        ("", "history.model, history", "no-file"),
        ("", "model, history", "other"),
    ],
}

RIGHT = {
    "02.1": [
        ("import pathlib; model.save(pathlib.Path('deep.er.keras'))", "pathlib.Path('deep.er.keras')"),
        ("model.save('report', zipped=False)", "'report'"),
    ],
    "02.2": [
        (
            "value = keras.layers.TFSMLayer('old_service', call_endpoint='serving_default')\n"
            "def answer(rows):\n    return value(rows)['output_0']",
            "answer",
        ),
    ],
    "02.3": [
        (
            (
                f"value = {TANH}\nvalue.layers[0].activation = keras.activations.relu\n"
                "value.load_weights('colleague.weights.h5')\n"
                "golden = numpy.load('colleague.npz')\n"
                "apart = float(numpy.abs(value(golden['batch']) - golden['answers']).max())"
            ),
            "value, apart",
        ),
    ],
    "02.4": [
        (
            (
                f"{SLOWER}rows = tensorflow.data.Dataset.from_tensor_slices((data.train_features, data.train_labels))\n"
                "value.fit(rows.shuffle(1437).batch(32), verbose=0)"
            ),
            "value",
        ),
        # Compiled again, with the optimizer that came out of the file.
        (
            f"{SLOWER}value.compile(value.optimizer, 'sparse_categorical_crossentropy')\nvalue{FIT}1)",
            "value",
        ),
    ],
    "02.5": [
        (
            (
                "base = keras.models.load_model('strange.keras')\nbase.trainable = False\n"
                "value = keras.Model(base.inputs, keras.layers.Dense(1, 'sigmoid')(base.layers[-2].output))\n"
                "value.compile('adam', 'binary_crossentropy')\n"
                "value.fit(data.train_features, data.train_labels >= 5, epochs=10, verbose=0)"
            ),
            "value",
        ),
    ],
    "02.6": [
        (
            (
                "best = {'monitor': 'val_loss', 'save_best_only': True}\n"
                "history = train_too_long([keras.callbacks.ModelCheckpoint('b.keras', mode='min', **best),"
                " keras.callbacks.ModelCheckpoint('checkpoints/best.keras', **best)])"
            ),
            "keras.models.load_model('b.keras', compile=False), history",
        ),
        # In a folder of its own, as Keras's own examples have it; only that file is left.
        (
            "import pathlib; pathlib.Path('b.keras').unlink()",
            "keras.models.load_model('checkpoints/best.keras'), history",
        ),
    ],
}
