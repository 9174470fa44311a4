"""`author blank`: pages for a class show no result, and answers wait for their release."""

import json
import pathlib

from helpers import quiz
from helpers.authoring import command
from helpers.authoring.notebooks import page
from helpers.core import release, texts
import pytest


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    monkeypatch.setattr(release, "_given", set())
    monkeypatch.setattr(release, "_START", tmp_path / "clåss 1" / "notebooks")
    return tmp_path / "clåss 1"


def test_pages_show_no_result(folder, capsys):
    assert command.main(["blank", str(folder)]) == 0
    written = sorted(folder.rglob("*.ipynb"))
    assert f"{len(written)} pages" in capsys.readouterr().out and len(written) > 30
    for path in written:
        for cell in page.read(path).notebook.cells:
            assert not cell.get("outputs") and not cell.get("execution_count")
    assert release.withheld() == {}


def answered() -> quiz.Quiz:
    one = quiz.ask("02.myth.retrain")
    one.choice = "true"
    return one


def test_a_word_releases_the_answers_of_these_pages(folder):
    assert command.main(["blank", str(folder), "02", "--word", "sesame"]) == 0
    assert {path.name for path in folder.rglob("*.ipynb")} == {"02_save_and_load.ipynb"}
    assert "sesame" not in (folder / release.NAME).read_text(encoding="utf-8")
    one = answered()
    assert one.verdict == "noted" and one.asks == "word"
    one._answer_message(one, {"do": "tell", "word": "Sesame"}, [])
    assert one.verdict == "wrong"


def test_a_file_and_a_time_release_them_and_a_second_run_takes_the_rule_away(folder, capsys):
    assert command.main(["blank", str(folder), "02", "--file", "go"]) == 0
    assert answered().verdict == "noted"
    (folder / "go").touch()
    assert answered().verdict == "wrong"
    assert command.main(["blank", str(folder), "02", "--at", "2999-01-01"]) == 0
    assert json.loads((folder / release.NAME).read_text(encoding="utf-8")) == {"at": "2999-01-01"}
    assert (
        answered().verdict == "noted" and texts.words("withheld_at", at="2999-01-01") in answered().feedback
    )
    assert command.main(["blank", str(folder), "02"]) == 0
    assert answered().verdict == "wrong"


@pytest.mark.parametrize(
    "wrong", [["--word", " "], ["--at", "noon"], ["--file", "../x"], ["--file", "class.json"], ["--file", ""]]
)
def test_a_rule_that_makes_no_sense_is_refused(folder, wrong, capsys):
    with pytest.raises(SystemExit):
        command.main(["blank", str(folder), *wrong])
    assert not folder.exists() and "error: argument" in capsys.readouterr().err


def test_a_folder_in_use_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    for place in (tmp_path, tmp_path / "mine.txt"):
        assert command.main(["blank", str(place)]) == 1
        assert "Expected: a new" in capsys.readouterr().out
    assert [path.name for path in pathlib.Path(tmp_path).iterdir()] == ["mine.txt"]
    assert command.main(["blank", str(tmp_path / "new"), "77"]) == 1
    assert "There is no notebook '77'" in capsys.readouterr().out and not (tmp_path / "new").exists()
