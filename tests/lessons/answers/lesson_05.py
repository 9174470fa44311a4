"""Answers that learners give to the exercises of lesson 05."""

PUBLISH = (
    "with versions.publish({store!r}{options}) as draft:\n    {model}.export(draft.folder, verbose=False)"
)
GOLDEN = ", metrics={'accuracy': 0.9}, golden=(batch, answers)"
MEASURED = "measured = float(model.evaluate(data.test_features, data.test_labels, verbose=0)[1])\n"
WHOLE = (
    "def value(folder):\n"
    "    wanted = json.loads((folder / 'version.json').read_text())['files']\n"
    "    paths = {{p.relative_to(folder).as_posix(): p for p in folder.rglob('*') if p.is_file()}}\n"
    "    {rest}"
)
HASHES = "hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry['sha256']"
FOUND = (
    "ranked = sorted(complaint.differences('shop').items(), key=lambda item: item[1])\n"
    "best, second, worst = (number for number, _ in ranked)\n"
    "found = {'answered': best, 'roll back now': versions.current('shop') == best}"
)

NEXT = (
    "def value(model, site):\n"
    "    number = max([int(p.name) for p in site.iterdir() if p.name.isdigit()], default=0) + 1\n"
)

WRONG = {
    "05.1": [
        ("", "'10'", "no-function"),
        ("", "max", "text-order"),
        ("", "lambda names: sorted(names)[-1]", "text-order"),
        ("", "lambda names: max(names, key=int)", "not-a-version"),
        ("", "lambda names: max(int(name) for name in names if name.isdigit())", "wrong-type"),
    ],
    "05.2": [
        # As both articles do it: a folder with a name, and nothing beside it.
        ("model.export('my_model', verbose=False)", "'my_model'", "no-version"),
        (PUBLISH.format(store="a", options="", model="model"), "'a'", "no-metric"),
        (PUBLISH.format(store="b", options=", metrics={'accuracy': 0.9}", model="model"), "'b'", "no-golden"),
        # As the task once had it: a number that nobody measured.
        (PUBLISH.format(store="claimed", options=GOLDEN.replace("0.9", "0.99"), model="model"), "'claimed'", "claimed"),
        (PUBLISH.format(store="c", options=GOLDEN, model="models.sequential(3)"), "'c'", "refused"),
        (
            "other = models.sequential(3)\n"
            "with versions.publish('d', metrics={'accuracy': 0.9},"
            " golden=(batch, other.predict(batch, verbose=0))) as draft:\n"
            "    other.export(draft.folder, verbose=False)",
            "'d'",
            "other-model",
        ),
    ],
    "05.3": [
        ("", "'site'", "no-function"),
        ("def value(model, site):\n    model.export(site / '1', verbose=False)\n    return 1", "value", "overwrites"),
        ("def value(model, site):\n    names = sorted(path.name for path in site.iterdir())\n"
         "    number = int(names[-1]) + 1\n    model.export(site / str(number), verbose=False)\n    return number",
         "value", "not-next"),
        ("def value(model, site):\n    number = len(list(site.glob('*'))) + 1\n"
         "    model.export(site / str(number), verbose=False)\n    return number", "value", "not-next"),
        ("def value(model, site):\n    model.export(site / '11', verbose=False)\n    return 11", "value", "same-number"),
        (NEXT + "    model.export(site / f'v{number}', verbose=False)\n    (site / str(number)).touch()\n"
         "    return number", "value", "no-folder"),
        (NEXT + "    models.sequential(5).export(site / str(number), verbose=False)\n    return number",
         "value", "answers"),
    ],
    "05.4": [
        ("", "'4'", "no-number"),
        ("", "3", "damaged"),
        ("", "2", "wrong-answers"),
        ("", "1", "not-best"),
    ],
    "05.5": [
        ("", "versions.current('shop')", "no-dictionary"),
        ("", "{'answered': 1}", "unfilled"),
        ("", "{'answered': 4, 'roll back now': True}", "no-number"),
        (FOUND, "found | {'answered': worst}", "other-digits"),
        # Compared by the digits alone, the first version that fits may be the other one.
        (FOUND, "found | {'answered': second}", "same-digits"),
        (FOUND, "found | {'roll back now': 'yes'}", "no-decision"),
        (FOUND, "found | {'roll back now': not found['roll back now']}", "decision"),
    ],
    "05.6": [
        ("", "True", "no-function"),
        ("", "lambda folder: 'yes'", "not-bool"),
        (WHOLE.format(rest="return set(paths) == set(wanted)"), "value", "refuses-good"),
        (WHOLE.format(rest="return set(paths) - set(wanted) == {'version.json', 'version.json.sha256'}"),
         "value", "accepts-flipped"),
        (WHOLE.format(rest=f"return all({HASHES} for name, entry in wanted.items() if name in paths)"),
         "value", "accepts-missing"),
        (WHOLE.format(rest=f"return all({HASHES} for name, entry in wanted.items())"), "value", "accepts-added"),
    ],
}  # fmt: skip

RIGHT = {
    "05.1": [
        ("def value(names):\n    numbers = sorted(int(name) for name in names if name.isdecimal())\n"
         "    return str(numbers[-1])", "value"),
    ],
    "05.2": [
        (MEASURED + "with versions.publish('e', name=versions.timestamp(), metrics={'accuracy': measured, 'loss': 2.0},"
         " golden=(batch, answers), notes='by hand') as draft:\n    model.save(draft.folder / 'model.keras')",
         "pathlib.Path('e')"),
    ],
    "05.3": [
        ("def value(model, site):\n"
         "    number = max([int(path.name) for path in site.glob('*')], default=0) + 1\n"
         "    (site / str(number)).mkdir()\n"
         "    model.save(site / str(number) / 'model.keras')\n    return number", "value"),
    ],
    "05.4": [("", "4")],
    "05.5": [(FOUND, "found"), (FOUND, "found | {'roll back now': numpy.bool_(found['roll back now'])}")],
    "05.6": [
        ("def value(folder):\n"
         "    wanted = json.loads((folder / 'version.json').read_text())['files']\n"
         "    names = {p.relative_to(folder).as_posix() for p in folder.rglob('*') if p.is_file()}\n"
         "    if names - {'version.json', 'version.json.sha256'} != set(wanted):\n        return False\n"
         f"    return all({HASHES} for name, entry in wanted.items())", "value"),
    ],
}  # fmt: skip
