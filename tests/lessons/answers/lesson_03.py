"""Answers that learners give to the exercises of lesson 03."""

ACCEPT_ALL = "def value(rows):\n    return numpy.asarray(rows, dtype='float32')"
SHAPE_ONLY = (
    "def value(rows):\n"
    "    array = numpy.asarray(rows, dtype='float32')\n"
    "    if array.ndim != 2 or array.shape[1] != 64 or not len(array):\n"
    "        raise ValueError({words})\n"
    "    return array"
)
# A service with a check of its own, which raises like the ones of `service.rows`.
OWN = (
    "kept = tensorflow.saved_model.load('exported')\n"
    "application = fastapi.FastAPI()\n"
    "@application.post('/v1/models/digits:predict')\n"
    "async def predict(request: fastapi.Request) -> fastapi.Response:\n"
    "    try:\n"
    "        rows = service.rows(await request.body(), 64)\n"
    "        if {check}:\n"
    "            raise service.BadRequest(400, 'Pixels go from 0 to 1.')\n"
    "        answers = numpy.asarray({answer}).tolist()\n"
    "    except service.BadRequest as reason:\n"
    "        return fastapi.responses.JSONResponse({{'error': str(reason)}}, reason.status)\n"
    "    return fastapi.responses.JSONResponse({{'predictions': answers}})\n"
)

WRONG = {
    "03.1": [
        ("", "rows", "no-dictionary"),
        ("", "{'instances': numpy.zeros((2, 64))}", "not-json"),
        ("", "{'rows': rows}", "refused"),
        ("", "{'instances': [row[-64:] for row in rows]}", "refused"),
        ("", "{'instances': numpy.nan_to_num([row[-64:] for row in rows]).tolist()}", "invented"),
        ("", "{'instances': [row for row in rows if len(row) == 64 and numpy.isfinite(row).all()]}", "dropped"),
        ("", "{'instances': [row[:64] for row in rows if numpy.isfinite(row).all()]}", "cut"),
        ("", "{'instances': data.test_features[40:79].tolist()}", "other-rows"),
        ("", "{'instances': data.test_features[:3].tolist()}", "other-rows"),
    ],
    "03.2": [
        ("kept = keras.models.load_model('first.keras')", "kept(data.test_features[:4])", "no-function"),
        ("def value(rows):\n    return keras.models.load_model('current.keras')(rows)", "value", "loads"),
        # The lesson's way, which suits a file that stays.
        ("kept = keras.models.load_model('current.keras')\ndef value(rows):\n    return kept(rows)",
         "value", "stale"),
        ("other = models.sequential(3)\ndef value(rows):\n    return other(rows)", "value", "stale"),
        ("count = []\npair = [models.sequential(seed) for seed in (3, 4)]\n"
         "def value(rows):\n    count.append(1)\n    return pair[len(count) % 2](rows)", "value", "answers"),
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
        ("", "address", "no-service"),
        ("", "fastapi.FastAPI()", "refuses"),
        ("kept = tensorflow.saved_model.load('exported')", "service.application('digits', kept.serve, 64)",
         "accepts"),
        # Only what is too large is looked at, so a pixel below 0 is answered.
        (f"{OWN.format(check='rows.max() > 1', answer='kept.serve(rows)')}", "application", "accepts"),
        (f"{OWN.format(check='rows.max() > 255', answer='kept.serve(rows / max(rows.max(), 1))')}",
         "application", "accepts"),
        (f"{OWN.format(check='rows.min() < 0 or rows.max() > 1', answer='kept.serve(rows * 0)')}",
         "application", "answers"),
        (f"{OWN.format(check='rows.min() < 0 or rows.max() > 1', answer='kept.serve(rows)')}"
         .replace("except service.BadRequest", "except KeyError"), "application", "breaks"),
        (f"{OWN.format(check='rows.min() < 0 or rows.max() > 1', answer='kept.serve(rows)')}"
         .replace("str(reason)", "'no'"), "application", "no-words"),
    ],
}  # fmt: skip

RIGHT = {
    "03.1": [
        ("found = []\nfor row in rows:\n    if not numpy.isnan(row).any():\n"
         "        found.append(row[1:] if len(row) == 65 else row)", "{'instances': found, 'signature_name': 'x'}"),
    ],
    "03.2": [
        # Loaded in the first request after each change; a class that remembers.
        ("class Service:\n"
         "    written = None\n"
         "    def __call__(self, rows):\n"
         "        now = pathlib.Path('current.keras').stat().st_mtime\n"
         "        if now != self.written:\n"
         "            self.model, self.written = keras.saving.load_model('current.keras'), now\n"
         "        return self.model.predict(rows, verbose=0)\n"
         "value = Service()", "value"),
        # What the file holds tells as well.
        ("known = {}\ndef value(rows):\n    content = pathlib.Path('current.keras').read_bytes()\n"
         "    if content not in known:\n        known[content] = keras.models.load_model('current.keras')\n"
         "    return known[content](rows)", "value"),
    ],
    "03.3": [("", "httpx.post(address, json={'instances': data.test_features[:1].tolist()})")],
    "03.4": [
        ("from helpers.tools.serving import service\nimport json\n"
         "def value(rows):\n    rows = numpy.asarray(rows, dtype='float32')\n"
         "    return service.rows(json.dumps({'instances': rows.tolist()}).encode(), 64)", "value"),
    ],
    "03.5": [
        ("kept = tensorflow.saved_model.load('exported')\n"
         "def looked_at(rows):\n    return kept.serve(rows)\n"
         "application = fastapi.FastAPI()\n"
         "@application.post('/v1/models/{name}:predict')\n"
         "def predict(name: str, body: dict):\n"
         "    rows = numpy.asarray(body['instances'], dtype='float32')\n"
         "    if rows.shape[1:] != (64,) or not ((rows >= 0) & (rows <= 1)).all():\n"
         "        raise fastapi.HTTPException(400, 'Expected: rows of 64 pixels from 0 to 1.')\n"
         "    return {'predictions': kept.serve(rows).numpy().tolist()}", "application"),
    ],
}  # fmt: skip
