"""Every translation: nothing in it is stray or broken, a file once begun is complete, and gaps are listed."""

import shutil

from helpers import quiz
from helpers.authoring import command
from helpers.authoring.release import translation
from helpers.core import texts
import pytest

LANGUAGES = sorted({path.stem for path in texts.FOLDER.rglob("??.toml")} - {"en"})


@pytest.mark.parametrize("language", LANGUAGES)
class TestLanguage:
    def test_has_nothing_stray_and_keeps_places_and_code(self, language):
        assert translation.mistakes(language) == []

    def test_has_no_gap_in_a_file_it_has_begun(self, language):
        begun = texts.files(language)
        gaps = {name: keys for name, keys in translation.gaps(language).items() if name in begun}
        # What only the deck asks is translated when a language has all of its lessons.
        assert [key for keys in gaps.values() for key in keys if ".deck." not in key] == []

    def test_reaches_the_learner(self, language, monkeypatch, tmp_path):
        monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
        english = quiz.ask("02.predict.optimizer")
        english.choice = "none"
        english._answer_message(english, {"do": "tell"}, [])
        monkeypatch.setenv("COURSE_LANGUAGE", language)
        theirs = quiz.ask("02.predict.optimizer")
        theirs.choice = "none"
        theirs._answer_message(theirs, {"do": "tell"}, [])
        assert theirs.verdict == "wrong"
        assert not set(theirs.feedback) & set(english.feedback)
        assert theirs.item["prompt"] != english.item["prompt"]
        assert [one["id"] for one in theirs.item["options"]] == [one["id"] for one in english.item["options"]]


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """English and French with one text of each kind of fault."""
    for language in ("en", "fr"):
        for room, path in texts.files(language).items():
            copy = tmp_path / room / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    path = tmp_path / "lessons" / "lesson_02" / "fr.toml"
    content = path.read_text(encoding="utf-8")
    for old, new in {
        'title = "un taux plus bas, et rien d\'oublié"\n': "",
        "en est à {seen} pas": "en est à quelques pas",
        "Gardez le fichier `.keras` à côté": "Gardez le fichier à côté",
        '[exercise."02.1"]\n': '[exercise."02.1"]\nnouveau = "de trop"\n',
    }.items():
        assert old in content
        content = content.replace(old, new, 1)
    path.write_text(content, encoding="utf-8")


@pytest.mark.usefixtures("broken")
def test_gaps_and_mistakes_are_listed(capsys):
    gaps = translation.gaps("fr")["lessons/lesson_02"]
    assert [key for key in gaps if ".deck." not in key] == ["exercise / 02.4 / title"]
    assert command.main(["gaps", "fr"]) == 1
    printed = capsys.readouterr().out
    assert "missing in lessons/lesson_02: " in printed and "the first is exercise / 02.4 / title" in printed
    assert "exercise / 02.4 / mistakes / steps has the places to fill [], English has ['{seen}']" in printed
    assert "quiz / 02.myth.retrain / options / false / why has the pieces of code" in printed
    assert "exercise / 02.1 / nouveau does not exist in English" in printed
    assert "missing in lessons/lesson_01" in printed
    assert "3 are wrong." in printed


def test_a_language_that_is_not_there_is_said(capsys):
    assert command.main(["gaps", "xx"]) == 1
    assert "no xx.toml" in capsys.readouterr().out
