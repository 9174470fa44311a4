"""Answers that learners give to the exercises of lesson 12."""

SESSION = "session = onnxruntime.InferenceSession('found.onnx')\n"
RUN = "session.run(None, {{'grey': {}}})"
IMAGES = "rows.reshape(-1, 8, 8)"
QUANTISE = (
    "converter = tensorflow.lite.TFLiteConverter.from_saved_model('exported')\n"
    "converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]\n"
)
WRITE = "with backend.conversions():\n    pathlib.Path('{0}.tflite').write_bytes(converter.convert())"
FORWARD = (
    "def value(rows):\n"
    "    hidden = numpy.maximum(rows @ weights[0] + weights[1], 0)\n"
    "    sums = hidden @ weights[2] + weights[3]\n"
)
STABLE = FORWARD + "    raised = numpy.exp(sums - sums.max(axis=1, keepdims=True))\n"

WRONG = {
    "12.1": [
        (SESSION, RUN.format("16 * " + IMAGES), "no-array"),
        ("", "'found.onnx'", "no-array"),
        (SESSION, RUN.format("16 * " + IMAGES) + "[0].argmax(axis=1)", "shape"),
        (SESSION, RUN.format("16 * " + IMAGES + "[:1]") + "[0]", "shape"),
        # The pitfall: the rows as every other model of the course gets them.
        (SESSION, RUN.format(IMAGES) + "[0]", "scale"),
        (SESSION, RUN.format("255 * " + IMAGES) + "[0]", "values"),
        (SESSION, RUN.format("16 * " + IMAGES + "[::-1]") + "[0]", "values"),
        ("", "model.predict(rows, verbose=0)", "values"),
    ],
    "12.2": [
        ("", "'nowhere.tflite'", "no-file"),
        ("", "'exported/saved_model.pb'", "no-file"),
        ("", "'broken.tflite'", "apart"),
        # One dark example is as bad as many bright ones.
        ("convert(0 * rows[:1], 'dark.tflite')", "'dark.tflite'", "apart"),
        ("converter = tensorflow.lite.TFLiteConverter.from_saved_model('exported')\n" + WRITE.format("floats"),
         "'floats.tflite'", "floats"),
        (QUANTISE + "converter.target_spec.supported_types = [tensorflow.float16]\n" + WRITE.format("halves"),
         "'halves.tflite'", "floats"),
    ],
    "12.3": [
        ("", "weights", "no-function"),
        (FORWARD + "    return sums.argmax(axis=1)", "value", "shape"),
        (FORWARD + "    return numpy.exp(sums)", "value", "sums"),
        (STABLE + "    return raised / raised.sum(axis=0)", "value", "sums"),
        (STABLE.replace("numpy.maximum(rows @ weights[0] + weights[1], 0)", "rows @ weights[0] + weights[1]")
         + "    return raised / raised.sum(axis=1, keepdims=True)", "value", "values"),
        (STABLE.replace(" + weights[3]", "") + "    return raised / raised.sum(axis=1, keepdims=True)",
         "value", "values"),
        # The pitfall: right for every row of the data set.
        (FORWARD + "    raised = numpy.exp(sums)\n    return raised / raised.sum(axis=1, keepdims=True)",
         "value", "overflow"),
        (FORWARD + "    raised = numpy.exp(numpy.clip(sums, -50, 50))\n"
         "    return raised / raised.sum(axis=1, keepdims=True)", "value", "bright"),
    ],
}  # fmt: skip

RIGHT = {
    "12.1": [
        (SESSION, RUN.format("16 * " + IMAGES) + "[0]"),
        (SESSION + "found = numpy.concatenate([session.run(None, {'grey': image[None] * 16})[0]"
         " for image in rows.reshape(-1, 8, 8)])", "found.astype('float64')"),
    ],
    "12.2": [
        ("convert(data.train_features[:200], 'repaired.tflite')", "'repaired.tflite'"),
        ("convert(data.test_features, 'by_test.tflite')", "pathlib.Path('by_test.tflite')"),
    ],
    "12.3": [
        (STABLE + "    return raised / raised.sum(axis=1, keepdims=True)", "value"),
        ("value = lambda rows: keras.ops.convert_to_numpy(keras.ops.softmax("
         "numpy.maximum(rows @ weights[0] + weights[1], 0) @ weights[2] + weights[3]))", "value"),
        ("", "model"),
    ],
}  # fmt: skip
