"""One assignment made from solutions/: nbgrader generates it and grades submissions, without the net."""

import csv
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

from helpers import check
from helpers.authoring import command
from helpers.authoring.notebooks import course, page
from helpers.authoring.teaching import assignment, grading
import keras
import nbformat
import pytest

from tests.suite import names

COURSE = course.Course()
STEM = "01_what_is_persistence"
# nbgrader's own command, with the kernels of this run.
NBGRADER = """
from tests.suite import kernel_provisioner
from nbgrader.apps import nbgraderapp

kernel_provisioner.choose()
nbgraderapp.main()
"""


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A course folder of nbgrader with the assignment generated, and what runs nbgrader in it."""
    # nbgrader splits a path at patterns of its own; a space and an umlaut must not matter.
    folder = tmp_path_factory.mktemp("class") / names.possible("räum 1")
    assert command.main(["assignment", "01", str(folder)]) == 0
    # nbgrader starts programs of this environment by their names.
    programs = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    places = {
        name: str(folder.parent / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }

    def nbgrader(*arguments: str, expected: int = 0, folder: pathlib.Path = folder) -> str:
        done = subprocess.run(
            [sys.executable, "-c", NBGRADER, *arguments],
            cwd=folder,
            env=os.environ | places | {"JUPYTER_PREFER_ENV_PATH": "1", "PATH": programs},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
        )
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stderr

    nbgrader("generate_assignment", STEM)
    return folder, nbgrader


def released(folder) -> nbformat.NotebookNode:
    return page.read(folder / "release" / STEM / f"{STEM}.ipynb").notebook


def test_learners_get_the_exercise_and_neither_solution_nor_test(classroom):
    folder, _ = classroom
    starter = page.read(COURSE.path("exercises", STEM)).notebook
    given = released(folder)
    assert [cell.source for cell in given.cells if not cell.id.startswith("points-")] == [
        cell.source for cell in starter.cells
    ]
    whole = nbformat.writes(given)
    assert "SOLUTION" not in whole and "HIDDEN" not in whole and "grading" not in whole


def submit(folder, name: str, answers: dict[str, str]) -> None:
    """Hand in the released notebook with other texts in some cells."""
    notebook = released(folder)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    page.write(folder / "submitted" / name / STEM / f"{STEM}.ipynb", notebook)


def test_a_right_and_a_wrong_submission_get_different_points(classroom):
    folder, nbgrader = classroom
    solution = page.read(COURSE.path("solutions", STEM)).notebook
    right = {cell.id: cell.source for cell in solution.cells if cell.id.startswith("answer-")}
    assert len(right) == 5
    submit(folder, "all_right", right)
    # A forgotten bias, a second model that is the first, one right answer, two tasks left as they were.
    mixed = {
        "answer-1": 'numbers = 64 * 128 + 128 * 10\ncheck("01.1", numbers)',
        "answer-2": 'loaded = model\ncheck("01.2", loaded, model)',
        "answer-3": right["answer-3"],
        # A learner who grades himself gets nothing for it: the instructor's test comes back.
        "points-1": "pass",
    }
    submit(folder, "mixed", mixed)
    # The course's own exercise file has the same cells without nbgrader's marks.
    own = page.read(COURSE.path("exercises", STEM)).notebook
    for cell in own.cells:
        cell.source = right.get(cell.id, cell.source)
    page.write(folder / "submitted" / "own_file" / STEM / f"{STEM}.ipynb", own)
    nbgrader("autograde", STEM)
    nbgrader("export")
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        points = {
            row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in csv.DictReader(file)
        }
    assert points == {"all_right": (5, 5), "mixed": (1, 5), "own_file": (5, 5)}
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        tasks = {
            row["student_id"]: [float(row[f"task {number}"]) for number in range(1, 6)]
            for row in csv.DictReader(file)
        }
    assert tasks == {"all_right": [1] * 5, "mixed": [0, 0, 1, 0, 0], "own_file": [1] * 5}
    graded = page.read(folder / "autograded" / "mixed" / STEM / f"{STEM}.ipynb").notebook
    (failed,) = [cell for cell in graded.cells if cell.id == "points-1"]
    assert [output.ename for output in failed.outputs] == ["NotCorrect"]


def test_a_notebook_of_another_kind_is_refused_by_name(classroom, tmp_path):
    ours, nbgrader = classroom
    folder = tmp_path / ours.name  # a class of its own, because ours is graded as a whole
    shutil.copytree(ours, folder)
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    page.write(folder / "submitted" / "stranger" / STEM / f"{STEM}.ipynb", other)
    said = nbgrader("autograde", STEM, "--student", "stranger", expected=1, folder=folder)
    assert f"stranger: this notebook has none of the answer cells of {STEM}" in said
    assert not (folder / "autograded" / "stranger").exists()


@pytest.mark.parametrize("stem", COURSE.lessons)
def test_each_task_of_a_lesson_has_its_point(stem):
    solution = page.read(COURSE.path("solutions", stem)).notebook
    notebook = assignment.source(solution)
    nbformat.validate(notebook)
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    tasks = [cell for cell in solution.cells if cell.id.startswith("task-")]
    assert len(tests) == len(tasks)
    for number, cell in enumerate(tests, start=1):
        assert f'grading.grade("{stem[:2]}.{number}", ' in cell.source
        assert cell.metadata.nbgrader.points == 1
    left = [cell.id for cell in notebook.cells if not cell.id.startswith("points-")]
    assert left == [cell.id for cell in page.read(COURSE.path("exercises", stem)).notebook.cells]


def test_what_a_cell_hands_to_check_is_taken_as_it_stands():
    assert assignment.checked('%time 1\nx = 1\ncheck(\n    "01.2",\n    loaded[0],\n    f(model),\n)') == (
        '"01.2", loaded[0], f(model)'
    )
    assert assignment.checked("print(1)") == ""


def test_grading_agrees_with_check(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the stranger of 01.1, who has 128 units here
    keras.Sequential([keras.Input((64,)), keras.layers.Dense(128), keras.layers.Dense(10)]).save(
        "stranger.keras"
    )
    grading.grade("01.1", 9610)
    with pytest.raises(grading.NotCorrect, match=r"^01\.1: Not yet\."):
        grading.grade("01.1", 3)
    with pytest.raises(grading.NotCorrect, match=r"^01\.1: Not started"):
        grading.grade("01.1", ...)
    assert capsys.readouterr().out == ""
    check.check("01.1", 9610)
    assert capsys.readouterr().out.startswith("Correct")


def test_settings_of_the_teachers_are_kept_and_unknown_lessons_named(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text("mine = 1", encoding="utf-8")
    assert command.main(["assignment", "02", str(tmp_path)]) == 0
    assert (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8") == "mine = 1"
    assert "nbgrader generate_assignment 02_save_and_load" in capsys.readouterr().out
    assert command.main(["assignment", "88", str(tmp_path)]) == 1
    assert "There is no notebook '88'" in capsys.readouterr().out
