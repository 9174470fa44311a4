"""The README and the map of the first page say what the lessons say."""

import re

from helpers.authoring.notebooks import course
from helpers.core import scratch
import nbformat
import pytest

README = (scratch.COURSE / "README.md").read_text(encoding="utf-8")
START = "\n".join(
    cell.source
    for cell in nbformat.read(scratch.COURSE / "notebooks" / "00_start_here.ipynb", as_version=4).cells
    if cell.cell_type == "markdown"
)


@pytest.mark.parametrize("stem", course.EXTRAS + course.LESSONS)
def test_title_and_minutes_stand_in_the_table(stem):
    first = nbformat.read(scratch.COURSE / "notebooks" / f"{stem}.ipynb", as_version=4).cells[0].source
    title = re.match(r"# (.+)", first)[1]
    minutes = re.search(r"(\d+) minutes to read · (\d+) minutes? to practise", first)
    if not minutes:  # a page to come back to
        assert stem in course.EXTRAS
        assert f"](notebooks/{stem}.ipynb)" in README and f"]({stem}.ipynb)" in START
        return
    read, practise = minutes.groups()
    (row,) = [line for line in README.splitlines() if line.startswith(f"| [{title}](notebooks/{stem}.ipynb)")]
    assert row.endswith(f"| {read} min | {practise} min |")
    if stem in course.LESSONS:
        (row,) = [line for line in START.splitlines() if line.startswith(f"| [{title}]({stem}.ipynb)")]
        assert row.endswith(f"| {read} · {practise} |")


def test_every_local_link_and_picture_exists():
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert len(targets) > 5
    missing = [target for target in targets if not (scratch.COURSE / target).exists()]
    assert not missing


def test_the_commands_of_the_readme_exist():
    from helpers.authoring import command

    for subcommand in re.findall(r"uv run author (\w+)", README):
        assert subcommand in command.SUBCOMMANDS
    launcher = (scratch.COURSE / "helpers" / "launch.py").read_text(encoding="utf-8")
    for option in set(re.findall(r"uv run course (--[a-z-]+)", README)) - {"--no-browser"}:
        assert f'"{option}"' in launcher


def test_the_folders_are_the_seven():
    kept = {"notebooks", "exercises", "solutions", "helpers", "tests", "environment.yml", "README.md"}
    tools = {"pyproject.toml", "requirements.txt", "LICENSE", "LICENSE-TEXT", "scratch", "wheels", "uv.lock"}
    found = {path.name for path in scratch.COURSE.iterdir() if not path.name.startswith(".")}
    assert kept <= found
    assert found - kept - tools <= {"pylock.toml"}
