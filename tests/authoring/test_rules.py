"""Each structural rule accepts the valid sample and refuses a deliberately broken one, naming the place."""

import copy

from helpers.authoring import rules
from helpers.authoring.notebooks import page
import pytest

from tests.authoring import (
    broken,
    broken_files,
    broken_folders,
    broken_lessons,
    broken_outputs,
    broken_solutions,
    samples,
)

MODULES = (broken_files, broken_folders, broken_lessons, broken_outputs, broken_solutions)


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    """A valid course on disk, which no test changes."""
    return samples.write(tmp_path_factory.mktemp("valid"))


def page_of(whole, base: str) -> page.Page:
    return page.read(whole.path(*samples.PAGES[base]))


def test_every_rule_has_a_broken_notebook():
    seen = {one.rule for one in broken.notebooks + broken.folders}
    assert seen == set(rules.page_rules) | set(rules.course_rules)


@pytest.mark.parametrize("base", samples.PAGES)
def test_the_valid_notebook_passes_every_rule(valid, base):
    one = page_of(valid, base)
    assert one.kind == base
    assert rules.check_page(one) == []


def test_the_valid_course_passes_every_rule(valid):
    assert rules.check_course(valid) == []


@pytest.mark.parametrize("one", broken.notebooks, ids=str)
def test_the_broken_notebook_is_refused(valid, one):
    base = page_of(valid, one.base)
    notebook = copy.deepcopy(base.notebook)
    one.change(notebook)
    assert notebook != base.notebook
    kinds, rule = rules.page_rules[one.rule]
    assert base.kind in kinds
    place = f"{base.place}#{one.at}" if one.at else base.place
    problems = rule(page.Page(base.path, notebook))
    assert [problem for problem in problems if str(problem).startswith(f"{place}: ")], problems


@pytest.mark.parametrize("one", broken.folders, ids=str)
def test_the_broken_course_is_refused(tmp_path, one):
    whole = samples.write(tmp_path)
    one.change(whole)
    problems = rules.course_rules[one.rule](whole)
    assert [problem for problem in problems if str(problem).startswith(f"{one.at}: ")], problems


def test_a_problem_says_what_was_seen_what_was_expected_and_what_to_do():
    problem = rules.Problem("notebooks/01_first.ipynb#save", "61 words", "at most 60", "Cut it.")
    assert str(problem) == "notebooks/01_first.ipynb#save: 61 words. Expected: at most 60. Cut it."


def test_a_lesson_may_ask_a_server_on_this_machine(valid):
    one = page_of(valid, "lesson")
    source = 'import httpx\n\nhttpx.get("http://127.0.0.1:8501/v1/models")'
    broken.cell(one.notebook, "save-keras").source = source
    _, rule = rules.page_rules["code_needs_no_network"]
    assert rule(one) == []
    broken.replace(one.notebook, "save-keras", "127.0.0.1:8501", "127.0.0.1.example")
    assert len(rule(one)) == 1
