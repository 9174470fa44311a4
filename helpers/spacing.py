"""In which order the deck asks: what was missed comes back soon, what was right comes back after days.

The waiting times are those of FSRS, the scheduler that flashcard programs use (package `fsrs`). Nothing
is stored beside the answers themselves: the schedule of an item follows from its answers and their times.
"""

import collections.abc
import datetime

import fsrs

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
