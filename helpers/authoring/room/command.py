"""`author room`: a folder of progress files becomes one picture a question, and a page with all of them."""

import argparse
import base64
import html
import pathlib

from helpers import scratch, text
from helpers.authoring.room import counting, handed_in, pictures

FEW = 5
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>What the room answered</title>
<style>
body {{ font: 16px/1.4 Arial, "Liberation Sans", Helvetica, sans-serif; }}
main {{ max-width: 60em; margin: 1em auto; }}
section {{ break-inside: avoid; border-top: 1px solid #c9ced6; padding: 0.5em 0; }}
h2 {{ font-size: 1em; color: #005a8f; }} img {{ max-width: 100%; }}
</style></head>
<body><main><h1>What the room answered</h1><p>{learners}</p>
{questions}</main></body></html>
"""
QUESTION = """<section><h2>{identifier}</h2><p>{prompt}</p>
<img alt="{alt}" src="data:image/png;base64,{image}">
{names}</section>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author room` to a parser."""
    parser.add_argument("folder", type=pathlib.Path, help="with the learners' progress.json files, any names")
    parser.add_argument("--lesson", metavar="NN", default="", help="only the questions of one lesson, as 04")
    parser.add_argument(
        "--names", action="store_true", help="say which file chose what (default: nobody is named)"
    )
    parser.add_argument(
        "--to", type=pathlib.Path, metavar="FOLDER", help="where the pictures go (default: scratch/room)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run `author room`; returns 0, or 1 when there is nothing to draw."""
    items = {name: entry for name, entry in text.table("quiz").items() if name.startswith(arguments.lesson)}
    try:
        room = handed_in.read(arguments.folder)
    except NotADirectoryError as error:
        print(error)
        return 1
    for sentence in room.remarks + counting.strangers(room.learners, text.table("quiz")):
        print(_printable(sentence))
    counts = counting.count(room.learners, items)
    if not counts:
        print("Nothing to draw: no file holds an answer to a question of the course.")
        return 1
    folder = arguments.to or scratch.writable() / "room"
    write(folder, counts, items, room.learners if arguments.names else [])
    print(f"{len(counts)} questions, {len(room.learners)} learners. Open {folder / 'room.html'}.")
    if len(room.learners) < FEW:
        print(f"With fewer than {FEW} learners a picture may show who chose what.")
    return 0


def write(
    folder: pathlib.Path,
    counts: list[counting.Count],
    items: dict[str, dict],
    named: list[handed_in.Answers],
) -> None:
    """Write a picture for each question, and the page `room.html` with all of them.

    Pictures of an earlier room in the same folder are removed: they would look like this one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for identifier in text.table("quiz"):
        (folder / f"{identifier}.png").unlink(missing_ok=True)
    questions = []
    for count in counts:
        entry = items[count.identifier]
        image = pictures.png(pictures.draw(count, entry))
        (folder / f"{count.identifier}.png").write_bytes(image)
        questions.append(
            QUESTION.format(
                identifier=html.escape(count.identifier),
                prompt=html.escape(entry["prompt"]).replace("\n", "<br>"),
                alt=html.escape(pictures.alt(count, entry)),
                image=base64.b64encode(image).decode(),
                names=_names(count.identifier, entry, named),
            )
        )
    answered = max(count.learners for count in counts)
    learners = f"{len(counts)} questions; the one answered most often has answers of {answered} learners."
    page = PAGE.format(learners=learners, questions="".join(questions))
    (folder / "room.html").write_text(page, encoding="utf-8")


def _names(identifier: str, entry: dict, named: list[handed_in.Answers]) -> str:
    lines = []
    for one in named:
        chosen = [choice for choice, _ in one.quiz.get(identifier, []) if choice in entry["options"]]
        if chosen:
            lines.append(f"<li>{html.escape(_printable(one.name))}: {html.escape(' → '.join(chosen))}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _printable(sentence: str) -> str:
    """A sentence that any terminal and file takes: a file's name may hold half a sign, or a colour code."""
    return "".join(sign if sign.isprintable() else "�" for sign in sentence)
