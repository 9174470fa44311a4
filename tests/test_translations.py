"""Every translation: nothing in it is stray or broken, a file once begun is complete, and gaps are listed."""

import pathlib
import shutil

from helpers import quiz, text
from helpers.authoring import command, gaps
import pytest

LANGUAGES = sorted(path.name for path in text.FOLDER.iterdir() if path.is_dir() and path.name != "en")


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_has_nothing_stray_and_keeps_places_and_code(self, language):
        assert gaps.mistakes(language) == []

    def test_has_no_gap_in_a_file_it_has_begun(self, language):
        begun = {path.name for path in (text.FOLDER / language).glob("*.toml")}
        assert {name: keys for name, keys in gaps.gaps(language).items() if name in begun} == {}

    def test_reaches_the_learner(self, language, monkeypatch, tmp_path):
        monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
        english = quiz.ask("02.predict.optimizer")
        english.choice = "none"
        monkeypatch.setenv("COURSE_LANGUAGE", language)
        theirs = quiz.ask("02.predict.optimizer")
        theirs.choice = "none"
        assert theirs.verdict == "wrong"
        assert not set(theirs.feedback) & set(english.feedback)
        assert theirs.item["prompt"] != english.item["prompt"]
        assert [one["id"] for one in theirs.item["options"]] == [one["id"] for one in english.item["options"]]


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """English and French with one text of each kind of fault."""
    monkeypatch.setattr(text, "FOLDER", tmp_path / "text")
    shutil.copytree(pathlib.Path(text.__file__).parent / "data" / "text", tmp_path / "text")
    path = tmp_path / "text" / "fr" / "02.toml"
    content = path.read_text(encoding="utf-8")
    for old, new in {
        'title = "poursuivre l\'entraînement"\n': "",
        "en est à {seen} pas": "en est à quelques pas",
        "Gardez le fichier `.keras` à côté": "Gardez le fichier à côté",
        '[exercise."02.1"]\n': '[exercise."02.1"]\nnouveau = "de trop"\n',
    }.items():
        assert old in content
        content = content.replace(old, new, 1)
    path.write_text(content, encoding="utf-8")


@pytest.mark.usefixtures("broken")
def test_gaps_and_mistakes_are_listed(capsys):
    assert gaps.gaps("fr")["02.toml"] == ["02 / exercise / 02.4 / title"]
    assert command.main(["gaps", "fr"]) == 1
    printed = capsys.readouterr().out
    assert "missing in 02.toml: 1, the first is 02 / exercise / 02.4 / title" in printed
    assert (
        "02 / exercise / 02.4 / mistakes / steps has the places to fill [], English has ['{seen}']" in printed
    )
    assert "02 / quiz / 02.myth.retrain / options / false / why has the pieces of code" in printed
    assert "02 / exercise / 02.1 / nouveau does not exist in English" in printed
    assert "missing in 01.toml" in printed
    assert "3 are wrong." in printed


def test_a_language_that_is_not_there_is_said(capsys):
    assert command.main(["gaps", "xx"]) == 1
    assert "no folder 'xx'" in capsys.readouterr().out
