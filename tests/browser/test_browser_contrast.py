"""The quiz in JupyterLab, judged by axe-core in the light and in the dark theme."""

from helpers.core import texts
import pytest

from tests.browser import accessible, quizzes


@pytest.fixture
def lesson(themed):
    return themed("notebooks/02_save_and_load")


def test_everything_in_a_quiz_can_be_read_and_reached(lesson):
    quiz = quizzes.ask(lesson, "myth-shapes")
    accessible.expect_accessible(quiz.form)
    quiz.commit(quiz.wrong)
    quiz.button("show").click()
    quiz.expect_evidence()
    quiz.evidence.locator("summary").click()
    accessible.expect_accessible(quiz.form)
    quiz.button("again").click()
    quiz.expect_open()
    quiz.commit(quiz.right)
    accessible.expect_accessible(quiz.form)


def test_everything_in_a_quiz_without_a_kernel_can_be_read(lesson):
    question = lesson.output("myth-shapes").locator(".jp-RenderedHTML")
    accessible.expect_accessible(question)
    question.get_by_text(texts.words("folded")).click()
    accessible.expect_accessible(question)

    lesson.page.add_style_tag(content=".jp-RenderedHTML { opacity: 0.3; }")
    with pytest.raises(AssertionError, match="color-contrast"):
        accessible.expect_accessible(question)
