"""Quiz items: choose, commit, read why, and let the evidence run. `quiz.ask("02.predict.optimizer")`."""

import datetime
import html
import pathlib
import re

import anywidget
from helpers import lessons
from helpers.core import processes, progress, texts
import traitlets

# What a quiz item shows: the question, the feedback to a choice, and the page without a kernel.


def question(identifier: str, entry: dict) -> dict:
    """What the page may know before a commit: no answer and no reasons."""
    return {
        "id": identifier,
        "kind": texts.words(entry["kind"]),
        "prompt": entry["prompt"],
        "options": [{"id": key, "text": option["text"]} for key, option in entry["options"].items()],
        "words": {
            key: texts.words(key) for key in ("commit", "locked", "waiting", "choose_first", "show", "again")
        },
    }


def answered_before(answers: list[dict]) -> str:
    """One line about the latest of earlier answers, without what was answered; "" if there is none."""
    if not answers:
        return ""
    time = datetime.datetime.fromisoformat(answers[-1]["at"]).astimezone()
    return texts.words(
        "answered_before",
        day=time.day,
        month=texts.words("months").split()[time.month - 1],
        verdict=texts.words("before_right" if answers[-1]["right"] else "before_wrong"),
    )


def feedback(entry: dict, chosen: str, first: str | None) -> list[str]:
    """The lines shown after a commit: right or not, the reasons, why it matters, where it is settled."""
    options = entry["options"]
    right = entry["right"]
    lines = [texts.words("right" if chosen == right else "wrong")]
    lines.append(texts.words("your_answer", text=options[chosen]["text"]))
    lines.append(options[chosen]["why"])
    if chosen != right:
        lines.append(texts.words("right_answer", text=options[right]["text"]))
        lines.append(options[right]["why"])
    if first in options and first != chosen:
        lines.append(texts.words("first_answer", text=options[first]["text"]))
    return lines + _background(entry)


def static_html(entry: dict) -> str:
    """The question with its answer folded, for pages that run nothing."""
    options = "".join(f"<li>{_marked(option['text'])}</li>" for option in entry["options"].values())
    right = entry["options"][entry["right"]]
    answer = [
        texts.words("right_answer", text=right["text"]),
        right["why"],
        *_background(entry),
    ]
    return (
        f"<p><strong>{texts.words(entry['kind'])}</strong> · {_marked(entry['prompt'])}</p><ul>{options}</ul>"
        f"<p><em>{texts.words('static')}</em></p>"
        f"<details><summary>{texts.words('folded')}</summary>"
        + "".join(_paragraph(line, entry) for line in answer)
        + "</details>"
    )


def _paragraph(line: str, entry: dict) -> str:
    # What is recorded names its versions, and is the same whatever is installed here.
    recorded = "recorded" in entry and line == texts.words("recorded", text=entry["recorded"])
    return f"<p{' data-recorded' if recorded else ''}>{_marked(line)}</p>"


def static_deck(items: dict[str, dict]) -> str:
    """Many questions, lesson by lesson, each with its answer folded."""
    parts, heading = [], ""
    for identifier, entry in items.items():
        lesson = texts.words("score_lesson", lesson=identifier.split(".")[0])
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
    lines = [f"{texts.words(entry['kind'])}: {entry['prompt']}"]
    return "\n".join(lines + [f"  ( ) {option['text']}" for option in entry["options"].values()])


def _background(entry: dict) -> list[str]:
    lines = [texts.words("matters", text=entry["matters"])]
    if "root_cause" in entry:
        lines.append(texts.words("root_cause", text=entry["root_cause"]))
    if "recorded" in entry:
        lines.append(texts.words("recorded", text=entry["recorded"]))
    if "seen_in" in entry:
        lines.append(texts.words("seen_in", cell=texts.shown(entry["seen_in"])))
    return lines


def _marked(line: str) -> str:
    """Text as HTML, with `code` and **words that stand out**, and nothing else of Markdown."""
    coded = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(line))
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", coded).replace("\n", "<br>")


_WIDGETS = pathlib.Path(__file__).parent / "core" / "widgets"


def script(*names: str) -> str:
    """Files of the widgets as one script: what a later one uses stands in an earlier one."""
    return "\n".join((_WIDGETS / name).read_text(encoding="utf-8") for name in names)


def ask(identifier: str) -> "Quiz":
    """The question with this id, for the last line of a cell.

    Raises:
        KeyError: there is no such item.
    """
    items = texts.table("quiz")
    if identifier not in items:
        raise KeyError(f"no quiz item {identifier!r}; there are: {', '.join(items)}")
    answers = progress.read()["quiz"].get(identifier, [])
    return Quiz(identifier, items[identifier], before=answered_before(answers))


class Quiz(anywidget.AnyWidget):
    """One item on the screen. The page gets the answer and the reasons only after a commit."""

    _esm = script("question.js", "quiz.js")
    _css = _WIDGETS / "quiz.css"

    item = traitlets.Dict().tag(sync=True)
    before = traitlets.Unicode("").tag(sync=True)  # when it was answered last, and whether rightly
    choice = traitlets.Unicode("").tag(sync=True)  # the id of the committed option
    feedback = traitlets.List().tag(sync=True)  # the lines of the answer, after the commit
    verdict = traitlets.Unicode("").tag(sync=True)  # "right" or "wrong", after the commit
    evidence = traitlets.Dict().tag(sync=True)

    def __init__(self, identifier: str, entry: dict, **traits: object) -> None:
        super().__init__(**traits)
        self.put(identifier, entry)
        self.on_msg(self._answer_message)

    def put(self, identifier: str, entry: dict) -> None:
        """Ask an item, with nothing chosen yet; an empty entry asks nothing."""
        with self.hold_sync():
            self.clear()
            self._identifier, self._entry = identifier, entry
            self.item = question(identifier, entry) if entry else {}

    def clear(self) -> None:
        """Take the answer away, so that the item can be answered again."""
        with self.hold_sync():
            self.choice, self.feedback, self.verdict, self.evidence = "", [], "", {}

    def _answer_message(self, _: object, message: dict, __: object) -> None:
        if message.get("do") == "show":
            self.show()
        elif message.get("do") == "again":
            self.clear()

    @traitlets.observe("choice")
    def _commit(self, change: dict) -> None:
        chosen = change["new"]
        if chosen not in self._entry.get("options", {}):
            return
        earlier = progress.read()["quiz"].get(self._identifier, [])
        right = chosen == self._entry["right"]
        progress.add("quiz", self._identifier, choice=chosen, right=right)
        with self.hold_sync():
            self.feedback = feedback(self._entry, chosen, earlier[0]["choice"] if earlier else None)
            self.verdict = "right" if right else "wrong"

    def show(self) -> None:
        """Run the evidence in a new Python and show what it saw and the code that ran."""
        self.evidence = {"seen": texts.words("showing")}
        seen = texts.words("evidence_stopped")
        try:
            seen = self._seen()
        finally:  # also when the kernel is interrupted, the page must not say "running" for ever
            self.evidence = {
                "seen": seen,
                "label": texts.words("evidence_code"),
                "code": lessons.code(self._identifier),
            }

    def _seen(self) -> str:
        """What the evidence saw in a new process, or a sentence about why it saw nothing."""
        try:
            result = processes.call(lessons.run, self._identifier)
        except OSError as error:
            reason = str(error)
        else:
            if result.answer is not None:
                return result.answer
            late = texts.words("evidence_late") if result.status is None else ""
            reason = result.error or result.crash or late
        lesson = self._identifier.split(".")[0]
        return texts.words("evidence_failed", lesson=lesson, seen=reason)

    def _repr_mimebundle_(self, **options: object) -> object:
        """The widget, and beside it the question for a page without a kernel, its answer folded."""
        bundle = super()._repr_mimebundle_(**options)
        data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
        still = {
            "text/html": static_html(self._entry),
            "text/plain": plain(self._entry),
        }
        return ({**data, **still}, *metadata) if metadata else {**data, **still}
