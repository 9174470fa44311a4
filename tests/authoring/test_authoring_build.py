"""`author build` and `author build --check`, on a small course that runs in a second."""

from helpers.authoring import command
from helpers.authoring.notebooks import build, course, execute, page
from helpers.core import files
import nbformat
import pytest

from tests.authoring import broken, samples


@pytest.fixture
def whole(tmp_path, monkeypatch):
    """A course of one lesson, its solution and no exercise yet; the command works on it."""
    small = course.Course(tmp_path, ("01_first",), ())
    block = "### BEGIN SOLUTION\nprint('solved')\n### END SOLUTION"
    for folder, sources in {"notebooks": ["print(6 * 7)", "print('end')"], "solutions": [block]}.items():
        cells = [samples.code(f"cell-{number}", source) for number, source in enumerate(sources)]
        page.write(small.path(folder, "01_first"), nbformat.v4.new_notebook(cells=cells))
    monkeypatch.setattr(course, "Course", lambda: small)
    return small


def contents(whole) -> dict[str, bytes]:
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in whole.found()}


def test_build_writes_executed_lessons_and_empty_exercises_once(whole, capsys):
    assert command.main(["build", "01"]) == 0
    lesson, exercise, solution = (page.read(path).notebook for path in whole.found())
    assert lesson.cells[0].outputs == [samples.printed("42\n")]
    assert solution.cells[0].outputs == [samples.printed("solved\n")]
    assert (exercise.cells[0].source, exercise.cells[0].outputs) == ("# Your code here.", [])
    assert capsys.readouterr().out.count("written") == 3
    built = contents(whole)
    times = {path: path.stat().st_mtime_ns for path in whole.found()}

    assert command.main(["build"]) == 0
    assert capsys.readouterr().out.count("unchanged") == 3
    assert contents(whole) == built
    assert {path: path.stat().st_mtime_ns for path in whole.found()} == times


def test_a_failing_cell_is_named_and_its_file_untouched_while_the_others_are_built(whole, capsys):
    path = whole.path("notebooks", "01_first")
    lesson = page.read(path).notebook
    lesson.cells[1].source = "model.save('x')"
    page.write(path, lesson)
    before = path.read_bytes()
    assert command.main(["build"]) == 1
    said = capsys.readouterr().out
    assert (
        "not written. notebooks/01_first.ipynb#cell-1 raised NameError: name 'model' is not defined" in said
    )
    assert path.read_bytes() == before
    assert page.read(whole.path("solutions", "01_first")).notebook.cells[0].execution_count == 1


def test_unpaired_marks_stop_the_exercise_only(whole, capsys, monkeypatch):
    monkeypatch.setattr(build, "rebuild", lambda *_: "unchanged")
    path = whole.path("solutions", "01_first")
    solution = page.read(path).notebook
    broken.replace(solution, "cell-0", "\n### END SOLUTION", "")
    page.write(path, solution)
    assert command.main(["build"]) == 1
    said = capsys.readouterr().out
    assert "exercises/01_first.ipynb: not written. cell cell-0: '### BEGIN SOLUTION' is never closed" in said
    assert not whole.path("exercises", "01_first").exists()


def test_a_file_saved_meanwhile_is_not_overwritten(whole, capsys, monkeypatch):
    path = whole.path("notebooks", "01_first")

    def slow(one, *_, **options):
        path.write_text(
            path.read_text(encoding="utf-8").replace("42", "43").replace("6 * 7", "6 * 8"), encoding="utf-8"
        )
        return one.notebook

    monkeypatch.setattr(execute, "execute", slow)
    assert not build.build(whole, "01_first", force=False)
    assert "saved by someone else while it was executed" in capsys.readouterr().out
    assert "6 * 8" in path.read_text(encoding="utf-8")


def test_a_file_that_is_no_notebook_is_named(whole, capsys):
    whole.path("notebooks", "01_first").write_text("{}", encoding="utf-8")
    whole.path("solutions", "01_first").unlink()
    assert command.main(["build"]) == 1
    assert capsys.readouterr().out.count("cannot be read as a notebook") == 3


@pytest.mark.parametrize(
    "name", ["01", "1", "01_first", "notebooks/01_first.ipynb", r"notebooks\01_first.ipynb"]
)
def test_a_lesson_has_several_names(whole, name):
    assert build.chosen(whole, [name]) == ["01_first"]


def test_an_unknown_name_lists_the_known_ones(whole, capsys):
    assert command.main(["build", "9"]) == 1
    assert capsys.readouterr().out == "There is no notebook '9'. Choose one of: 01_first.\n"


def test_run_without_check_is_refused(whole, capsys):
    assert command.main(["build", "--run"]) == 1
    assert "--run belongs to --check" in capsys.readouterr().out


def test_force_takes_the_new_picture(whole, monkeypatch):
    path = whole.path("notebooks", "01_first")
    pictures = {}
    for name, data in {"old": "b2xk", "new": "bmV3"}.items():
        pictures[name] = page.read(path).notebook
        shown = samples.shown({"image/png": data, "text/plain": "alt"}, {"image/png": {"alt": "alt"}})
        pictures[name].cells[0].outputs = [shown]
    page.write(path, pictures["old"])
    monkeypatch.setattr(execute, "execute", lambda *_, **options: pictures["new"])
    build.rebuild(whole, path, False)
    assert "b2xk" in path.read_text(encoding="utf-8")
    build.rebuild(whole, path, True)
    assert "bmV3" in path.read_text(encoding="utf-8")


def test_writing_leaves_the_old_file_if_it_fails(whole, monkeypatch):
    path = whole.path("notebooks", "01_first")
    before = path.read_bytes()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        page.write(path, samples.start())
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["01_first.ipynb"]


def test_help_of_each_subcommand_shows_its_options(capsys):
    with pytest.raises(SystemExit, match="0"):
        command.main(["build", "--help"])
    assert "--check" in capsys.readouterr().out
