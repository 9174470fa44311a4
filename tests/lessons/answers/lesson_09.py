"""Answers that learners give to the exercises of lesson 09."""

ASIDE = "def value(model, path):\n    aside = path.with_name('aside.keras')\n"
FLUSH = "    with open(aside, 'rb+') as file:\n        os.fsync(file.fileno())\n"
PLACE = "    os.replace(aside, path)\n"
CLEARED = (
    "def value(model, path):\n    aside = path.with_name(f'{}')\n    try:\n        model.save(aside)\n"
    "        with open(aside, 'rb+') as file:\n            os.fsync(file.fileno())\n"
    "        aside.rename(path)\n    finally:\n        aside.unlink(missing_ok=True)\n"
)
UNPACK = "shutil.rmtree('{0}', ignore_errors=True)\nshutil.unpack_archive('{0}.tar', '{0}')\n"

WRONG = {
    "09.1": [
        ("", "pathlib.Path('model.keras')", "no-function"),
        (ASIDE + "    model.save(aside)\n", "value", "not-saved"),
        # What everybody writes, and what the articles write.
        ("", "lambda model, path: model.save(path)", "old-lost"),
        (ASIDE + "    path.unlink()\n    model.save(aside)\n" + FLUSH + PLACE, "value", "old-lost"),
        # The old one moved away first: for a moment there is nothing under the name.
        (
            ASIDE + "    os.replace(path, aside)\n    model.save(path)\n",
            "value",
            "old-lost",
        ),
        (
            ASIDE + "    try:\n        model.save(aside)\n    except OSError:\n        return\n" + FLUSH + PLACE,
            "value",
            "hidden",
        ),
        (
            (
                "import tempfile\ndef value(model, path):\n"
                "    with tempfile.TemporaryDirectory() as folder:\n"
                "        aside = pathlib.Path(folder, 'aside.keras')\n"
                "        model.save(aside)\n"
                "        with open(aside, 'rb+') as file:\n            os.fsync(file.fileno())\n"
                "        shutil.move(aside, path)\n"
            ),
            "value",
            "elsewhere",
        ),
        (ASIDE + "    model.save(aside)\n    shutil.copyfile(aside, path)\n", "value", "not-renamed"),
        (ASIDE + "    model.save(aside)\n" + PLACE, "value", "unflushed"),
        # What a fixed name leaves when the disk is full, and when two processes save.
        (ASIDE + "    model.save(aside)\n" + FLUSH + PLACE, "value", "litter"),
        (CLEARED.format("aside.keras"), "value", "overtaken"),
        # Flushed when it is too late.
        (
            (
                ASIDE + "    model.save(aside)\n" + PLACE
                + "    with open(path, 'rb+') as file:\n        os.fsync(file.fileno())\n"
            ),
            "value",
            "unflushed",
        ),
    ],
    "09.2": [
        ("", "'tuesday.h5'", "no-set"),
        ("", "{pathlib.Path('shelf/tuesday.h5')}", "no-set"),
        ("", "{'tuesday', 'thursday'}", "unknown"),
        ("", "{'SHA256SUMS'}", "unknown"),
        # By date instead of by content.
        ("", "{'monday.keras', 'tuesday.h5', 'thursday.keras', 'friday.h5', 'saturday.weights.h5'}", "whole"),
        # By loading each of them.
        (
            (
                "value = set()\n"
                "for name in os.listdir('shelf') + ['saturday.weights.h5']:\n"
                "    if name == 'SHA256SUMS':\n        continue\n"
                "    try:\n"
                "        if '.weights.' in name:\n"
                "            models.sequential().load_weights(f'shelf/{name}')\n"
                "        else:\n"
                "            keras.models.load_model(f'shelf/{name}')\n"
                "    except Exception:\n"
                "        value.add(name)\n"
            ),
            "value",
            "loaded",
        ),
        ("", "{'thursday.keras', 'tuesday.h5', 'saturday.weights.h5'}", "missing"),
        ("", "set()", "missing"),
    ],
    "09.3": [
        ("", "'nowhere'", "no-store"),
        (UNPACK.format("wednesday"), "'wednesday'", "unpromoted"),
        (UNPACK.format("tuesday"), "'tuesday'", "damaged"),
        (
            (
                "shutil.rmtree('own', ignore_errors=True)\n"
                "with versions.publish('own') as draft:\n"
                "    models.sequential().save(draft.folder / 'model.keras')\n"
                "versions.promote('own', 1)"
            ),
            "'own'",
            "other",
        ),
    ],
}  # fmt: skip

RIGHT = {
    "09.1": [
        # A folder of its own inside the same one, and pathlib's rename.
        (
            (
                "import tempfile\ndef value(model, path):\n"
                "    with tempfile.TemporaryDirectory(dir=path.parent) as folder:\n"
                "        aside = pathlib.Path(folder, path.name)\n"
                "        keras.saving.save_model(model, aside)\n"
                "        with aside.open('rb+') as file:\n            os.fsync(file)\n"
                "        aside.replace(path)\n"
            ),
            "value",
        ),
        # A name made of the number of the process, or drawn.
        (CLEARED.format("{os.getpid()}.keras"), "value"),
        ("import secrets\n" + CLEARED.format("{secrets.token_hex(4)}.keras"), "value"),
    ],
    "09.2": [
        ("", "['tuesday.h5', 'thursday.keras', 'friday.h5', 'saturday.weights.h5']"),
        (
            (
                "value = frozenset(name for line in open('shelf/SHA256SUMS') for expected, name in [line.split()]"
                " if not os.path.exists(f'shelf/{name}')"
                " or hashlib.sha256(open(f'shelf/{name}', 'rb').read()).hexdigest() != expected)"
            ),
            "value",
        ),
    ],
    "09.3": [
        (UNPACK.format("monday"), "'monday'"),
        (UNPACK.format("monday"), "pathlib.Path('monday')"),
    ],
}  # fmt: skip
