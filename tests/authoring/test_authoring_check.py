"""`author build --check` says what is out of date, and what it has not looked at."""

import copy

from helpers.authoring import command
from helpers.authoring.notebooks import course, execute, page
import pytest

from tests.authoring import broken, broken_folders, samples


@pytest.fixture
def whole(tmp_path, monkeypatch):
    """The valid course; the command works on it."""
    valid = samples.write(tmp_path)
    monkeypatch.setattr(course, "Course", lambda: valid)
    return valid


def test_a_valid_course_is_up_to_date(whole, capsys):
    assert command.main(["build", "--check"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Up to date")
    assert "Not checked: whether today's code still prints the outputs" in said


def test_check_names_what_is_out_of_date_and_writes_nothing(whole, capsys):
    broken_folders.change(whole, "solutions", "02_second", "task-1", "Save it.", "Save it twice.")
    lesson = page.read(whole.path("notebooks", "01_first")).notebook
    lesson.metadata.language_info.version = "3.11.7"
    page.write(whole.path("notebooks", "01_first"), lesson)
    before = [path.read_bytes() for path in whole.found()]
    assert command.main(["build", "--check"]) == 1
    said = capsys.readouterr().out
    assert "exercises/02_second.ipynb: a file that differs from what its solution generates" in said
    assert "notebooks/01_first.ipynb: notebook metadata" in said
    assert "2 problems." in said
    assert [path.read_bytes() for path in whole.found()] == before


def test_check_of_one_lesson_leaves_the_others_out(whole, capsys):
    broken_folders.change(whole, "solutions", "02_second", "task-1", "Save it.", "Save it twice.")
    assert command.main(["build", "--check", "01"]) == 0
    assert command.main(["build", "--check", "02"]) == 1
    assert "1 problem." in capsys.readouterr().out


def test_an_unreadable_notebook_is_named(whole, capsys):
    whole.path("notebooks", "02_second").write_text("{", encoding="utf-8")
    assert command.main(["build", "--check"]) == 1
    assert "02_second.ipynb cannot be read as a notebook" in capsys.readouterr().out


def test_run_compares_outputs_but_not_pictures_or_versions(whole, capsys, monkeypatch):
    def today(one, *_, **options):
        """What a run gives: another version and picture everywhere, another text in one cell."""
        notebook = copy.deepcopy(one.notebook)
        for cell in notebook.cells:
            if cell.id == "set-up":
                cell.outputs = [samples.printed("TensorFlow 2.99.0\n")]
            if cell.id == "draw-loss":
                cell.outputs[0].data["image/png"] = "bmV3"
            if cell.id == "save-keras" and one.stem == "02_second":
                cell.outputs = [samples.printed("saved twice\n")]
        return notebook

    monkeypatch.setattr(execute, "execute", today)
    assert command.main(["build", "--check", "--run", "01"]) == 0
    assert "Not checked" not in capsys.readouterr().out
    assert command.main(["build", "--check", "--run"]) == 1
    said = capsys.readouterr().out
    assert "notebooks/02_second.ipynb#save-keras: the output of today's code is 'saved twice\\n'" in said
    assert "1 problem." in said


def test_run_names_a_cell_that_fails(whole, capsys, monkeypatch):
    def fails(one, *_, **options):
        raise execute.Failed(f"{one.place}#fail raised ValueError: no file")

    monkeypatch.setattr(execute, "execute", fails)
    assert command.main(["build", "--check", "--run", "01"]) == 1
    assert "notebooks/01_first.ipynb#fail raised ValueError: no file" in capsys.readouterr().out


def test_a_broken_folder_fails_the_check(whole, capsys):
    broken.folders[0].change(whole)
    assert command.main(["build", "--check"]) == 1
    assert broken.folders[0].at in capsys.readouterr().out
