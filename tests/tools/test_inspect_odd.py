"""`course --inspect` on files that it once misread: the right words for each kind."""

import json
import pathlib
import pickle
import re
import subprocess
import sys

from helpers.core import scratch
from helpers.tools import anatomy
from helpers.tools.anatomy import errors_met, finding, keras_objects, keras_particulars
from helpers.tools.clinic import entries
import keras
import numpy
import pytest
import tensorflow

from tests.tools import odd_models


def sentence(path: pathlib.Path) -> str:
    """Why it is no model."""
    with pytest.raises(anatomy.Unreadable) as reason:
        anatomy.read(path)
    return str(reason.value)


@pytest.fixture(scope="module")
def odd(tmp_path_factory) -> dict[str, pathlib.Path]:
    """Models of the test bench, by name."""
    folder = tmp_path_factory.mktemp("odd")
    names = ["int8", "float8", "int4", "lora", "stateful", "several", "nested", "mixed_bfloat16", "token"]
    return odd_models.fill(folder, names)


PARTICULARS = {
    "int8": "quantised to int8: 2 layers",
    "float8": "quantised to float8: 2 layers",
    "int4": "quantised to int4: 2 layers",
    "lora": "LoRA of rank 2: 2 layers",
    "stateful": "keeps a state between calls: lstm; call reset_state() first",
    "several": "answers in this order: dense, argmax, last",
    "nested": "answers a dict: sum, mean",
    "mixed_bfloat16": "computes in mixed_bfloat16: 2 layers",
    "token": "",
}


@pytest.mark.parametrize("name", PARTICULARS)
def test_what_is_unusual_is_said_and_nothing_else(odd, name):
    first, *others = anatomy.read(odd[name]).finding("architecture").split("\n")
    assert first.startswith(("Sequential", "Functional"))
    # Keras numbers the names it gives within one process: lstm, lstm_1, ...
    assert re.sub(r"(lstm|argmax)_\d+", r"\1", "\n".join(others)) == PARTICULARS[name]


def test_an_optimizer_that_scales_the_loss_is_said_with_what_it_wraps(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()), "mse")
    model.optimizer.build(model.trainable_variables)
    model.save(tmp_path / "scaled.keras")
    said = anatomy.read(tmp_path / "scaled.keras").finding("optimizer")
    assert said.startswith("LossScaleOptimizer (it scales the loss) around Adam, 0 steps")


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "content", [[1, 2, 3], {"key": "v" * 9000}, ("a", numpy.arange(3.0)), pathlib.PurePath]
)
def test_a_pickle_of_every_protocol_is_named(tmp_path, protocol, content):
    (tmp_path / "model.h5").write_bytes(pickle.dumps(content, protocol=min(protocol, 5)))
    said = sentence(tmp_path / "model.h5")
    assert "is a pickle (" in said
    assert protocol < 2 or f"protocol {protocol}" in said


@pytest.mark.parametrize(
    "text", ["(see the other folder)\n", "[1, 2]\n", "come\nand\nsee\n", "}\n", "()" * 4000]
)
def test_a_text_is_no_pickle(tmp_path, text):
    (tmp_path / "model.h5").write_text(text, encoding="utf-8")
    assert "pickle" not in sentence(tmp_path / "model.h5")


def test_a_part_of_weights_and_their_list_say_the_line_that_loads_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def made(seed: int) -> keras.Model:
        keras.utils.set_random_seed(seed)
        layers = [keras.layers.Dense(128), keras.layers.Dense(64), keras.layers.Dense(10)]
        return keras.Sequential([keras.Input((64,)), *layers])

    saved, model = made(1), made(2)
    saved.save_weights("m.weights.json", max_shard_size=0.00005)
    parts = sorted(pathlib.Path().glob("m_*.weights.h5"))
    assert len(parts) > 1
    line = 'model.load_weights("m.weights.json")'
    for part in parts:
        found = anatomy.read(part)
        assert found.format == "one part of the weights of a Keras model, listed in m.weights.json"
        assert found.finding("load with").startswith(line)
    assert line in sentence(pathlib.Path("m.weights.json"))
    eval(line, {"model": model})
    batch = numpy.ones((2, 64), "float32")
    assert numpy.array_equal(model.predict(batch, verbose=0), saved.predict(batch, verbose=0))


def test_a_frozen_graph_under_the_name_of_a_saved_model_is_named(tmp_path):
    with tensorflow.Graph().as_default() as graph:
        tensorflow.multiply(tensorflow.compat.v1.placeholder("float32", [None, 2]), 2.0)
    (tmp_path / "saved_model.pb").write_bytes(graph.as_graph_def().SerializeToString())
    assert "looks like a frozen graph (GraphDef) of TensorFlow 1" in sentence(tmp_path)


@pytest.mark.parametrize(
    ("names", "library"),
    [
        (["_CHECKPOINT_METADATA", "manifest.ocdbt"], "Orbax"),
        (["config.json", "model.safetensors"], "Transformers (PyTorch)"),
        (["checkpoint", "pytorch_model.bin"], "Transformers (PyTorch)"),
        (["MLmodel", "conda.yaml"], "MLflow"),
        (["model.json", "group1-shard1of1.bin"], "TensorFlow.js"),
    ],
)
def test_a_folder_of_another_library_is_named(tmp_path, names, library):
    for name in names:
        (tmp_path / name).write_bytes(b"{}")
    assert f"is a folder of {library}" in sentence(tmp_path)


def test_a_preset_of_keras_hub_says_its_own_line(tmp_path):
    config = {
        "module": "keras_hub.models",
        "class_name": "Bert",
        "config": {},
        "registered_name": "keras_hub>Bert",
    }
    for name, content in {
        "config": config,
        "metadata": {"keras_version": "3.5.0", "keras_hub_version": "0.17.0"},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    assert anatomy.read(tmp_path).finding("load with").startswith("keras_hub.models.Task.from_preset(")


class TestKeras2:
    """Files of Keras 2, from their configuration."""

    def written(self, folder: pathlib.Path) -> pathlib.Path:
        """A model in a model in a model, as Teachable Machine writes one: its input is declared inside."""
        inner = keras.Sequential(
            [keras.Input((8, 8, 3)), keras.layers.DepthwiseConv2D(2), keras.layers.Flatten()]
        )
        keras.Sequential([inner, keras.layers.Dense(2)]).save(folder / "nested.h5")
        import h5py

        with h5py.File(folder / "nested.h5", "r+") as file:
            config = json.loads(file.attrs["model_config"])
            config["config"]["layers"] = [
                one for one in config["config"]["layers"] if one["class_name"] != "InputLayer"
            ]
            for described in keras_objects.walk(config):
                if described["class_name"] == "DepthwiseConv2D":
                    described["config"]["groups"] = 1
            file.attrs["model_config"] = json.dumps(config)
            file.attrs["keras_version"] = "2.15.0"
        return folder / "nested.h5"

    def test_a_model_in_a_model_is_loaded_by_keras_2_first_and_its_input_is_found(self, tmp_path):
        found = anatomy.read(self.written(tmp_path))
        assert "input, declared inside: input_layer" in found.finding("architecture")
        assert "(None, 8, 8, 3) float32" in found.finding("architecture")
        first, second = found.finding("load with").split("\n")
        assert first.startswith('tf_keras.models.load_model("nested.h5")')
        assert second.endswith("it has a model inside the model, the argument groups of DepthwiseConv2D")
        said = dict(errors_met.rows(found))["error clinic"].split("\n")
        assert [line.split()[0] for line in said] == ["V01", "P05"]
        with pytest.raises(Exception, match="groups"):
            keras.models.load_model(tmp_path / "nested.h5")

    def test_a_functional_model_of_tf_keras_is_no_class_of_yours(self):
        described = {"class_name": "Functional", "module": "tf_keras.src.engine.functional", "config": {}}
        assert keras_objects.is_own(described)
        assert not keras_objects.is_own({**described, "module": "tf_keras_contrib"})

    def test_an_ordinary_one_is_not_refused(self):
        assert list(keras_particulars.refused({"class_name": "Sequential", "config": {"layers": []}})) == []


def message(field: int, content: bytes) -> bytes:
    """A part of a protobuf message, with its number and its length."""
    size, length = len(content), b""
    while size > 127:
        length, size = length + bytes([size & 127 | 128]), size >> 7
    return bytes([field << 3 | 2]) + length + bytes([size]) + content


BOMBS = {
    "graphs": b"\x12\x00" * 20_000_000,
    "named operations": message(2, message(2, b"\x0a\x03\x0a\x01a" * 10_000_000)),
    "counted": message(2, message(2, b"\x0a\x03\x0a\x01a" * (finding.OPERATIONS + 1))),
}
LOOK = """
import resource, sys
from helpers.tools import anatomy
from helpers.tools.anatomy import saved_model
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
anatomy.main([sys.argv[1]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
@pytest.mark.parametrize("name", BOMBS)
def test_parts_by_the_million_take_no_gigabytes(tmp_path, name):
    (tmp_path / "saved_model.pb").write_bytes(BOMBS[name])
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=scratch.COURSE,
    )
    assert "is damaged or cut short" in done.stderr
    assert "Traceback" not in done.stderr
    taken = int(done.stdout.splitlines()[-1]) * 1024
    assert taken < finding.PARSED + 2 * len(BOMBS[name]) + 2**27


def test_every_entry_that_a_finding_names_is_there_and_can_be_named():
    assert {entry for _, _, entry in errors_met.MET} <= set(entries.load())
    assert {aspect for aspect, _, _ in errors_met.MET} <= set(finding.ASPECTS)


def test_a_lambda_is_told_with_its_entry_and_a_sound_model_with_none(tmp_path, capsys):
    keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)]).save(
        tmp_path / "lambda.keras"
    )
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]).save(tmp_path / "sound.keras")
    anatomy.main([str(tmp_path / "lambda.keras")])
    assert "error clinic      P21 " in capsys.readouterr().out
    anatomy.main([str(tmp_path / "sound.keras")])
    assert "error clinic" not in capsys.readouterr().out


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path):
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)]).save(tmp_path / "sound.keras")
    code = "import sys; from helpers import launch; sys.exit(launch.main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, "--inspect", str(tmp_path / "sound.keras")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=scratch.COURSE,
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_an_empty_path_gets_a_sentence_and_opens_no_browser(capsys):
    from helpers import launch

    assert launch.main(["--inspect", ""]) == 1
    assert "the path is empty" in capsys.readouterr().err
    assert launch.main(["--round-trip", ""]) == 1
    assert "the path is empty" in capsys.readouterr().out
