"""What a hidden cell of an assignment calls: the same judgement as `check`, as an exception for nbgrader."""

from helpers import check
from helpers.core import texts


class NotCorrect(AssertionError):
    """The answer gets no point; the text is what `check` says of it."""


def grade(identifier: str, *values: object) -> None:
    """Judge an answer as `check` does, and print nothing.

    Raises:
        NotCorrect: it is not started or not correct yet.
    """
    state, said = check.judge(identifier, texts.table("exercise")[identifier], values)
    if state != "correct":
        raise NotCorrect(f"{identifier}: {said}")
