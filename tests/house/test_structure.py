"""The notebooks of the course obey every structural rule. test_rules.py shows that the rules can refuse."""

from helpers.authoring import rules
from helpers.authoring.notebooks import course, page
import pytest

COURSE = course.Course()
# Listed, not searched for: a notebook that is missing fails here instead of going unnoticed.
LISTED = COURSE.expected()
OTHERS = [path for path in COURSE.found() if path not in LISTED]


def name(path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", LISTED + OTHERS, ids=name)
def test_notebook_obeys_the_rules(path):
    assert path.is_file(), (
        f"{name(path)} is listed in helpers/authoring/notebooks/course.py and does not exist."
    )
    problems = rules.check_page(page.read(path))
    assert not problems, "\n" + "\n".join(map(str, problems))


@pytest.mark.parametrize("rule", rules.course_rules.values(), ids=rules.course_rules)
def test_folders_obey_the_rules(rule):
    problems = rule(COURSE)
    assert not problems, "\n" + "\n".join(map(str, problems))


@pytest.mark.parametrize("folder", course.FOLDERS)
def test_no_folder_is_empty(folder):
    assert [path for path in COURSE.found() if path.parent.name == folder]
