"""The deck: every quiz item of the course, one after the other, until each is right. `deck.ask()`."""

import collections.abc
import datetime
import typing

import fsrs
from helpers import question, quiz, score
from helpers.core import progress, texts
import traitlets

# In which order the deck asks: what was missed comes back soon, what was right comes back after days.
#
# The waiting times are those of FSRS, the scheduler that flashcard programs use (package `fsrs`). Nothing
# is stored beside the answers themselves: the schedule of an item follows from its answers and their times.


# Missed: again after a minute, then after ten. Right at once: after days. Without chance: it can be tested.
_SCHEDULER = fsrs.Scheduler(enable_fuzzing=False)


def order(
    identifiers: collections.abc.Iterable[str],
    answers: dict[str, list[dict]],
    now: datetime.datetime | None = None,
) -> list[str]:
    """Items in the order to ask them: those due again, then new ones, then those whose time comes later.

    Args:
        identifiers: the items to order; new ones keep their order.
        answers: for each item its answers, oldest first, as `progress` keeps them: "right" and "at".
        now: with a time zone; the present if left out.
    """
    now = now or datetime.datetime.now(datetime.UTC)
    new, due = [], {}
    for identifier in identifiers:
        if identifier in answers:
            due[identifier] = next_time(answers[identifier])
        else:
            new.append(identifier)
    asked = sorted(due, key=due.get)
    return [
        *(identifier for identifier in asked if due[identifier] <= now),
        *new,
        *(identifier for identifier in asked if due[identifier] > now),
    ]


def next_time(answers: list[dict]) -> datetime.datetime:
    """When an item is due again, after these answers, oldest first."""
    card = fsrs.Card(card_id=0, due=datetime.datetime.min.replace(tzinfo=datetime.UTC))
    for number, answer in enumerate(answers):
        known_at_once = answer["right"] and number == 0
        rating = (
            fsrs.Rating.Easy if known_at_once else fsrs.Rating.Good if answer["right"] else fsrs.Rating.Again
        )
        card, _ = _SCHEDULER.review_card(card, rating, _time(answer["at"]))
    return card.due


def _time(text: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(text)
    return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment.astimezone(datetime.UTC)


LEVELS = ("basic", "core", "expert")


def ask(lesson: str = "", level: str = "") -> "Deck":
    """The deck, for the last line of a cell. It begins where you left it.

    Args:
        lesson: ask only about one lesson, such as "04".
        level: ask only items of one level: "basic", "core" or "expert".

    Raises:
        ValueError: there is no such lesson or level; the text names those there are.
    """
    for chosen, known in ((lesson, lessons()), (level, LEVELS)):
        if chosen and chosen not in known:
            raise ValueError(f"The deck has no {chosen!r}. Choose one of: {', '.join(known)}.")
    return Deck(lesson, level)


def lessons() -> list[str]:
    """The numbers of the lessons that have items, such as "04"."""
    return sorted({identifier.split(".")[0] for identifier in texts.table("quiz")})


def choose(lesson: str, level: str) -> dict[str, dict]:
    """The items of a lesson and of a level, in order of lesson; an empty text means all."""
    items = texts.table("quiz")
    return {
        identifier: items[identifier]
        for identifier in sorted(items, key=lambda key: key.split(".")[0])
        if identifier.startswith(lesson) and items[identifier]["level"] in (level or LEVELS)
    }


def labels() -> dict[str, str]:
    """The words on the deck's controls."""
    names = ("title", "lesson", "level", "next", "skip", "none")
    return {name: texts.words(f"deck_{name}") for name in names}


def filters(lesson: str = "", level: str = "") -> list[dict]:
    """What can be chosen in the deck, and what is chosen."""
    everything = ("", texts.words("deck_all"))
    lesson_choices = [everything, *((number, number) for number in lessons())]
    level_choices = [everything, *((one, texts.words(f"level_{one}")) for one in LEVELS)]
    return [
        {"label": "lesson", "chosen": lesson, "choices": lesson_choices},
        {"label": "level", "chosen": level, "choices": level_choices},
    ]


def sealed() -> str:
    """The whole deck for a web page without a kernel, as `core/widgets/page.js` opens it."""
    schedule = {
        "parameters": _SCHEDULER.parameters,
        "retention": _SCHEDULER.desired_retention,
        "learning": [step.total_seconds() for step in _SCHEDULER.learning_steps],
        "relearning": [step.total_seconds() for step in _SCHEDULER.relearning_steps],
        "longest": _SCHEDULER.maximum_interval,
    }
    return question.sealed_deck(choose("", ""), labels(), filters(), schedule)


class Deck(quiz.Quiz):
    """One item at a time, the bar above it, and a button for the next one."""

    _esm = quiz.script("questions.js", "notebook.js")

    words = traitlets.Dict().tag(sync=True)
    filters = traitlets.List().tag(sync=True)
    lesson = traitlets.Unicode("").tag(sync=True)
    level = traitlets.Unicode("").tag(sync=True)
    score = traitlets.Unicode("").tag(sync=True)
    _ready = False

    def __init__(self, lesson: str = "", level: str = "") -> None:
        self._passed: list[str] = []
        super().__init__(
            *self._next(lesson, level),
            words=labels(),
            filters=filters(lesson, level),
            lesson=lesson,
            level=level,
        )
        self._ready = True
        self.score = self._score()

    def put(self, identifier: str, entry: dict) -> None:
        """Ask an item."""
        super().put(identifier, entry)
        self._answers_before = len(progress.read()["quiz"].get(identifier, []))

    def _is_settled(self) -> bool:
        """The deck asks after the lessons: no experiment follows a question, so nothing waits for one."""
        return True

    def _next(self, lesson: str, level: str) -> tuple[str, dict]:
        """The item to ask now and its entry; ("", {}) if the choice leaves none."""
        items = choose(lesson, level)
        waiting = order(items, progress.read()["quiz"])
        # What was passed over in this session comes last, in the order it was passed.
        waiting.sort(key=lambda key: self._passed.index(key) + 1 if key in self._passed else 0)
        return (waiting[0], items[waiting[0]]) if waiting else ("", {})

    def _score(self) -> str:
        answers = progress.read()["quiz"]
        items = list(choose(self.lesson, self.level))
        now = datetime.datetime.now(datetime.UTC)
        waiting = sum(key in answers and next_time(answers[key]) <= now for key in items)
        return texts.words("deck_score", waiting=waiting, **score.counts(items, answers))

    def _answer_message(self, widget: object, message: dict, buffers: object) -> None:
        if message.get("do") == "next":
            self._pass_on()
        else:
            super()._answer_message(widget, message, buffers)

    def _pass_on(self) -> None:
        current = self._identifier
        self._passed = [key for key in self._passed if key != current]
        if len(progress.read()["quiz"].get(current, [])) == self._answers_before:
            self._passed.append(current)  # not answered, or the record is off
        self._turn()

    @traitlets.observe("lesson", "level")
    def _filter(self, _: dict) -> None:
        if self._ready:
            self._turn()

    @traitlets.observe("verdict")
    def _count(self, _: dict) -> None:
        if self._ready:
            self.score = self._score()

    def _turn(self) -> None:
        with self.hold_sync():
            self.put(*self._next(self.lesson, self.level))
            self.score = self._score()

    def _repr_mimebundle_(self, **options: object) -> typing.Any:
        """Beside the widget every question of the choice, for a page without a kernel, the answers folded."""
        data, *metadata = super()._repr_mimebundle_(**options)
        items = choose(self.lesson, self.level)
        data |= {"text/html": question.static_deck(items), "text/plain": question.plain_deck(items)}
        return data, *metadata
