"""What stands on which slide of a lesson, what appears on the next key press, and what the speaker says.

A slide has 1280 x 720 points, which reveal.js scales to the projector. Text of 29 points is 4 % of the height
from any distance, code of 22 points 3 %; so a slide takes little, and what does not fit begins another one.
"""

import base64
import collections.abc
import dataclasses
import html
import math
import mimetypes
import re

import bs4
from helpers import question
from helpers.authoring.notebooks import course, markdown, page, parts
from helpers.authoring.teaching import guide
from helpers.core import option_order, texts
import nbconvert.filters
import nbformat

WIDTH, HEIGHT = 1280, 720  # points, as in slides.css
ROOM = 580  # points of height below the heading
LINE, CODE = 39, 27  # points of height that a line of text and a line of code take
LETTERS, SIGNS = 76, 84  # how many of them one line holds
# Nothing to look at together: what is imported, and the links to other notebooks.
LEFT_OUT = ("set-up", "navigation")


@dataclasses.dataclass
class Piece:
    """A part of a slide that is never cut: its HTML and the points of height it takes."""

    html: str
    height: int
    later: bool = False  # appears on the next key press


@dataclasses.dataclass
class Slide:
    """One slide; `begins` is False where it goes on under the heading of the one before."""

    title: str
    begins: bool
    first: bool = False
    pieces: list[Piece] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)

    @property
    def height(self) -> int:
        """Points of height that its pieces take."""
        return sum(piece.height for piece in self.pieces)


def slides(one: page.Page) -> list[Slide]:
    """The slides of a lesson: its text, code, results, questions and their answers, with notes to say."""
    maker = _Maker(one)
    for cell in parts.cells(one):
        if cell.get("id") in LEFT_OUT:
            continue
        asked = parts.asked_by(cell)
        if cell.cell_type == "markdown":
            maker.text(cell)
        elif asked:
            maker.question(asked)
        else:
            maker.code(cell)
    maker.guide()
    return maker.slides


class _Maker:
    """Fills slides one after the other."""

    def __init__(self, one: page.Page) -> None:
        self.one = one
        self.slides: list[Slide] = []
        self.waiting: dict[str, str] = {}  # what a cell settles: its place, and the question
        self.section = ""  # the last heading of the lesson
        self.full = ""  # "code" or "question" stands on the present slide

    def begin(self, words: str = "", begins: bool = False) -> None:
        """Begin a slide, under the heading of its section if it has none of its own."""
        if self.slides and not self.slides[-1].pieces:  # a heading alone is no slide
            begins = self.slides.pop().begins or begins
        self.slides.append(Slide(words or self.section, begins, first=not self.slides))
        self.full = ""

    def add(self, piece: Piece) -> None:
        """Put a piece on the present slide, or on another one where it does not fit."""
        now = self.slides[-1]
        if now.pieces and now.height + piece.height > ROOM:
            self.slides.append(Slide(now.title, begins=False))
            piece.later = False  # turning to its slide is the key press
        self.slides[-1].pieces.append(piece)

    def text(self, cell: nbformat.NotebookNode) -> None:
        """A text: paragraphs stand in the notes too, since they are what a teacher says."""
        remark = self.full == "code"  # what stands above the first heading belongs to the cell before
        if self.full == "question":
            self.begin()
        for block in markdown.rendered(cell.source).find_all(True, recursive=False):
            block = bs4.BeautifulSoup(str(block), "html.parser").find(True)
            for anchor in block.find_all("a"):
                if not anchor["href"].startswith("http"):
                    anchor.unwrap()
            if block.name in ("h1", "h2"):
                self.section = block.decode_contents()
                self.begin(begins=True)
                remark = False
                continue
            for picture in block.find_all("img"):
                picture["src"] = _embedded(self.one, picture["src"])
            said = block.name == "p" and not block.find("img")
            for piece in _blocks(block):
                piece.later = remark
                self.add(piece)
            if said:
                self.slides[-1].notes.append(str(block))

    def code(self, cell: nbformat.NotebookNode) -> None:
        """A cell of code, and its results on the next key press."""
        if self.full:
            self.begin()
        for lines in _in_pages(cell.source.splitlines()):
            shown = nbconvert.filters.Highlight2HTML(pygments_lexer="ipython3")("\n".join(lines))
            self.add(Piece(shown, _lines(lines) * CODE + 36))
        self.full = "code"
        for output in cell.outputs:
            self._result(output)
        for identifier, place in list(self.waiting.items()):
            if place == f"{self.one.stem}#{cell.id}":
                self.answer(identifier)

    def _result(self, output: nbformat.NotebookNode) -> None:
        data = output.get("data", {})
        if "image/png" in data:
            self.begin()
            self.add(Piece(f'<div class="picture">{data["text/html"]}</div>', ROOM))
            self.full = "code"
            for picture in bs4.BeautifulSoup(data["text/html"], "html.parser").find_all("img", alt=True):
                self.slides[-1].notes.append(f"<p>{html.escape(picture['alt'])}</p>")
        elif "text/html" in data:
            for block in bs4.BeautifulSoup(data["text/html"], "html.parser").find_all(True, recursive=False):
                for piece in _blocks(block):
                    piece.later = True
                    self.add(piece)
        else:
            words = output.get("text") or data.get("text/plain", "") or "\n".join(output.get("traceback", []))
            for lines in _in_pages(words.rstrip().splitlines()):
                shown = nbconvert.filters.ansi2html("\n".join(lines))
                self.add(Piece(f'<pre class="result">{shown}</pre>', _lines(lines) * CODE + 20, later=True))

    def question(self, identifier: str) -> None:
        """A question with its letters; its answer stands in the notes, and on a slide where it is settled."""
        entry = texts.table("quiz")[identifier]
        self.begin(html.escape(texts.words(entry["kind"])))
        order = option_order.printed(identifier, list(entry["options"]))
        self.add(_paragraph(question.marked(entry["prompt"])))
        for key, letter in option_order.letters(order).items():
            self.add(_option(letter, question.marked(entry["options"][key]["text"])))
        self.slides[-1].notes += [line.html for line in _answer(identifier, entry)]
        self.full = "question"
        if entry["kind"] == "predict" and entry.get("seen_in", "").startswith(f"{self.one.stem}#"):
            self.waiting[identifier] = entry["seen_in"]
        else:
            self.answer(identifier)

    def answer(self, identifier: str) -> None:
        """The answer of a question: every option with its reason."""
        self.waiting.pop(identifier, None)
        entry = texts.table("quiz")[identifier]
        self.begin(question.marked(texts.words("right_answer", text=_letter(identifier, entry["right"]))))
        for piece in _answer(identifier, entry):
            self.add(piece)
        self.slides[-1].notes.append(f"<p>{question.marked(entry['prompt'])}</p>")
        self.full = "question"

    def guide(self) -> None:
        """What the teacher's page says of the lesson: what to say first, and what to discuss at the end."""
        try:
            entry = guide.of(self.one.number, course.Course(self.one.path.parent.parent))
        except (LookupError, OSError):
            return
        first = markdown.rendered(entry.parts.get("Say first", ""))
        self.slides[0].notes.insert(0, str(first))
        self.slides[-1].notes.append(str(markdown.rendered(entry.parts.get("Discuss", ""))))


def _blocks(block: bs4.Tag) -> collections.abc.Iterator[Piece]:
    """A block of HTML in pieces that fit: a list by its lines, a table by its rows."""
    if block.name == "table":
        yield from _rows(block)
    elif block.name in ("ul", "ol"):
        for number, line in enumerate(block.find_all("li", recursive=False), start=1):
            start = f' start="{number}"' if block.name == "ol" else ""
            height = math.ceil(len(line.get_text()) / (LETTERS - 3)) * LINE + 8
            yield Piece(f"<{block.name}{start}>{line}</{block.name}>", height)
    elif block.name == "pre":
        for lines in _in_pages(block.get_text().rstrip().splitlines()):
            yield Piece(f"<pre>{html.escape(chr(10).join(lines))}</pre>", _lines(lines) * CODE + 36)
    elif block.find("img"):
        yield Piece(f'<div class="picture">{block.decode_contents()}</div>', ROOM)
    else:
        yield _paragraph(block.decode_contents(), len(block.get_text()))


def _paragraph(inner: str, letters: int = 0) -> Piece:
    letters = letters or len(bs4.BeautifulSoup(inner, "html.parser").get_text())
    return Piece(f"<p>{inner}</p>", math.ceil(letters / LETTERS) * LINE + 14 + inner.count("<br>") * LINE)


def _option(letter: str, inner: str) -> Piece:
    piece = _paragraph(inner)
    return Piece(f'<p class="option"><strong>{letter}</strong> {inner}</p>', piece.height)


def _rows(table: bs4.Tag) -> collections.abc.Iterator[Piece]:
    """The rows of a table, as many on a slide as fit, each time below its headings."""
    rows = table.find_all("tr")
    widest = [max(len(cell.get_text()) for cell in column) for column in _columns(rows)]
    shares = [math.sqrt(width + 1) for width in widest]

    def height(row: bs4.Tag) -> int:
        cells = zip(row.find_all(["td", "th"]), shares, strict=False)
        wrapped = [len(cell.get_text()) / (LETTERS * 0.9 * share / sum(shares)) for cell, share in cells]
        return math.ceil(max(wrapped, default=1)) * LINE + 8

    head = [row for row in rows if row.find("th") and not row.find("td")][:1]
    body = [row for row in rows if row not in head]
    taken, used = [], sum(map(height, head))
    for row in body:
        if taken and used + height(row) > ROOM:
            yield _table([*head, *taken], used)
            taken, used = [], sum(map(height, head))
        taken.append(row)
        used += height(row)
    yield _table([*head, *taken], used)


def _columns(rows: list[bs4.Tag]) -> collections.abc.Iterator[list[bs4.Tag]]:
    cells = [row.find_all(["td", "th"]) for row in rows]
    for number in range(max(map(len, cells), default=0)):
        yield [row[number] for row in cells if number < len(row)]


def _table(rows: list[bs4.Tag], height: int) -> Piece:
    return Piece(f"<table>{''.join(map(str, rows))}</table>", height + 14)


def _letter(identifier: str, key: str) -> str:
    options = texts.table("quiz")[identifier]["options"]
    return option_order.letters(option_order.printed(identifier, list(options)))[key]


def _answer(identifier: str, entry: dict) -> collections.abc.Iterator[Piece]:
    """Every option with its reason, the right one marked, and why the question matters."""
    for key in option_order.printed(identifier, list(entry["options"])):
        option, mark = entry["options"][key], " ✓" if key == entry["right"] else ""
        inner = f"<em>{question.marked(option['text'])}</em><br>{question.marked(option['why'])}"
        yield _option(_letter(identifier, key) + mark, inner)
    yield _paragraph(question.marked(texts.words("matters", text=entry["matters"])))


def _lines(lines: list[str]) -> int:
    """How many lines of a slide lines of code take, wrapped where they are too long."""
    return sum(max(1, math.ceil(len(line) / SIGNS)) for line in lines)


def _in_pages(lines: list[str]) -> collections.abc.Iterator[list[str]]:
    """Lines of code or of a result, as many at once as fit on a slide."""
    taken: list[str] = []
    for line in lines:
        if taken and _lines([*taken, line]) * CODE + 36 > ROOM:
            yield taken
            taken = []
        taken.append(line)
    if taken:
        yield taken


def _embedded(one: page.Page, source: str) -> str:
    """The source of a picture, as data that need no file."""
    path = one.path.parent / re.sub(r"[?#].*", "", source)
    if source.startswith("data:") or not path.is_file():
        return source
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
