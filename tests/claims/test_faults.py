"""Faults of Keras and TensorFlow: a release that mends one, or changes it, says what to rewrite.

That each is still there is the business of tests/cells/test_quiz.py, which runs every experiment once.
"""

import re

from helpers import lessons
from helpers.authoring.notebooks import course, page
from helpers.core import texts
import pytest

from tests.claims import fault_list, mended

THREAD = re.compile(r"https://github\.com/(keras-team/keras|tensorflow/tensorflow)/(issues|pull)/\d+ \(.+\)")
each_fault = pytest.mark.parametrize("name", fault_list.FAULTS)


@each_fault
def test_a_release_that_mends_it_is_named_with_all_that_must_be_rewritten(name):
    fault = fault_list.FAULTS[name]
    message = fault_list.after(fault.experiment, mended.seen(name, fault.experiment))
    assert re.search(
        rf"^This release, keras \d\S+ with tensorflow \d\S+, has mended {name}: ", message, re.M
    ), message
    for what in (*fault.places, *fault.claims, *fault.quiz_items()):
        assert what in message


def test_a_fault_that_shows_itself_otherwise_is_noticed():
    message = fault_list.after("04.predict.trap", "[('SGD', 0), ('Adam', 90)]")
    assert "h5_before_keras in another way: 04.predict.trap finds [('SGD', 0), ('Adam', 90)]" in message
    assert "lesson 04_formats#fresh-trap" in message
    assert fault_list.judge("h5_before_keras", "") == ""


def test_an_experiment_without_a_fault_names_what_rests_on_it():
    message = fault_list.after("05.predict.overwrite", "False")
    assert "05.predict.overwrite finds False. To be read again: quiz item 05.predict.overwrite" in message
    assert "S17" in message and "lesson 05" in message


def test_a_repair_that_mends_nothing_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(mended, "REPAIRS", tmp_path)
    (tmp_path / "nothing.py").write_text("import keras\n", encoding="utf-8")
    (tmp_path / "broken.py").write_text("import keras\nkeras.nobody\n", encoding="utf-8")
    assert mended.seen("nothing", "04.predict.trap") == ""
    with pytest.raises(AssertionError, match="nobody"):
        mended.seen("broken", "04.predict.trap")


def test_the_trap_of_two_formats_names_its_quiz_items():
    assert "04.predict.trap" in fault_list.FAULTS["h5_before_keras"].quiz_items()
    assert "04.deck.cure" in fault_list.FAULTS["h5_before_keras"].quiz_items()
    assert "06.deck.arguments" in fault_list.FAULTS["raw_tf_variable"].quiz_items()


def test_all_seventeen_are_here():
    assert len(fault_list.FAULTS) == 17
    assert {path.stem for path in mended.REPAIRS.glob("*.py")} == set(fault_list.FAULTS)
    numbers = {number for fault in fault_list.FAULTS.values() for number in fault.claims if number[0] == "S"}
    assert numbers == {
        *("S1", "S2", "S4", "S13", "S18", "S20", "S26", "S28", "S29", "S30"),
        *("S35", "S36", "S39", "S41", "S42"),
    }


@each_fault
def test_what_it_names_exists(name):
    fault = fault_list.FAULTS[name]
    whole = course.Course()
    for place in fault.places:
        stem, _, cell = place.partition("#")
        assert cell in [one.id for one in page.read(whole.path("notebooks", stem)).notebook.cells]
    assert fault.experiment in texts.table("quiz") and lessons.code(fault.experiment)
    assert fault.mended and re.match(r"Keras \d", fault.seen_on)
    assert not fault.thread or THREAD.fullmatch(fault.thread)
