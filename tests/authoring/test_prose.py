"""The prose of the website: what it says in place of a notebook, and what a translation of it keeps."""

import shutil

from babel.messages import pofile
from helpers.authoring import command
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.site import prose
from helpers.core import texts
import pytest

COURSE = course.Course()
SOURCES = [
    cell.source
    for path in COURSE.expected()
    if path.suffix == ".ipynb" and path.parent.name != "solutions"
    for cell in parts.cells(page.read(path))
    if cell.cell_type == "markdown"
]
MARKDOWN = """# One

Two words, [a link](02.ipynb#Two-words).
Still the same.

- first `item`
- second

| a | b |
|---|---|
| 1 | 2 |

```
# no heading
- no item
```

## Two words"""


def test_without_a_translation_every_page_stays_as_it_is():
    sources = [
        *SOURCES,
        *((COURSE.root / name).read_text(encoding="utf-8") for name in prose.BESIDE),
        MARKDOWN,
    ]
    for source in sources:
        assert prose.translated(source, {}).rstrip("\n") == source.rstrip("\n")


def test_a_message_is_what_a_translator_reads_at_once():
    assert list(prose.messages(MARKDOWN)) == [
        "One",
        "Two words, [a link](02.ipynb#Two-words).\nStill the same.",
        "first `item`",
        "second",
        "a | b |",
        "1 | 2 |",
        "Two words",
    ]


def test_a_translated_heading_keeps_its_place_and_its_english_address():
    said = prose.translated(MARKDOWN, {"Two words": "Deux mots", "second": "deuxième", "no item": "never"})
    assert said.endswith('<span id="two-words"></span>\n\n## Deux mots\n')
    assert "- deuxième" in said and "- first `item`" in said and "never" not in said


def test_each_sentence_for_the_site_replaces_one_that_a_notebook_has():
    said = [prose.for_site(source) for source in SOURCES]
    for notebook, site in prose.sentences():
        assert any(notebook in source for source in SOURCES), f"No notebook says {notebook!r} any more."
        assert any(site in source for source in said)
        if notebook not in site:
            assert not any(notebook in source for source in said)


def test_lesson_02_is_french_as_a_whole_and_the_start_page_nearly():
    gaps = prose.gaps("fr", COURSE)
    assert gaps.get("notebooks/02_save_and_load.ipynb", []) == []
    assert gaps.get("exercises/02_save_and_load.ipynb", []) == []
    assert len(gaps.get("notebooks/00_start_here.ipynb", [])) <= 5
    assert len(gaps["notebooks/03_why_deployment_needs_it.ipynb"]) > 20  # which nobody has translated


def test_a_translation_keeps_code_and_the_targets_of_links():
    assert [line for line in prose.mistakes("fr", COURSE) if "any more" not in line] == []


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The catalogues in another folder, where they may be changed."""
    for path in texts.FOLDER.rglob("fr.*"):
        copy = tmp_path / path.relative_to(texts.FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        shutil.copyfile(path.with_name("en.toml"), copy.with_name("en.toml"))
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    return tmp_path


def test_mistakes_of_a_translator_are_said(elsewhere, capsys):
    path = elsewhere / "lessons" / "lesson_02" / "fr.po"
    content = path.read_text(encoding="utf-8")
    there = "/02_save_and_load.ipynb"
    for old, new in {
        'msgid "Weights alone"': 'msgid "Weights all alone"',
        f"32 minutes : [exercises{there}](../exercises{there})": "32 minutes : [ici](../exercices/02.ipynb)",
        "`export` écrit le calcul terminé": "`exporter` écrit le calcul terminé",
    }.items():
        assert content.count(old) == 1, old
        content = content.replace(old, new)
    path.write_text(content, encoding="utf-8")
    assert command.main(["gaps", "fr"]) == 1
    said = capsys.readouterr().out
    assert "no page says 'Weights all alone' any more" in said
    assert "has the targets of links ['../exercices/02.ipynb'], English has" in said
    assert "has the pieces of code ['`exporter`', '`format`', '`serve`'], English has" in said
    assert "missing in notebooks/02_save_and_load.ipynb: 1, the first is Weights alone" in said


def test_what_is_missing_is_written_filled_in_and_found(elsewhere, capsys, tmp_path):
    path = elsewhere / "lessons" / "lesson_03" / "fr.po"
    path.parent.mkdir()
    assert command.main(["gaps", "fr", "--write", str(path)]) in (0, 1)
    with path.open("rb") as file:
        empty = pofile.read_po(file, locale="fr")
    assert len(empty) > 100 and not any(message.string for message in empty if message.id)
    message = empty.get("03 · Answer requests without training")
    assert ("notebooks/03_why_deployment_needs_it.ipynb", None) in message.locations
    message.string = "03 · Répondre"
    with path.open("wb") as file:
        pofile.write_po(file, empty)
    assert prose.catalogue("fr")[message.id] == "03 · Répondre"
    assert message.id not in prose.gaps("fr", COURSE)["notebooks/03_why_deployment_needs_it.ipynb"]
    before = path.read_bytes()
    capsys.readouterr()
    assert command.main(["gaps", "fr", "--write", str(path)]) == 1
    assert "is there already" in capsys.readouterr().out and path.read_bytes() == before
    assert command.main(["gaps", "fr", "--write", str(tmp_path / "no" / "such" / "fr.po")]) == 1
    assert "cannot be written" in capsys.readouterr().out
