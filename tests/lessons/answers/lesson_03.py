"""Answers that learners give to the exercises of lesson 03."""

ACCEPT_ALL = "def value(rows):\n    return numpy.asarray(rows, dtype='float32')"
SHAPE_ONLY = (
    "def value(rows):\n"
    "    array = numpy.asarray(rows, dtype='float32')\n"
    "    if array.ndim != 2 or array.shape[1] != 64 or not len(array):\n"
    "        raise ValueError({words})\n"
    "    return array"
)

WRONG = {
    "03.1": [
        ("", "three", "no-dictionary"),
        ("", "{'instances': three}", "not-json"),
        ("", "{'rows': three.tolist()}", "refused"),
        ("", "{'instances': three[0].tolist()}", "refused"),
        ("", "{'instances': data.test_features[3:6].tolist()}", "other-rows"),
    ],
    "03.2": [
        ("kept = tensorflow.saved_model.load('exported')", "kept.serve(data.test_features[:4])", "no-function"),
        ("def value(rows):\n    return tensorflow.saved_model.load('exported').signatures['serving_default']"
         "(pixels=tensorflow.constant(rows))['output_0']", "value", "loads"),
        ("other = models.sequential(3)\ndef value(rows):\n    return other(rows)", "value", "answers"),
    ],
    "03.3": [
        ("", "{'predictions': [[0.1] * 10]}", "no-reply"),
        ("", "httpx.post(address, json={'instances': [[0.0] * 8] * 8})", "refused"),
        ("", "httpx.post(address, json={'instances': (16 * data.test_features[:1]).tolist()})", "unscaled"),
        ("", "httpx.post(address, json={'instances':"
         " data.test_features[:1].reshape(8, 8).T.reshape(1, 64).tolist()})", "answers"),
    ],
    "03.4": [
        ("", "data.test_features", "no-function"),
        (ACCEPT_ALL, "value", "accepts"),
        (SHAPE_ONLY.format(words="'the shape is wrong'"), "value", "accepts"),
        (SHAPE_ONLY.format(words=""), "value", "no-words"),
        ("def value(rows):\n    return numpy.asarray(rows)", "value", "type"),
        ("def value(rows):\n    return numpy.asarray(rows, dtype='float32') / 16", "value", "changes"),
        ("def value(rows):\n    raise ValueError('no')", "value", "refuses"),
        (SHAPE_ONLY.format(words="'bad'"), "value", "no-words"),
        ("def value(rows):\n    rows = numpy.asarray(rows, dtype='float32')\n    if rows.shape[1] != 64:\n"
         "        raise ValueError('the shape is wrong')\n    return rows", "value", "raises"),
    ],
    "03.5": [
        ("", "numpy.argmax(predictions, axis=1), predictions", "no-list"),
        ("", "[row.index(max(row)) for row in predictions], predictions", "all-sure"),
        ("", "[row.index(max(row)) for row in predictions if max(row) >= 0.9], predictions", "length"),
        ("", "[row.index(max(row)) if max(row) < 0.9 else None for row in predictions], predictions", "wrong"),
    ],
}  # fmt: skip

RIGHT = {
    "03.1": [("", "{'instances': [[float(pixel) for pixel in row] for row in three], 'signature_name': 'x'}")],
    "03.2": [
        ("import keras\nmodel = keras.layers.TFSMLayer('exported', call_endpoint='serve')\n"
         "def value(rows):\n    return model(rows)", "value"),
        ("class Service:\n"
         "    def __init__(self):\n        self.artefact = tensorflow.saved_model.load('exported')\n"
         "    def __call__(self, rows):\n        return self.artefact.serve(rows).numpy().tolist()\n"
         "value = Service()", "value"),
    ],
    "03.3": [("", "httpx.post(address, json={'instances': data.test_features[:1].tolist()})")],
    "03.4": [
        ("from helpers.tools.serving import service\nimport json\n"
         "def value(rows):\n    rows = numpy.asarray(rows, dtype='float32')\n"
         "    return service.rows(json.dumps({'instances': rows.tolist()}).encode(), 64)", "value"),
    ],
    "03.5": [
        ("", "[int(numpy.argmax(row)) if numpy.max(row) >= 0.9 else None for row in predictions], predictions"),
    ],
}  # fmt: skip
