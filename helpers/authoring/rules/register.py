"""What a rule is: a function that looks at one notebook, or at the whole course, and yields problems.

A rule is an ordinary generator under one of the two decorators. Its docstring is the rule in words.
"""

import collections.abc
import dataclasses

from helpers.authoring.notebooks import course, page

KINDS = ("lesson", "extra", "exercise", "solution")


@dataclasses.dataclass(frozen=True)
class Problem:
    """What is wrong at one place, in words."""

    place: str
    seen: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.seen}. Expected: {self.expected}. {self.remedy}"


PageRule = collections.abc.Callable[[page.Page], list[Problem]]
CourseRule = collections.abc.Callable[[course.Course], list[Problem]]

page_rules: dict[str, tuple[tuple[str, ...], PageRule]] = {}
course_rules: dict[str, CourseRule] = {}


def for_pages(*kinds: str) -> collections.abc.Callable[[PageRule], PageRule]:
    """Register a rule for notebooks of these kinds; for all kinds if none is named."""
    if not set(kinds) <= set(KINDS):
        raise ValueError(f"{kinds} names a kind that is none of {KINDS}")

    def register(function: PageRule) -> PageRule:
        page_rules[function.__name__] = (
            kinds or KINDS,
            lambda one: list(function(one)),
        )
        return function

    return register


def for_course(function: CourseRule) -> CourseRule:
    """Register a rule for the folders as a whole."""
    course_rules[function.__name__] = lambda whole: list(function(whole))
    return function


def check_page(one: page.Page) -> list[Problem]:
    """The problems of one notebook by all rules for its kind."""
    return [problem for kinds, rule in page_rules.values() if one.kind in kinds for problem in rule(one)]


def check_course(whole: course.Course) -> list[Problem]:
    """The problems of the folders by all rules for them."""
    return [problem for rule in course_rules.values() for problem in rule(whole)]
