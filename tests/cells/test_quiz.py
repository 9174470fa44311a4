"""Every quiz item: its schema, its evidence, what it shows and what it keeps to itself."""

import ast
import base64
import collections
import datetime
import inspect
import json
import pathlib
import re
import types

from helpers import lessons, question, quiz
from helpers.core import option_order, places, processes, progress, release, scratch, texts
import nbformat
import pytest

from tests.claims import fault_list

ITEMS = texts.load("en")["quiz"]
LESSONS = scratch.COURSE / "notebooks"


def test_there_are_items():
    assert len(ITEMS) >= 7


def _deck_only(identifier: str) -> bool:
    return ".deck." in identifier


@pytest.mark.parametrize("identifier", ITEMS)
class TestItem:
    def test_has_what_an_item_has(self, identifier):
        entry = ITEMS[identifier]
        assert re.fullmatch(r"\d\d\.(predict|myth|deck)\.[a-z0-9]+", identifier)
        assert entry["kind"] in {"predict", "myth"}
        assert identifier.split(".")[1] in {entry["kind"], "deck"}
        assert entry["level"] in {"basic", "core", "expert"}
        assert 2 <= len(entry["options"]) <= 4
        assert entry["right"] in entry["options"]
        optional = {"root_cause", "settles", "recorded"} | ({"seen_in"} if _deck_only(identifier) else set())
        needed = {"kind", "level", "prompt", "options", "right", "matters", "seen_in"} - optional
        assert needed <= entry.keys() <= needed | optional
        for option in entry["options"].values():
            assert option.keys() == {"text", "why"}
            assert len(option["why"]) >= 40, "a reason is a sentence"
        assert len(entry["matters"]) >= 40
        assert len({option["text"] for option in entry["options"].values()}) == len(entry["options"])

    def test_the_right_option_does_not_stand_out_by_its_length(self, identifier):
        lengths = {key: len(option["text"]) for key, option in ITEMS[identifier]["options"].items()}
        others = [length for key, length in lengths.items() if key != ITEMS[identifier]["right"]]
        assert lengths[ITEMS[identifier]["right"]] <= 2 * max(others)

    def test_is_settled_by_a_cell_that_exists(self, identifier):
        if "seen_in" not in ITEMS[identifier]:
            return  # the schema allows it for items of the deck alone
        name, _, cell = ITEMS[identifier]["seen_in"].partition("#")
        notebook = nbformat.read(LESSONS / f"{name}.ipynb", as_version=4)
        code = {entry.id for entry in notebook.cells if entry.cell_type == "code"}
        assert cell in code

    def test_is_asked_in_its_lesson(self, identifier):
        if _deck_only(identifier):
            return  # the deck asks every item of the bank
        (lesson,) = LESSONS.glob(f"{identifier.split('.')[0]}_*.ipynb")
        assert f'quiz.ask("{identifier}")' in "\n".join(
            cell.source for cell in nbformat.read(lesson, as_version=4).cells
        )

    def test_its_evidence_holds(self, identifier):
        try:
            seen = lessons.run(identifier)
        except AssertionError as error:
            pytest.fail(fault_list.after(identifier, str(error)))
        assert len(seen) >= 40 and "\n" not in seen

    def test_its_evidence_can_fail(self, identifier):
        """An evidence function decides by `assert` on something it computed, not on a constant."""
        tree = ast.parse(lessons.code(identifier))
        asserted = [node.test for node in ast.walk(tree) if isinstance(node, ast.Assert)]
        assert any(
            isinstance(node, ast.Name | ast.Call | ast.Attribute)
            for test in asserted
            for node in ast.walk(test)
        )


def test_no_evidence_is_without_an_item():
    for path in pathlib.Path(lessons.__file__).parent.glob("lesson_*/experiments.py"):
        functions = [
            node.name
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
        ]
        for name in (name for name in functions if not name.startswith("_")):
            assert f"{path.parent.name[-2:]}.{name.replace('_', '.', 1)}" in ITEMS, (
                f"{path.parent.name}: {name}"
            )


@pytest.fixture
def item(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(quiz, "_ran", set())
    return quiz.ask("02.predict.optimizer")


def commit(item: quiz.Quiz, option: str) -> None:
    """Commit to an option and ask for the answer at once."""
    item.choice = option
    item._answer_message(item, {"do": "tell"}, [])


def _state(widget: quiz.Quiz) -> str:
    """Everything the page has been told."""
    state = {key: value for key, value in widget.get_state().items() if not key.startswith("_")}
    return json.dumps(state, default=str)


def test_nothing_is_preselected_and_nothing_is_given_away(item):
    entry = ITEMS["02.predict.optimizer"]
    assert item.choice == "" and item.feedback == [] and item.verdict == ""
    said = _state(item)
    assert entry["prompt"].split("`")[0] in said
    for option in entry["options"].values():
        assert option["text"] in said and option["why"] not in said
    assert '"right"' not in said and entry["matters"] not in said


def test_a_wrong_answer_gets_both_reasons_and_the_cell(item):
    entry = ITEMS["02.predict.optimizer"]
    commit(item, "none")
    assert item.verdict == "wrong"
    assert item.feedback[0] == "Not this one."
    said = " ".join(item.feedback)
    assert entry["options"]["none"]["why"] in said and entry["options"]["all"]["why"] in said
    assert entry["matters"] in said and places.headings()[entry["seen_in"]] in said
    assert entry["options"]["epochs"]["why"] not in said


def test_a_right_answer_is_said_in_words(item):
    commit(item, "all")
    assert item.verdict == "right" and item.feedback[0] == "Right."


def test_a_prediction_is_noted_and_answered_when_its_experiment_has_run(item):
    entry = ITEMS["02.predict.optimizer"]
    item.choice = "none"
    assert item.verdict == "noted" and item.asks == "tell"
    assert entry["options"]["all"]["why"] not in _state(item) and entry["matters"] not in _state(item)
    assert places.headings()[entry["seen_in"]] in item.feedback[1]
    item._answer_message(item, {"do": "show"}, [])
    item._answer_message(item, {"do": "again"}, [])
    assert item.verdict == "noted" and item.evidence == {}, "neither shows nor reopens what is only noted"

    settling = entry["seen_in"].partition("#")[2]
    for cell, success in (("another", True), (settling, False), (None, True)):
        quiz._cell_ran(_ended(cell, success))
        assert item.verdict == "noted"
    quiz._cell_ran(_ended(settling, True))
    assert item.verdict == "wrong" and item.asks == ""
    late = quiz.ask("02.predict.optimizer")
    late.choice = "all"
    assert late.verdict == "right", "its experiment has run in this kernel"


def _ended(cell: str | None, success: bool) -> types.SimpleNamespace:
    """What IPython reports of a cell."""
    return types.SimpleNamespace(info=types.SimpleNamespace(cell_id=cell), success=success)


@pytest.fixture
def class_rule(tmp_path, monkeypatch):
    """A function that puts a class under a rule."""
    path = tmp_path / "class" / release.NAME
    path.parent.mkdir()
    monkeypatch.setenv("COURSE_CLASS", str(path))
    monkeypatch.setattr(release, "_given", set())
    return lambda content: path.write_text(content if isinstance(content, str) else json.dumps(content))


class TestClassMode:
    def test_a_word_releases_the_answer(self, class_rule, item):
        class_rule({"word": release.digest("Blue  Whale")})
        myth = quiz.ask("02.myth.retrain")
        for one in (item, myth):
            right = ITEMS[one.item["id"]]["right"]
            one.choice = right
            one._answer_message(one, {"do": "tell"}, [])
            assert one.verdict == "noted" and one.asks == "word"
            assert ITEMS[one.item["id"]]["options"][right]["why"] not in _state(one)
        item._answer_message(item, {"do": "tell", "word": "white whale"}, [])
        assert item.verdict == "noted" and texts.words("word_wrong") in item.feedback
        again = quiz.ask("02.myth.retrain")
        assert again.before.endswith(f": {texts.words('before_withheld')}.")
        item._answer_message(item, {"do": "tell", "word": " blue whale "}, [])
        assert item.verdict == "right"
        myth._answer_message(myth, {"do": "tell"}, [])
        assert myth.verdict == "right"

    def test_a_time_releases_the_answer(self, class_rule, item):
        class_rule({"at": "2999-01-01T10:30"})
        commit(item, "all")
        assert item.verdict == "noted" and item.asks == "look" and "2999-01-01T10:30" in item.feedback[1]
        class_rule({"at": "2020-01-01T10:30"})
        item._answer_message(item, {"do": "tell"}, [])
        assert item.verdict == "right"

    def test_a_file_releases_the_answer(self, class_rule, item, tmp_path):
        class_rule({"file": "released"})
        commit(item, "all")
        assert item.verdict == "noted"
        (tmp_path / "class" / "released").touch()
        item._answer_message(item, {"do": "tell"}, [])
        assert item.verdict == "right"

    @pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"at": "soon"}', '{"word": 3}', '{"x": "y"}'])
    def test_a_rule_that_cannot_be_understood_withholds_and_says_so(self, class_rule, item, content):
        class_rule(content)
        commit(item, "all")
        assert item.verdict == "noted" and release.NAME in item.feedback[1]

    def test_without_a_rule_nothing_is_withheld(self, class_rule):
        assert release.withheld() == {}


class TestOrder:
    def test_is_kept_for_a_learner_and_differs_between_learners(self, monkeypatch, tmp_path):
        orders = []
        for learner in "abcdefgh":
            monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / learner / "progress"))
            seen = [one["id"] for one in quiz.ask("02.predict.optimizer").item["options"]]
            option_order._learner.cache_clear()  # another kernel
            assert [one["id"] for one in quiz.ask("02.predict.optimizer").item["options"]] == seen
            orders.append(tuple(seen))
        assert len(set(orders)) > 2
        assert {frozenset(one) for one in orders} == {frozenset(ITEMS["02.predict.optimizer"]["options"])}

    def test_holds_within_a_kernel_where_nothing_can_be_kept(self, monkeypatch, tmp_path):
        (tmp_path / "file").touch()
        monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress"))
        orders = [option_order.own(name, list(entry["options"])) for name, entry in ITEMS.items()]
        assert orders == [option_order.own(name, list(entry["options"])) for name, entry in ITEMS.items()]

    def test_on_a_printed_page_is_never_that_of_the_source(self):
        for name, entry in ITEMS.items():
            order = option_order.printed(name, list(entry["options"]))
            assert order != list(entry["options"]) and sorted(order) == sorted(entry["options"])


def test_a_place_is_a_link_to_its_heading():
    for entry in ITEMS.values():
        if "seen_in" in entry:
            line = question.noted(entry)[-1]
            page = entry["seen_in"].partition("#")[0]
            assert re.search(rf'<a href="{page}\.ipynb#[^"\s]+">', question.marked(line)), line
            assert entry["seen_in"].partition("#")[2] + ")" not in line.partition("](")[0]


def test_what_is_sealed_for_a_web_page_is_whole_and_cannot_be_read_in_its_source():
    entry = ITEMS["02.predict.optimizer"]
    text = question.sealed("02.predict.optimizer", entry)
    content = json.loads(base64.b64decode(text))
    assert content["right"] == entry["right"] and content["noted"]
    for key, option in entry["options"].items():
        assert option["why"] in content["feedback"][key]
        assert option["why"][:20] not in text
    assert "why" not in json.dumps(content["item"]["options"])


def test_again_clears_and_the_first_answer_is_remembered(item):
    commit(item, "none")
    item._answer_message(item, {"do": "again"}, [])
    assert item.choice == "" and item.feedback == [] and item.verdict == ""
    commit(item, "all")
    letter = option_order.letters([one["id"] for one in item.item["options"]])["none"]
    assert f"**Before, you answered:** {letter} · All are gone: a file holds weights only" in item.feedback
    answers = progress.read()["quiz"]["02.predict.optimizer"]
    assert [(answer["choice"], answer["right"]) for answer in answers] == [("none", False), ("all", True)]


def test_an_answered_question_says_so_without_the_answer(item):
    assert item.before == ""
    item.choice = "none"
    item.choice = "all"
    again = quiz.ask("02.predict.optimizer")
    today = datetime.datetime.now()
    assert re.fullmatch(r"You answered this on \d+ \w{3}: right\.", again.before)
    assert again.before.split()[4] in {str(today.day), str((today - datetime.timedelta(days=1)).day)}
    assert again.choice == "" and again.feedback == []


def test_the_day_of_an_answer_is_the_learners_day():
    noon = datetime.datetime(2026, 11, 28, 12).astimezone(datetime.UTC)  # at noon where this runs
    answers = [{"at": noon.isoformat(), "right": False, "choice": "all"}]
    assert question.answered_before(answers) == "You answered this on 28 Nov: not right."
    assert question.answered_before([]) == ""


def test_a_choice_that_is_no_option_changes_nothing(item):
    item.choice = "something else"
    assert item.feedback == [] and progress.read()["quiz"] == {}


def test_show_me_runs_the_evidence_and_shows_its_code(item):
    item.show()
    assert "stands at step 90" in item.evidence["seen"]
    assert item.evidence["code"] == inspect.getsource(lessons.find("02.predict.optimizer"))


def test_show_me_takes_no_warning_for_a_verdict(item, monkeypatch):
    printed = "UserWarning: old\nbye"
    monkeypatch.setattr(processes, "call", lambda *_: processes.Result(0, "90 steps", "", printed))
    item.show()
    assert item.evidence["seen"] == "90 steps"


def test_evidence_that_fails_names_the_lesson(item, monkeypatch):
    failed = processes.Result(0, None, "AssertionError: it said 0", "")
    monkeypatch.setattr(processes, "call", lambda *_: failed)
    item.show()
    assert "lesson 02 have to be rewritten" in item.evidence["seen"]
    assert "AssertionError: it said 0" in item.evidence["seen"]


def test_show_me_always_ends_with_a_sentence(item, monkeypatch):
    for result, said in {
        processes.Result(None, None, "", ""): "ended after a minute",
        processes.Result(-11, None, "", ""): "ended by signal 11",
        processes.Result(3, None, "", ""): "exit status 3",
    }.items():
        monkeypatch.setattr(processes, "call", lambda *_, result=result: result)
        item.show()
        assert said in item.evidence["seen"]

    def refuse(*_):
        raise OSError("no process could be started: EOFError")

    monkeypatch.setattr(processes, "call", refuse)
    item.show()
    assert "no process could be started" in item.evidence["seen"]

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "call", interrupted)
    with pytest.raises(KeyboardInterrupt):
        item.show()
    assert item.evidence["seen"].startswith("Stopped before")


def test_an_unknown_item_names_the_known_ones():
    with pytest.raises(KeyError, match=r"02\.predict\.optimizer"):
        quiz.ask("02.predict.nothing")


def test_a_page_without_a_kernel_folds_the_answer(item):
    data, *_ = item._repr_mimebundle_()
    entry = ITEMS["02.predict.optimizer"]
    before, folded = data["text/html"].split("<details>")
    assert entry["options"]["all"]["why"] not in before and entry["options"]["all"]["why"] in folded
    assert "<code>digits.keras</code>" in before
    assert entry["options"]["all"]["why"] not in data["text/plain"]
    assert all(option["text"] in data["text/plain"] for option in entry["options"].values())


def test_text_is_never_taken_as_html():
    entry = {**ITEMS["02.predict.optimizer"], "prompt": "<script>alert(1)</script> `a<b`"}
    page = question.static_html("02.predict.optimizer", entry)
    assert "<script>" not in page
    assert "<code>a&lt;b</code>" in page


PREDICTIONS = [identifier for identifier in ITEMS if ".predict." in identifier]


@pytest.mark.parametrize("identifier", PREDICTIONS)
def test_a_prediction_is_asked_before_the_cell_that_settles_it(identifier):
    """And in the lesson of its number, not after the answer has been seen."""
    page_name, _, settled = ITEMS[identifier]["seen_in"].partition("#")
    path = scratch.COURSE / "notebooks" / f"{page_name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    (asked,) = [place for place, cell in enumerate(cells) if f'quiz.ask("{identifier}")' in cell.source]
    (seen,) = [place for place, cell in enumerate(cells) if cell.id == settled]
    assert page_name.startswith(identifier[:2]) and asked < seen
    assert seen - asked <= 10, f"{seen - asked} cells before its experiment: it is forgotten by then"


class TestBank:
    """The options give nothing away unread, over all lessons and the deck."""

    @pytest.mark.parametrize(
        "order", [lambda _, options: options, option_order.printed], ids=["source", "printed"]
    )
    def test_no_place_holds_more_than_two_fifths_of_the_right_answers(self, order):
        places = collections.Counter(
            order(name, list(entry["options"])).index(entry["right"]) for name, entry in ITEMS.items()
        )
        assert max(places.values()) <= 0.4 * len(ITEMS), places

    def test_a_third_of_myth_or_fact_is_true(self):
        first = [self._first(entry, entry["right"]) for entry in ITEMS.values() if entry["kind"] == "myth"]
        assert set(first) == {"true", "false"}
        assert 1 / 3 <= first.count("true") / len(first) <= 0.45, collections.Counter(first)

    @pytest.mark.parametrize("identifier", ITEMS)
    def test_the_first_word_of_the_right_option_is_that_of_another_too(self, identifier):
        entry = ITEMS[identifier]
        words = [self._first(entry, key) for key in entry["options"]]
        assert words.count(self._first(entry, entry["right"])) >= 2, words

    @pytest.mark.parametrize("most", [max, min])
    def test_the_right_option_is_the_longest_or_the_shortest_in_no_more_than_a_third(self, most):
        found = []
        for name, entry in ITEMS.items():
            lengths = {key: len(option["text"]) for key, option in entry["options"].items()}
            extreme = [key for key, length in lengths.items() if length == most(lengths.values())]
            if extreme == [entry["right"]]:
                found.append(name)
        assert len(found) <= len(ITEMS) / 3, found

    @staticmethod
    def _first(entry: dict, key: str) -> str:
        return re.search(r"\w+", entry["options"][key]["text"].lower())[0]
