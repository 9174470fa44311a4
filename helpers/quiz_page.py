"""What a quiz item shows: the question, the feedback to a choice, and the page without a kernel."""

import html
import re

from helpers import places, text


def question(identifier: str, entry: dict) -> dict:
    """What the page may know before a commit: no answer and no reasons."""
    return {
        "id": identifier,
        "kind": text.words(entry["kind"]),
        "prompt": entry["prompt"],
        "options": [{"id": key, "text": option["text"]} for key, option in entry["options"].items()],
        "words": {
            key: text.words(key) for key in ("commit", "locked", "waiting", "choose_first", "show", "again")
        },
    }


def feedback(entry: dict, chosen: str, first: str | None) -> list[str]:
    """The lines shown after a commit: right or not, the reasons, why it matters, where it is settled."""
    options = entry["options"]
    right = entry["right"]
    lines = [text.words("right" if chosen == right else "wrong")]
    lines.append(text.words("your_answer", text=options[chosen]["text"]))
    lines.append(options[chosen]["why"])
    if chosen != right:
        lines.append(text.words("right_answer", text=options[right]["text"]))
        lines.append(options[right]["why"])
    if first in options and first != chosen:
        lines.append(text.words("first_answer", text=options[first]["text"]))
    return lines + _background(entry)


def static_html(entry: dict) -> str:
    """The question with its answer folded, for pages that run nothing."""
    options = "".join(f"<li>{_marked(option['text'])}</li>" for option in entry["options"].values())
    right = entry["options"][entry["right"]]
    answer = [
        text.words("right_answer", text=right["text"]),
        right["why"],
        *_background(entry),
    ]
    return (
        f"<p><strong>{text.words(entry['kind'])}</strong> · {_marked(entry['prompt'])}</p><ul>{options}</ul>"
        f"<p><em>{text.words('static')}</em></p>"
        f"<details><summary>{text.words('folded')}</summary>"
        + "".join(_paragraph(line, entry) for line in answer)
        + "</details>"
    )


def _paragraph(line: str, entry: dict) -> str:
    # What is recorded names its versions, and is the same whatever is installed here.
    recorded = "recorded" in entry and line == text.words("recorded", text=entry["recorded"])
    return f"<p{' data-recorded' if recorded else ''}>{_marked(line)}</p>"


def static_deck(items: dict[str, dict]) -> str:
    """Many questions, lesson by lesson, each with its answer folded."""
    parts, heading = [], ""
    for identifier, entry in items.items():
        lesson = text.words("score_lesson", lesson=identifier.split(".")[0])
        if lesson != heading:
            parts.append(f"<h4>{lesson}</h4>")
        heading = lesson
        parts.append(f"<div>{static_html(entry)}</div><hr>")
    return "".join(parts)


def plain_deck(items: dict[str, dict]) -> str:
    """Many questions alone, for terminals and plain-text readers."""
    return "\n\n".join(plain(entry) for entry in items.values())


def plain(entry: dict) -> str:
    """The question alone, for terminals and plain-text readers."""
    lines = [f"{text.words(entry['kind'])}: {entry['prompt']}"]
    return "\n".join(lines + [f"  ( ) {option['text']}" for option in entry["options"].values()])


def _background(entry: dict) -> list[str]:
    lines = [text.words("matters", text=entry["matters"])]
    if "root_cause" in entry:
        lines.append(text.words("root_cause", text=entry["root_cause"]))
    if "recorded" in entry:
        lines.append(text.words("recorded", text=entry["recorded"]))
    if "seen_in" in entry:
        lines.append(text.words("seen_in", cell=places.shown(entry["seen_in"])))
    return lines


def _marked(line: str) -> str:
    """Text as HTML, with `code` and **words that stand out**, and nothing else of Markdown."""
    coded = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", coded).replace("\n", "<br>")
