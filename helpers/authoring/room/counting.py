"""Counts a room's answers: for each question how often each option was chosen, at first and at last."""

import collections
import dataclasses

from helpers.authoring.room import handed_in


@dataclasses.dataclass(frozen=True)
class Count:
    """One question. The keys are the ids of its options, in the order of the question."""

    identifier: str
    learners: int
    again: int  # of them have answered more than once
    before: dict[str, int]
    after: dict[str, int]


def count(learners: list[handed_in.Answers], items: dict[str, dict]) -> list[Count]:
    """A count for each question that anybody answered, in the order of the items.

    Args:
        learners: who counts.
        items: the questions of the course, by id, with their options. An answer that is none of them does
            not count: it comes from another state of the course.
    """
    counts = []
    for identifier, entry in items.items():
        given = [
            choices
            for one in learners
            if (
                choices := [
                    choice for choice, _ in one.quiz.get(identifier, []) if choice in entry["options"]
                ]
            )
        ]
        if given:
            before, after = (collections.Counter(choices[place] for choices in given) for place in (0, -1))
            counts.append(
                Count(
                    identifier,
                    len(given),
                    sum(len(choices) > 1 for choices in given),
                    {option: before[option] for option in entry["options"]},
                    {option: after[option] for option in entry["options"]},
                )
            )
    return counts


def strangers(learners: list[handed_in.Answers], items: dict[str, dict]) -> list[str]:
    """The sentences on answers that belong to no question of this course, by file."""
    said = []
    for one in learners:
        unknown = sorted(
            identifier
            for identifier, given in one.quiz.items()
            if identifier not in items
            or any(choice not in items[identifier]["options"] for choice, _ in given)
        )
        if unknown:
            said.append(
                f"{one.name}: answers to {len(unknown)} questions, such as {unknown[0][:40]!r}, "
                "are of another state of the course and do not count."
            )
    return said
