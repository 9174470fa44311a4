"""Answers that learners give to the exercises of lesson 10."""

WHEN = "dict(zip(['ada.keras', 'ben.keras', 'cleo', 'dan'], {}, strict=True))"
HASHES = (
    "def hashes(folder):\n"
    "    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()\n"
    "            for path in pathlib.Path(folder).rglob('*') if path.is_file()}\n"
)
LOAD = "\n    return tensorflow.saved_model.load(folder)\n"
CODE = "'import keras; keras.models.load_model(\"surprise.keras\", safe_mode={})'"
TRIED = "{{'file': {}, 'content': {}, 'refused': {}}}"
CLEAN = "pathlib.Path('was_here.txt').unlink(missing_ok=True)\npathlib.Path('found.txt').unlink(missing_ok=True)\n"

WRONG = {
    "10.1": [
        ("", "['nothing found'] * 4", "no-dictionary"),
        ("", WHEN.format("[...] * 4"), "unfilled"),
        ("", "{'ada.keras': 'nothing found', 'cleo': 'when loaded', 'dan': ...}", "unfilled"),
        # The pitfall: a SavedModel holds no Python, so it is taken for harmless.
        ("", WHEN.format("['nothing found', 'refused by default', 'nothing found', 'nothing found']"), "trusting"),
        ("", WHEN.format("['nothing found', 'when loaded', 'when loaded', 'when called']"), "other"),
        ("", WHEN.format("['nothing found', 'refused by default', 'when called', 'when loaded']"), "other"),
        ("", WHEN.format("['no', 'refused by default', 'when loaded', 'when called']"), "unknown"),
        # Last: loading to look is the mistake, and its trace is removed by the first right answer.
        ("tensorflow.saved_model.load('cleo')",
         WHEN.format("['nothing found', 'refused by default', 'when loaded', 'when called']"), "loaded"),
    ],
    "10.2": [
        (CLEAN, "tensorflow.saved_model.load('agreed')", "no-function"),
        ("def value(folder, pins):\n    raise ValueError('no')", "value", "refuses-all"),
        # Backslashes as Windows writes them, or whole paths: nothing is ever equal.
        ("def value(folder, pins):\n"
         "    found = {str(path): hashlib.sha256(path.read_bytes()).hexdigest()"
         " for path in pathlib.Path(folder).rglob('*') if path.is_file()}\n"
         "    if found != pins: raise ValueError('another folder')" + LOAD, "value", "refuses-all"),
        (HASHES + "def value(folder, pins):\n    if hashes(folder) != pins: raise ValueError('another folder')\n"
         "    tensorflow.saved_model.load(folder)", "value", "no-return"),
        # A folder below the SavedModel is read as if it were a file.
        ("def value(folder, pins):\n"
         "    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()"
         " for path in pathlib.Path(folder).iterdir()}\n"
         "    if found != pins: raise ValueError('another folder')" + LOAD, "value", "reads-folder"),
        (HASHES + "def value(folder, pins): return hashes(folder) == pins", "value", "other-model"),
        ("def value(folder, pins):\n    module = tensorflow.Module()\n"
         "    module.serve = lambda pixels: pixels\n    return module", "value", "other-model"),
        ("def value(folder, pins):" + LOAD, "value", "graph"),
        (HASHES + "def value(folder, pins):\n    if hashes(folder) == pins:"
         "\n        return tensorflow.saved_model.load(folder)", "value", "silent"),
        (HASHES + "def value(folder, pins):\n    loaded = tensorflow.saved_model.load(folder)\n"
         "    if hashes(folder) != pins: raise ValueError('another folder')\n    return loaded", "value", "late"),
        ("def value(folder, pins):\n"
         "    graph = hashlib.sha256(pathlib.Path(folder, 'saved_model.pb').read_bytes()).hexdigest()\n"
         "    if graph != pins['saved_model.pb']: raise ValueError('another graph')" + LOAD, "value", "numbers"),
        # The hashes are compared, their paths are not.
        (HASHES + "def value(folder, pins):\n"
         "    if sorted(hashes(folder).values()) != sorted(pins.values()): raise ValueError('other files')" + LOAD,
         "value", "swapped"),
        (HASHES + "def value(folder, pins):\n    assert hashes(folder) == pins" + LOAD, "value", "other-error"),
        (HASHES + "def value(folder, pins):\n    if hashes(folder) != pins: raise PermissionError(folder)" + LOAD,
         "value", "other-error"),
        # What is missing is refused by accident, by the attempt to read it.
        ("def value(folder, pins):\n    for name, pin in pins.items():\n"
         "        content = pathlib.Path(folder, name).read_bytes()\n"
         "        if hashlib.sha256(content).hexdigest() != pin: raise ValueError(name)\n"
         "    if sum(path.is_file() for path in pathlib.Path(folder).rglob('*')) > len(pins): raise ValueError(folder)"
         + LOAD, "value", "other-error"),
        (HASHES + "def value(folder, pins):\n    found = hashes(folder)\n"
         "    for name, pin in pins.items():\n"
         "        if found.get(name) != pin: raise ValueError(name)" + LOAD, "value", "more"),
        (HASHES + "def value(folder, pins):\n    for name, digest in hashes(folder).items():\n"
         "        if pins.get(name) != digest: raise ValueError(name)" + LOAD, "value", "less"),
        # Compared, then opened again by name.
        (HASHES + "def value(folder, pins):\n    if hashes(folder) != pins: raise ValueError(folder)" + LOAD, "value", "replaced"),
        # A class of its own for it, which is a ValueError too.
        (HASHES + "class Other(ValueError): pass\ndef value(folder, pins):\n"
         "    if sorted(hashes(folder).items()) != sorted(pins.items()): raise Other(folder)" + LOAD, "value", "replaced"),
        ("def value(folder, pins):\n    files = [path for path in pathlib.Path(folder).glob('**/*') if path.is_file()]\n"
         "    names = [path.relative_to(folder).as_posix() for path in files]\n"
         "    if sorted(names) != sorted(pins): raise ValueError('other files')\n"
         "    for name, path in zip(names, files, strict=True):\n"
         "        with path.open('rb') as file:\n"
         "            if hashlib.file_digest(file, 'sha256').hexdigest() != pins[name]: raise ValueError(name)"
         + LOAD, "value", "replaced"),
    ],
    "10.3": [
        (CLEAN, "sandbox.run('pass')", "no-dictionary"),
        ("", "{'file': 'found.txt'}", "unfilled"),
        # Safe mode stays on, so nothing runs, and the report says that nothing was written.
        (f"report = sandbox.run({CODE.format('True')}, ['surprise.keras'])",
         TRIED.format("list(report.files)", "'nothing'", "report.refused"), "file"),
        ("", TRIED.format("'was_here.txt'", "'nothing'", "'to reach the net'"), "file"),
        ("", TRIED.format("'found.txt'", "''", "'to reach the net'"), "content"),
        ("", TRIED.format("'found.txt'", "'nothing'", "'to write outside its folder'"), "refused"),
        ("", TRIED.format("'found.txt'", "'nothing'", "()"), "refused"),
        ("keras.models.load_model('surprise.keras', safe_mode=False)",
         TRIED.format("'found.txt'", "pathlib.Path('found.txt').read_text()", "'nothing'"), "at-home"),
        (CLEAN, TRIED.format("'found.txt'", "'for your eyes only'", "'nothing'"), "at-home"),
    ],
}  # fmt: skip

RIGHT = {
    "10.1": [(CLEAN, WHEN.format("['nothing found', 'refused by default', 'when loaded', 'when called']"))],
    "10.2": [
        # From a copy of its own, so that nobody swaps a file between the comparison and the load.
        (HASHES + "import shutil, tempfile\ndef value(folder, pins):\n"
         "    with tempfile.TemporaryDirectory() as place:\n"
         "        copy = shutil.copytree(folder, pathlib.Path(place, 'copy'))\n"
         "        if hashes(copy) != pins: raise ValueError(folder)\n        return tensorflow.saved_model.load(str(copy))", "value"),
    ],
    "10.3": [
        (CLEAN, TRIED.format("'found.txt'", "'nothing'", "'to reach the net'")),
        (f"report = sandbox.run({CODE.format('False')}, ['surprise.keras'], memory=1000)",
         TRIED.format("list(report.files)", "report.files['found.txt']", "report.refused")),
        (f"report = sandbox.run({CODE.format('False')}, 'surprise.keras')",
         TRIED.format("list(report.files)", "report.files['found.txt']", "report.refused")),
        (f"report = sandbox.run({CODE.format('False')}, [pathlib.Path('surprise.keras')])",
         TRIED.format("report.files", "list(report.files.values())", "'a connection'")),
    ],
}  # fmt: skip
