"""The structural rules of the course. Importing this package registers all of them."""

from helpers.authoring.rules import cells, folders, lessons, outputs, practice  # noqa: F401
from helpers.authoring.rules.register import Problem, check_course, check_page, course_rules, page_rules

__all__ = ["Problem", "check_course", "check_page", "course_rules", "page_rules"]
