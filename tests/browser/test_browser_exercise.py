"""An exercise in JupyterLab: the starter runs, a task is solved, a hint is read."""

import re

from helpers.authoring.notebooks import exercises
from helpers.core import scratch, texts
import nbformat

from tests.browser import notebook

EXERCISE = "exercises/02_save_and_load"


def solved(identifier: str) -> str:
    """The text of a cell with its solution, without the marks around it."""
    solution = nbformat.read(scratch.COURSE / "solutions" / "02_save_and_load.ipynb", as_version=4)
    (cell,) = [cell for cell in solution.cells if cell.id == identifier]
    marks = (exercises.BEGIN, exercises.END)
    return "\n".join(line for line in cell.source.splitlines() if line.strip() not in marks)


def test_an_exercise_is_solved(opened):
    starter = opened(EXERCISE)
    starter.run_all()
    starter.expect_all_run()
    answers = [identifier for identifier in starter.ids if identifier.startswith("answer-")]
    refusals = [re.escape(texts.words(key, text="").strip()) for key in ("not_started", "not_yet")]
    for identifier in answers:
        notebook.expect(starter.output(identifier)).to_have_text(re.compile("^" + "|^".join(refusals), re.M))
    total = texts.words("summary_total", done=0, all=len(answers))
    notebook.expect(starter.output("summary")).to_contain_text(total)

    starter.write("answer-1", solved("answer-1"))
    starter.run("answer-1")
    notebook.expect(starter.output("answer-1")).to_contain_text(texts.words("correct", text="").strip())
    starter.run("summary")
    total = texts.words("summary_total", done=1, all=len(answers))
    notebook.expect(starter.output("summary")).to_contain_text(total)

    starter.cell("hints-1").locator(".cm-line").first.click()
    starter.page.keyboard.press("Control+Slash")
    starter.run("hints-1")
    first = texts.table("exercise")["02.1"]["hints"][0]
    hint = texts.words("hint", id="02.1", number=1, text=first)
    notebook.expect(starter.output("hints-1")).to_have_text(hint)
    notebook.expect(starter.errors).to_have_count(0)
