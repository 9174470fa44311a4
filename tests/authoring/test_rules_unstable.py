"""What counts as an output that another run or another machine would write differently."""

import pathlib

from helpers.authoring import rules
from helpers.authoring.notebooks import page
import pytest

from tests.authoring import broken, samples

PATH = pathlib.Path("notebooks/01_first.ipynb")


def problems(*outputs, identifier="save-keras", tag=None):
    """What the rule says about a lesson in which one cell has these outputs."""
    lesson = samples.lesson("01_first")
    cell = broken.cell(lesson, identifier)
    cell.outputs = list(outputs)
    if tag:
        cell.metadata.tags = [tag]
    _, rule = rules.page_rules["compared_outputs_are_stable"]
    return [str(problem) for problem in rule(page.Page(PATH, lesson))]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("saved /home/ada/digits.keras", "an absolute path"),
        ("File not found: '/Users/ada/digits.keras'", "an absolute path"),
        (r"saved C:\Users\ada\digits.keras", "an absolute path"),
        ("see file:///digits", "an absolute path"),
        ("ipykernel_4711/12.py:1: UserWarning", "the file name of a kernel's cell"),
        ("<keras.src.Sequential object at 0x7f3a91bc2d10>", "a memory address"),
        ("saved at 10:56:03", "a time of day"),
        ("saved on 2026-11-20", "a date"),
        ("32/32 ━━━━━━━━━━ 0s", "a progress bar"),
        ("loss: 0.1 - 0s 3ms/step", "the pace of a progress bar"),
        ("10 %\r20 %", "a sign that overwrites the line"),
        ("0.93444442", "a number with more than six decimals"),
        ("1.2345678e-05", "a number with more than six decimals"),
        ("TensorFlow 2.21", "a version"),
        ("written by keras 3.15.1", "a version"),
        ("version 2.21.0-rc1", "a version"),
    ],
)
def test_what_changes_is_refused(text, meaning):
    found = problems(samples.printed(f"{text}\n"))
    assert any(f"#save-keras: {meaning} in the output" in problem for problem in found), found


@pytest.mark.parametrize(
    "text",
    [
        "accuracy at least 0.93: True",
        "largest difference 0.000012",
        "/v1/models/digits:predict at 127.0.0.1",
        "/layers/dense/vars/0 (64, 128) float32",
        "Keras 2 wrote a folder; part 3.2 of 4",
        "rows [0:10], 2026 of them",
        "b'PK\\x03\\x04'",
        "scratch/notebooks-01_first/digits.keras",
        "three lines\r\nof Windows text",
    ],
)
def test_what_stays_is_accepted(text):
    assert problems(samples.printed(f"{text}\n")) == []


def test_the_bytes_of_a_picture_in_html_are_no_text():
    html = '<img alt="A line that falls" src="data:image/png;base64,AAAA/var/0x12345678+0/usr/AB==">'
    assert problems(samples.shown({"text/html": html})) == []
    assert problems(samples.shown({"text/html": html + " 0x12345678"})) != []


def test_the_error_stream_is_compared_too():
    assert problems(samples.printed("at 0x7f3a91bc2d10\n", name="stderr")) != []


def test_a_cell_that_is_not_compared_may_print_versions():
    assert problems(samples.printed("TensorFlow 2.21.0\n"), tag="nbval-ignore-output") == []


def test_a_recorded_result_may_name_its_versions():
    html = "<p>{}</p><p data-recorded>TensorFlow 2.15.1 wrote a folder</p>"
    quiet, loud = (
        samples.nbformat.v4.new_output("display_data", {"text/html": html.format(words)})
        for words in ("It loads.", "It loads on TensorFlow 2.21.")
    )
    assert problems(quiet) == []
    assert len(problems(loud)) == 1
