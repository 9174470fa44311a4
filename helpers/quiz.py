"""Quiz items: choose, commit, read why, and let the evidence run. `quiz.ask("02.predict.optimizer")`."""

import pathlib
import typing
import weakref

import anywidget
from helpers import lessons, question
from helpers.core import option_order, processes, progress, release, texts
import IPython
import traitlets

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
    _listen()
    answers = progress.read()["quiz"].get(identifier, [])
    before = question.answered_before(answers, withheld=bool(release.withheld()))
    return Quiz(identifier, items[identifier], before=before)


# A prediction is answered when the cell that settles it has run: the kernel says which cells run.

_ran: set[str] = set()
_waiting: "weakref.WeakSet[Quiz]" = weakref.WeakSet()


def _listen() -> None:
    """Hear of each cell that runs in this kernel, from now on."""
    shell = IPython.get_ipython()
    if shell is not None and _cell_ran not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _cell_ran)


def _cell_ran(result: typing.Any) -> None:
    """Answer the predictions that a cell settles, unless it ended with an error."""
    cell = getattr(result.info, "cell_id", None)
    if cell is not None and result.success:
        _ran.add(cell)
        for one in list(_waiting):
            one.look_again()


class Quiz(anywidget.AnyWidget):
    """One item on the screen. The page gets the answer and the reasons only after a commit."""

    _esm = script("questions.js", "notebook.js")
    _css = _WIDGETS / "quiz.css"

    item = traitlets.Dict().tag(sync=True)
    before = traitlets.Unicode("").tag(sync=True)  # when it was answered last, and whether rightly
    choice = traitlets.Unicode("").tag(sync=True)  # the id of the committed option
    feedback = traitlets.List().tag(sync=True)  # the lines of the answer, after the commit
    verdict = traitlets.Unicode("").tag(sync=True)  # after the commit: "noted", then "right" or "wrong"
    asks = traitlets.Unicode("").tag(sync=True)  # while it is noted: "tell", "word" or "look"
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
            self._order = option_order.own(identifier, list(entry.get("options", {})))
            self.item = question.asked(identifier, entry, self._order) if entry else {}

    def clear(self) -> None:
        """Take the answer away, so that the item can be answered again."""
        _waiting.discard(self)
        with self.hold_sync():
            self.choice, self.feedback, self.verdict, self.asks, self.evidence = "", [], "", "", {}

    def _answer_message(self, _: object, message: dict, __: object) -> None:
        told = self.verdict in ("right", "wrong")
        if message.get("do") == "show" and told:
            self.show()
        elif message.get("do") == "again" and told:
            self.clear()
        elif message.get("do") == "tell" and self.verdict == "noted":
            self._tell_if_released(str(message.get("word", "")))

    @traitlets.observe("choice")
    def _commit(self, change: dict) -> None:
        chosen = change["new"]
        if chosen not in self._entry.get("options", {}):
            return
        earlier = progress.read()["quiz"].get(self._identifier, [])
        self._first = earlier[0]["choice"] if earlier else None
        progress.add("quiz", self._identifier, choice=chosen, right=chosen == self._entry["right"])
        with self.hold_sync():
            self.verdict = "noted"
            if self._is_settled():
                self._tell_if_released()
            else:
                self.feedback, self.asks = question.noted(self._entry), "tell"
                _waiting.add(self)

    def _is_settled(self) -> bool:
        """Whether the answer may follow the commit at once: a prediction waits for its experiment."""
        if self._entry["kind"] != "predict" or "seen_in" not in self._entry:
            return True
        return self._entry["seen_in"].partition("#")[2] in _ran

    def look_again(self) -> None:
        """Answer a noted prediction if its experiment has run by now."""
        if self.verdict == "noted" and self._is_settled():
            self._tell_if_released()

    def _tell_if_released(self, word: str = "") -> None:
        rule = release.withheld(word)
        if not rule:
            self._tell()
            return
        kind = next(iter(rule))
        with self.hold_sync():
            line = texts.words(f"withheld_{kind}", **{"at": "", "unreadable": ""} | rule)
            self.feedback = [texts.words("noted"), line] + [texts.words("word_wrong")] * bool(word)
            self.asks = "word" if kind == "word" else "look"

    def _tell(self) -> None:
        """Show the answer and its reasons."""
        _waiting.discard(self)
        letters = option_order.letters(self._order)
        with self.hold_sync():
            self.asks = ""
            self.feedback = question.feedback(self._entry, self.choice, self._first, letters)
            self.verdict = "right" if self.choice == self._entry["right"] else "wrong"

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
            "text/html": question.static_html(self._identifier, self._entry),
            "text/plain": question.plain(self._identifier, self._entry),
        }
        return ({**data, **still}, *metadata) if metadata else {**data, **still}
