"""The check of one's own model: what comes back passes, what does not is told in a sentence."""

import pathlib
import subprocess
import sys
import types

from helpers import digits, models
from helpers.core import scratch
from helpers.tools import round_trip, round_trip_command
import keras
import numpy
import pytest
import tensorflow
from tensorflow.core.protobuf import saved_model_pb2

from tests.suite import forked
from tests.tools import odd_models

EXPORTS = {"exported_two", "exported_dict", "exported_text", "signature_only"}
MADE_UP = {
    "text": ([(4,)], ["string"]),
    "lookup": ([(4, 1)], ["string"]),
    "named": ([(4, 2), (4, 4)], ["float32", "int32"]),
    "nested": ([(4, 4), (4, 2), (4, 3)], ["float32"] * 3),
    "exported_two": ([(4, 3), (4, 2)], ["float32"] * 2),
    "exported_text": ([(4, 1)], ["string"]),
    "stateful": ([(2, 3, 4)], ["float32"]),
    "images": ([(4, 224, 224, 3)], ["float32"]),
    "subclassed": ([(4, 6)], ["float32"]),
    "bfloat16": ([(4, 4)], ["bfloat16"]),
    "of_bool": ([(4, 3)], ["bool"]),
    "of_complex64": ([(4, 3)], ["complex64"]),
}
SAME = "as your model did: the largest difference is "
GOLDEN = {
    **dict.fromkeys(["text", "named", "nested", "several", "exported_dict", "signature_only"], SAME),
    **dict.fromkeys(["stateful", "subclassed", "unzipped", "bfloat16", "int8", "of_bool"], SAME),
    "forgetful": "is not the model that wrote forgetful.npz. forgetful.keras answers with a difference of",
    "drawn": "answers otherwise each time it is asked",
    "lazy": "holds no weights: it was saved before it was built",
    "ragged": "is ragged, which no array of numpy holds",
    "sparse": "is sparse, which no array of numpy holds",
}


@pytest.fixture(autouse=True)
def new_process(monkeypatch):
    """The new process is started in the way of this run."""
    monkeypatch.setattr(round_trip, "subprocess", types.SimpleNamespace(run=forked.run))


@pytest.fixture
def batch() -> numpy.ndarray:
    return digits.load().test_features[:8]


@pytest.mark.parametrize("name", ["model.keras", "exported"])
def test_a_saved_model_comes_back(tmp_path, batch, name):
    model = models.sequential()
    model.export(tmp_path / name, verbose=False) if name == "exported" else model.save(tmp_path / name)
    assert round_trip.check(tmp_path / name, batch, model.predict(batch, verbose=0)) <= 1e-6


def test_other_answers_are_told_with_their_difference(tmp_path, batch):
    models.sequential(seed=1).save(tmp_path / "model.keras")
    with pytest.raises(
        AssertionError, match=r"answers with a difference of 0\.\d+\. Expected: at most 1e-05"
    ):
        round_trip.check(tmp_path / "model.keras", batch, models.sequential(seed=2).predict(batch, verbose=0))


def test_other_shapes_are_told(tmp_path, batch):
    models.sequential().save(tmp_path / "model.keras")
    with pytest.raises(AssertionError, match=r"in the shapes \[\(8, 10\)\]. Expected: \[\(8, 3\)\]"):
        round_trip.check(tmp_path / "model.keras", batch, numpy.zeros((8, 3)))


def test_a_class_is_found_by_its_module_and_missed_without(tmp_path, batch, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(pathlib.Path(models.__file__).parent.parent))
    model = models.custom_layer()
    model.save(tmp_path / "custom.keras")
    answers = model.predict(batch, verbose=0)
    assert round_trip.check(tmp_path / "custom.keras", batch, answers, imports=["helpers.models"]) <= 1e-6
    with pytest.raises(AssertionError, match=r"it does not load: .*CustomDense"):
        round_trip.check(tmp_path / "custom.keras", batch, answers)


def test_it_needs_nothing_of_the_course():
    assert "helpers" not in pathlib.Path(round_trip.__file__).read_text(encoding="utf-8")


# What a new Python says of a graph that may take as much memory as its file, then as a round trip allows.
_UNFOLDED = """
import pathlib, resource, sys
from helpers.tools import round_trip

path = pathlib.Path(sys.argv[1])
size, before = path.stat().st_size, resource.getrlimit(resource.RLIMIT_AS)
for allowed in (size, round_trip._GRAPH + 8 * size):
    try:
        round_trip._refuse_unfolding(path, allowed)
        print(allowed, "unfolds")
    except round_trip._Said as said:
        kept = resource.getrlimit(resource.RLIMIT_AS) == before and "--memory" in str(said)
        print(allowed, "refused, limit as before" if kept else f"refused: {said}")
"""


class TestTerminal:
    def test_a_good_model_passes(self, tmp_path, capsys):
        models.sequential().save(tmp_path / "model.keras")
        assert round_trip_command.main(str(tmp_path / "model.keras")) == 0
        assert "model.keras comes back" in capsys.readouterr().out

    def test_an_export_passes(self, tmp_path, capsys):
        models.sequential().export(tmp_path / "exported", verbose=False)
        assert round_trip_command.main(str(tmp_path / "exported")) == 0
        assert "shape (4, 64)" in capsys.readouterr().out

    def test_two_inputs_of_several_kinds_pass(self, tmp_path, capsys):
        words = keras.Input((None,), dtype="int32", name="words")
        weight = keras.Input((2,), name="weight")
        summed = keras.layers.GlobalAveragePooling1D()(keras.layers.Embedding(5, 3)(words))
        keras.Model([words, weight], keras.layers.Concatenate()([summed, weight])).save(
            tmp_path / "two.keras"
        )
        assert round_trip_command.main(str(tmp_path / "two.keras")) == 0, capsys.readouterr().out

    def test_nothing_there_is_told(self, tmp_path, capsys):
        assert round_trip_command.main(str(tmp_path / "nothing.keras")) == 1
        assert "'nothing.keras' does not exist" in capsys.readouterr().out

    def test_numbers_that_a_layer_keeps_to_itself_are_missed_at_the_second_load(
        self, tmp_path, capsys, monkeypatch
    ):
        """A layer that draws a plain attribute at every start: loads without a word, answers otherwise."""
        (tmp_path / "moody.py").write_text(
            "import keras, numpy\n"
            "@keras.saving.register_keras_serializable('moody')\n"
            "class Moody(keras.layers.Layer):\n"
            "    def build(self, shape):\n"
            "        self.factor = numpy.random.default_rng().random()\n"
            "    def call(self, inputs):\n"
            "        return inputs * self.factor\n",
            encoding="utf-8",
        )
        monkeypatch.chdir(tmp_path)
        monkeypatch.syspath_prepend(str(tmp_path))
        import moody

        keras.Sequential([keras.Input((3,)), moody.Moody()]).save("moody.keras")
        assert round_trip_command.main("moody.keras", imports=["moody"]) == 1
        assert "moody.keras answers with a difference of" in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["only.weights.h5", "state"])
    def test_what_cannot_answer_is_told_what_it_is(self, tmp_path, capsys, name):
        model = models.sequential()
        if name == "state":
            tensorflow.train.Checkpoint(model=model).write(str(tmp_path / "state" / "one"))
        else:
            model.save_weights(tmp_path / name)
        assert round_trip_command.main(str(tmp_path / name)) == 1
        assert "cannot answer by itself: it is " in capsys.readouterr().out

    @pytest.mark.parametrize("name", ["broken.keras", "broken.h5", "notes.txt"])
    def test_what_is_no_model_is_told_by_the_inspector_and_not_loaded(self, tmp_path, capsys, name):
        (tmp_path / name).write_text("no zip", encoding="utf-8")
        assert round_trip_command.main(str(tmp_path / name)) == 1
        assert f"'{name}' is text; it begins 'no zip'" in capsys.readouterr().out

    def test_an_error_of_the_load_is_told_with_its_step_and_what_the_clinic_says(self, tmp_path, capsys):
        keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)]).save(
            tmp_path / "lambda.keras"
        )
        assert round_trip_command.main(str(tmp_path / "lambda.keras")) == 1
        said = capsys.readouterr().out
        assert "lambda.keras: it does not load: ValueError: Requested the deserialization" in said
        assert "The error clinic:\nP21 " in said
        assert round_trip_command.main(str(tmp_path / "lambda.keras"), trust=True) == 0

    def test_an_export_that_writes_is_not_loaded_unless_it_is_trusted(self, tmp_path, capsys):
        written = tmp_path / "written"

        class Writer(tensorflow.Module):
            @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], tensorflow.float32)])
            def serve(self, value: tensorflow.Tensor) -> tensorflow.Tensor:
                tensorflow.io.write_file(str(written), "ran")
                return value

        tensorflow.saved_model.save(Writer(), str(tmp_path / "writer"))
        assert round_trip_command.main(str(tmp_path / "writer")) == 1
        said = capsys.readouterr().out
        assert "WriteFile: writes files" in said
        assert "course --inspect" in said
        assert not written.exists()
        assert round_trip_command.main(str(tmp_path / "writer"), trust=True) == 0
        assert written.exists()

    def test_the_first_line_says_what_is_proved_and_that_a_load_runs_the_file(self, tmp_path, capsys):
        models.sequential().save(tmp_path / "model.keras")
        round_trip_command.main(str(tmp_path / "model.keras"))
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].endswith("agrees with itself, not with your model.")
        assert lines[1].startswith("A load runs what the file contains")
        assert [line.strip() for line in lines[-3:-1]] == round_trip.golden_lines()

    def test_files_of_the_current_folder_are_not_taken_for_modules(self, tmp_path, capsys, monkeypatch):
        for name in ("json", "numpy", "wave"):
            (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
        (tmp_path / "mine.py").write_text("import json, numpy, wave\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        models.sequential().save("model.keras")
        assert round_trip_command.main("model.keras", ["mine"]) == 0, capsys.readouterr().out
        assert not (tmp_path / "ran").exists()
        assert round_trip_command.main("model.keras", ["absent"]) == 1
        assert "does not import your modules: ModuleNotFoundError" in capsys.readouterr().out

    def test_too_much_memory_is_told(self, tmp_path, capsys):
        models.sequential().save(tmp_path / "model.keras")
        assert round_trip_command.main(str(tmp_path / "model.keras"), memory=0.01) == 1
        assert "it takes more than 0.0 GB of memory" in capsys.readouterr().out

    @pytest.mark.skipif(sys.platform != "linux", reason="no other system holds a parse to its memory")
    def test_a_graph_of_empty_parts_is_refused_before_it_is_loaded(self, tmp_path, capsys):
        (tmp_path / "exported").mkdir()
        (tmp_path / "exported" / "saved_model.pb").write_bytes(b"\x12\x00" * 10_000_000)
        assert round_trip_command.main(str(tmp_path / "exported")) == 1
        said = capsys.readouterr().out.splitlines()[-1]
        assert said.startswith(
            "exported: it does not load: its graph is damaged, or unfolds from 20 MB to more"
        )

    @pytest.mark.skipif(sys.platform != "linux", reason="no other system holds a parse to its memory")
    def test_a_large_graph_of_honest_operations_may_unfold(self, tmp_path):
        model = saved_model_pb2.SavedModel()
        graph = model.meta_graphs.add().graph_def
        for number in range(100_000):
            node = graph.node.add(
                name=f"block/layer_{number}", op="AddV2", input=[f"block/layer_{number - 1}"]
            )
            node.attr["T"].type = 1
            node.attr["_output_shapes"].list.shape.add().dim.add().size = -1
        (tmp_path / "saved_model.pb").write_bytes(content := model.SerializeToString())
        # In a new process, as in a round trip: memory that was freed before would not count.
        done = subprocess.run(
            [sys.executable, "-c", _UNFOLDED, str(tmp_path / "saved_model.pb")],
            cwd=scratch.COURSE,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        allowed = round_trip._GRAPH + 8 * len(content)
        assert done.stdout.splitlines() == [
            f"{len(content)} refused, limit as before",
            f"{allowed} unfolds",
        ], done.stderr

    def test_a_crash_is_told_with_its_step(self, tmp_path, capsys, monkeypatch):
        (tmp_path / "crashes.py").write_text("import os\nos.abort()\n", encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        models.sequential().save("model.keras")
        assert round_trip_command.main("model.keras", ["crashes"]) == 1
        assert "does not import your modules: the process ended without a report" in capsys.readouterr().out

    def test_a_flipped_bit_is_told_although_keras_loads_it(self, tmp_path, capsys):
        models.sequential().save(tmp_path / "model.keras")
        content = bytearray((tmp_path / "model.keras").read_bytes())
        content[20_000] ^= 1
        (tmp_path / "model.keras").write_bytes(content)
        assert round_trip_command.main(str(tmp_path / "model.keras")) == 1
        assert "model.weights.h5" in capsys.readouterr().out

    def test_a_renamed_file_is_told_what_the_inspector_says_of_it(self, tmp_path, capsys):
        models.sequential().save(tmp_path / "model.h5")
        (tmp_path / "model.h5").rename(tmp_path / "model.keras")
        assert round_trip_command.main(str(tmp_path / "model.keras")) == 1
        assert "`course --inspect` says: after renaming it to model.h5: load_model" in capsys.readouterr().out


class TestOddModels:
    """Each kind that the tool once said "does not load" of, or passed although it had changed."""

    @pytest.fixture(scope="class")
    def odd(self, tmp_path_factory) -> dict[str, pathlib.Path]:
        folder = tmp_path_factory.mktemp("odd")
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(str(folder))
            yield odd_models.fill(folder)

    @pytest.mark.parametrize(
        "name", sorted(odd_models.MODELS.keys() - {"ragged", "sparse", "lazy", "lambda"})
    )
    def test_a_batch_is_made_up_in_its_own_form(self, odd, name):
        asked = (
            round_trip._Export(str(odd[name]))
            if name in EXPORTS
            else round_trip._Model(str(odd[name]), False)
        )
        batch, answers = round_trip._answered(asked, asked.made_up())
        assert keras.tree.flatten(answers)
        shapes, kinds = MADE_UP.get(name, (None, None))
        if shapes:
            assert [tuple(one.shape) for one in batch.values()] == shapes
            assert [round_trip._shown(one).split()[-1] for one in batch.values()] == kinds
        if name in {"token", "named", "lora"}:
            numbers = next(one for one in batch.values() if numpy.array_equal(one, numpy.round(one)))
            assert 1 < numbers.max() < {"token": 3, "named": 5, "lora": 9}[name]
        if name in {"text", "lookup"}:
            words = {word.decode() for word in keras.tree.flatten(batch)[0].numpy().ravel()}
            assert words <= {"red", "green", "blue", "cat", "sat", "the", "dog", "ran", "a", "mat", "[UNK]"}

    @pytest.mark.parametrize("name", GOLDEN)
    def test_a_golden_batch_is_answered(self, odd, name, capsys, monkeypatch):
        monkeypatch.chdir(odd[name].parent)
        code = round_trip_command.main(odd[name].name, ["odd_layers"], golden=f"{name}.npz")
        said = capsys.readouterr().out
        assert GOLDEN[name] in said
        assert code == (0 if "as your model did" in GOLDEN[name] else 1)
