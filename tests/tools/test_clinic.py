"""The error clinic: its entries, what leads to them, what leads nowhere, and where it is asked."""

import ast
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time
import tomllib

from helpers import launch
from helpers.authoring.notebooks import course
from helpers.core import processes, scratch, texts
from helpers.tools import clinic
from helpers.tools.clinic import asking, entries, matching, proofs
import pytest

ENTRIES = entries.load()
HERE = pathlib.Path(__file__).parent
NEGATIVE = tomllib.loads((HERE / "clinic_look_alikes.toml").read_text(encoding="utf-8"))
LINES = tomllib.loads((HERE / "clinic_lines.toml").read_text(encoding="utf-8"))["line"]
ROWS = tomllib.loads((HERE / "clinic_rows.toml").read_text(encoding="utf-8"))
FIELDS = {"title", "symptom", "cause", "cure", "code", "lesson", "state", "threads"}
# Of the sandbox, the service and the store of this course: no public thread can be about them.
OWN = {"B01", "F19", "S01", "S02", "S09", "S12"}


def first(pasted: str | bytes) -> str:
    """The id of the entry that comes first, or nothing."""
    return (*asking.ask(pasted).found, "")[0]


def test_there_are_more_than_a_hundred_causes_and_none_of_the_first_is_lost():
    assert len(ENTRIES) >= 150
    assert {f"P{number:02}" for number in range(1, 37)} | {f"L{number:02}" for number in range(1, 8)} <= set(
        ENTRIES
    )


def test_every_cause_but_those_of_this_course_itself_says_how_many_threads_were_found():
    assert {entry.identifier for entry in ENTRIES.values() if entry.threads_found is None} == OWN


@pytest.mark.parametrize("identifier", ENTRIES)
class TestEntry:
    def test_has_what_an_entry_has(self, identifier):
        fields = texts.load("en")["clinic"][identifier]
        assert fields.keys() >= FIELDS
        assert fields.keys() <= FIELDS | {
            "patterns",
            "weak",
            "unless",
            "described",
            "seen",
            "inspect",
            "threads_found",
        }
        assert fields.get("patterns") or fields.get("described") or fields.get("weak")
        assert fields.get("threads_found", 0) in range(entries.MOST_FOUND + 1)
        entry = ENTRIES[identifier]
        assert entry.state in entries.STATES
        assert bool(entry.seen) == (entry.state != "live"), "what is not live says where it was seen"
        for words in (entry.symptom, entry.cause, entry.cure):
            assert len(words) >= 14 and words.endswith(".")
        assert all(re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", thread) for thread in entry.threads)

    def test_its_lesson_exists(self, identifier):
        lesson = ENTRIES[identifier].lesson
        assert lesson == "" or (
            lesson in course.LESSONS and course.Course().path("notebooks", lesson).is_file()
        )

    def test_its_code_can_be_typed(self, identifier):
        ast.parse(ENTRIES[identifier].code)
        assert max(map(len, ENTRIES[identifier].code.splitlines())) <= 130

    def test_it_has_a_proof_if_it_is_shown_and_none_if_not(self, identifier):
        if ENTRIES[identifier].shown:
            assert callable(proofs.find(identifier))
        else:
            with pytest.raises(LookupError):
                proofs.find(identifier)

    def test_its_own_words_lead_to_it(self, identifier):
        entry = ENTRIES[identifier]
        for pattern in entry.patterns:
            pasted = pattern.replace(matching.GAP, " some_other-name_7 ").replace(" & ", "\n")
            assert first(f"ValueError: {pasted}") == identifier, pasted
        for description in entry.described:
            assert first(" ".join(token.split("|")[0] for token in description.split())) == identifier

    def test_its_patterns_say_enough(self, identifier):
        for pattern in (*ENTRIES[identifier].patterns, *ENTRIES[identifier].weak):
            assert matching.weight_of(pattern) >= (12 if pattern in ENTRIES[identifier].patterns else 9), (
                pattern
            )
            assert pattern.count(matching.GAP) <= 2, "each gap multiplies what a hostile text can cost"
            assert not re.search(r"\d\.\d|/home|[A-Z]:\\", pattern), "a version or a path"


def test_every_proof_has_an_entry():
    for name in proofs.MODULES:
        tree = ast.parse((pathlib.Path(proofs.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            # Lesson 17 uses other functions of these modules too: a proof is named as its entry is.
            if isinstance(node, ast.FunctionDef) and re.fullmatch(r"[a-z]\d\d", node.name):
                assert node.name.upper() in ENTRIES, f"{name}.py: {node.name}"


# Texts that people have posted, and what this course recorded on other versions.
RECORDED = [
    ("P04", "ValueError: Unrecognized keyword arguments: ['batch_shape']"),
    (
        "P04",
        "TypeError: Error when deserializing class 'InputLayer' using config={'batch_shape': [None, 4], "
        "'dtype': 'float32', 'sparse': False}.\n\nException encountered: Unrecognized keyword arguments: "
        "['batch_shape', 'optional']",
    ),
    ("P05", "ValueError: Unrecognized keyword arguments passed to LSTM: {'batch_input_shape': [None, 1, 2]}"),
    ("P06", "Could not locate function 'mse'"),
    (
        "P06",
        "TypeError: Could not locate function 'mse'. Make sure custom classes are decorated with "
        "`@keras.saving.register_keras_serializable()`. Full object config: {'module': 'keras.metrics'}",
    ),
    (
        "P09",
        "ValueError: Unknown layer: 'Attention'. Please ensure this object is passed to `custom_objects`.",
    ),
    (
        "P12",
        "ValueError: Layer 'x' was never built and thus it doesn't have any variables. However the weights",
    ),
    ("P12", "ValueError: Layer 'conv2d' expected 4 variables, but received 2 variables during loading."),
    ("F20", "ValueError: Object arrays cannot be loaded when allow_pickle=False"),
    (
        "E07",
        "tensorflow.errors.NotFoundError: Op type not registered 'CaseFoldUTF8' in binary running on box",
    ),
    (
        "W04",
        "ValueError: Layer #480 (named \"class-predict\"), weight <tf.Variable 'class-predict/kernel:0' "
        "shape=(1, "
        "1, 64, 72) dtype=float32> has shape (1, 1, 64, 72), but the saved weight has shape (1, 1, 64, 9).",
    ),
    ("W11", "ValueError: The passed save_path is not a valid checkpoint: /content/drive/rnnlm/model.ckpt"),
    ("P08", "ValueError: Can't load save_path when it is None."),
    ("P08", "AttributeError: 'NoneType' object has no attribute 'model_checkpoint_path'"),
    (
        "E05",
        "ValueError: Error when checking input: expected input_4 to have shape (None, 185) but got array "
        "with shape (1665, 35)",
    ),
    (
        "E05",
        "ValueError: Error when checking input: expected input_1 to have 4 dimensions, but got array with "
        "shape (3, 1)",
    ),
    ("E01", "Could not find meta graph def matching supplied tags: { serve }. To inspect available tag-sets"),
    (
        "T17",
        "KeyError: 'The optimizer cannot recognize variable conv1d_24/kernel:0. This usually means you are'",
    ),
    (
        "V06",
        "ValueError: File format not supported: filepath=ram://a2c1445f5c0d4c10. Keras 3 only supports V3 "
        "`.keras` "
        "files and legacy H5 format files (`.h5` extension).",
    ),
    (
        "V06",
        "Unsuccessful TensorSliceReader constructor: Failed to find any matching files for "
        "ram://c3a235f8-7e48/variables/variables\n You may be trying to load on a different device from the "
        "computational device.",
    ),
    (
        "F02",
        "ValueError: File format not supported: filepath=..\\saved\\best_model_1.pkl. Keras 3 only "
        "supports V3 "
        "`.keras` files and legacy H5 format files (`.h5` extension).",
    ),
    (
        "C02",
        'File "keras/utils/generic_utils.py", in deserialize_keras_object\nTypeError: __init__() missing 4 '
        "required positional arguments: 'feature_size', 'max_samples', 'cluster_size', and 'output_dim'",
    ),
    (
        "L05",
        'File "keras/utils/generic_utils.py", in deserialize_keras_object\nTypeError: __init__() got an '
        "unexpected keyword argument 'trainable'",
    ),
    (
        "C08",
        "NameError: Exception encountered when calling layer \"lambda_1\" (type Lambda).\n\nname 'K' is "
        "not defined",
    ),
    ("C03", "TypeError: Object of type 'EagerTensor' is not JSON serializable"),
    (
        "W11",
        "DataLossError: Unable to open table file out/checkpoint-370000.data-00000-of-00001: Data loss: not "
        "an sstable (bad magic number): perhaps your file is in a different file format",
    ),
    (
        "W11",
        "DataLossError: Unable to open table file model/shadownet/checkpoint: Data loss: not an sstable "
        "(bad magic number): perhaps your file is in a different file format",
    ),
    (
        "F02",
        "ValueError: File format not supported: filepath=liveness.model. Keras 3 only supports V3 `.keras`",
    ),
    (
        "W10",
        "InvalidArgumentError: Assign requires shapes of both tensors to match. lhs shape= [1,1,256,2] rhs "
        "shape= [3,3,256,256]",
    ),
    ("V10", "ValueError: ('Unrecognized keyword arguments:', dict_keys(['ragged']))"),
    ("V10", "TypeError: __init__() got an unexpected keyword argument 'ragged'"),
    (
        "W02",
        "ValueError: You are trying to load a weight file containing 3 layers into a model with 0 layers.",
    ),
    (
        "W03",
        'Layer 27 (named "conv4_3_norm") expects 0 weight(s), but the saved weights have 1 element(s).',
    ),
    ("K16", "ValueError: Tensor data is null. Run allocate_tensors() first"),
    ("K11", "LLVM ERROR: Failed to infer result type(s)."),
    ("K12", "ValueError: Didn't find op for builtin opcode 'FULLY_CONNECTED' version '12'."),
    ("V12", "ImportError: Keras cannot be imported. Check that it is installed."),
    ("X02", "InvalidArgument: [ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Invalid Feed Input Name:x"),
    (
        "P14",
        "UserWarning: Skipping variable loading for optimizer 'adam', because it has 2 variables whereas",
    ),
    (
        "P19",
        "WARNING:tensorflow:Value in checkpoint could not be found in the restored object: (root).optimizer",
    ),
    ("P22", "Found CVE-2025-9906 in the installed packages"),
    ("P23", "OSError: Unable to open file (file signature not found)"),
    ("P25", "AttributeError: 'Sequential' object has no attribute '_get_save_spec'"),
    ("P26", "AttributeError: 'Functional' object has no attribute 'output_names'"),
    ("P27", "Uncaught Error: An InputLayer should be passed either a `batchInputShape` or an `inputShape`."),
    ("P28", "TypeError: Binding inputs to tf.function failed due to `too many positional arguments`."),
    (
        "P29",
        "ValueError: Only instances of `keras.Layer` can be added to a Sequential model. Received: "
        "<tensorflow_hub.keras_layer.KerasLayer object at 0x7f> (of type <class 'tensorflow_hub'>)",
    ),
    ("P30", "ValueError: Could not find matching function to call loaded from the SavedModel. Got:"),
    ("P32", "filesystem access error: No versions of servable digits found under base path /models/digits"),
    ("P34", '{ "error": "JSON object: does not have named input: input_1" }'),
    ("P34", '{"error": "Failed to process element: 3 of \'instances\' list. Error: INVALID_ARGUMENT"}'),
    (
        "P35",
        'File "C:\\Users\\Jürgen\\site-packages\\tensorflow\\python\\saved_model\\save.py", line 1240\n'
        "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xfc in position 85: invalid start byte",
    ),
    (
        "L06",
        "TypeError: Unrecognized keyword arguments passed to Dense: {'quantization_config': None}",
    ),
    ("L07", "ValueError: bad marshal data (unknown type code)"),
]
IN_WORDS = [
    ("P01", "cannot load_model a SavedModel folder"),
    ("P04", "A model trained on Colab does not load on my old laptop"),
    ("P08", "latest_checkpoint returns None"),
    ("P10", "my custom layer gives different outputs after loading"),
    ("P11", "the layer name changed after loading"),
    ("T02", "save_best_only saves nothing"),
    ("T09", "the optimizer is RMSprop after loading, I used Adam"),
    ("I01", "the model is sure and wrong in its predictions"),
    ("S06", "every request takes as long as a load"),
    ("P12", "sublayer weights are random after loading"),
    ("P13", "layers in a nested list are not saved"),
    ("P14", "loss jumps after resume"),
    ("P14", "The loss is much higher when I restart training from a checkpoint!"),
    ("P16", "accuracy is much lower after loading but the loss is the same"),
    ("P17", "random predictions in a new session"),
    ("P17", "my model gives wrong predictions after restarting the kernel"),
    ("P18", "TextVectorization vocabulary is lost after saving"),
    ("P19", "restoring the checkpoint does nothing, silently"),
    ("P20", "ModelCheckpoint with save_best_only overwrites my best model after a restart"),
    ("P22", "can a malicious model file run code when I load it"),
    ("P33", "TensorFlow Serving serves only the newest version"),
    ("P33", "version_labels are refused before the model is loaded"),
    ("P35", "cannot save on Windows to a path with umlauts"),
]
ELSEWHERE = [
    *NEGATIVE["unknown"]["texts"],
    "Epoch 1/10 45/45 - loss: 0.5 - restarted, resume, load, higher\n" * 40,
]


@pytest.mark.parametrize(("identifier", "pasted"), RECORDED + IN_WORDS)
def test_a_recorded_text_leads_to_its_entry(identifier, pasted):
    assert first(pasted) == identifier
    assert first(f"{'2 unrelated lines' * 3}\n{pasted}\n") == identifier or (identifier, pasted) in IN_WORDS


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['release']} {line['cause']} {line['from']}")
def test_a_line_of_any_release_leads_to_its_cause(line):
    matches, _ = matching.find(line["text"])
    first_ones = matching.shared_with(matches) or matches[:1]
    assert line["cause"] in [match.entry.identifier for match in first_ones]


# A certain cause that is a case of another one: both sheets are right, and the narrower comes first.
CASES = {"F02": {"P01"}}


@pytest.mark.parametrize(
    ("cause", "text"),
    [(line["cause"], line["text"]) for line in LINES] + RECORDED,
    ids=lambda value: value[:12].strip(),
)
def test_no_other_cause_is_certain(cause, text):
    """The words of one cause are never certain words of another, first or not."""
    matches, _ = matching.find(text)
    certain = {match.entry.identifier for match in matches if match.kind == matching.CERTAIN}
    assert certain <= {cause} | CASES.get(cause, set())


def test_the_lines_cover_the_releases():
    releases = {line["release"] for line in LINES}
    assert len(LINES) >= 103 and {"2.5.3", "2.8.4", "2.11.1", "2.13.1", "2.15.1"} < releases
    assert {"2.16.2", "2.18.1", "2.19.1", "2.21.0", "2.21.0 with tf_keras"} < releases


@pytest.mark.parametrize(
    ("identifier", "text"),
    [(sample["not"], text) for sample in NEGATIVE["sample"] for text in sample["texts"]],
)
def test_a_text_that_looks_alike_is_not_taken_for_it(identifier, text):
    """Not as certain: it may stand among those that share the words, where the sheet says so."""
    matches, _ = matching.find(text)
    assert (identifier, matching.CERTAIN) not in [(match.entry.identifier, match.kind) for match in matches]


def _tables() -> list[tuple[str, str]]:
    """Each lesson and symptom in the tables "If it breaks"."""
    found = []
    for lesson in course.LESSONS:
        path = course.Course().path("notebooks", lesson)
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell.get("id") == "if-it-breaks":
                rows = "".join(cell["source"]).split("|---|---|---|")[-1].strip().splitlines()
                found += [(lesson, row.strip("| ").split(" | ")[0].strip()) for row in rows]
    return found


def test_there_are_tables():
    assert len(_tables()) > 60 and {lesson[:2] for lesson, _ in _tables()} >= {"01", "09", "14"}


@pytest.mark.parametrize(("lesson", "symptom"), _tables())
def test_every_row_of_if_it_breaks_has_an_entry(lesson, symptom):
    """A new row needs an entry, and a line in clinic_rows.toml that says which one is right."""
    found = asking.ask(symptom).found
    assert found, f"{lesson}: the clinic does not know {symptom!r}"
    if symptom in ROWS:
        assert found[0] == ROWS[symptom], f"{lesson}: {symptom!r} leads to {found[:3]}"


@pytest.mark.parametrize("pasted", ELSEWHERE)
def test_a_text_from_elsewhere_is_unknown_and_says_how_to_ask(pasted):
    answer = asking.ask(pasted)
    assert answer.found == ()
    said = str(answer)
    for needed in ("uv run course --check", "first and the last line", "code that saved", "code that loads"):
        assert needed in said


def test_an_answer_says_how_many_threads_were_found():
    said = {
        number: str(asking._threads(entries.Entry("X", *[""] * 7, threads=("a/b#1",), threads_found=number)))
        for number in (None, 0, 3, 12)
    }
    assert said[None] == "a/b#1" and said[0].endswith("found it in none. a/b#1")
    assert "found it in 3. " in said[3] and "in all 12 that it shows" in said[12]


def test_an_unknown_error_is_quoted():
    assert "Its last error reads: KeyError: 'age'" in str(asking.ask("Traceback ...\nKeyError: 'age'"))


def test_what_is_not_text_is_unknown():
    generator = random.Random(7)
    noise = bytes(generator.randrange(256) for _ in range(100_000))
    assert asking.ask(noise).found == ()
    assert "not text" in str(asking.ask(noise))
    letters = "".join(generator.choice("abcdefgh ETr:.'\n") for _ in range(1_000_000))
    assert asking.ask(letters).found == ()


def test_a_known_error_is_found_at_the_end_of_a_megabyte():
    assert first("saving and loading\n" * 60_000 + "TypeError: '_UserObject' object is not callable") == "P02"


@pytest.mark.parametrize(
    "piece",
    [
        *sorted(
            {
                pattern.split(matching.GAP)[0] + padding
                for entry in ENTRIES.values()
                for pattern in entry.patterns
                if matching.GAP in pattern
                for padding in ("", " expected ")
            }
        ),
        " ",
        "\x1b[1;",
        "-----> ",
        "ValueError: ",
        "AaError",
        "Traceback (most recent call last):\n",
        "1 ",
        "&amp;",
    ],
)
def test_the_time_grows_with_the_text_and_no_faster(piece):
    def seconds(length: int) -> float:
        pasted = (piece * length)[:length]
        start = time.thread_time()  # of the processor, which others on the machine do not lengthen
        asking.ask(pasted)
        return time.thread_time() - start

    # Four times the text: a pattern that backtracks without end takes sixteen times as long, or for ever.
    allowed = 10 * min(seconds(20_000) for _ in range(3)) + 0.05
    assert any(seconds(80_000) < allowed for _ in range(3))


def test_a_line_that_is_repeated_half_a_million_times_is_looked_at_once():
    """The work is counted, not timed: what is left to compare is bounded however long the log is."""
    log = "TypeError: '_UserObject' object is not callable\n" * 500_000
    cleaned = matching.clean(log.encode())
    assert len(cleaned.messages) <= 3, "once, and once more where the text was cut in the middle of a line"
    many = "\n".join(f"ValueError: number {number}" for number in range(500_000))
    cleaned = matching.clean(many)
    assert len(cleaned.messages) <= matching.MOST_MESSAGES and len(cleaned.whole) <= matching.LONGEST + 1
    assert cleaned.messages[0].endswith("number 0") and cleaned.messages[-1].endswith("number 499999")
    assert first(log) == "P02"


@pytest.mark.parametrize(
    "sign", ["\x1b]0;title\x07", "\x9b31m", "\u202e", "\u2066", "\x00", "\x08", "\x1b[2J"]
)
def test_control_signs_are_spelled_out(sign):
    pasted = f"Traceback\nKeyError: 'a{sign}ge'\n"
    for shown in (str(asking.ask(pasted)), asking.ask(pasted)._repr_html_()):
        assert all(one.isprintable() or one == "\n" for one in shown), repr(shown)
    inner = f"Error when deserializing class 'X'\nException encountered: no{sign}pe"
    assert all(one.isprintable() or one == "\n" for one in str(asking.ask(inner)))


@pytest.mark.parametrize(
    "command",
    [
        "from helpers import launch; sys.exit(launch.main(['--clinic']))",
        "from helpers import launch; "
        "sys.exit(launch.main(['--inspect', 'helpers/tools/clinic/files/gru.h5']))",
        "from helpers.authoring import command; sys.exit(command.main(['timing', '02']))",
    ],
)
def test_a_reader_that_leaves_early_ends_it_quietly(command):
    """As `| head -1` does: the reading end is closed before a word is written."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as output:
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; {command}"],
            input=b"TypeError: '_UserObject' object is not callable\n",
            stdout=output,
            stderr=subprocess.PIPE,
            cwd=scratch.COURSE,
            timeout=120,
        )
    assert done.stderr == b"" and done.returncode == 0


def test_the_most_telling_words_come_first_and_say_why():
    both = (
        "ValueError: File not found: filepath=a.keras. Please ensure the file is an accessible `.keras` zip "
        "file.\n"
        "During handling of the above exception, another exception occurred:\n"
        "TypeError: '_UserObject' object is not callable"
    )
    answer = asking.ask(both)
    assert answer.found == ("P24", "P02")
    weight = matching.weight_of(ENTRIES["P24"].patterns[0])
    assert f"most of its words, {weight} characters" in " ".join(str(answer).split())
    assert "Also in this text" in str(answer) and "P02 · " in str(answer)


def test_of_two_equal_errors_the_last_one_counts():
    text_with_two = "ValueError: File not found: filepath=a\n\nOSError: File not found: filepath=b\n"
    (match, *_), _ = matching.find(text_with_two)
    assert match.place[0] == 2, "the second message"


def test_a_line_that_says_no_cause_names_none_and_asks_for_the_innermost():
    line = (
        "TypeError: <class 'x.Y'> could not be deserialized properly. Please ensure that components that are"
    )
    answer = asking.ask(line)
    assert answer.found == () and "not why" in answer.heading
    assert "Paste the whole error" in " ".join(str(answer).split())
    inner = asking.ask(f"{line}\n\nException encountered: the moon is too near\n")
    assert inner.found == () and "it: the moon is too near" in " ".join(str(inner).split())


def test_words_that_causes_share_name_all_of_them():
    answer = asking.ask(
        "ValueError: Layer 'dense' expected 2 variables, but received 0 variables during loading."
    )
    assert {"P12", "W05", "W06"} <= set(answer.found)
    said = " ".join(str(answer).split())
    assert "perhaps" in said and "The file tells them apart: run `uv run course --inspect FILE`" in said


def test_words_of_another_cause_take_an_entry_out():
    class_of_yours = "TypeError: Could not locate class 'Folded'. Make sure custom classes"
    assert asking.ask(class_of_yours).found[:1] == ("P09",)
    assert "P09" not in asking.ask(class_of_yours.replace("Folded", "Functional")).found


def test_words_in_source_lines_are_no_errors():
    shown = (
        '    206     if not exists:\n--> 207         raise ValueError(f"File not found: filepath={path}")\n'
        "    208     raise ValueError(\"File format not supported: filepath=\")\n\nKeyError: 'age'"
    )
    assert asking.ask(shown).found == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_bytes_of_any_shell_are_read(encoding):
    raw = "TypeError: '_UserObject' object is not callable, Zoë".encode(encoding)
    if encoding == "utf-16-le":
        raw = b"\xff\xfe" + raw
    assert first(raw) == "P02"


def test_a_message_ends_where_the_next_traceback_begins():
    cleaned = matching.clean(
        "ValueError: one\n  more\n\nTraceback (most recent call last):\n  x\nKeyError: 2\n"
    )
    assert cleaned.messages == ["ValueError: one more", "KeyError: 2"]


def test_without_a_text_the_last_error_of_the_session_is_looked_up(monkeypatch):
    monkeypatch.delattr(sys, "last_value", raising=False)
    assert "No error has happened" in str(clinic.ask())
    monkeypatch.setattr(sys, "last_value", TypeError("'_UserObject' object is not callable"), raising=False)
    assert clinic.ask().found[:1] == ("P02",)


def test_a_caught_error_can_be_handed_over():
    assert clinic.ask(TypeError("'_UserObject' object is not callable")).found == ("P02",)


def test_the_index_lists_every_entry_with_its_state():
    table = clinic.index()
    said = str(table).splitlines()
    assert len(said) == len(ENTRIES)
    for line, entry in zip(said, ENTRIES.values(), strict=True):
        assert line.startswith(f"{entry.identifier} · ") and entry.state in line
    assert table._repr_html_().count("<tr>") == len(ENTRIES) + 1


def test_a_page_takes_nothing_for_html():
    shown = asking.ask("Error: <script>alert(1)</script>\nNastyError: <b>x</b>")._repr_html_()
    assert "<script>" not in shown and "<b>" not in shown
    assert '<a href="04_formats.ipynb">' in asking.ask("File format not supported: filepath=a")._repr_html_()


def test_an_entry_that_does_not_exist_is_said():
    with pytest.raises(entries.UnknownEntry, match=r"no entry 'P99'. There are: [A-Z]\d\d, "):
        clinic.prove("P99")


def test_prove_shows_the_error_the_cure_and_the_code():
    said = str(clinic.prove("p24"))
    assert "ValueError: File not found: filepath=half.keras" in said
    assert "under `.h5` the renamed file loads" in said
    assert "def p24(folder" in said
    assert str(scratch.COURSE) not in said


def test_prove_shows_the_line_that_tells_and_the_classes_that_ran():
    said = " ".join(str(clinic.prove("P05")).split())
    assert "Unrecognized keyword arguments passed to DepthwiseConv2D: {'groups': 1}" in said
    assert "class DepthwiseConv2D(" in said
    assert "class Forgetful(Times)" in str(clinic.prove("P10"))


def test_prove_of_what_is_mended_shows_that_it_is():
    said = str(clinic.prove("P13"))
    assert "The old way, tried just now" in said and "the difference is 0" in said


def test_prove_of_what_does_not_happen_here_says_where_it_was_seen():
    said = " ".join(str(clinic.prove("P32")).split())
    assert "cannot be shown here" in said and ENTRIES["P32"].seen in said


def test_a_proof_that_fails_here_says_so(monkeypatch):
    failed = processes.Result(0, None, "AssertionError: it is mended", "")
    monkeypatch.setattr(processes, "call", lambda *_, timeout: failed)
    said = str(clinic.prove("P24"))
    assert "the proof does not hold: AssertionError: it is mended" in said


def _terminal(given: bytes, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "helpers", "--clinic"],
        input=given,
        capture_output=True,
        cwd=scratch.COURSE,
        env={**os.environ, **environment},
        timeout=60,
    )


def test_the_terminal_reads_standard_input():
    done = _terminal(b"x\nTypeError: '_UserObject' object is not callable\n", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and done.stderr == b""
    assert done.stdout.startswith(b"P02 ") and b"artefact.serve(batch)" in done.stdout
    assert b"notebooks/02_save_and_load.ipynb" in done.stdout


@pytest.mark.parametrize("given", [b"", b"KeyError: 'age'", bytes(range(256)) * 50])
def test_the_terminal_says_what_it_does_not_know(given):
    done = _terminal(given)
    assert done.returncode == 1 and done.stderr == b""
    assert b"uv run course --check" in done.stdout


def test_the_terminal_says_what_to_paste_and_how_to_end(monkeypatch, capsys):
    class Keyboard(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard(io.BytesIO(b"'_UserObject' object is not callable\n")))
    assert launch.main(["--clinic"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Paste the error") and "Ctrl-D" in said and "Ctrl-Z" in said
    assert "P02 · " in said


def test_the_terminal_needs_no_tensorflow():
    code = (
        "import sys; from helpers.tools.clinic import asking; "
        "print({'keras', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=scratch.COURSE, encoding="utf-8"
    )
    assert done.stdout.strip() == "set()"


def test_another_language_replaces_words_and_keeps_patterns(tmp_path, monkeypatch):
    for room, path in texts.files("en").items():
        if room == "core/words" or room.startswith("tools/clinic"):
            (tmp_path / room).mkdir(parents=True, exist_ok=True)
            (tmp_path / room / "en.toml").write_bytes(path.read_bytes())
    (tmp_path / "tools/clinic/xx.toml").write_text('[clinic.P02]\ntitle = "anders"\n', encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    monkeypatch.setenv("COURSE_LANGUAGE", "xx")
    texts.load.cache_clear()
    try:
        assert asking.ask("'_UserObject' object is not callable").heading == "P02 · anders"
    finally:
        texts.load.cache_clear()


def test_matches_are_ranked_by_kind_first():
    described, shared, certain = (
        matching.Match(ENTRIES["P01"], kind, "", weight, (0, 0))
        for kind, weight in ((matching.DESCRIBED, 99), (matching.SHARED, 50), (matching.CERTAIN, 12))
    )
    assert described.rank < shared.rank < certain.rank
