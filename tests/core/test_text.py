"""Words as data: files of one language do not collide, another language lies over English."""

from helpers.core import texts
import pytest


@pytest.fixture
def languages(tmp_path, monkeypatch):
    """English with one item, French with a part of it."""
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    for language, content in {
        "en": '[words]\nyes = "yes"\nno = "no {reason}"\n[quiz.a.options.x]\ntext = "one"\nwhy = "since"\n',
        "fr": '[words]\nyes = "oui"\n[quiz.a.options.x]\ntext = "un"\n',
    }.items():
        (tmp_path / "lesson_01").mkdir(exist_ok=True)
        (tmp_path / "lesson_01" / f"{language}.toml").write_text(content, encoding="utf-8")
    texts.load.cache_clear()
    yield tmp_path
    texts.load.cache_clear()


def test_a_phrase_is_filled_in(languages):
    assert texts.words("no", reason="today") == "no today"


def test_another_language_replaces_what_it_has(languages, monkeypatch):
    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    assert texts.words("yes") == "oui"
    assert texts.words("no", reason="!") == "no !"
    assert texts.table("quiz")["a"]["options"]["x"] == {"text": "un", "why": "since"}
    assert texts.load("en")["quiz"]["a"]["options"]["x"]["text"] == "one"


def test_an_unknown_language_is_english(languages, monkeypatch):
    monkeypatch.setenv("COURSE_LANGUAGE", "xx")
    assert texts.words("yes") == "yes"


def test_the_same_id_in_two_files_is_refused(languages):
    (languages / "lesson_02").mkdir()
    (languages / "lesson_02" / "en.toml").write_text('[words]\nyes = "again"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"lesson_02/en.toml defines \['yes'\] a second time"):
        texts.load("en")
