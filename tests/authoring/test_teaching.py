"""solutions/README.md says of each lesson what the lesson says, and its sessions fit into their minutes."""

import re

from helpers.authoring import command
from helpers.authoring.notebooks import course, page, parts
from helpers.authoring.teaching import guide, timing
import pytest

COURSE = course.Course()
PAGE = guide.path(COURSE).read_text(encoding="utf-8")
BROKEN = {
    "a lesson less": (r"(?s)^## 04 .*?(?=^## 05 )", "", "Expected: one for each lesson"),
    "a lesson too many": (r"\Z", "\n## 99 · Not registered\n", "'99'"),
    "another title": ("^## 04 · Choose a format", "## 04 · Formats", "the heading says 'Formats'"),
    "other minutes": (r"^\*25 minutes to read · 30", "*25 minutes to read · 31", "minutes are (25, 31)"),
    "nothing to say": (
        r"(?s)(\*\*Say first\.\*\*).*?(?=\*\*Misconceptions)",
        r"\1\n\n",
        "under **Say first**",
    ),
    "one prompt": (r"(?s)(\*\*Discuss\*\*\n\n- .*?\n)- .*?(?=\n\n\*\*Skip)", r"\1", "1 prompts"),
    "an unknown item": ("04.myth.hdf5", "04.myth.hdf6", "the item 04.myth.hdf6 is none"),
    "an item of another lesson": ("04.myth.hdf5", "02.myth.shapes", "the item 02.myth.shapes is none"),
    "an item left out": (r"- `04.myth.hdf5`.*\n", "", "leave out ['04.myth.hdf5']"),
    "an unknown section": (r"\*And pickle\?\*", "*And zip?*", "'And zip?' is left out"),
    "no myths": (r"\*And pickle\?\*", "*Myths*", "'Myths' is left out"),
    "an unknown task": ("04.3, 04.4", "04.3, 04.9", "04.9 is left out"),
    "no practice": ("; 04.3, 04.4", "; 04.1, 04.2, 04.3, 04.4", "nothing is practised"),
    "no 90 minutes": (r"(^## 04(?s:.*?))\| 90 minutes .*\n", r"\1", "has rows for"),
    "followed by nothing": ("with lesson 05", "with lesson 98", "lesson 98 follows"),
}


def test_the_page_says_what_the_lessons_say():
    assert list(guide.problems(PAGE, COURSE)) == []


@pytest.mark.parametrize(("pattern", "instead", "seen"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_on_the_page_is_seen(pattern, instead, seen):
    broken, changes = re.subn(pattern, instead, PAGE, count=1, flags=re.MULTILINE)
    assert changes == 1
    said = "\n".join(guide.problems(broken, COURSE))
    assert seen in said


def test_a_section_counts_only_while_its_lesson_is_registered():
    without = course.Course(lessons=COURSE.lessons[:-1])
    (problem, *_) = guide.problems(PAGE, without)
    assert repr(COURSE.lessons[-1][:2]) in problem


@pytest.mark.parametrize("session", guide.SESSIONS)
@pytest.mark.parametrize("stem", COURSE.lessons)
def test_a_session_fits_into_its_minutes_with_time_to_talk(stem, session):
    steps = timing.steps(COURSE, stem, session)
    assert sum(step.minutes for step in steps) == pytest.approx(session)
    assert steps[-1].minutes >= timing.DISCUSS
    assert any(step.what.startswith("exercise") for step in steps)


@pytest.mark.parametrize("stem", COURSE.lessons)
def test_sections_share_out_the_minutes_of_the_lesson(stem):
    lesson = page.read(COURSE.path("notebooks", stem))
    sections = parts.sections(lesson)
    assert sum(sections.values()) == pytest.approx(parts.title_and_minutes(lesson)[1][0])
    assert "Your turn" not in sections and min(sections.values()) > 0


def test_tasks_have_the_minutes_to_practise():
    tasks = parts.tasks(page.read(COURSE.path("solutions", "02_save_and_load")))
    assert list(tasks) == [f"02.{number}" for number in range(1, 7)]
    assert tasks["02.1"] == ("Warm-up: the right file name", 3)


def test_the_clock_is_printed_and_leaves_out_what_is_skipped(capsys):
    assert command.main(["timing", "04", "--minutes", "45"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("04 · Choose a format, in 45 minutes\n\n0:00  say first")
    assert "\n0:45  end\n" in said and "Say first: Ask for a show of hands" in said
    assert "Left out: Two harder questions, And pickle?" in said
    clock = said.partition("end")[0]
    assert "exercise 04.2" in clock and "exercise 04.3" not in clock and "Two harder" not in clock


def test_a_long_session_has_a_break_and_a_second_lesson(capsys):
    assert command.main(["timing", "4", "--minutes", "180"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"\d:\d\d  break\n\d:\d\d  05: say first", said) and "\n3:00  end\n" in said


def test_without_a_lesson_every_lesson_is_a_line(capsys):
    assert command.main(["timing"]) == 0
    said = capsys.readouterr().out
    assert [stem[:2] for stem in COURSE.lessons] == re.findall(r"^(\d\d) · ", said, re.MULTILINE)


def test_an_unknown_lesson_is_answered_in_words(capsys):
    assert command.main(["timing", "77"]) == 1
    assert "There is no notebook '77'" in capsys.readouterr().out


def test_the_page_names_only_commands_and_files_that_exist():
    commands = set(re.findall(r"uv run author (\w+)", PAGE))
    assert (
        {"timing", "slides", "handout", "room", "assignment", "seats"}
        == commands
        <= command.SUBCOMMANDS.keys()
    )
    for name in re.findall(r"`(\.(?:devcontainer|binder)[\w/.]*)`", PAGE):
        assert (COURSE.root / name).exists(), name


def test_workshops_fit_into_their_minutes():
    rows = re.findall(r"^\| (\d+) minutes \| (lessons? .*(?:45 minutes|breaks)) \|$", PAGE, re.MULTILINE)
    assert [int(minutes) for minutes, _ in rows] == list(guide.SESSIONS)
    for minutes, what in rows:
        lessons = re.findall(r"\b\d\d(?! minutes)\b", what)
        pause = 2 * timing.BREAK if "two breaks" in what else 0
        assert 45 * len(lessons) + pause <= int(minutes)
