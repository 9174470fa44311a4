"""The structural rules of the course. Importing this package registers all of them."""

from helpers.authoring.rules import (  # noqa: F401
    alt_text,
    answers,
    body,
    cells,
    closing,
    folders,
    identity,
    links,
    navigation,
    opening,
    outputs,
    tasks,
    unstable,
)
from helpers.authoring.rules.register import Problem, check_course, check_page, course_rules, page_rules

__all__ = ["Problem", "check_course", "check_page", "course_rules", "page_rules"]
