"""`author room`: forty simulated learners become pictures that say what they chose, and nothing breaks it."""

import contextlib
import csv
import datetime
import json
import os
import random
import sqlite3

import bs4
from helpers.authoring import command
from helpers.authoring.teaching import predictions, progress_files
from helpers.core import progress, texts
import matplotlib.image
import pytest

ITEMS = texts.table("quiz")
ASKED = [name for name in ITEMS if name[:2] in ("01", "02") and ".deck." not in name]
BEGIN = datetime.datetime(2026, 11, 27, 9, tzinfo=datetime.UTC)


def record(answers: list[tuple[str, str, int]]) -> dict:
    """A progress file's content: (question, option, second of the day) for each answer."""
    quiz: dict[str, list[dict]] = {}
    for identifier, choice, second in answers:
        at = (BEGIN + datetime.timedelta(seconds=second)).isoformat(timespec="seconds")
        right = choice == ITEMS.get(identifier, {}).get("right")
        quiz.setdefault(identifier, []).append({"choice": choice, "right": right, "at": at})
    return {"quiz": quiz, "check": {}}


def learner(number: int) -> list[tuple[str, str, int]]:
    """What one of forty learners chose: guesses first; many try again, then mostly right."""
    chance = random.Random(number)
    given = []
    for place, identifier in enumerate(ASKED):
        if chance.random() < 0.1:
            continue  # was out of the room
        options = list(ITEMS[identifier]["options"])
        given.append((identifier, chance.choice(options), 60 * place + chance.randrange(40)))
        if chance.random() < 0.6:
            last = ITEMS[identifier]["right"] if chance.random() < 0.8 else chance.choice(options)
            given.append((identifier, last, 7200 + 60 * place + chance.randrange(40)))
    return given


@pytest.fixture(scope="module")
def forty() -> dict[str, list[tuple[str, str, int]]]:
    return {f"learner-{number:02}-Özlem": learner(number) for number in range(40)}


@pytest.fixture
def folder(tmp_path, forty):
    """The forty files, in folders of their groups."""
    place = tmp_path / "handed in"
    for number, (name, answers) in enumerate(forty.items()):
        group = place / f"group {number % 4}"
        group.mkdir(parents=True, exist_ok=True)
        (group / f"{name}.json").write_text(json.dumps(record(answers)), encoding="utf-8")
    return place


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = command.main(["room", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_forty_learners_become_one_picture_for_each_question(folder, forty, tmp_path, capsys):
    code, said = run(capsys, folder, "--to", tmp_path / "out")
    assert code == 0 and f"{len(ASKED)} questions, 0 exercises, 40 learners" in said
    assert said.count("\n") == 1  # nothing is amiss
    pictures = [f"{name}{ending}" for name in ASKED for ending in ("", "-answer")]
    drawn = {path.stem: matplotlib.image.imread(path) for path in (tmp_path / "out").glob("*.png")}
    assert sorted(drawn) == sorted(pictures)
    assert all(picture.std() > 0.05 for picture in drawn.values())  # one that is all white has 0
    assert not (tmp_path / "out" / "exercises.csv").exists()
    soup = bs4.BeautifulSoup((tmp_path / "out" / "room.html").read_text(encoding="utf-8"), "html.parser")
    assert [heading.get_text() for heading in soup.find_all("h2")] == ASKED
    for identifier, image in zip(ASKED, soup.find_all("img"), strict=True):
        given = [[choice for name, choice, _ in one if name == identifier] for one in forty.values()]
        given = [choices for choices in given if choices]
        assert f"{len(given)} answered, {sum(len(one) > 1 for one in given)} of them again" in image["alt"]
        for option, entry in ITEMS[identifier]["options"].items():
            first, last = (sum(choices[place] == option for choices in given) for place in (0, -1))
            assert predictions.plain(entry["text"]) in image["alt"]
            assert f": {first} at first, {last} at last" in image["alt"]


def test_bars_are_as_long_as_the_counts_and_the_right_option_is_named(forty):
    learners = handed(forty)
    for count in progress_files.count(learners, ITEMS)[:3]:
        entry = ITEMS[count.identifier]
        (axis,) = predictions.draw(count, entry, answer=True).axes
        lengths = [[bar.get_width() for bar in bars] for bars in axis.containers[:2]]
        options = list(predictions.lettered(count.identifier, entry))
        assert lengths == [[votes[key] for key in options] for votes in (count.before, count.after)]
        assert sum(count.before.values()) == sum(count.after.values()) == count.learners > 25
        labels = [" ".join(label.get_text().split()) for label in axis.get_yticklabels()]
        marked = [option for option, label in zip(options, labels, strict=True) if "(right)" in label]
        assert marked == [entry["right"]]
        (shown,) = predictions.draw(count, entry, answer=False).axes
        assert not [label for label in shown.get_yticklabels() if "(right)" in label.get_text()]
        assert [label[:3] for label in labels] == [f"{letter} ·" for letter in "ABCD"[: len(labels)]]


def test_one_page_can_be_shown_before_the_second_vote_and_one_after(folder, tmp_path, capsys):
    run(capsys, folder, "--to", tmp_path / "out")
    before, after = (
        (tmp_path / "out" / name).read_text(encoding="utf-8") for name in ("room.html", "room-answers.html")
    )
    assert "(right)" not in before and after.count("(right)") == len(ASKED)
    assert "`" not in bs4.BeautifulSoup(before, "html.parser").get_text()


def test_exercises_become_a_table_of_learners(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    for number, outcomes in enumerate((["not_yet", "correct", "not_yet"], ["not_yet"], [], "damaged")):
        content = record([("02.predict.optimizer", "all", number)])
        entries = outcomes if outcomes == "damaged" else [{"outcome": one, "at": "x"} for one in outcomes]
        content["check"] = {"02.3": entries, "99.9": [{"outcome": "correct", "at": "x"}]}
        (tmp_path / "in" / f"={number}.json").write_text(json.dumps(content), encoding="utf-8")
    code, said = run(capsys, tmp_path / "in", "--to", tmp_path / "out")
    exercises = [name for name in texts.table("exercise") if name.startswith("02.")]
    assert code == 0 and f"{len(exercises)} exercises, 4 learners" in said
    with (tmp_path / "out" / "exercises.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["02.3"] for row in rows] == ["correct", "not yet", "not started", "not started"]
    assert list(rows[0]) == ["learner", *exercises] and rows[0]["learner"] == "learner 1"
    page = (tmp_path / "out" / "room.html").read_text(encoding="utf-8")
    assert "02.3: 1 correct, 1 not yet" in page and (tmp_path / "out" / "exercises.png").exists()
    run(capsys, tmp_path / "in", "--names", "--to", tmp_path / "out")
    assert "'=1.json,not started" in (tmp_path / "out" / "exercises.csv").read_text(encoding="utf-8-sig")


def handed(forty) -> list[progress_files.Answers]:
    return [
        progress_files.Answers(
            name, {key: [(c, str(s)) for k, c, s in given if k == key] for key, _, _ in given}
        )
        for name, given in forty.items()
    ]


def test_nobody_is_named_unless_asked_for(folder, tmp_path, capsys):
    _, said = run(capsys, folder, "--to", tmp_path / "out")
    page = (tmp_path / "out" / "room.html").read_text(encoding="utf-8")
    assert "learner-" not in page + said and "group" not in page + said
    assert all(b"learner-" not in path.read_bytes() for path in (tmp_path / "out").glob("*.png"))
    run(capsys, folder, "--names", "--to", tmp_path / "out")
    assert "learner-07-Özlem.json: " in (tmp_path / "out" / "room.html").read_text(encoding="utf-8")


def test_a_file_that_the_course_itself_wrote_is_read(tmp_path, monkeypatch, capsys):
    (tmp_path / "in").mkdir()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "in" / "progress.json"))
    progress.add("quiz", "02.predict.optimizer", choice="none", right=False)
    progress.add("quiz", "02.predict.optimizer", choice="all", right=True)
    progress.add("check", "02.1", outcome="correct")
    code, said = run(capsys, tmp_path / "in", "--to", tmp_path / "out")
    assert code == 0 and "1 questions, 6 exercises, 1 learners" in said
    assert "fewer than 5 learners" in said
    page = (tmp_path / "out" / "room.html").read_text(encoding="utf-8")
    assert "All are gone: a file holds weights only: 1 at first, 0 at last" in page


def test_a_database_that_asks_for_endless_work_is_left_out(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "in" / "endless.sqlite")) as made:
        endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
        made.execute(
            f"CREATE VIEW entries AS SELECT x number, x kind, x item, x at, x entry FROM ({endless})"
        )
    code, said = run(capsys, tmp_path / "in")
    assert code == 1 and "endless.sqlite: damaged, or no progress file" in said


GOOD = json.dumps(record([("02.predict.optimizer", "all", 5)])).encode()
BAD = {
    "empty.json": (b"", "empty"),
    "blank.json": (b" \n", "empty"),
    "cut.json": (GOOD[:40], "damaged: no JSON text"),
    "bytes.json": (b"\xff\xfe\x00{", "damaged: no JSON text"),
    "deep.json": (b"[" * 100_000, "damaged: no JSON text"),
    "long-number.json": (b"1" * 10_000, "damaged: no JSON text"),
    "huge.json": (b'{"quiz": {}, "x": "' + b"a" * 5_000_001 + b'"}', "larger than 5 MB"),
    "list.json": (b"[1, 2]", "no progress file"),
    "null.json": (b"null", "no progress file"),
    "foreign.json": (b'{"name": "package", "version": "1"}', "no progress file"),
    "table.json": (b'{"quiz": [1]}', "no progress file"),
    "nothing.json": (b'{"quiz": {}, "check": {}}', "no question answered"),
    "no-answers.json": (b'{"quiz": {"02.predict.optimizer": []}}', "no question answered"),
    "text.json": (b'{"quiz": {"a": "b"}}', "no list of choices"),
    "number.json": (b'{"quiz": {"a": [{"choice": 3, "at": "x"}]}}', "no list of choices"),
    "notes.docx": (b"PK", "no .sqlite or .json file"),
    "empty.sqlite": (b"", "empty"),
    "foreign.sqlite": (b"no database", "file is not a database"),
    "cut.sqlite": (b"SQLite format 3\x00" + b"\x10" * 500, "damaged, or no progress file"),
}


def test_whatever_is_handed_in_is_named_and_breaks_nothing(folder, tmp_path, capsys):
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    (folder / "folder.json").mkdir()
    (folder / ".DS_Store").write_bytes(b"\x00")
    code, said = run(capsys, folder, "--to", tmp_path / "out")
    assert code == 0 and f"{len(ASKED)} questions, 0 exercises, 40 learners" in said
    for name, (_, reason) in BAD.items():
        (line,) = [line for line in said.splitlines() if line.startswith(f"{name}: ")]
        assert reason in line
    assert len(said.splitlines()) == len(BAD) + 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="This system has no pipes with names.")
def test_a_pipe_is_not_waited_for(folder, tmp_path, capsys):
    os.mkfifo(folder / "pipe.json")
    (folder / "gone.json").symlink_to(folder / "nowhere")
    code, said = run(capsys, folder, "--to", tmp_path / "out")
    assert code == 0 and "pipe.json: no ordinary file" in said and "gone.json: no ordinary file" in said


def test_copies_and_earlier_states_count_once(folder, forty, tmp_path, capsys):
    (name, answers), *_ = forty.items()
    (folder / "copy (1).json").write_text(json.dumps(record(answers), indent=4), encoding="utf-8")
    (folder / "earlier.json").write_text(json.dumps(record(answers[:4])), encoding="utf-8")
    code, said = run(capsys, folder, "--to", tmp_path / "out")
    assert code == 0 and "40 learners" in said
    assert f"group 0/{name}.json: the same as copy (1).json, which counts." in said
    assert "earlier.json: an earlier state of copy (1).json, which counts." in said


def test_two_learners_who_chose_alike_in_the_same_second_both_count(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    for name in ("a.json", "b.json"):
        (tmp_path / "in" / name).write_bytes(GOOD)
    code, said = run(capsys, tmp_path / "in", "--to", tmp_path / "out")
    assert code == 0 and "1 questions, 0 exercises, 2 learners" in said
    assert "b.json: the same as a.json, with fewer than 3 answers, so both count" in said


def test_answers_of_another_course_are_named_and_do_not_count(folder, tmp_path, capsys):
    answers = [
        ("99.myth.future", "yes", 1),
        ("02.predict.optimizer", "perhaps", 2),
        ("01.myth.retrain", "true", 3),
    ]
    (folder / "guest.json").write_text(json.dumps(record(answers)), encoding="utf-8")
    code, said = run(capsys, folder, "--to", tmp_path / "out")
    assert code == 0 and "guest.json: answers to 2 questions, such as '02.predict.optimizer'" in said
    assert "perhaps" not in (tmp_path / "out" / "room.html").read_text(encoding="utf-8")


def test_words_in_a_file_never_become_part_of_the_page(folder, tmp_path, capsys):
    wild = '<img src=x onerror="1">'
    answers = [(wild, wild, 1), ("02.predict.optimizer", "all", 2)]
    (folder / "wild & bold.json").write_text(json.dumps(record(answers)), encoding="utf-8")
    assert run(capsys, folder, "--names", "--to", tmp_path / "out")[0] == 0
    page = (tmp_path / "out" / "room.html").read_text(encoding="utf-8")
    assert "onerror" not in page and "wild &amp; bold.json" in page


def test_the_page_is_in_the_language_of_the_course(folder, tmp_path, capsys, monkeypatch):
    run(capsys, folder, "--lesson", "02", "--to", tmp_path / "out")
    english = (tmp_path / "out" / "room.html").read_text(encoding="utf-8")
    monkeypatch.setenv("COURSE_LANGUAGE", "fr")
    run(capsys, folder, "--lesson", "02", "--to", tmp_path / "out")
    french = (tmp_path / "out" / "room.html").read_text(encoding="utf-8")
    for page, language, words in ((english, "en", "What the room"), (french, "fr", "Ce que la salle")):
        soup = bs4.BeautifulSoup(page, "html.parser")
        assert soup.html["lang"] == language
        assert words in soup.h1.get_text()
    assert "of them again" in english and "of them again" not in french


def test_one_lesson_alone_and_no_pictures_of_another_room(folder, tmp_path, capsys):
    run(capsys, folder, "--to", tmp_path / "out")
    code, said = run(capsys, folder, "--lesson", "02", "--to", tmp_path / "out")
    left = {path.stem[:2] for path in (tmp_path / "out").glob("*.png")}
    assert code == 0 and left == {"02"} and "40 learners" in said


def test_nothing_to_draw_is_said(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    assert run(capsys, tmp_path / "in") == (
        1,
        "Nothing to draw: no file holds an answer to a question or a checked exercise of the course.\n",
    )
    code, said = run(capsys, tmp_path / "absent")
    assert code == 1 and "is no folder" in said
