"""The pages of the website as Sphinx reads them, made from the notebooks, teacher's page and changelog.

Everything keeps its folder and name, so that a link between two notebooks is a link between two pages.
"""

import base64
import copy
import hashlib
import html
import pathlib
import posixpath
import re

from helpers import deck, question
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.site import prose
from helpers.core import texts
import nbformat

PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,([A-Za-z0-9+/=\s]+)")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
HREF = re.compile(r'href="([^":#]+)\.ipynb(#[^"]*)?"')
DECK = re.compile(r"deck\.ask\(\)\s*")
SOLUTION = re.compile(r"^### BEGIN SOLUTION\n(.*?)^### END SOLUTION\n?", re.DOTALL | re.MULTILINE)
TEACHER, CHANGELOG = "solutions/README", ".github/CHANGELOG"
PAGES = {TEACHER: "teacher", CHANGELOG: "changelog"}


def write(whole: course.Course, folder: pathlib.Path, language: str = "en") -> dict[str, str]:
    """Write every page below a folder; returns the language of each by its name, in the order of reading.

    A page of which less than half is translated stays in English as a whole.

    Raises:
        page.NotExecuted: a lesson has no outputs.
        page.Unreadable: a notebook cannot be read.
    """
    maker = Maker(whole, folder, language)
    lessons = [f"notebooks/{stem}" for stem in (*whole.extras[:1], *whole.lessons, *whole.extras[1:])]
    exercises = [f"exercises/{stem}" for stem in whole.lessons]
    maker.known = {*lessons, *exercises, *(f"solutions/{stem}" for stem in whole.lessons)}
    for name in lessons:
        maker.lesson(page.read(whole.root / f"{name}.ipynb"))
    for stem in whole.lessons:
        maker.exercise(*(page.read(whole.path(place, stem)) for place in ("exercises", "solutions")))
    for source, target in PAGES.items():
        text = (whole.root / f"{source}.md").read_text(encoding="utf-8")
        maker.markdown(target, maker.said(text, f"{source}.md", ""))
    maker.start(lessons, exercises)
    begun = {place.rpartition(".")[0] for place in maker.translated}
    begun |= {PAGES[name] for name in begun & PAGES.keys()} | {"index"}
    names = ["index", *lessons, *exercises, *PAGES.values()]
    return {name: language if name in begun else "en" for name in names}


class Maker:
    """Writes the pages of one course into one folder."""

    def __init__(self, whole: course.Course, folder: pathlib.Path, language: str = "en") -> None:
        self.whole, self.folder = whole, folder
        self.known: set[str] = set()
        self.prose = {} if language == "en" else prose.catalogue(language)
        # The places of the pages that appear in the language.
        self.translated = {
            place
            for place, said in (prose.pages(whole) if self.prose else {}).items()
            if 2 * sum(words in self.prose for words in said) >= len(said)
        }

    def lesson(self, one: page.Page) -> None:
        """Write a lesson or another page of the notebooks, with its outputs and its questions.

        Raises:
            page.NotExecuted: it has code and no outputs.
        """
        page.need_outputs(one)
        cells = []
        for cell in copy.deepcopy(parts.cells(one)):
            if asked := parts.asked_by(cell):
                cells.append(_markdown(_question(asked)))
            elif cell.cell_type == "code" and DECK.fullmatch(cell.source.strip()):
                cells.append(_markdown(f'<div data-course-deck="{deck.sealed()}"></div>'))
            elif cell.cell_type == "code" and cell.source.startswith("score."):
                place = '<pre class="course-page-summary" tabindex="0"></pre>'
                cells += [_markdown(place)] if "summary" in cell.source else []
            elif cell.id == "paste" and one.stem == "error_clinic":
                # What a reader came for stands first; the cells after it need what the notebook imports.
                cells.append(_markdown('<div class="course-page-clinic"></div>'))
                cells.append(cells.pop(1))
            elif cell.id == "set-up" and one.stem == "myth_busters":
                continue  # it prepares cells of which the page has none
            elif cell.id.startswith("hints-"):
                cells.append(_markdown(_folded(f"{one.number}.{cell.id.removeprefix('hints-')}", None)))
            elif cell.cell_type == "code":
                cell.outputs = [self._output(output) for output in cell.outputs]
                cells.append(cell)
            else:
                cell.source = self.said(prose.for_site(cell.source), one.place, "../")
                cells.append(cell)
        cells[0].source += _own_notebook(one)
        self._notebook(one, cells)

    def exercise(self, one: page.Page, solution: page.Page) -> None:
        """Write the tasks of a lesson: after each its hints, one in the other, and then the solution."""
        solved = {cell.id: cell for cell in parts.code_cells(solution)}
        cells = []
        for cell in copy.deepcopy(parts.cells(one)):
            if cell.cell_type == "markdown":
                cell.source = self.said(prose.for_site(cell.source), one.place, "../")
                cells.append(cell)
            elif cell.id.startswith("hints-"):
                task = f"{one.number}.{cell.id.removeprefix('hints-')}"
                cells.append(_markdown(_folded(task, solved.get(f"answer-{cell.id.removeprefix('hints-')}"))))
            elif cell.id != "summary":
                cells.append(cell)
        cells[0].source += _own_notebook(one)
        self._notebook(one, cells)

    def start(self, lessons: list[str], exercises: list[str]) -> None:
        """Write the first page: what this is, the map, and the lists that the menu is made of."""
        first = page.read(self.whole.root / f"{lessons[0]}.ipynb")
        intro = self.said(prose.for_site(parts.cells(first)[0].source.split("\n\n")[1]), first.place, "")
        table = next((cell for cell in parts.cells(first) if cell.get("id") == "about-map"), None)
        shown = self.said(table.source, first.place, "") if table else ""
        extras = [f"notebooks/{stem}" for stem in self.whole.extras[1:]]
        lists = [
            ("site_lessons", [name for name in lessons if name not in extras]),
            ("site_exercises", exercises),
            ("site_beside", extras),
            ("site_teachers", list(PAGES.values())),
        ]
        trees = [
            "\n".join(["```{toctree}", ":hidden:", f":caption: {texts.words(caption)}", "", *names, "```"])
            for caption, names in lists
        ]
        heading = f"# {texts.words('site_title')}"
        doors = self.links(texts.words("site_doors"), "", "")
        self.markdown("index", "\n\n".join([heading, intro, doors, texts.words("site_how"), shown, *trees]))

    def markdown(self, name: str, source: str) -> None:
        """Write a page of Markdown."""
        (self.folder / f"{name}.md").write_text(source + "\n", encoding="utf-8")

    def said(self, source: str, place: str, up: str) -> str:
        """Markdown of a page in the language of the site, if the page is translated, and with its links.

        Args:
            source: the Markdown.
            place: that of the page in the course, such as "notebooks/02_save_and_load.ipynb".
            up: what leads from its page to the first one: "../" or "".
        """
        if place in self.translated:
            source = prose.translated(source, self.prose)
        return self.links(source, posixpath.dirname(place), up)

    def links(self, source: str, folder: str, up: str) -> str:
        """Markdown whose links lead to pages of the site; what is no page of it becomes its words.

        Args:
            source: the Markdown.
            folder: where it lies in the course, such as "notebooks".
            up: what leads from its page to the first one: "../" or "".
        """
        return LINK.sub(lambda match: self._link(match, folder, up), source)

    def _link(self, match: re.Match, folder: str, up: str) -> str:
        picture, words, target = match.groups()
        if target.startswith(("https://", "http://", "mailto:")):
            return match[0]
        path, _, anchor = target.partition("#")
        name = posixpath.normpath(posixpath.join(folder, path)) if path else ""
        if picture:
            return self._copied(match, name, up) or words
        stem = name.removesuffix(".ipynb").removesuffix(".md")
        if stem in PAGES:
            name = f"{PAGES[stem]}.md"
        elif stem in self.known:
            # A solution stands on the page of its exercise.
            name = f"{stem.replace('solutions/', 'exercises/')}.ipynb"
        elif path:
            return words
        if f"{stem}.ipynb" in self.translated:
            heading = anchor.replace("-", " ")
            anchor = prose.anchor(self.prose.get(heading, heading))
        anchor = f"#{_slug(anchor)}" if anchor else ""
        return f"[{words}]({up + name if name else ''}{anchor})"

    def _copied(self, match: re.Match, name: str, up: str) -> str:
        source = self.whole.root / name
        if not source.is_file():
            return ""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_bytes(source.read_bytes())
        return f"![{match[2]}]({up}{name})"

    def _output(self, output: nbformat.NotebookNode) -> nbformat.NotebookNode:
        """An output whose pictures are files, loaded when they come into view, and whose links are pages."""
        data = output.get("data", {})
        if "text/html" not in data:
            return output
        found = PICTURE.sub(self._picture, data["text/html"]).replace("<img ", '<img loading="lazy" ')
        found = re.sub(r"<th[^>]*></th>", "<td></td>", found)  # an empty heading is none
        data["text/html"] = HREF.sub(lambda link: f'href="{link[1]}.html{(link[2] or "").lower()}"', found)
        data.pop("image/png", None)
        return output

    def _picture(self, match: re.Match) -> str:
        content = base64.b64decode(match[2])
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{match[1]}"
        path = self.folder / "_static" / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return f"../_static/pictures/{name}"

    def _notebook(self, one: page.Page, cells: list[nbformat.NotebookNode]) -> None:
        for cell in cells:
            if cell.cell_type == "code":
                cell.metadata = nbformat.NotebookNode()
        notebook = copy.deepcopy(one.notebook)
        notebook.cells = cells
        path = self.folder / one.place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text(notebook), encoding="utf-8")


def _own_notebook(one: page.Page) -> str:
    """The line that leads to the notebook of a page, which lies beside it."""
    return (
        f'\n\n<p class="course-notebook"><a href="{one.path.name}" download>'
        f"{html.escape(texts.words('site_notebook'))}</a></p>"
    )


def _question(identifier: str) -> str:
    """The place of a question, and its text where no script runs; the answer is not in it."""
    entry = texts.table("quiz")[identifier]
    plain = html.escape(question.plain(identifier, entry)).replace("\n", "<br>")
    sealed = question.sealed(identifier, entry)
    place = f'<div data-course-question="{sealed}" data-item="{html.escape(identifier)}"></div>'
    return f"{place}\n<noscript><p>{plain}</p></noscript>"


def _folded(task: str, answer: nbformat.NotebookNode | None) -> str:
    """The hints of a task, each folded in the one before it, and in the last the solution."""
    hints = texts.table("exercise").get(task, {}).get("hints", [])
    found = SOLUTION.findall(answer.source) if answer else []
    folded = f"\n\n```python\n{''.join(found).rstrip()}\n```\n\n" if found else ""
    if folded:
        folded = f"<details><summary>{texts.words('site_solution')}</summary>{folded}</details>"
    for number, hint in reversed(list(enumerate(hints, start=1))):
        title = texts.words("site_hint", number=number, count=len(hints))
        folded = f"<details><summary>{title}</summary>\n\n{hint}\n\n{folded}\n\n</details>"
    return folded


def _markdown(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _slug(anchor: str) -> str:
    """JupyterLab's anchor of a heading as MyST writes it."""
    return re.sub(r"[^\w-]", "", anchor.lower())
