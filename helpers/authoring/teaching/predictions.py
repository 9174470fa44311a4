"""`author room`: a folder of progress files becomes one picture a question, and a page with all of them."""

import argparse
import base64
import html
import io
import os
import pathlib
import textwrap

from helpers import figures, question
from helpers.authoring.teaching import exercise_table, progress_files
from helpers.core import option_order, scratch, texts
import matplotlib.figure

# Draws one question as a room answered it: a pair of bars for each option, before and after.


def plain(words: str) -> str:
    """A text without the marks of code and of what stands out, which a picture cannot show."""
    return words.replace("`", "").replace("**", "")


def lettered(identifier: str, entry: dict) -> dict[str, str]:
    """The options as a room sees them, in the order of the printed page: "B · RMSprop"."""
    order = option_order.printed(identifier, list(entry["options"]))
    letters = option_order.letters(order)
    return {key: f"{letters[key]} · {plain(entry['options'][key]['text'])}" for key in order}


def draw(count: progress_files.Count, entry: dict, answer: bool) -> matplotlib.figure.Figure:
    """The picture of one question; before and after are told apart by hatching too.

    Args:
        answer: mark the right option, in words. Without, the picture can be shown before a second vote.
    """
    options = lettered(count.identifier, entry)
    labels = [
        textwrap.fill(text + (_right() if answer and key == entry["right"] else ""), 38)
        for key, text in options.items()
    ]
    figure = matplotlib.figure.Figure(figsize=(8.5, 0.75 * len(labels) + 1.3), layout="constrained")
    axis = figure.add_subplot()
    places = range(len(labels))
    before = axis.barh(
        [place - 0.19 for place in places],
        [count.before[key] for key in options],
        height=0.34,
        color=figures.ORANGE,
        hatch="//",
        edgecolor="white",
        label=texts.words("room_first"),
    )
    after = axis.barh(
        [place + 0.19 for place in places],
        [count.after[key] for key in options],
        height=0.34,
        color=figures.BLUE,
        label=texts.words("room_last"),
    )
    axis.bar_label(before, padding=3)
    axis.bar_label(after, padding=3)
    # A `$` in a text would begin a formula.
    axis.set_yticks(places, [label.replace("$", r"\$") for label in labels])
    axis.set(xlabel=texts.words("room_axis", learners=count.learners, again=count.again))
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


def alt(count: progress_files.Count, entry: dict, answer: bool) -> str:
    """The same in words."""
    parts = []
    for key, text in lettered(count.identifier, entry).items():
        option = text + (_right() if answer and key == entry["right"] else "")
        counts = {"before": count.before[key], "after": count.after[key]}
        parts.append(texts.words("room_option", option=option, **counts))
    options = "; ".join(parts)
    return texts.words("room_alt", learners=count.learners, again=count.again, options=options)


def _right() -> str:
    return f" ({texts.words('room_right')})"


FEW = 5
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.4 Arial, "Liberation Sans", Helvetica, sans-serif; }}
main {{ max-width: 60em; margin: 1em auto; }}
section {{ break-inside: avoid; border-top: 1px solid #c9ced6; padding: 0.5em 0; }}
h2 {{ font-size: 1em; color: #005a8f; }} img {{ max-width: 100%; }}
</style></head>
<body><main><h1>{title}</h1><p>{learners}</p>
{questions}{exercises}</main></body></html>
"""
QUESTION = """<section><h2>{identifier}</h2><p>{prompt}</p>
<img alt="{alt}" src="data:image/png;base64,{image}">
{names}</section>
"""
EXERCISES = """<section><h2>{title}</h2><img alt="{alt}" src="data:image/png;base64,{image}"></section>
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `author room` to a parser."""
    parser.add_argument(
        "folder",
        type=pathlib.Path,
        help="with the learners' progress.sqlite (or older progress.json) files, any names",
    )
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
    table = exercise_table.build(room.learners, arguments.lesson, arguments.names)
    if not counts and not table.columns:
        print("Nothing to draw: no file holds an answer to a question or a checked exercise of the course.")
        return 1
    folder = arguments.to or scratch.writable() / "room"
    write(folder, counts, items, room.learners if arguments.names else [], table)
    print(
        f"{len(counts)} questions, {len(table.columns)} exercises, {len(room.learners)} learners. "
        f"Open {folder / 'room.html'}; {folder / 'room-answers.html'} marks the right options."
    )
    if len(room.learners) < FEW:
        print(f"With fewer than {FEW} learners a picture may show who chose what.")
    return 0


def write(
    folder: pathlib.Path,
    counts: list[progress_files.Count],
    items: dict[str, dict],
    named: list[progress_files.Answers],
    table: exercise_table.Table,
) -> None:
    """Write two pictures for each question, without and with the right option, and a page of each kind.

    Where exercises were checked, a table of them is written too: `exercises.csv` and `exercises.png`.

    Pictures of an earlier room in the same folder are removed: they would look like this one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for identifier in texts.table("quiz"):
        for ending in ("", "-answer"):
            (folder / f"{identifier}{ending}.png").unlink(missing_ok=True)
    for name in ("exercises.csv", "exercises.png"):
        (folder / name).unlink(missing_ok=True)
    answered = max((count.learners for count in counts), default=0)
    learners = texts.words("room_count", questions=len(counts), learners=answered)
    exercises = ""
    if table.columns:
        image = png(exercise_table.draw(table))
        (folder / "exercises.png").write_bytes(image)
        exercise_table.write_csv(folder / "exercises.csv", table)
        exercises = EXERCISES.format(
            title=html.escape(texts.words("room_exercises")),
            alt=html.escape(exercise_table.alt(table)),
            image=base64.b64encode(image).decode(),
        )
    for name, answer in (("room", False), ("room-answers", True)):
        questions = "".join(
            _question(folder, count, items[count.identifier], named, answer) for count in counts
        )
        page = PAGE.format(
            language=html.escape(os.environ.get("COURSE_LANGUAGE", "en")),
            title=html.escape(texts.words("room_title")),
            learners=html.escape(learners),
            questions=questions,
            exercises=exercises,
        )
        (folder / f"{name}.html").write_text(page, encoding="utf-8")


def _question(
    folder: pathlib.Path,
    count: progress_files.Count,
    entry: dict,
    named: list[progress_files.Answers],
    answer: bool,
) -> str:
    """Write the picture of one question; returns its part of the page."""
    image = png(draw(count, entry, answer))
    (folder / f"{count.identifier}{'-answer' if answer else ''}.png").write_bytes(image)
    return QUESTION.format(
        identifier=html.escape(count.identifier),
        prompt=question.marked(entry["prompt"]),
        alt=html.escape(alt(count, entry, answer)),
        image=base64.b64encode(image).decode(),
        names=_names(count.identifier, entry, named),
    )


def _names(identifier: str, entry: dict, named: list[progress_files.Answers]) -> str:
    lines = []
    letters = {key: text.partition(" ")[0] for key, text in lettered(identifier, entry).items()}
    for one in named:
        chosen = [letters[choice] for choice, _ in one.quiz.get(identifier, []) if choice in entry["options"]]
        if chosen:
            lines.append(f"<li>{html.escape(_printable(one.name))}: {html.escape(' → '.join(chosen))}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _printable(sentence: str) -> str:
    """A sentence that any terminal and file takes: a file's name may hold half a sign, or a colour code."""
    return "".join(sign if sign.isprintable() else "�" for sign in sentence)
