"""The first pages walked as a learner walks it: answer, Show me, Run All, restart, interrupt, reopen."""

import re

from helpers.core import texts
import pytest

from tests.browser import notebook, quizzes

FIRST_LOOK = ("00_start_here", "01_what_is_persistence")
ENDLESS = "%%fresh\nprint('it runs', flush=True)\nwhile True:\n    pass"


def identifiers(page: notebook.Notebook) -> dict[str, str]:
    """The question that each quiz cell of a page asks, by the cell's id."""
    asked = {cell.id: re.search(r'quiz\.ask\("([^"]+)"\)', cell.source) for cell in page.cells}
    return {cell: found[1] for cell, found in asked.items() if found}


def answer_all(page: notebook.Notebook) -> None:
    """Answer each question with the mouse, and press *Show me* below it."""
    for cell in identifiers(page):
        page.run(cell)
        quiz = quizzes.shown_below(page, cell)
        page.wait_until_idle()
        quiz.commit(quiz.wrong)
        quiz.button("show").click()
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


def interrupt_a_fresh_cell(page: notebook.Notebook) -> None:
    """Interrupt a cell that would run for ever in its own Python, and put the old text back."""
    cell = page.code_ids[-1]
    old = page.cells[page.ids.index(cell)].source
    page.write(cell, ENDLESS)
    page.run(cell)
    notebook.expect(page.output(cell)).to_contain_text("it runs")
    page.interrupt()
    notebook.expect(page.output(cell)).to_contain_text("KeyboardInterrupt")
    page.wait_until_idle()
    page.write(cell, old)


@pytest.mark.parametrize("name", FIRST_LOOK)
def test_a_page_is_walked_at_first_look(opened, page, server, name):
    lesson = opened(f"notebooks/{name}")
    lesson.run("set-up")
    answer_all(lesson)
    lesson.run_all()
    lesson.expect_all_run()

    lesson.restart()
    start_in_the_middle(lesson)
    lesson.run("set-up")
    interrupt_a_fresh_cell(lesson)
    lesson.run_all()
    lesson.expect_all_run()

    lesson.save()
    notebook.end_kernels(page, server)
    lesson.show()
    lesson.run("set-up")
    for cell in identifiers(lesson):
        lesson.run(cell)
        quiz = quizzes.shown_below(lesson, cell)
        verdict = texts.words("before_wrong")
        notebook.expect(quiz.form.locator(".course-quiz-before")).to_contain_text(f": {verdict}.")
        quiz.expect_open()
