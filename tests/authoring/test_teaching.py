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
    "other minutes": (r"^\*45 minutes to read · 30", "*45 minutes to read · 31", "minutes are (45, 31)"),
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


@pytest.mark.parametrize("session", [45, 60, 90, 180])
@pytest.mark.parametrize("stem", COURSE.lessons)
def test_a_session_fits_into_its_minutes_with_time_to_talk(stem, session):
    steps = timing.plan(COURSE, [stem], session).steps
    assert sum(step.minutes for step in steps) == pytest.approx(session)
    assert steps[0].minutes == timing.START and steps[-1].what.startswith("buffer")
    assert steps[-1].minutes >= timing.BUFFER - 1e-9 and steps[-2].minutes >= timing.DISCUSS
    assert any(": exercise" in step.what for step in steps)


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
    assert said.startswith("04 · Choose a format, in 45 minutes\n\n0:00  start")
    assert "\n0:05  04: say first" in said and "\n0:45  end\n" in said
    left_out = said.partition("Left out: ")[2]
    clock = said.partition("end")[0]
    assert "exercise 04.1" in clock and "exercise 04.3" not in clock and "04.3" in left_out
    for heading in left_out.strip().split(", "):
        assert f": {heading}\n" not in clock


@pytest.mark.parametrize(
    ("lessons", "minutes", "pause"), [(["02", "04"], 90, "5"), (["2", "4", "05"], 180, "15")]
)
def test_several_lessons_are_one_session_and_what_it_names_stands_below(lessons, minutes, pause, capsys):
    assert command.main(["timing", *lessons, "--minutes", str(minutes)]) == 0
    said = capsys.readouterr().out
    clock, _, below = said.partition("  end\n")
    assert clock.count("0:00") == 1 and clock.rstrip().endswith(f"{minutes // 60}:{minutes % 60:02}")
    assert clock.count("  break\n") == len(lessons) - 1 and "buffer" in clock
    for name in lessons:
        number = name.zfill(2)
        entry = guide.of(number, COURSE)
        assert f"{number}: say first" in clock and f"\nLesson {number}\nSay first: " in below
        assert all(" ".join(prompt.split()) in below for prompt in entry.prompts)


def test_what_does_not_fit_is_said(capsys):
    assert command.main(["timing", "01", "02", "03", "04", "05", "--minutes", "60"]) == 1
    assert "Choose fewer lessons or a longer session" in capsys.readouterr().out
    assert command.main(["timing", "04", "--minutes", "5"]) == 1
    assert "at least 30 minutes" in capsys.readouterr().out


def test_without_a_lesson_every_lesson_is_a_line(capsys):
    assert command.main(["timing"]) == 0
    said = capsys.readouterr().out
    assert [stem[:2] for stem in COURSE.lessons] == re.findall(r"^(\d\d) · ", said, re.MULTILINE)


def test_an_unknown_lesson_is_answered_in_words(capsys):
    assert command.main(["timing", "77"]) == 1
    assert "There is no notebook '77'" in capsys.readouterr().out


def test_the_page_names_only_commands_and_files_that_exist():
    commands = set(re.findall(r"uv run (?:--group site )?author (\w+)", PAGE))
    assert (
        {"timing", "slides", "handout", "room", "assignment", "seats", "blank", "questions"}
        == commands
        <= command.SUBCOMMANDS.keys()
    )
    for name in re.findall(r"`(\.(?:devcontainer|binder)[\w/.]*)`", PAGE):
        assert (COURSE.root / name).exists(), name


def test_the_recommended_sessions_are_what_the_command_prints():
    rows = re.findall(r"^\| `uv run author timing ([\d ]+) --minutes (\d+)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert [int(minutes) for _, minutes, _ in rows] == [45, 60, 90, 180]
    for numbers, minutes, said in rows:
        stems = [course.choose(number, COURSE.lessons) for number in numbers.split()]
        assert timing.summary(COURSE, stems, int(minutes)) == said
