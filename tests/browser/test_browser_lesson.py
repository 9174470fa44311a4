"""Lessons in JupyterLab: one that is run, one that is only looked at, and none that leaves this machine."""

from helpers.core import texts

from tests.browser import notebook, quizzes


def test_a_lesson_runs_to_its_end(opened):
    lesson = opened("notebooks/02_save_and_load")
    lesson.run_all()
    lesson.expect_all_run()
    asked = sum("quiz.ask(" in cell.source for cell in lesson.cells)
    notebook.expect(lesson.page.locator("form.course-quiz")).to_have_count(asked)


def test_the_first_page_asks_without_a_kernel_and_with_one(opened):
    lesson = opened("notebooks/00_start_here")
    entry = texts.table("quiz")["00.predict.proof"]
    output = lesson.output("predict-proof")
    notebook.expect(output).to_contain_text(quizzes.shown(entry["prompt"]))
    notebook.expect(output.locator("form")).to_have_count(0)
    notebook.expect(lesson.page.get_by_text("Error displaying widget")).to_have_count(0)

    why = output.get_by_text(quizzes.shown(entry["options"][entry["right"]]["why"]))
    notebook.expect(why).to_be_hidden()
    output.get_by_text(texts.words("folded")).click()
    notebook.expect(why).to_be_visible()

    quizzes.ask(lesson, "predict-proof").expect_open()


def test_a_saved_lesson_asks_again_the_next_day(opened, page, server):
    lesson = opened("notebooks/00_start_here")
    quiz = quizzes.ask(lesson, "predict-proof")
    quiz.commit(quiz.wrong)
    lesson.save()
    notebook.end_kernels(page, server)
    lesson.show()
    notebook.expect(lesson.output("predict-proof")).to_contain_text(texts.words("static"))
    notebook.expect(page.get_by_text("Error displaying widget")).to_have_count(0)


def test_a_request_to_another_machine_is_noticed(page, outside):
    """Every test fails at its end if its page has made one; this shows that it would."""
    address = "https://example.org/"
    page.evaluate("(address) => fetch(address).catch(() => null)", address)
    assert outside == [address]
    outside.clear()
