"""Answers that learners give to the exercises of lesson 04."""

COMPILE = ".compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])"
JOBS = "dict(zip(choice, [{}], strict=True))"
GIVEN_JOBS = (
    "choice = dict.fromkeys(['train on next week', 'serve from a program in another language',"
    " 'serve a model with a layer the server does not know',"
    " 'write the numbers many times an hour, for the same code', 'hand to a colleague who fine-tunes it'])"
)
KINDS = (
    "kinds = {name: '.keras' if zipfile.is_zipfile(name) else '.h5' if 'model_config' in h5py.File(name).attrs"
    " else '.weights.h5' for name in ('one', 'two', 'three')}\n"
    "zipped = [name for name, kind in kinds.items() if kind == '.keras'][0]"
)
PIECES = "{}.save_weights('{}.weights.json', max_shard_size={})"
SIZE = 5e-5
REBUILT = f"value = models.sequential()\nvalue{COMPILE}\n"
TANH = (
    "value = keras.Sequential([keras.Input((64,)), keras.layers.Dense(128, 'tanh'),"
    " keras.layers.Dense(10, 'softmax')])\n"
)

WRONG = {
    "04.1": [
        ("", "['.keras'] * 5", "no-dictionary"),
        (GIVEN_JOBS, "choice", "unfilled"),
        (GIVEN_JOBS, JOBS.format("'.keras', '.keras', '.keras', '.weights.h5', '.keras'"), "keras-serving"),
        (GIVEN_JOBS, JOBS.format("'export', 'export', 'export', '.weights.h5', '.keras'"), "other"),
        (GIVEN_JOBS, JOBS.format("'.keras', 'export', 'export', '.keras', '.weights.h5'"), "other"),
    ],
    "04.2": [
        ("", "['.keras', '.h5']", "no-dictionary"),
        ("", "{'one': '.h5', 'two': '.keras'}", "unfilled"),
        (KINDS, "kinds | dict.fromkeys([zipped], '.h5')", "zip-missed"),
        (KINDS, "{name: {'.keras': '.keras', '.h5': '.weights.h5', '.weights.h5': '.h5'}[kind]"
                " for name, kind in kinds.items()}", "hdf5-mixed"),
    ],
    "04.3": [
        # The pitfall as the article has it: the weights file itself is handed on.
        ("", "'lonely.weights.h5'", "no-file"),
        ("models.sequential(3).save('untrained.keras')", "'untrained.keras'", "weights"),
        ("another().save('z.keras')", "'z.keras'", "reference"),
        (TANH + "value.load_weights('lonely.weights.h5')\nvalue.save('tanh.keras')", "'tanh.keras'", "answers"),
    ],
    "04.4": [
        ("", "artefact", "no-model"),
        (REBUILT, "value", "answers"),
        ("value = keras.Sequential([keras.Input((64,)),"
         " keras.layers.TFSMLayer('exported', call_endpoint='serve', trainable=False)])\n"
         "value.trainable = False", "value", "frozen"),
        ("value = models.sequential()\nvalue.set_weights([one.numpy() for one in artefact.variables])",
         "value", "uncompiled"),
    ],
    "04.5": [
        # The name that was meant, without its pieces.
        ("", "'pieces.json'", "no-file"),
        ("another().save_weights('one.weights.h5')", "'one.weights.h5'", "one-file"),
        ("", "'reference.keras'", "one-file"),
        # The limit in megabytes, where gigabytes are asked for.
        (PIECES.format("another()", "megabytes", 0.06), "'megabytes.weights.json'", "too-big"),
        (PIECES.format("another()", "lost", SIZE)
         + "\nmin(pathlib.Path().glob('lost_*.h5')).unlink()", "'lost.weights.json'", "missing"),
        (PIECES.format("models.sequential(3)", "untrained", SIZE), "'untrained.weights.json'", "weights"),
    ],
    "04.6": [
        ("", "'lonely.weights.h5'", "no-model"),
        ("value = models.sequential()\nvalue.load_weights('lonely.weights.h5')", "value", "uncompiled"),
        (REBUILT + "value.load_weights('lonely.weights.h5')", "value", "skipped"),
        ("", "another()", "reference"),
        (REBUILT + "value.optimizer.build(value.trainable_variables)", "value", "weights"),
    ],
}  # fmt: skip

RIGHT = {
    "04.1": [(GIVEN_JOBS, JOBS.format("'.keras', 'export', 'export', '.weights.h5', '.keras'"))],
    "04.2": [
        (KINDS, "kinds"),
        (KINDS, "{name: kind[1:] for name, kind in kinds.items()}"),
    ],
    "04.3": [
        ("value = keras.models.clone_model(another())\nvalue.load_weights('lonely.weights.h5')\n"
         "value.save(pathlib.Path('cloned.keras'))", "pathlib.Path('cloned.keras')"),
    ],
    "04.4": [
        (REBUILT + "for left, right in zip(value.weights, artefact.variables): left.assign(right)", "value"),
    ],
    "04.5": [
        (PIECES.format("another()", "small", SIZE), "'small.weights.json'"),
        # Without its optimizer the model is small enough for two pieces.
        ("keras.models.load_model('reference.keras', compile=False)"
         ".save_weights('bare.weights.json', max_shard_size=4e-5)", "pathlib.Path('bare.weights.json')"),
    ],
    "04.6": [(REBUILT + "value.optimizer.build(value.trainable_weights)\nvalue.load_weights('lonely.weights.h5')", "value")],
}  # fmt: skip
