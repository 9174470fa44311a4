"""Exercises are made from solutions, and a reset never loses work."""

import subprocess
import sys

from helpers.authoring.notebooks import course, exercises, page
from helpers.core import errors, scratch
import nbformat
import pytest

from tests.authoring import broken, samples


@pytest.fixture
def whole(tmp_path, monkeypatch):
    """A valid course, with a scratch folder of its own."""
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path / "my scratch"))
    return samples.write(tmp_path / "course")


def test_a_block_becomes_one_line():
    exercise = exercises.generate(samples.solution("01_first"))
    assert broken.cell(exercise, "answer-2").source == (
        'given = 1\nvalue = None\n# Your code here.\ncheck("01.2", value)'
    )


def test_the_line_has_the_block_s_indentation():
    cell = samples.code(
        "answer-1", "def f(x):\n    ### BEGIN SOLUTION\n    x = 2\n    ### END SOLUTION\n    return x"
    )
    assert exercises.blanked(cell) == "def f(x):\n    # Your code here.\n    return x"


def test_every_block_of_a_cell_is_blanked():
    block = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    assert exercises.blanked(samples.code("a", f"{block}\ny = 2\n{block}")) == (
        "# Your code here.\ny = 2\n# Your code here."
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("### BEGIN SOLUTION\nx = 1", "never closed"),
        ("x = 1\n### END SOLUTION", "without its beginning"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", "twice"),
        ("### BEGIN SOLUTION\n### END SOLUTION\n### END SOLUTION", "without its beginning"),
    ],
)
def test_unpaired_marks_are_named(source, said):
    with pytest.raises(exercises.Unbalanced, match=rf"cell answer-1: .*{said}.* Expected: "):
        exercises.blanked(samples.code("answer-1", source))


def test_a_starter_begins_under_its_own_name_and_holds_no_output():
    exercise = exercises.generate(samples.solution("01_first"))
    assert 'lesson.begin("exercises/01_first", seed=7)' in broken.cell(exercise, "set-up").source
    assert not [cell.id for cell in exercise.cells if cell.id.startswith("why-")]
    assert all(
        not cell.outputs and cell.execution_count is None for cell in exercise.cells if "outputs" in cell
    )


def test_links_to_the_solution_stay():
    solution = samples.solution("01_first")
    broken.cell(solution, "task-1").source += " [Solution](../solutions/01_first.ipynb)"
    assert "../solutions/01_first.ipynb" in broken.cell(exercises.generate(solution), "task-1").source


def test_generation_changes_nothing_it_is_given():
    solution = samples.solution("01_first")
    exercises.generate(solution)
    assert solution == samples.solution("01_first")


@pytest.mark.parametrize("name", ["02", "2", "02_second", "02_second.ipynb", "exercises/02_second.ipynb"])
def test_reset_accepts_every_form_of_a_name(whole, name):
    path = whole.path("exercises", "02_second")
    starter = path.read_bytes()
    path.write_text("my work", encoding="utf-8")
    said = exercises.restart(name, whole)
    assert path.read_bytes() == starter
    assert "exercises/02_second.ipynb is a fresh starter." in said


def test_reset_keeps_every_version_of_the_work(whole, tmp_path):
    path = whole.path("exercises", "01_first")
    for work in ("first try", "second try"):
        path.write_text(work, encoding="utf-8")
        said = exercises.restart("01", whole)
    kept = tmp_path / "my scratch" / "before-reset"
    assert (kept / "01_first.before-reset-1.ipynb").read_text(encoding="utf-8") == "first try"
    assert (kept / "01_first.before-reset-2.ipynb").read_text(encoding="utf-8") == "second try"
    assert "01_first.before-reset-2.ipynb" in said


def test_reset_of_an_untouched_exercise_keeps_no_copy(whole, tmp_path):
    said = exercises.restart("01", whole)
    assert "kept" not in said
    assert not (tmp_path / "my scratch").exists()


def test_reset_brings_back_a_deleted_exercise(whole):
    path = whole.path("exercises", "01_first")
    starter = path.read_bytes()
    path.unlink()
    exercises.restart("01", whole)
    assert path.read_bytes() == starter


def test_a_copy_that_cannot_be_written_leaves_the_exercise(whole, tmp_path):
    (tmp_path / "my scratch").write_text("a file, not a folder", encoding="utf-8")
    path = whole.path("exercises", "01_first")
    path.write_text("my work", encoding="utf-8")
    with pytest.raises(errors.Stop, match="nothing can be written there"):
        exercises.restart("01", whole)
    assert path.read_text(encoding="utf-8") == "my work"


@pytest.mark.parametrize("name", ["07", "notebook", "", "00_start_here"])
def test_an_unknown_name_lists_the_known_ones(whole, name):
    with pytest.raises(course.UnknownName, match="Choose one of: 01_first, 02_second"):
        exercises.restart(name, whole)


def test_the_command_says_what_is_wrong_and_fails(capsys):
    assert exercises.reset("no such exercise") == 1
    assert "There is no notebook 'no such exercise'" in capsys.readouterr().err


def test_the_command_says_what_it_did(whole, monkeypatch, capsys):
    monkeypatch.setattr(course, "Course", lambda: whole)
    assert exercises.reset("01") == 0
    assert "is a fresh starter" in capsys.readouterr().out


def test_a_damaged_solution_is_named_and_nothing_is_written(whole):
    whole.path("solutions", "01_first").write_text("{", encoding="utf-8")
    path = whole.path("exercises", "01_first")
    path.write_text("my work", encoding="utf-8")
    with pytest.raises(page.Unreadable, match=r"01_first\.ipynb cannot be read as a notebook"):
        exercises.restart("01", whole)
    assert path.read_text(encoding="utf-8") == "my work"


def test_without_git_and_without_a_copy_the_lesson_is_left_and_a_sentence_says_so(whole):
    path = whole.path("notebooks", "01_first")
    path.write_text("spoiled")
    said = exercises.restore("01", whole)
    assert path.read_text() == "spoiled"
    assert "is left as it is" in said and "Download the course again" in said


def test_the_copy_of_the_first_start_restores_a_lesson_and_keeps_mine(whole, tmp_path):
    path = whole.path("notebooks", "01_first")
    original = path.read_bytes()
    exercises.remember(whole)
    path.write_text("spoiled")
    exercises.remember(whole)  # a second start must not keep what was spoiled
    said = exercises.restore("01", whole)
    assert path.read_bytes() == original
    assert (tmp_path / "my scratch/before-reset/01_first.before-reset-1.ipynb").read_text() == "spoiled"
    assert "is the delivered page again" in said and "before-reset-1" in said
    assert "is as it was delivered" in exercises.restore("01", whole)


def test_git_restores_a_lesson_that_is_gone(whole):
    path = whole.path("notebooks", "02_second")
    original = path.read_bytes()
    name = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "."], [*name, "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=whole.root, check=True)
    path.unlink()
    assert exercises.restore("02", whole) == "notebooks/02_second.ipynb is the delivered page again."
    assert path.read_bytes() == original


def test_a_starter_is_a_valid_notebook():
    nbformat.validate(exercises.generate(samples.solution("01_first")))


def test_a_learner_without_the_authors_libraries_can_reset():
    blocked = "nbval", "bs4", "markdown_it", "nbclient"
    block = f"import sys\nfor name in {blocked!r}: sys.modules[name] = None\n"
    code = block + "from helpers.authoring.notebooks import exercises"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=scratch.COURSE)
