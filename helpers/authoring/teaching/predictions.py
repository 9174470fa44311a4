"""`author room`: a folder of progress files becomes one picture a question, and a page with all of them."""

import argparse
import base64
import html
import io
import pathlib
import textwrap

from helpers import figures
from helpers.authoring.teaching import progress_files
from helpers.core import scratch, texts
import matplotlib.figure

# Draws one question as a room answered it: a pair of bars for each option, before and after.


def draw(count: progress_files.Count, entry: dict) -> matplotlib.figure.Figure:
    """The picture of one question. The right option is marked in words, before and after by hatching too."""
    labels = [
        textwrap.fill(option["text"] + (" (right)" if key == entry["right"] else ""), 38)
        for key, option in entry["options"].items()
    ]
    figure = matplotlib.figure.Figure(figsize=(8.5, 0.75 * len(labels) + 1.3), layout="constrained")
    axis = figure.add_subplot()
    places = range(len(labels))
    before = axis.barh(
        [place - 0.19 for place in places],
        list(count.before.values()),
        height=0.34,
        color=figures.ORANGE,
        hatch="//",
        edgecolor="white",
        label="first answer",
    )
    after = axis.barh(
        [place + 0.19 for place in places],
        list(count.after.values()),
        height=0.34,
        color=figures.BLUE,
        label="last answer",
    )
    axis.bar_label(before, padding=3)
    axis.bar_label(after, padding=3)
    # A `$` in a text would begin a formula.
    axis.set_yticks(places, [label.replace("$", r"\$") for label in labels])
    axis.set(xlabel=f"of {count.learners} who answered; {count.again} of them answered again")
    axis.set_xlim(0, max(*count.before.values(), *count.after.values()) * 1.1)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.invert_yaxis()
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
    return figure


def png(figure: matplotlib.figure.Figure) -> bytes:
    """A figure as a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, facecolor="white")
    return buffer.getvalue()


def alt(count: progress_files.Count, entry: dict) -> str:
    """The same in words."""
    parts = [
        f"{option['text']}{' (right)' if key == entry['right'] else ''}: "
        f"{count.before[key]} at first, {count.after[key]} at last"
        for key, option in entry["options"].items()
    ]
    return f"{count.learners} answered, {count.again} of them again. {'; '.join(parts)}."


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
    items = {name: entry for name, entry in texts.table("quiz").items() if name.startswith(arguments.lesson)}
    try:
        room = progress_files.read(arguments.folder)
    except NotADirectoryError as error:
        print(error)
        return 1
    for sentence in room.remarks + progress_files.strangers(room.learners, texts.table("quiz")):
        print(_printable(sentence))
    counts = progress_files.count(room.learners, items)
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
    counts: list[progress_files.Count],
    items: dict[str, dict],
    named: list[progress_files.Answers],
) -> None:
    """Write a picture for each question, and the page `room.html` with all of them.

    Pictures of an earlier room in the same folder are removed: they would look like this one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for identifier in texts.table("quiz"):
        (folder / f"{identifier}.png").unlink(missing_ok=True)
    questions = []
    for count in counts:
        entry = items[count.identifier]
        image = png(draw(count, entry))
        (folder / f"{count.identifier}.png").write_bytes(image)
        questions.append(
            QUESTION.format(
                identifier=html.escape(count.identifier),
                prompt=html.escape(entry["prompt"]).replace("\n", "<br>"),
                alt=html.escape(alt(count, entry)),
                image=base64.b64encode(image).decode(),
                names=_names(count.identifier, entry, named),
            )
        )
    answered = max(count.learners for count in counts)
    learners = f"{len(counts)} questions; the one answered most often has answers of {answered} learners."
    page = PAGE.format(learners=learners, questions="".join(questions))
    (folder / "room.html").write_text(page, encoding="utf-8")


def _names(identifier: str, entry: dict, named: list[progress_files.Answers]) -> str:
    lines = []
    for one in named:
        chosen = [choice for choice, _ in one.quiz.get(identifier, []) if choice in entry["options"]]
        if chosen:
            lines.append(f"<li>{html.escape(_printable(one.name))}: {html.escape(' → '.join(chosen))}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _printable(sentence: str) -> str:
    """A sentence that any terminal and file takes: a file's name may hold half a sign, or a colour code."""
    return "".join(sign if sign.isprintable() else "�" for sign in sentence)
