"""Quiz items: choose, commit, read why, and let the evidence run. `quiz.ask("02.predict.optimizer")`."""

import pathlib

import anywidget
from helpers import evidence, progress, quiz_page, text
from helpers.core import processes
import traitlets

_HERE = pathlib.Path(__file__).parent


def script(*names: str) -> str:
    """Files of this folder as one script: what a later one uses stands in an earlier one."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def ask(identifier: str) -> "Quiz":
    """The question with this id, for the last line of a cell.

    Raises:
        KeyError: there is no such item.
    """
    items = text.table("quiz")
    if identifier not in items:
        raise KeyError(f"no quiz item {identifier!r}; there are: {', '.join(items)}")
    return Quiz(identifier, items[identifier])


class Quiz(anywidget.AnyWidget):
    """One item on the screen. The page gets the answer and the reasons only after a commit."""

    _esm = script("question.js", "quiz.js")
    _css = _HERE / "quiz.css"

    item = traitlets.Dict().tag(sync=True)
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
            self.item = quiz_page.question(identifier, entry) if entry else {}

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
            self.feedback = quiz_page.feedback(self._entry, chosen, earlier[0]["choice"] if earlier else None)
            self.verdict = "right" if right else "wrong"

    def show(self) -> None:
        """Run the evidence in a new Python and show what it saw and the code that ran."""
        self.evidence = {"seen": text.words("showing")}
        seen = text.words("evidence_stopped")
        try:
            seen = self._seen()
        finally:  # also when the kernel is interrupted, the page must not say "running" for ever
            self.evidence = {
                "seen": seen,
                "label": text.words("evidence_code"),
                "code": evidence.code(self._identifier),
            }

    def _seen(self) -> str:
        """What the evidence saw in a new process, or a sentence about why it saw nothing."""
        try:
            result = processes.call(evidence.run, self._identifier)
        except OSError as error:
            reason = str(error)
        else:
            if result.answer is not None:
                return result.answer
            late = text.words("evidence_late") if result.status is None else ""
            reason = result.error or result.crash or late
        lesson = self._identifier.split(".")[0]
        return text.words("evidence_failed", lesson=lesson, seen=reason)

    def _repr_mimebundle_(self, **options: object) -> object:
        """The widget, and beside it the question for a page without a kernel, its answer folded."""
        bundle = super()._repr_mimebundle_(**options)
        data, *metadata = bundle if isinstance(bundle, tuple) else (bundle,)
        still = {
            "text/html": quiz_page.static_html(self._entry),
            "text/plain": quiz_page.plain(self._entry),
        }
        return ({**data, **still}, *metadata) if metadata else {**data, **still}
