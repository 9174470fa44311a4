"""Every page walked as a learner walks it: answer, Show me, Run All, restart, interrupt, reopen."""

import re

from helpers.authoring.notebooks import exercises
from helpers.core import scratch, texts
import nbformat
import pytest

from tests.browser import keyboard, notebook, quizzes

LESSONS = sorted(path.stem for path in (scratch.COURSE / "notebooks").glob("*.ipynb"))
EXERCISES = sorted(path.stem for path in (scratch.COURSE / "exercises").glob("*.ipynb"))
FIRST_LOOK = {"00_start_here", "01_what_is_persistence"}
ENDLESS = "print('it runs', flush=True)\nwhile True:\n    pass"


def named(folder: str, stems: list[str]) -> list:
    """The pages as parameters of a test; `-k first_look` chooses the few that a first look walks."""
    return [
        pytest.param(f"{folder}/{stem}", id=f"{stem}-first_look" if stem in FIRST_LOOK else stem)
        for stem in stems
    ]


def identifiers(page: notebook.Notebook) -> dict[str, str]:
    """The question that each quiz cell of a page asks, by the cell's id."""
    asked = {cell.id: re.search(r'quiz\.ask\("([^"]+)"\)', cell.source) for cell in page.cells}
    return {cell: found[1] for cell, found in asked.items() if found}


def answer_all(page: notebook.Notebook) -> None:
    """Answer each question, with the mouse and with the keys in turn, and press *Show me* below it."""
    for number, cell in enumerate(identifiers(page)):
        page.run(cell)
        quiz = quizzes.shown_below(page, cell)
        page.wait_until_idle()
        if number % 2 == 0:
            quiz.commit(quiz.wrong)
            quiz.button("show").click()
        else:
            keys = keyboard.Keyboard(page.page)
            keys.enter()
            keys.choose(quiz, quiz.right)
            keys.press("Enter")
            if quiz.waits:
                quiz.expect_noted(quiz.right)
                keys.press("Tab", *["Tab"] * quiz.status.get_by_role("link").count(), "Enter")
            quiz.expect_locked(quiz.right)
            keys.press("Tab", *["Tab"] * quiz.status.get_by_role("link").count(), "Enter")
        quiz.expect_evidence()
        assert quiz.evidence.locator("p").inner_text() != texts.words("evidence_stopped")


def start_in_the_middle(page: notebook.Notebook) -> None:
    """Run every cell but the set-up in a new kernel: it works without, or says what to run first."""
    sentence = texts.words("set_up_first")
    said = 0
    for number, cell in enumerate(page.code_ids[1:], start=1):
        page.run(cell)
        notebook.expect(page.prompt(cell)).to_have_text(f"[{number}]:")
        page.wait_until_idle()
        notebook.expect(page.cell(cell).locator(notebook.ERRORS)).to_have_count(0)
        seen = page.output(cell).inner_text()
        assert "UsageError" not in seen
        said += seen.strip() == sentence
    assert said


def interrupt_an_endless_cell(page: notebook.Notebook) -> None:
    """Interrupt a cell that would run for ever, in a fresh Python where the page has that; put it back."""
    cell = page.code_ids[-1]
    old = page.cells[page.ids.index(cell)].source
    has_fresh = any("%load_ext helpers.fresh" in one.source for one in page.cells)
    page.write(cell, "%%fresh\n" * has_fresh + ENDLESS)
    page.run(cell)
    notebook.expect(page.output(cell)).to_contain_text("it runs")
    page.interrupt()
    notebook.expect(page.output(cell)).to_contain_text("KeyboardInterrupt")
    page.wait_until_idle()
    page.write(cell, old)


@pytest.mark.parametrize("name", named("notebooks", LESSONS))
def test_a_lesson_is_walked(opened, page, server, name):
    lesson = opened(name)
    lesson.run("set-up")
    answer_all(lesson)
    lesson.run_all()
    lesson.expect_all_run()

    lesson.restart()
    start_in_the_middle(lesson)
    lesson.run("set-up")
    interrupt_an_endless_cell(lesson)
    lesson.run_all()
    lesson.expect_all_run()

    lesson.save()
    notebook.end_kernels(page, server)
    lesson.show()
    lesson.run("set-up")
    for number, cell in enumerate(identifiers(lesson)):
        lesson.run(cell)
        quiz = quizzes.shown_below(lesson, cell)
        verdict = texts.words("before_right" if number % 2 else "before_wrong")
        notebook.expect(quiz.form.locator(".course-quiz-before")).to_contain_text(f": {verdict}.")
        quiz.expect_open()


@pytest.mark.parametrize("name", named("exercises", EXERCISES))
def test_an_exercise_is_walked(opened, name):
    starter = opened(name)
    starter.run_all()
    starter.expect_all_run()

    solved = scratch.COURSE / "solutions" / f"{name.partition('/')[2]}.ipynb"
    solution = nbformat.read(solved, as_version=4)
    marks = (exercises.BEGIN, exercises.END)
    answers = [cell for cell in solution.cells if cell.id.startswith("answer-")]
    for cell in answers:
        kept = [line for line in cell.source.splitlines() if line.strip() not in marks]
        starter.write(cell.id, "\n".join(kept))
    for _ in range(2):
        starter.run_all()
        starter.expect_all_run()
        for cell in answers:
            notebook.expect(starter.output(cell.id)).to_contain_text(texts.words("correct", text="").strip())
