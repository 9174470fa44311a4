"""Scratch folders: each notebook empties its own, and a place that cannot be written is a sentence."""

import os
import pathlib

from helpers.core import errors, scratch
import pytest

from tests.suite import names


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SCRATCH", str(tmp_path / names.possible("ä place with spaces")))
    return tmp_path / names.possible("ä place with spaces")


def test_a_notebook_empties_its_own_folder_only(place):
    own, other = scratch.empty("notebooks/02_save_and_load"), scratch.empty("exercises/02_save_and_load")
    (own / "old.keras").touch()
    (own / "folder").mkdir()
    (own / "folder" / "deep").touch()
    (other / "work.keras").touch()
    (place / "progress.json").touch()

    assert scratch.empty("notebooks/02_save_and_load") == own
    assert list(own.iterdir()) == []
    assert (other / "work.keras").exists() and (place / "progress.json").exists()


def test_a_link_is_removed_and_what_it_points_to_is_kept(place, tmp_path):
    own = scratch.empty("notebooks/01_x")
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "gold").touch()
    (own / "link").symlink_to(treasure)
    scratch.empty("notebooks/01_x")
    assert list(own.iterdir()) == [] and (treasure / "gold").exists()


@pytest.mark.parametrize("name", ["", "notebooks", "../up/one", "notebooks/../x", "notebooks/a b", "/up/x"])
def test_a_name_that_is_not_a_notebook_is_refused(name):
    with pytest.raises(ValueError, match="is not folder/name"):
        scratch.empty(name)


def test_a_place_that_cannot_be_written_says_where_and_what_to_do(place, monkeypatch):
    # A file in the way fails for everybody; permission bits would not stop an administrator.
    place.touch()
    with pytest.raises(errors.Stop) as stopped:
        scratch.empty("notebooks/02_save_and_load")
    assert str(place) in str(stopped.value)
    assert "Set the environment variable COURSE_SCRATCH to a folder of yours" in str(stopped.value)


def test_a_stop_shows_its_sentence_and_no_traceback():
    assert errors.Stop("do this")._render_traceback_() == ["Stopped: do this"]


def test_without_a_choice_scratch_lies_in_the_course(monkeypatch):
    monkeypatch.delenv("COURSE_SCRATCH")
    assert scratch.root() == scratch.COURSE / "scratch"
    assert scratch.shown(scratch.root() / "notebooks-x").replace("\\", "/") == "scratch/notebooks-x"


@pytest.mark.skipif(os.name == "nt", reason="Windows asks other variables for a home folder")
def test_a_user_the_machine_does_not_know_gets_a_home_among_the_scratch_files(place, monkeypatch):
    assert scratch.usable_home() == {} and not place.exists()

    import pwd

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)  # knows no number
    (name, home), *others = scratch.usable_home().items()
    assert (name, others) == ("HOME", []) and pathlib.Path(home).parent == place and os.access(home, os.W_OK)
    monkeypatch.setenv("HOME", home)
    assert scratch.usable_home() == {}


@pytest.mark.skipif(os.name == "nt", reason="Windows asks other variables for a home folder")
@pytest.mark.parametrize("name", ["nothing here", "a file"])
def test_a_home_that_cannot_be_written_is_replaced_too(place, tmp_path, monkeypatch, name):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / name))
    assert scratch.usable_home() == {"HOME": str(place / "home")}
