"""How long the deck takes to open, and a question to answer a commit; the evidence is not counted."""

import dataclasses
import os
import pathlib
import tempfile
import time

from helpers import deck


@dataclasses.dataclass(frozen=True)
class Questions:
    """Seconds, with libraries imported: to open the deck, and the slowest answer to a commit."""

    items: int
    opening: float
    commit: float


def time_questions() -> Questions:
    """Open the deck with an empty record, and answer every item once, wrong ones and right ones in turn."""
    before = os.environ.get("COURSE_PROGRESS")
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        os.environ["COURSE_PROGRESS"] = str(pathlib.Path(folder, "progress.json"))
        try:
            started = time.perf_counter()
            one = deck.ask()
            one._repr_mimebundle_()
            opening = time.perf_counter() - started
            items = deck.choose("", "")
            return Questions(len(items), opening, max(_commits(one, items)))
        finally:
            os.environ.pop("COURSE_PROGRESS")
            if before is not None:
                os.environ["COURSE_PROGRESS"] = before


def _commits(one: deck.Deck, items: dict[str, dict]) -> list[float]:
    seconds = []
    for number in range(len(items)):
        entry = items[one.item["id"]]
        wrong = next(key for key in entry["options"] if key != entry["right"])
        started = time.perf_counter()
        one.choice = wrong if number % 2 else entry["right"]
        seconds.append(time.perf_counter() - started)
        one._answer_message(one, {"do": "next"}, [])
    return seconds
