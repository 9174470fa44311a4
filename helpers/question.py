"""What a quiz item shows: the question, the lines of its answer, and the page without a kernel."""

import base64
import datetime
import html
import json
import re

from helpers.core import option_order, places, texts

LABELS = ("commit", "locked", "waiting", "choose_first", "show", "again", "tell", "word", "released")


def asked(identifier: str, entry: dict, order: list[str], shows: bool = True) -> dict:
    """What the page may know before a commit: no answer and no reasons.

    Args:
        order: the ids of the options in the order to show.
        shows: whether "Show me" can run the evidence.
    """
    return {
        "id": identifier,
        "kind": texts.words(entry["kind"]),
        "prompt": entry["prompt"],
        "options": [{"id": key, "text": entry["options"][key]["text"]} for key in order],
        "words": {key: texts.words(key) for key in LABELS},
        "shows": shows,
    }


def answered_before(answers: list[dict], withheld: bool = False) -> str:
    """One line about the latest of earlier answers, without what was answered; "" if there is none.

    Args:
        answers: oldest first, as `progress` keeps them.
        withheld: leave out whether it was right.
    """
    if not answers:
        return ""
    time = datetime.datetime.fromisoformat(answers[-1]["at"]).astimezone()
    verdict = "before_withheld" if withheld else "before_right" if answers[-1]["right"] else "before_wrong"
    return texts.words(
        "answered_before",
        day=time.day,
        month=texts.words("months").split()[time.month - 1],
        verdict=texts.words(verdict),
    )


def feedback(entry: dict, chosen: str, first: str | None, letters: dict[str, str]) -> list[str]:
    """The lines of the answer: right or not, the reasons, why it matters, where it is settled.

    Args:
        chosen, first: the ids of the option chosen now and of the one chosen the first time.
        letters: the letter of each option on this page.
    """
    options = entry["options"]
    right = entry["right"]

    def lettered(key: str) -> str:
        return f"{letters[key]} · {options[key]['text']}"

    lines = [texts.words("right" if chosen == right else "wrong")]
    lines.append(texts.words("your_answer", text=lettered(chosen)))
    lines.append(options[chosen]["why"])
    if chosen != right:
        lines.append(texts.words("right_answer", text=lettered(right)))
        lines.append(options[right]["why"])
    if first in options and first != chosen:
        lines.append(texts.words("first_answer", text=lettered(first)))
    return lines + _background(entry)


def noted(entry: dict) -> list[str]:
    """The lines after the commit to a prediction: it is noted, and which place settles it."""
    lines = [texts.words("noted")]
    if "seen_in" in entry:
        lines.append(texts.words("noted_seen_in", cell=places.shown(entry["seen_in"])))
    return lines


def _background(entry: dict) -> list[str]:
    lines = [texts.words("matters", text=entry["matters"])]
    if "root_cause" in entry:
        lines.append(texts.words("root_cause", text=entry["root_cause"]))
    if "recorded" in entry:
        lines.append(texts.words("recorded", text=entry["recorded"]))
    if "seen_in" in entry:
        lines.append(texts.words("seen_in", cell=places.shown(entry["seen_in"])))
    return lines


# Pages that run nothing: the saved notebook shows the question with its answer folded.


def static_html(identifier: str, entry: dict) -> str:
    """The question with lettered options and its answer folded."""
    order = option_order.printed(identifier, list(entry["options"]))
    letters = option_order.letters(order)
    right = entry["options"][entry["right"]]
    answer = [
        texts.words("right_answer", text=f"{letters[entry['right']]} · {right['text']}"),
        right["why"],
        *_background(entry),
    ]
    return (
        f"{_open_html(entry, order)}<p><em>{texts.words('static')}</em></p>"
        f"<details><summary>{texts.words('folded')}</summary>"
        + "".join(_paragraph(line, entry) for line in answer)
        + "</details>"
    )


def _open_html(entry: dict, order: list[str]) -> str:
    """The question and its options, without the answer."""
    options = "".join(
        f"<li><strong>{letter}</strong> · {marked(entry['options'][key]['text'])}</li>"
        for key, letter in option_order.letters(order).items()
    )
    return (
        f"<p><strong>{texts.words(entry['kind'])}</strong> · {marked(entry['prompt'])}</p><ul>{options}</ul>"
    )


def _paragraph(line: str, entry: dict) -> str:
    # What is recorded names its versions, and is the same whatever is installed here.
    recorded = "recorded" in entry and line == texts.words("recorded", text=entry["recorded"])
    return f"<p{' data-recorded' if recorded else ''}>{marked(line)}</p>"


def static_deck(items: dict[str, dict]) -> str:
    """Many questions, lesson by lesson, each with its answer folded."""
    parts, heading = [], ""
    for identifier, entry in items.items():
        lesson = texts.words("score_lesson", lesson=identifier.split(".")[0])
        if lesson != heading:
            parts.append(f"<h4>{lesson}</h4>")
        heading = lesson
        parts.append(f"<div>{static_html(identifier, entry)}</div><hr>")
    return "".join(parts)


def plain_deck(items: dict[str, dict]) -> str:
    """Many questions alone, for terminals and plain-text readers."""
    return "\n\n".join(plain(identifier, entry) for identifier, entry in items.items())


def plain(identifier: str, entry: dict) -> str:
    """The question alone, for terminals and plain-text readers."""
    order = option_order.printed(identifier, list(entry["options"]))
    lines = [f"{texts.words(entry['kind'])}: {entry['prompt']}"]
    return "\n".join(
        [
            *lines,
            *(
                f"  ({letter}) {entry['options'][key]['text']}"
                for key, letter in option_order.letters(order).items()
            ),
        ]
    )


def marked(line: str) -> str:
    """Text as HTML, with `code`, **words that stand out** and [links](places), no more of Markdown."""
    coded = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))
    strong = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", coded)
    return re.sub(r"\[([^\]]+)\]\(([^()\s]+)\)", r'<a href="\2">\1</a>', strong).replace("\n", "<br>")


# A web page that answers by itself: `core/widgets/questions.js` opens what is sealed here.

_MARK = "\x02{}\x03"  # around the id of an option whose letter only the page knows


def sealed(identifier: str, entry: dict) -> str:
    """A question with its answer for `data-course-question`, unreadable in the page's source (base64)."""
    return _seal(_whole(identifier, entry, waits=entry["kind"] == "predict"))


def _whole(identifier: str, entry: dict, waits: bool) -> dict:
    marks = {key: _MARK.format(key) for key in entry["options"]}
    return {
        "item": asked(identifier, entry, option_order.printed(identifier, list(marks)), shows=False),
        "level": entry["level"],
        "right": entry["right"],
        "noted": noted(entry) if waits else [],
        "feedback": {key: feedback(entry, key, None, marks) for key in marks},
        "first": texts.words("first_answer", text="{text}"),
        "background": len(_background(entry)),
        "before": {right: _before_words(right) for right in ("right", "wrong")},
    }


def _before_words(verdict: str) -> str:
    return texts.words(
        "answered_before", day="{day}", month="{month}", verdict=texts.words(f"before_{verdict}")
    )


def sealed_deck(
    items: dict[str, dict], words: dict[str, str], filters: list[dict], schedule: dict[str, object]
) -> str:
    """The deck for `data-course-deck`: every question sealed as above, in the order to ask new ones."""
    return _seal(
        {
            "words": words | {"score": texts.table("words")["deck_score"]},
            "summary": {
                key: texts.table("words")[key]
                for key in ("score_none", "summary_deck", "summary_lesson", "summary_missed")
            },
            "filters": filters,
            "schedule": schedule,
            "items": [_whole(identifier, entry, waits=False) for identifier, entry in items.items()],
        }
    )


def _seal(content: dict) -> str:
    return base64.b64encode(json.dumps(content, ensure_ascii=False).encode()).decode()
