"""A small valid course, for tests: two lessons with their exercises and solutions, and a start page."""

import pathlib

from helpers.authoring.notebooks import clean, course, exercises, page
import nbformat

LESSONS = ("01_first", "02_second")
START = "00_start_here"
PICTURE = "A line that falls from 2.3 to 0.4 over ten epochs."
LOSS = {"image/png": "aGVsbG8=", "text/plain": PICTURE, "text/html": f'<img alt="{PICTURE}" src="data:,">'}


def text(identifier: str, source: str, *tags: str) -> nbformat.NotebookNode:
    """A Markdown cell."""
    return nbformat.v4.new_markdown_cell(source, id=identifier, metadata={"tags": list(tags)} if tags else {})


def code(
    identifier: str, source: str, *outputs: nbformat.NotebookNode, tag: str = ""
) -> nbformat.NotebookNode:
    """A code cell."""
    metadata = {"tags": [tag]} if tag else {}
    return nbformat.v4.new_code_cell(source, id=identifier, outputs=list(outputs), metadata=metadata)


def printed(output: str, name: str = "stdout") -> nbformat.NotebookNode:
    """What print leaves."""
    return nbformat.v4.new_output("stream", name=name, text=output)


def shown(data: dict[str, str], metadata: dict | None = None) -> nbformat.NotebookNode:
    """What display leaves."""
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata or {})


def finished(cells: list[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    """A cleaned notebook with its code cells counted, as a build leaves it."""
    notebook = nbformat.v4.new_notebook(cells=cells)
    for number, cell in enumerate([cell for cell in cells if cell.cell_type == "code"], start=1):
        cell.execution_count = number
    return clean.clean(notebook)


def set_up(folder: str, stem: str) -> nbformat.NotebookNode:
    """The set-up cell of a lesson or a solution."""
    source = f'from helpers import lesson\n\nlesson.begin("{folder}/{stem}", seed=7)'
    return code("set-up", source, printed("TensorFlow 2.21.0\n"), tag="nbval-ignore-output")


def lesson(stem: str) -> nbformat.NotebookNode:
    """A lesson that every rule accepts."""
    number = stem[:2]
    position = LESSONS.index(stem)
    way = [START, *LESSONS]
    links = [f"[Previous]({way[position]}.ipynb)", f"[exercise](../exercises/{stem}.ipynb)"]
    links += [f"[solution](../solutions/{stem}.ipynb)"]
    links += [f"[Next]({following}.ipynb)" for following in way[position + 2 : position + 3]]
    fail = 'try:\n    load("x")\nexcept ValueError as error:\n    print(type(error).__name__, error)'
    return finished(
        [
            text("title", f"# {number} · Save a model\n\nIt comes back.\n\n{times(14, 19)}"),
            text("question", "## The question\n\nAfterwards you can\n\n- save\n- load"),
            set_up("notebooks", stem),
            text("predict", "Commit an answer first."),
            code("predict-file", f'quiz.ask("{number}.predict.file")', shown({"text/plain": "Which file?"})),
            text("save", "## Save\n\nOne file holds the model."),
            code("save-keras", 'model.save("digits.keras")\nprint("saved")', printed("saved\n")),
            text("saved", "Notice the suffix. See [the question](#The-question)."),
            text(
                "draw",
                "## Look\n\nThe loss, drawn. ![The three parts of a saved model](data:image/png;base64,aGk=)",
            ),
            code("draw-loss", "figures.show(figure, alt=alt)", shown(LOSS, {"image/png": {"alt": PICTURE}})),
            text("failure", "## Fail\n\nThe old way is refused."),
            code("fail", fail, printed("ValueError no file\n")),
            text("repair", "The suffix repairs it."),
            code("proof", "%%fresh\nprint(1)", printed("1\n")),
            text("proved", "The answers are the same."),
            text("key-points", "## Key points\n\n- one\n- two\n- three"),
            text("myths", "## Myths"),
            code("myth-one", f'quiz.ask("{number}.myth.one")', shown({"text/plain": "True?"})),
            text("your-turn", f"## Your turn\n\n[Practice](../exercises/{stem}.ipynb), 19 minutes."),
            text(
                "if-it-breaks",
                "## If it breaks\n\n**No file**: the name lacks its suffix. Add the suffix `.keras`.",
            ),
            text("read-on", "## Read on\n\n- [guide](https://a.example)\n- [article](https://b.example)"),
            text("navigation", " · ".join(links)),
        ]
    )


def times(read: int, practise: int) -> str:
    """The line of minutes under a lesson's title."""
    return f"*{read} minutes to read · {practise} minutes to practise · needs: lesson 01*"


def solution(stem: str) -> nbformat.NotebookNode:
    """A solution that every rule accepts: four tasks of 19 minutes."""
    number = stem[:2]
    cells = [text("title", f"# {number} · Practice: save"), set_up("solutions", stem)]
    for task, (kind, minutes) in enumerate(
        [("warm-up", 3), ("core", 5), ("repair", 5), ("stretch", 6)], start=1
    ):
        name = f"{number}.{task}"
        block = f"{exercises.BEGIN}\nvalue = given\n{exercises.END}"
        answer = f'given = 1\nvalue = None\n{block}\ncheck("{name}", value)'
        hints = "\n".join(f'# hint("{name}", {step})' for step in (1, 2, 3))
        cells.append(text(f"task-{task}", f"## {name} · {kind}: save it ({minutes} minutes)\n\nSave it."))
        cells.append(code(f"answer-{task}", answer, printed("Correct.\n")))
        cells.append(code(f"hints-{task}", hints))
        cells.append(text(f"why-{task}", "One is given.", "solution"))
    return finished([*cells, code("summary", f'summary("{number}")', printed("4 of 4\n"))])


def start() -> nbformat.NotebookNode:
    """A start page that every rule accepts."""
    cells = [text("title", "# Start here"), code("machine-check", "print(1)", printed("1\n"))]
    return finished([*cells, text("navigation", f"[Next]({LESSONS[0]}.ipynb)")])


def write(root: pathlib.Path) -> course.Course:
    """Write the whole course into a folder."""
    whole = course.Course(root, LESSONS, (START,))
    page.write(whole.path("notebooks", START), start())
    for stem in LESSONS:
        page.write(whole.path("notebooks", stem), lesson(stem))
        page.write(whole.path("solutions", stem), solution(stem))
        page.write(whole.path("exercises", stem), exercises.generate(solution(stem)))
    return whole


PAGES = {
    "lesson": ("notebooks", LESSONS[0]),
    "extra": ("notebooks", START),
    "exercise": ("exercises", LESSONS[0]),
    "solution": ("solutions", LESSONS[0]),
}
