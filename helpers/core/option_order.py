"""In which order the options of a question stand: one order for each learner, another for printed pages."""

import functools
import hashlib
import pathlib
import random
import secrets

from helpers.core import progress

LETTERS = "ABCDEFGH"
_NAME = "order-of-options.txt"
# Chosen so that, over all questions, no place on a printed page holds too many right answers: a test counts.
_PRINTED = "printed"


def printed(identifier: str, options: list[str]) -> list[str]:
    """The order on pages that are the same for everybody. It is never the order of the source."""
    order = _shuffled(_PRINTED, identifier, options)
    return order if order != options else [*order[1:], order[0]]


def own(identifier: str, options: list[str]) -> list[str]:
    """The order for this learner: shuffled, and the same whenever the question is asked again."""
    return _shuffled(_learner(progress.path()), identifier, options)


def letters(order: list[str]) -> dict[str, str]:
    """The letter in front of each option, "A" for the first."""
    return dict(zip(order, LETTERS, strict=False))


def _shuffled(seed: str, identifier: str, options: list[str]) -> list[str]:
    number = int.from_bytes(hashlib.sha256(f"{seed} {identifier}".encode()).digest())
    order = list(options)
    random.Random(number).shuffle(order)
    return order


@functools.cache
def _learner(record: pathlib.Path | None) -> str:
    """A random text, kept beside the record of answers; where nothing is kept it holds for this kernel."""
    if record is None:
        return secrets.token_hex(8)
    path = record.with_name(_NAME)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(secrets.token_hex(8))
    except OSError:
        pass  # it is there already, or nothing can be written
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return secrets.token_hex(8)
