"""The quiz in JupyterLab, judged by axe-core in the light and in the dark theme."""

import json
import typing

from helpers import text
import pytest

from tests.browser import notebook, quizzes

if typing.TYPE_CHECKING:
    from playwright import sync_api

THEMES = {"JupyterLab Light": "true", "JupyterLab Dark": "false"}
# JupyterLab's body has no height and hides what overflows, so axe would take the whole page for hidden.
VISIBLE_TO_AXE = "html, body { height: 100%; }"
IN_VIEW = """async (part) => {
    part.scrollIntoView({ block: "center" });
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""
# Every visible text must be among those whose contrast was measured; controls that are locked are exempt.
NOT_JUDGED = """(part, selectors) => {
    const judged = selectors.map((selector) => document.querySelector(selector));
    const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
    return [...part.querySelectorAll("*")]
        .filter((element) => [...element.childNodes].some(isText) && element.checkVisibility())
        .filter((element) => !element.closest("[aria-disabled=true], label:has(:disabled)"))
        .filter((element) => !judged.includes(element))
        .map((element) => element.outerHTML);
}"""


@pytest.fixture(params=THEMES)
def lesson(request, page, server, opened):
    """Lesson 02 in one theme, on a page so long that a whole quiz is in view: axe sees nothing else."""
    settings = f"{server.url}lab/api/settings/@jupyterlab/apputils-extension:themes"
    chosen = json.dumps({"theme": request.param})
    assert page.request.put(settings, params={"token": server.token}, data={"raw": chosen}).ok
    page.set_viewport_size({"width": 1200, "height": 2000})
    lesson = opened("notebooks/02_save_and_load")
    notebook.expect(page.locator("body")).to_have_attribute("data-jp-theme-light", THEMES[request.param])
    page.add_style_tag(content=VISIBLE_TO_AXE)
    yield lesson
    assert page.request.put(settings, params={"token": server.token}, data={"raw": "{}"}).ok


def test_everything_in_a_quiz_can_be_read_and_reached(lesson):
    quiz = quizzes.ask(lesson, "myth-shapes")
    expect_accessible(quiz.form)
    quiz.commit(quiz.wrong)
    quiz.button("show").click()
    quiz.expect_evidence()
    quiz.evidence.locator("summary").click()
    expect_accessible(quiz.form)
    quiz.button("again").click()
    quiz.expect_open()
    quiz.commit(quiz.right)
    expect_accessible(quiz.form)


def test_everything_in_a_quiz_without_a_kernel_can_be_read(lesson):
    question = lesson.output("myth-shapes").locator(".jp-RenderedHTML")
    expect_accessible(question)
    question.get_by_text(text.words("folded")).click()
    expect_accessible(question)

    lesson.page.add_style_tag(content=".jp-RenderedHTML { opacity: 0.3; }")
    with pytest.raises(AssertionError, match="color-contrast"):
        expect_accessible(question)


def expect_accessible(part: "sync_api.Locator") -> None:
    """Expect no violation in one part of the page, and that the contrast of each text in it was measured."""
    tool = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed.")
    part.evaluate(IN_VIEW)
    part.evaluate("(part) => part.setAttribute('data-judged', '')")
    results = tool.Axe().run(part.page, context="[data-judged]", options=None)
    assert results.violations_count == 0, results.generate_report()
    measured = [rule["nodes"] for rule in results.response["passes"] if rule["id"] == "color-contrast"]
    selectors = [node["target"][0] for nodes in measured for node in nodes]
    assert part.evaluate(NOT_JUDGED, selectors) == []
    part.evaluate("(part) => part.removeAttribute('data-judged')")
