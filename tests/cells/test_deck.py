"""The deck: which item comes next, what filters leave, what a page without a kernel shows, the score."""

import datetime
import json
import re

from helpers import deck, score
from helpers.core import progress, texts
import pytest

from tests.claims import book

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)
ITEMS = texts.load("en")["quiz"]


def _ago(right: bool, **ago: float) -> dict:
    return {"right": right, "at": (NOW - datetime.timedelta(**ago)).isoformat(timespec="seconds")}


class TestSpacing:
    def test_new_items_keep_their_order(self):
        assert deck.order(["b", "a", "c"], {}, NOW) == ["b", "a", "c"]

    def test_a_missed_item_waits_a_minute_and_then_comes_first(self):
        assert deck.order(["missed", "new"], {"missed": [_ago(False, seconds=20)]}, NOW) == [
            "new",
            "missed",
        ]
        assert deck.order(["new", "missed"], {"missed": [_ago(False, seconds=70)]}, NOW) == [
            "missed",
            "new",
        ]

    def test_right_after_a_miss_comes_back_the_same_day_and_right_at_once_after_days(self):
        mended = deck.next_time([_ago(False, minutes=5), _ago(True, minutes=1)])
        known = deck.next_time([_ago(True, minutes=1)])
        assert NOW < mended < NOW + datetime.timedelta(hours=1)
        assert known > NOW + datetime.timedelta(days=3)

    def test_what_was_missed_more_often_comes_back_sooner(self):
        since = [_ago(True, days=9, minutes=-2), _ago(True, days=9, minutes=-15), _ago(True, days=6)]
        once = [_ago(False, days=9), *since]
        often = [_ago(False, days=9.1), _ago(False, days=9.05), *once]
        assert deck.next_time(often) < deck.next_time(once)

    def test_those_whose_time_comes_later_stand_last_the_earliest_first(self):
        answers = {
            "days": [_ago(True, hours=1)],
            "soon": [_ago(False, seconds=5)],
            "due": [_ago(False, hours=1)],
        }
        assert deck.order(["days", "soon", "new", "due"], answers, NOW) == ["due", "new", "soon", "days"]

    def test_a_time_without_a_zone_counts_as_utc(self):
        bare = {"right": False, "at": "2026-03-01T11:00:00"}
        assert deck.next_time([bare]) == datetime.datetime(2026, 3, 1, 11, 1, tzinfo=datetime.UTC)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    return tmp_path / "progress.json"


def _answer(one: deck.Deck, right: bool) -> str:
    identifier = one.item["id"]
    entry = ITEMS[identifier]
    one.choice = entry["right"] if right else next(key for key in entry["options"] if key != entry["right"])
    return identifier


def _next(one: deck.Deck) -> str:
    one._answer_message(one, {"do": "next"}, [])
    return one.item["id"]


def test_every_item_comes_once_before_any_comes_twice(kept):
    one = deck.ask()
    seen = [one.item["id"]]
    while len(seen) < len(ITEMS):
        _answer(one, right=True)
        seen.append(_next(one))
    assert sorted(seen) == sorted(ITEMS)
    assert len(ITEMS) >= 40


def test_a_skipped_item_comes_back_after_the_others(kept):
    one = deck.ask(lesson="02")
    first = one.item["id"]
    seen = [_next(one) for _ in range(len(deck.choose("02", "")))]
    assert seen[-1] == first
    assert len(set(seen)) == len(seen)


def test_without_a_record_the_deck_still_goes_round(monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "off")
    one = deck.ask(lesson="04")
    seen = []
    for _ in range(len(deck.choose("04", ""))):
        seen.append(_answer(one, right=True))
        _next(one)
    assert sorted(seen) == sorted(deck.choose("04", ""))


def test_the_deck_goes_on_where_it_was_left(kept):
    one = deck.ask()
    answered = _answer(one, right=True)
    two = deck.ask()
    assert two.item["id"] != answered
    assert two.score.startswith(f"1 of {len(ITEMS)} answered")


def test_a_missed_item_is_asked_again_in_a_later_session(kept):
    one = deck.ask()
    missed = _answer(one, right=False)
    record = progress.read()
    progress.path().unlink()  # the changed record comes back as an earlier course wrote it
    record["quiz"][missed][0]["at"] = "2026-01-01T00:00:00+00:00"
    kept.write_text(json.dumps(record), encoding="utf-8")
    two = deck.ask()
    assert two.item["id"] == missed
    assert "1 to repeat" in two.score


def test_nothing_of_the_answer_reaches_the_page_before_the_commit(kept):
    one = deck.ask()
    for _ in range(3):
        state = json.dumps({k: v for k, v in one.get_state().items() if not k.startswith("_")}, default=str)
        entry = ITEMS[one.item["id"]]
        assert '"right"' not in state
        assert not any(json.dumps(option["why"])[1:-1] in state for option in entry["options"].values())
        _answer(one, right=False)
        assert one.verdict == "wrong" and one.feedback
        _next(one)
        assert (one.choice, one.feedback, one.verdict, one.evidence) == ("", [], "", {})


def test_the_filters_leave_what_they_say(kept):
    one = deck.ask()
    one.lesson = "06"
    assert one.item["id"].startswith("06.")
    one.level = "expert"
    assert ITEMS[one.item["id"]]["level"] == "expert"
    assert one.score.startswith(f"0 of {len(deck.choose('06', 'expert'))} ")
    assert set(deck.choose("", "")) == set(ITEMS)


def test_a_choice_without_items_asks_nothing(kept):
    empty = [
        (lesson, level)
        for lesson in deck.lessons()
        for level in deck.LEVELS
        if not deck.choose(lesson, level)
    ]
    assert empty, "lesson 00 has one item only"
    one = deck.ask(*empty[0])
    assert one.item == {} and one.score.startswith("0 of 0")
    one.choice = "anything"
    one._answer_message(one, {"do": "next"}, [])
    assert one.verdict == ""
    one.lesson = one.level = ""
    assert one.item["id"]


@pytest.mark.parametrize(("lesson", "level"), [("99", ""), ("", "hard"), ("4", "")])
def test_an_unknown_choice_names_the_known_ones(lesson, level):
    with pytest.raises(ValueError, match=r"Choose one of: (00, 01|basic, core)"):
        deck.ask(lesson, level)


def test_a_page_without_a_kernel_asks_everything_and_folds_the_answers(kept):
    data, *_ = deck.ask()._repr_mimebundle_()
    assert data["text/html"].count("<details>") == len(ITEMS)
    open_text = "".join(part.split("</details>")[-1] for part in data["text/html"].split("<details>"))
    for entry in ITEMS.values():
        assert entry["options"][entry["right"]]["why"] not in data["text/plain"]
        assert texts.words("matters", text="") not in open_text
    assert len(re.findall(r"^  \([A-D]\) ", data["text/plain"], re.MULTILINE)) == sum(
        len(entry["options"]) for entry in ITEMS.values()
    )


def test_the_bank_asks_for_every_false_claim_every_silent_failure_and_every_myth():
    """A claim that is false or outdated, each numbered silent failure, and the second article's myths."""
    wrong = {name for name, claim in book.claims().items() if claim.verdict in ("false", "outdated")}
    numbered = {f"S{number}" for number in range(1, 43)} | {"M1", "M2", "M3"}
    settled = {name for entry in ITEMS.values() for name in entry.get("settles", [])}
    assert wrong | numbered <= settled
    assert settled <= book.claims().keys() | numbered


class TestScore:
    def test_counts_first_and_latest_answers(self):
        answers = {
            "a": [{"right": False}, {"right": True}],
            "b": [{"right": True}],
            "gone": [{"right": True}],
        }
        assert score.counts(["a", "b", "c"], answers) == {"all": 3, "answered": 2, "first": 1, "now": 2}

    def test_without_answers_it_says_what_to_do(self, kept, capsys):
        score.picture()
        score.summary()
        assert capsys.readouterr().out == 2 * (texts.words("score_none") + "\n")

    def test_the_picture_carries_its_numbers_in_words(self, kept, monkeypatch):
        shown = []
        monkeypatch.setattr(score.figures, "show", lambda figure, alt: shown.append(alt))
        identifier = "02.predict.optimizer"
        progress.add("quiz", identifier, choice="none", right=False)
        progress.add("quiz", identifier, choice="all", right=True)
        score.picture()
        count = len(deck.choose("02", ""))
        assert shown == [f"Lesson 02: 0 right at the first try and 1 right now, of {count} questions."]

    def test_the_summary_names_what_is_missed_and_nobody(self, kept, capsys):
        progress.add("quiz", "02.predict.optimizer", choice="none", right=False)
        progress.add("quiz", "04.myth.hdf5", choice="false", right=True)
        progress.add("quiz", "an item that was taken out", choice="x", right=False)
        score.summary()
        lines = capsys.readouterr().out.splitlines()
        assert f"2 of {len(ITEMS)}" in lines[0] and "Right at the first try: 1" in lines[0]
        assert [line.split(":")[0].strip() for line in lines if line.startswith("  Lesson")] == [
            "Lesson 02",
            "Lesson 04",
        ]
        assert lines[-1].startswith("  02.predict.optimizer: ")
