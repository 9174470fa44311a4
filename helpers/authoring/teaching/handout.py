"""`author handout`: a lesson on one sheet of paper, and a key for the teacher in a file of its own.

The front asks: prediction and myths, with letters. The back has the tasks and what answers: key points,
cures, where to read on.
What comes from the notebook is English, also where the questions are in another language.
"""

import argparse
import html
import os
import pathlib

import bs4
from helpers.authoring.notebooks import markdown, page, parts
from helpers.authoring.teaching import printing, questions
from helpers.core import option_order, scratch, texts

STYLE = pathlib.Path(__file__).with_name("handout.css")
KEY = "-key"  # after the name of a lesson
WORDS = ("paper_name", "paper_tick", "paper_myths", "paper_tasks")
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body><main>
<section class="front">
<p class="name">{words[paper_name]}</p>
<div lang="en"><h1>{title}</h1>
{opening}</div>
<section class="question" lang="en">{question}</section>
<section class="tick"><h2>{words[paper_tick]}</h2>{predictions}</section>
<section class="myths"><h2>{words[paper_myths]}</h2>{myths}</section>
<footer>{name}</footer>
</section>
<section class="back">
<section class="tasks"><h2>{words[paper_tasks]}</h2>{tasks}</section>
<div lang="en">
<section class="points">{points}</section>
<section class="cures">{cures}</section>
<section class="read">{read}</section>
</div>
</section>
</main></body>
</html>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author handout` to a parser."""
    parser.add_argument("names", nargs="+", metavar="LESSON", help="04, 04_formats, or all")
    parser.add_argument(
        "--to", type=pathlib.Path, metavar="FOLDER", help="where the files go (default: scratch/handouts)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author handout`; returns 0, or 1 when a name is unknown or a notebook cannot be read."""
    folder = arguments.to or scratch.writable() / "handouts"
    hint = "open it in a browser and print it on both sides of an A4 sheet"
    code = printing.write_lessons(arguments.names, folder, handout, hint)
    if code:
        return code
    return printing.write_lessons(arguments.names, folder, key, "the key, for the teacher", ending=KEY)


def key(one: page.Page) -> str:
    """The HTML of the key to a lesson's handout: for each question its letter, and the reasons."""
    asked = {name: texts.table("quiz")[name] for name in _asked(one)}
    return questions.paper(asked, key=True, title=printing.title(one.notebook))


def handout(one: page.Page) -> str:
    """The HTML of a lesson's one sheet."""
    solution = page.read(one.path.parent.parent / "solutions" / one.path.name)
    _, *opening = parts.cells(one)[0].source.split("\n\n")
    numbers = {name: number for number, name in enumerate(_asked(one), start=1)}
    return PAGE.format(
        language=html.escape(os.environ.get("COURSE_LANGUAGE", "en")),
        title=html.escape(printing.title(one.notebook)),
        style=STYLE.read_text(encoding="utf-8"),
        opening=_html("\n\n".join(opening)),
        question=_html(parts.heading_cell(one, "The question").source),
        words={name: html.escape(texts.words(name)) for name in WORDS},
        predictions="".join(_item(name, number) for name, number in numbers.items() if ".predict." in name),
        points=_section(one, "Key points"),
        tasks=_tasks(parts.tasks(solution)),
        myths="".join(_item(name, number) for name, number in numbers.items() if ".myth." in name),
        cures=_section(one, "If it breaks"),
        read=_section(one, "Read on"),
        name=html.escape(f"notebooks/{one.path.name} · exercises/{one.path.name}"),
    )


def _asked(one: page.Page) -> list[str]:
    """The questions of a sheet in their order on it: predictions, then myths."""
    return [name for kind in (".predict.", ".myth.") for name in parts.asked(one) if kind in name]


def _item(identifier: str, number: int) -> str:
    """A quiz item with a box and a letter before each option, and no answer."""
    entry = texts.table("quiz")[identifier]
    letters = option_order.letters(option_order.printed(identifier, list(entry["options"])))
    options = "".join(
        f"<li><strong>{letter}</strong> {_inline(entry['options'][option]['text'])}</li>"
        for option, letter in letters.items()
    )
    return f"<div><p><b>{number}</b> · {_inline(entry['prompt'])}</p><ul>{options}</ul></div>"


def _tasks(tasks: dict[str, tuple[str, int]]) -> str:
    lines = [
        f"<li>{number} <span lang=en>{_inline(title)}</span> <em>{minutes} min</em></li>"
        for number, (title, minutes) in tasks.items()
    ]
    return f"<ul>{''.join(lines)}</ul>"


def _section(one: page.Page, title: str) -> str:
    """The text of a section, each cell of it, up to the next heading in the same cell."""
    cells = [
        cell.source
        for cell in parts.section(one, title)
        if cell.cell_type == "markdown" and cell.id != "navigation"
    ]
    whole = "\n\n".join(cells).partition(f"## {title}")[2].partition("\n## ")[0]
    return _html(f"## {title}{whole}")


def _html(source: str) -> str:
    """Markdown as HTML; a link becomes its words, and its address where another machine has it."""
    soup = bs4.BeautifulSoup(str(markdown.rendered(source)), "html.parser")
    for anchor in soup.find_all("a"):
        if anchor["href"].startswith("http"):
            address = soup.new_tag("span", attrs={"class": "address"})
            address.string = f" {anchor['href']}"
            anchor.append(address)
        anchor.unwrap()
    for picture in soup.find_all("img"):
        picture.decompose()
    return str(soup)


def _inline(words: str) -> str:
    """One text with its `code` marked, line by line."""
    return "<br>".join(
        _html(line).strip().removeprefix("<p>").removesuffix("</p>") for line in words.splitlines()
    )
