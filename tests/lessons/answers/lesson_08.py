"""Answers that learners give to the exercises of lesson 08."""

LOAD = "value = keras.models.load_model('half.keras')\n"
FIT = "value.fit(*resuming.data, verbose=0, {})"
COMPILE = "value.compile(keras.optimizers.Adam(0.01), 'sparse_categorical_crossentropy')\n"
ALL = "initial_epoch=4, epochs=8, shuffle=False, callbacks=[schedule]"
KEEPER = "keras.callbacks.ModelCheckpoint(path, monitor='val_loss', save_best_only=True{})"
PATH = "import os\nBEST = lambda path: loss_of(path) if os.path.exists(path) else None\n"
REMEMBER = """
class Value(keras.callbacks.Callback):
    def __init__(self, stopping, path):
        super().__init__()
        self.stopping, self.path = stopping, pathlib.Path(path)
    def on_train_begin(self, logs=None):
        if self.path.exists():
            {}
    def {}(self, number=None, logs=None):
        self.path.write_text(json.dumps([self.stopping.best, self.stopping.wait]))
"""
BOTH = "self.stopping.best, self.stopping.wait = json.loads(self.path.read_text())"

WRONG = {
    "08.1": [
        (LOAD, f"value.fit(*resuming.data, verbose=0, {ALL})", "no-model"),
        ("", "keras.Sequential([keras.Input((64,)), keras.layers.Dense(10)])", "other-model"),
        (LOAD, "value", "untrained"),
        (LOAD + COMPILE + FIT.format(ALL), "value", "fewer-steps"),
        # `epochs` read as "how many more", with and without the number of the first.
        (LOAD + FIT.format(ALL.replace("epochs=8", "epochs=4")), "value", "untrained"),
        (LOAD + FIT.format(ALL.replace("initial_epoch=4, ", "")), "value", "more-steps"),
        (LOAD + FIT.format("epochs=4, shuffle=False, callbacks=[schedule]"), "value", "rate"),
        (LOAD + FIT.format("initial_epoch=4, epochs=8, shuffle=False"), "value", "rate"),
        # `fit` shuffles by default.
        (LOAD + FIT.format(ALL.replace("shuffle=False, ", "")), "value", "order"),
        # The uninterrupted training itself, and its weights copied.
        ("", "whole", "whole"),
        (LOAD + "value.set_weights(whole.get_weights())", "value", "fewer-steps"),
    ],
    "08.2": [
        ("", "'best.keras'", "no-function"),
        ("", "lambda path: " + KEEPER.format(", initial_value_threshold=loss_of(path)"), "no-file-yet"),
        ("", "lambda path: None", "no-callback"),
        ("", "lambda path: " + KEEPER.format(", initial_value_threshold=0"), "first-not-saved"),
        # A value between the two losses of this task.
        ("", "lambda path: " + KEEPER.format(", initial_value_threshold=0.5"), "first-not-saved"),
        ("", "lambda path: " + KEEPER.format(", mode='max'"), "best-not-saved"),
        # An object that a new process does not have.
        ("import functools\nvalue = functools.cache(lambda path: " + KEEPER.format("") + ")", "value", "overwritten"),
        # The pitfall itself: the callback of the task.
        ("", "lambda path: " + KEEPER.format(""), "overwritten"),
        (PATH, "lambda path: " + KEEPER.format(", initial_value_threshold=0 if os.path.exists(path) else None"),
         "better-not-saved"),
    ],
    "08.3": [
        ("", "'patience'", "no-function"),
        (REMEMBER.format(BOTH, "on_epoch_end").replace("if self.path.exists():", "if True:"), "Value", "no-file-yet"),
        ("", "lambda stopping, path: json.loads(pathlib.Path(path).read_text())", "no-file-yet"),
        # The path is text, and has no such method.
        (REMEMBER.format(BOTH, "on_epoch_end").replace("pathlib.Path(path)", "path"), "Value", "no-file-yet"),
        ("", "lambda stopping, path: stopping.best", "no-callback"),
        # Written at the end of the training, which a kill never reaches.
        (REMEMBER.format(BOTH, "on_train_end"), "Value", "no-file"),
        (REMEMBER.format("self.stopping.wait = json.loads(self.path.read_text())[1]", "on_epoch_end"), "Value",
         "best"),
        (REMEMBER.format("self.stopping.best = json.loads(self.path.read_text())[0]", "on_epoch_end"), "Value",
         "wait"),
    ],
}  # fmt: skip

RIGHT = {
    "08.1": [
        (LOAD + "for epoch in range(4, 8):\n    "
         + FIT.format("initial_epoch=epoch, epochs=epoch + 1, shuffle=False, callbacks=[schedule]"), "value"),
        (LOAD + FIT.format(ALL.replace("schedule", "keras.callbacks.LearningRateScheduler(lambda n: .01 * .7**n)")),
         "value"),
    ],
    "08.2": [
        (PATH, "lambda path: " + KEEPER.format(", initial_value_threshold=BEST(path)")),
        # The best value in a file of its own, by a class that inherits.
        ("class Value(keras.callbacks.ModelCheckpoint):\n"
         "    def __init__(self, path):\n"
         "        self.beside = pathlib.Path(path + '.json')\n"
         "        best = json.loads(self.beside.read_text()) if self.beside.exists() else None\n"
         "        super().__init__(path, 'val_loss', save_best_only=True, initial_value_threshold=best)\n"
         "    def on_epoch_end(self, epoch, logs=None):\n"
         "        super().on_epoch_end(epoch, logs)\n"
         "        self.beside.write_text(json.dumps(self.best))\n", "Value"),
    ],
    "08.3": [
        (REMEMBER.format(BOTH, "on_epoch_end"), "Value"),
        # Two of Keras's own, and no class.
        ("def value(stopping, path):\n"
         "    path = pathlib.Path(path)\n"
         "    kept = lambda: {'best': stopping.best, 'wait': stopping.wait}\n"
         "    return keras.callbacks.LambdaCallback(\n"
         "        on_train_begin=lambda logs: path.exists() and vars(stopping).update(json.loads(path.read_text())),\n"
         "        on_epoch_end=lambda epoch, logs: path.write_text(json.dumps(kept())))\n", "value"),
    ],
}  # fmt: skip
