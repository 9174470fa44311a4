"""Answers that learners give to the exercises of lesson 07."""

CHECKPOINT = "'exported/variables/variables'"
# What the given cell of task 1 does, after an answer that exported over its folder.
GIVEN_AGAIN = (
    "models.trained(epochs=1, seed=11).export('exported', verbose=False)\n"
    "pathlib.Path('exported/saved_model.pb').unlink()"
)
ARCHIVE = "archive = keras.export.ExportArchive()\narchive.track({model})\n"
IMAGES = "[tensorflow.TensorSpec((None, 8, 8), 'uint8')]"
ROWS = "[tensorflow.TensorSpec((None, 64), 'float32')]"
SCALED = "lambda images: model(tensorflow.reshape(tensorflow.cast(images, 'float32') / 16, (-1, 64)))"
RAW = "lambda images: model(tensorflow.reshape(tensorflow.cast(images, 'float32'), (-1, 64)))"
WRITE = "archive.write_out({!r}, verbose=False)"


def _archive(folder: str, serve: str, spec: str, digit: str = "", model: str = "model") -> str:
    """Code that writes an archive with `serve`, and with `digit` if there is one."""
    lines = [f"serve = {serve}", f"archive.add_endpoint('serve', serve, {spec})"]
    if digit:
        lines += [f"archive.add_endpoint('digit', {digit}, {spec})"]
    return ARCHIVE.format(model=model) + "\n".join([*lines, WRITE.format(folder)])


DIGIT = "lambda images: tensorflow.argmax(serve(images), axis=-1)"

WRONG = {
    "07.1": [
        ("", f"tensorflow.train.list_variables({CHECKPOINT})", "no-array"),
        ("", "'variables/0'", "no-array"),
        ("", f"tensorflow.train.load_variable({CHECKPOINT}, 'variables/2/.ATTRIBUTES/VARIABLE_VALUE')", "shape"),
        ("", f"tensorflow.train.load_variable({CHECKPOINT}, 'variables/0/.ATTRIBUTES/VARIABLE_VALUE').T", "shape"),
        ("", "models.sequential().get_weights()[0]", "values"),
        # What the task rules out: there is no graph to load, and the model at hand is another.
        ("try:\n    found = tensorflow.saved_model.load('exported').variables[0]\n"
         "except OSError:\n    found = 'there is no graph to load'", "found", "no-array"),
        ("", "another().get_weights()[0]", "at-hand"),
        # Exporting over the folder makes it loadable, and the wrong one.
        ("another().export('exported', verbose=False)\n"
         "found = tensorflow.saved_model.load('exported').variables[0]", "found", "at-hand"),
        (GIVEN_AGAIN, f"tensorflow.train.load_variable({CHECKPOINT}, 'variables/0/.ATTRIBUTES/VARIABLE_VALUE') + 1",
         "values"),
    ],
    "07.2": [
        ("", "'nowhere'", "no-folder"),
        ("", "'single'", "endpoint"),
        (_archive("serve_only", SCALED, IMAGES), "'serve_only'", "endpoint"),
        # The pitfalls of the given artefact: its own signature, one image, scaled by whoever asks.
        (_archive("wants_rows", "model", ROWS, DIGIT), "'wants_rows'", "refuses"),
        (_archive("one_shape", "lambda images: model(tensorflow.reshape(tensorflow.cast(images, 'float32'), (1, 64)))",
                  IMAGES, DIGIT), "'one_shape'", "refuses"),
        (_archive("one_image", SCALED, "[tensorflow.TensorSpec((1, 8, 8), 'uint8')]", DIGIT), "'one_image'",
         "refuses"),
        (_archive("unscaled", RAW, IMAGES, DIGIT), "'unscaled'", "scale"),
        (_archive("no_digits", SCALED, IMAGES, "lambda images: tensorflow.reduce_max(serve(images), axis=-1)"),
         "'no_digits'", "digits"),
        (_archive("first_axis", SCALED, IMAGES, "lambda images: tensorflow.argmax(serve(images))"),
         "'first_axis'", "digits"),
    ],
    "07.3": [
        ("", "'missing'", "no-folder"),
        ("archive = keras.export.ExportArchive()\n"
         f"archive.add_endpoint('answer', model, {ROWS})\narchive.write_out('unnamed', verbose=False)",
         "'unnamed'", "endpoint"),
        ("", "'single'", "refuses"),
        ("untrained = models.sequential()\n" + _archive("other", "untrained", ROWS, model="untrained"),
         "'other'", "answers"),
        # What `model.export` writes, by itself and by hand.
        ("model.export('by_itself', verbose=False)", "'by_itself'", "twice"),
        (_archive("tracked", "model", ROWS), "'tracked'", "twice"),
    ],
}  # fmt: skip

RIGHT = {
    "07.1": [
        ("", f"tensorflow.train.load_variable({CHECKPOINT}, 'variables/0/.ATTRIBUTES/VARIABLE_VALUE')"),
        ("", f"tensorflow.train.load_checkpoint({CHECKPOINT})"
         ".get_tensor('variables/0/.ATTRIBUTES/VARIABLE_VALUE').astype('float64')"),
    ],
    "07.2": [
        (_archive("by_hand", SCALED, IMAGES, DIGIT), "'by_hand'"),
        ("whole = keras.Sequential([keras.Input((8, 8), dtype='uint8'), keras.layers.Rescaling(1 / 16),"
         " keras.layers.Flatten(), model])\n"
         + _archive("in_layers", "whole", IMAGES, "lambda images: keras.ops.argmax(whole(images), axis=-1)",
                    model="whole"), "__import__('pathlib').Path('in_layers')"),
    ],
    "07.3": [
        ("archive = keras.export.ExportArchive()\n"
         f"archive.add_endpoint('serve', model, {ROWS})\narchive.write_out('untracked', verbose=False)",
         "'untracked'"),
        ("module = tensorflow.Module()\n"
         "module.arrays = [tensorflow.Variable(weight) for weight in model.get_weights()]\n"
         "def serve(rows):\n"
         "    first, second, third, fourth = module.arrays\n"
         "    return tensorflow.nn.softmax(tensorflow.nn.relu(rows @ first + second) @ third + fourth)\n"
         f"module.serve = tensorflow.function(serve, input_signature={ROWS})\n"
         "tensorflow.saved_model.save(module, 'by_module')", "'by_module'"),
    ],
}  # fmt: skip
