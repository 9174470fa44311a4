"""What anatomy says of each format, held against the live model and against what loading does."""

import base64
import contextlib
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import zipfile

from helpers import models
from helpers.tools import anatomy
from helpers.tools.anatomy import finding, sstable
import keras
import numpy
import pytest
import tensorflow

from tests.suite import names
from tests.tools import anatomy_shelf


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("shelf")
    anatomy_shelf.fill(folder)
    return folder


@pytest.fixture(scope="module")
def live() -> keras.Sequential:
    return anatomy_shelf.trained()


def weights(model: keras.Model) -> str:
    return f"{len(model.weights)} arrays, {model.count_params():,} numbers"


def optimizer(model: keras.Model) -> str:
    return f"{int(model.optimizer.iterations)} steps, {len(model.optimizer.variables)} arrays"


@pytest.mark.parametrize("name", anatomy_shelf.ALL)
def test_every_artefact_has_a_finding_for_every_aspect_in_the_same_order(shelf, name):
    found = anatomy.read(shelf / name)
    assert tuple(aspect for aspect, _ in found.rows) == anatomy.ASPECTS
    assert all(finding.strip() for _, finding in found.rows)
    assert found.format == found.finding("format")
    assert found.finding("size") == f"{found.size:,} bytes"


@pytest.mark.parametrize("name", anatomy_shelf.ALL)
def test_reading_changes_nothing(shelf, name):
    def state() -> dict[str, tuple[str, int]]:
        root = shelf / name
        files = [root] if root.is_file() else [path for path in root.rglob("*") if path.is_file()]
        return {
            str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
            for path in files
        }

    before = state()
    anatomy.read(shelf / name)
    assert state() == before


@pytest.mark.parametrize("name", anatomy_shelf.ALL)
def test_size_is_that_of_the_files(shelf, name):
    root = shelf / name
    files = [root] if root.is_file() else [path for path in root.rglob("*") if path.is_file()]
    if name == "kept":  # the file that names the newest is not part of one checkpoint
        files = [path for path in files if path.name != "checkpoint"]
    assert anatomy.read(root).size == sum(path.stat().st_size for path in files)


@pytest.mark.parametrize("name", ["trained.keras", "unzipped", "trained.h5"])
def test_a_whole_model_is_described_as_the_live_one(shelf, live, name):
    found = anatomy.read(shelf / name)
    assert found.finding("written by") == f"Keras {keras.__version__}"
    assert found.finding("architecture") == "Sequential, 2 layers: 2 Dense; input pixels (None, 64) float32"
    assert found.finding("weights") == weights(live) == "4 arrays, 9,610 numbers"
    assert found.finding("optimizer") == f"Adam, {optimizer(live)}"
    assert found.finding("compile settings") == "loss sparse_categorical_crossentropy; metrics accuracy"
    assert found.finding("custom classes") == found.finding("code it would run") == "none"
    assert found.finding("endpoints").startswith(anatomy.NOT_HERE)


def test_what_protects_each_format(shelf):
    def guard(name: str) -> str:
        return anatomy.read(shelf / name).finding("protected by")

    assert guard("trained.keras") == "CRC-32 of each of the 3 members of the zip; all agree"
    assert guard("trained.h5").startswith("nothing but its length")
    assert guard("trained.weights.h5").startswith("nothing but its length")
    assert guard("unzipped").startswith("nothing but the lengths")
    assert guard("exported").startswith("a checksum on each array (all agree); none on saved_model.pb")
    assert guard("kept") == "a checksum on the index and on each array (all agree)"


def test_a_model_saved_without_compiling_says_so(shelf):
    found = anatomy.read(shelf / "plain.keras")
    assert found.finding("optimizer") == "none"
    assert found.finding("compile settings") == "none: saved without compiling"


def test_weights_alone_have_no_place_for_the_rest(shelf, live):
    found = anatomy.read(shelf / "trained.weights.h5")
    assert found.finding("weights") == weights(live)
    assert optimizer(live) in found.finding("optimizer")
    assert "class not recorded" in found.finding("optimizer")
    for aspect in ("architecture", "compile settings", "endpoints", "preprocessing"):
        assert found.finding(aspect) == anatomy.NOT_HERE


def test_a_custom_class_is_named_with_its_module(shelf):
    found = anatomy.read(shelf / "custom.keras")
    assert found.finding("custom classes") == "saved_for_good>CustomDense (defined in helpers.models)"
    assert found.finding("code it would run") == "the custom classes above, with arguments from this file"
    assert "custom_objects" in found.finding("load with")


def test_h5_asks_for_the_same_class(tmp_path):
    models.custom_layer().save(tmp_path / "custom.h5")
    assert anatomy.read(tmp_path / "custom.h5").finding("custom classes") == "saved_for_good>CustomDense"


def test_functions_are_custom_unless_keras_has_them(tmp_path):
    @keras.saving.register_keras_serializable(package="tests")
    def loss_of_mine(truth, answer):
        return keras.ops.mean(truth - answer)

    def plain_metric(truth, answer):
        return keras.ops.mean(truth - answer)

    inputs = keras.Input((4,), name="features")
    outputs = keras.layers.Dense(2, activation=keras.activations.leaky_relu)(inputs * 2)
    model = keras.Model(inputs, {"first": outputs, "second": outputs})
    model.compile(
        optimizer=keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)),
        loss={"first": loss_of_mine, "second": keras.losses.Huber()},
        metrics={"first": [plain_metric, keras.metrics.mean_squared_error]},
    )
    model.save(tmp_path / "several.keras")
    found = anatomy.read(tmp_path / "several.keras")
    assert found.finding("custom classes").split("\n") == ["tests>loss_of_mine", "plain_metric"]
    assert found.finding("compile settings") == (
        "loss first: tests>loss_of_mine, second: Huber; "
        "metrics first: plain_metric, first: mean_squared_error"
    )
    assert found.finding("architecture").startswith("Functional, 2 layers: Multiply, Dense; input features")
    assert found.finding("optimizer").startswith("SGD, ")


def test_a_model_whose_layers_are_in_its_class_says_so(tmp_path):
    class Own(keras.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.dense = keras.layers.Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    model = Own()
    model(numpy.ones((1, 3)))
    model.save(tmp_path / "own.keras")
    found = anatomy.read(tmp_path / "own.keras")
    assert found.finding("architecture") == "Own; its layers are in the code of its class"
    assert found.finding("weights") == weights(model)
    assert found.finding("custom classes").startswith("Own")


def test_preprocessing_and_its_files(tmp_path):
    words = keras.layers.TextVectorization(output_mode="int")
    words.adapt(["one two", "two three"])
    scale = keras.layers.Normalization()
    scale.adapt(numpy.random.default_rng(0).random((10, 3)))
    text, numbers = keras.Input((1,), dtype="string"), keras.Input((3,))
    joined = keras.layers.Concatenate()([keras.ops.cast(words(text), "float32"), scale(numbers)])
    model = keras.Model([text, numbers], keras.layers.RandomContrast(0.1)(joined))
    model.save(tmp_path / "prepared.keras")
    found = anatomy.read(tmp_path / "prepared.keras").finding("preprocessing")
    assert found.startswith("TextVectorization, Normalization, RandomContrast; files: assets/")
    with zipfile.ZipFile(tmp_path / "prepared.keras") as members:
        assert all(name in found for name in members.namelist() if name.startswith("assets/"))


def test_an_export_holds_answers_and_no_model(shelf, live):
    found = anatomy.read(shelf / "exported")
    assert found.finding("format").startswith("SavedModel, a folder with graph and arrays, as model.export")
    assert found.finding("written by") == f"TensorFlow {tensorflow.__version__}"
    assert found.finding("weights") == f"{weights(live)}; 4 of them written twice"
    assert found.finding("optimizer") == "none"
    assert found.finding("endpoints").split("\n") == [
        "serve(float32 (None, 64)) -> float32 (None, 10)",
        "signature serve(pixels: float32 (None, 64)) -> output_0: float32 (None, 10)",
        "signature serving_default(pixels: float32 (None, 64)) -> output_0: float32 (None, 10)",
    ]
    assert found.finding("compile settings") == anatomy.NOT_HERE
    assert found.finding("code it would run").startswith("none")


def test_the_older_way_keeps_the_optimizer_and_nothing_to_call(shelf, live):
    found = anatomy.read(shelf / "saved")
    assert found.finding("format").endswith("as tf.saved_model.save writes it")
    assert found.finding("weights") == weights(live)
    assert found.finding("optimizer").startswith(f"class not recorded, {optimizer(live)}; ")
    assert not hasattr(tensorflow.saved_model.load(str(shelf / "saved")), "serve")
    assert [line.split("(")[0] for line in found.finding("endpoints").split("\n")] == [
        "signature serving_default"
    ]


def test_every_endpoint_of_an_archive_is_listed(shelf):
    lines = anatomy.read(shelf / "several").finding("endpoints").split("\n")
    assert "hidden(float32 (None, 64)) -> float32 (None, 128)" in lines
    assert "predict(float32 (None, 64)) -> float32 (None, 10)" in lines
    assert {line.split("(")[0] for line in lines} == {
        *("hidden", "predict"),
        *("signature hidden", "signature predict", "signature serving_default"),
    }


def test_a_saved_model_of_an_unbuilt_one_answers_nothing(shelf):
    found = anatomy.read(shelf / "unbuilt")
    assert found.finding("weights") == "none"
    assert "it answers nothing" in found.finding("endpoints")
    assert "nothing to call" in found.finding("load with")


@pytest.mark.parametrize(
    "name", ["kept", "kept/ckpt-1", "kept/ckpt-1.index", "kept/ckpt-1.data-00000-of-00001", "kept/checkpoint"]
)
def test_a_checkpoint_is_found_by_each_of_its_names(shelf, live, name):
    found = anatomy.read(shelf / name)
    assert found.path.name == "ckpt-1"
    assert found.finding("format") == (
        "tf.train.Checkpoint, an index and data files; objects in it: model, optimizer"
    )
    assert found.finding("weights") == weights(live)
    assert found.finding("optimizer") == f"class not recorded, {optimizer(live)}"


def test_the_newest_checkpoint_of_a_moved_folder_is_read(tmp_path):
    counted = tensorflow.train.Checkpoint(counter=tensorflow.Variable([1, 2, 3]))
    manager = tensorflow.train.CheckpointManager(counted, str(tmp_path / "here"), max_to_keep=3)
    manager.save(), manager.save()
    (tmp_path / "here").rename(tmp_path / "there")
    found = anatomy.read(tmp_path / "there")
    assert found.path.name == "ckpt-2" and found.finding("format").endswith("beside it: ckpt-1")
    assert found.finding("weights") == "1 array, 3 numbers"


def test_the_parts_of_folders_lead_to_the_whole(shelf):
    for part in ("exported/saved_model.pb", "exported/fingerprint.pb"):
        assert anatomy.read(shelf / part).path.name == "exported"
    assert anatomy.read(shelf / "unzipped" / "config.json").path.name == "unzipped"


@pytest.mark.parametrize("name", ["kept/ckpt-1", "exported/variables/variables", "saved/variables/variables"])
def test_the_index_is_read_as_tensorflow_reads_it(shelf, name):
    content = (shelf / f"{name}.index").read_bytes()
    names = [key.decode() for key, _ in sstable.entries(content) if key]
    assert sorted(names) == [name for name, _ in tensorflow.train.list_variables(str(shelf / name))]


@pytest.mark.parametrize("piece", [1, 3, 8, 9, 64, 100])
def test_a_checksum_goes_on_over_pieces(monkeypatch, piece):
    monkeypatch.setattr(finding, "PIECE", piece)
    # RFC 3720's polynomial and the usual test value, with bytes before and after the part.
    assert sstable.crc32c_of_part(io.BytesIO(b"..123456789.."), 2, 9) == 0xE3069283
    before = sstable.crc32c_of_part(io.BytesIO(b"1234"), 0, 4)
    assert sstable.crc32c_of_part(io.BytesIO(b"56789"), 0, 5, before) == 0xE3069283
    with pytest.raises(EOFError):
        sstable.crc32c_of_part(io.BytesIO(b"1234"), 2, 3)


@pytest.mark.parametrize("name", ["trained.keras", "unzipped", "trained.h5", "exported", "several"])
def test_the_lines_that_load_do_load_and_answer(shelf, monkeypatch, name):
    monkeypatch.chdir(shelf)
    batch = numpy.random.default_rng(0).random((2, 64), dtype="float32")
    lines = anatomy.read(name).finding("load with").replace("(...)", "(batch)").split("\n")
    scope = {"keras": keras, "tf": tensorflow, "batch": batch}
    if lines[0].startswith("artefact"):
        exec("\n".join(lines), scope)
        answer = numpy.asarray(scope["answer"])
    else:
        answer = eval(lines[0], scope).predict(batch, verbose=0)
    assert answer.shape[0] == 2


def test_the_line_that_restores_a_checkpoint_restores_it(shelf, monkeypatch):
    monkeypatch.chdir(shelf / "kept")
    model = anatomy_shelf.trained()
    model.optimizer.iterations.assign(0)
    line = anatomy.read("ckpt-1").finding("load with").split("\n")[0]
    scope = {"tf": tensorflow, "model": model, "optimizer": model.optimizer}
    exec(line, scope)
    scope["status"].assert_existing_objects_matched()
    assert int(model.optimizer.iterations) == anatomy_shelf.STEPS


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("trained.h5", "renamed.keras"),
        ("trained.h5", "renamed.dat"),
        ("trained.keras", "renamed.h5"),
        ("trained.keras", "renamed.zip"),
        ("trained.keras", "renamed"),
        ("trained.weights.h5", "renamed.keras"),
    ],
)
def test_a_misleading_name_is_told_with_what_load_model_answers(shelf, tmp_path, live, source, name):
    path = tmp_path / name
    path.write_bytes((shelf / source).read_bytes())
    found = anatomy.read(path)
    assert "although its name" in found.format
    assert found.finding("weights") == weights(live)
    with pytest.raises((ValueError, OSError)) as answered:
        keras.models.load_model(path)
    told = f"{found.format} {found.finding('load with')} {found.finding('not good for')}"
    if source != "trained.weights.h5":
        quoted = [part for part in told.split("'") if part and part in str(answered.value)]
        assert quoted, f"{told!r} does not quote {answered.value}"
    assert "after renaming it" in found.finding("load with")


def test_weights_are_refused_by_load_model_with_the_words_told(shelf):
    told = anatomy.read(shelf / "trained.weights.h5").finding("not good for")
    with pytest.raises(ValueError, match="No model config found in the file"):
        keras.models.load_model(shelf / "trained.weights.h5")
    assert "'No model config found in the file'" in told


def test_a_lambda_is_named_and_not_run(tmp_path):
    marker = tmp_path / "marker"
    keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda inputs: inputs * 2, name="double")]).save(
        tmp_path / "lambda.keras"
    )
    # Python that writes the marker when it is unpacked and called, where the harmless bytecode stood.
    code = compile(f"open({str(marker)!r}, 'w')", "lambda", "eval")
    with zipfile.ZipFile(tmp_path / "lambda.keras") as members:
        parts = {name: members.read(name) for name in members.namelist()}
    config = json.loads(parts["config.json"])
    held = config["config"]["layers"][1]["config"]["function"]["config"]
    held["code"] = base64.b64encode(code.co_code).decode()
    with zipfile.ZipFile(tmp_path / "lambda.keras", "w") as members:
        for name, content in {**parts, "config.json": json.dumps(config).encode()}.items():
            members.writestr(name, content)
    found = anatomy.read(tmp_path / "lambda.keras").finding("code it would run")
    assert found.startswith(f"Lambda 'double': a lambda, {len(code.co_code)} bytes of Python bytecode")
    assert not marker.exists()
    with pytest.raises(ValueError, match="safe_mode=False"):
        keras.models.load_model(tmp_path / "lambda.keras")


class Marking(tensorflow.saved_model.experimental.TrackableResource):
    """A resource whose initializer, run by `tf.saved_model.load`, writes a file."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def _create_resource(self):
        return tensorflow.raw_ops.MutexV2(shared_name="marking")

    def _initialize(self):
        tensorflow.io.write_file(self.path, "ran")


class Writing(tensorflow.Module):
    """Writes a file on load and another on call, and calls Python."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.resource = path, Marking(path)

    @tensorflow.function(input_signature=[tensorflow.TensorSpec((None,), "float32")])
    def __call__(self, numbers):
        _ = self.resource.resource_handle  # a resource nobody touches is not saved with its initializer
        tensorflow.io.write_file(f"{self.path}.called", "ran")
        return tensorflow.py_function(lambda values: values * 2, [numbers], "float32")


def test_a_graph_that_writes_is_named_with_when_and_not_run(tmp_path):
    marker, folder = tmp_path / "marker", tmp_path / "writing"
    tensorflow.saved_model.save(Writing(str(marker)), str(folder))
    marker.unlink(missing_ok=True)
    found = anatomy.read(folder)
    lines = found.finding("code it would run").split("\n")
    assert "WriteFile: writes files on load and on call" in lines
    assert any(line.startswith("EagerPyFunc: calls Python on call") for line in lines)
    assert "no safe mode" in found.finding("not good for")
    assert found.finding("endpoints").startswith("__call__(float32 (None,)) -> ")
    assert not marker.exists() and not (tmp_path / "marker.called").exists()
    # The marker is a real one: loading alone, without a call, writes it.
    tensorflow.saved_model.load(str(folder))
    assert marker.exists() and not (tmp_path / "marker.called").exists()


def test_a_file_read_on_load_is_named_with_the_asset(tmp_path):
    (tmp_path / "names.txt").write_text("one\ntwo\n", encoding="utf-8")
    module = tensorflow.Module()
    module.table = tensorflow.lookup.StaticHashTable(
        tensorflow.lookup.TextFileInitializer(
            str(tmp_path / "names.txt"),
            *("string", tensorflow.lookup.TextFileIndex.WHOLE_LINE),
            *("int64", tensorflow.lookup.TextFileIndex.LINE_NUMBER),
        ),
        -1,
    )
    tensorflow.saved_model.save(module, str(tmp_path / "table"))
    found = anatomy.read(tmp_path / "table")
    assert found.finding("code it would run") == "InitializeTableFromTextFileV2: reads files on load"
    assert found.finding("preprocessing") == "1 lookup table; files: names.txt"


def test_the_saving_and_restoring_of_a_saved_model_itself_is_no_deed(shelf):
    for name in ("exported", "saved", "several", "unbuilt"):
        assert anatomy.read(shelf / name).finding("code it would run").startswith("none")


def test_a_vocabulary_that_is_a_path_is_named(shelf, tmp_path):
    with zipfile.ZipFile(shelf / "plain.keras") as members:
        parts = {name: members.read(name) for name in members.namelist()}
    config = json.loads(parts["config.json"])
    lookup = {"module": "keras.layers", "class_name": "StringLookup", "registered_name": None}
    inner = {"name": "look", "trainable": True, "vocabulary": "/etc/hostname"}
    config["config"]["layers"].append({**lookup, "config": inner})
    with zipfile.ZipFile(tmp_path / "path.keras", "w") as members:
        for name, content in {**parts, "config.json": json.dumps(config).encode()}.items():
            members.writestr(name, content)
    found = anatomy.read(tmp_path / "path.keras").finding("code it would run")
    assert found.startswith("StringLookup 'look': reads the file '/etc/hostname'; load_model refuses it")


@pytest.mark.parametrize("name", anatomy_shelf.ALL)
def test_the_table_is_plain_narrow_and_the_same_everywhere(shelf, monkeypatch, name):
    printed = anatomy.table(shelf / name)
    assert printed == anatomy.table(str(shelf / name)) == anatomy.table(shelf / name)
    assert all(len(line) <= 100 for line in printed.split("\n"))
    assert str(shelf) not in printed and printed.isascii()
    monkeypatch.chdir(shelf)
    assert anatomy.table(name) == printed
    assert printed.split("\n")[0] == anatomy.read(name).path.name


def test_a_shape_stays_on_one_line(shelf):
    shapes = [line for line in anatomy.table(shelf / "several").split("\n") if "(None" in line]
    assert len(shapes) >= 5 and all("(None, " in line for line in shapes)


def test_show_prints_chosen_aspects(shelf, capsys):
    anatomy.show(shelf / "trained.keras", ["optimizer", "weights"])
    assert capsys.readouterr().out == (
        "trained.keras\n"
        "weights           4 arrays, 9,610 numbers\n"
        "optimizer         Adam, 45 steps, 10 arrays\n"
    )


def test_the_command_prints_tables_and_tells_the_rest_by_its_code(shelf, capsys):
    assert anatomy.main([str(shelf / "plain.keras")]) == 0
    printed = capsys.readouterr()
    assert printed.out == anatomy.table(shelf / "plain.keras") + "\n" and not printed.err
    assert anatomy.main([str(shelf / "plain.keras"), str(shelf / "nothing")]) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("plain.keras") and printed.err.startswith("'nothing' does not exist")
    assert anatomy.main([]) == 1
    assert capsys.readouterr().err.startswith("Give the path of a saved model")


def test_a_name_with_signs_that_steer_a_terminal_is_spelled_out(shelf, tmp_path, capsys):
    with zipfile.ZipFile(shelf / "plain.keras") as members:
        parts = {name: members.read(name) for name in members.namelist()}
    config = json.loads(parts["config.json"])
    config["config"]["layers"][0]["config"]["name"] = "\x1b[31mred\n\u202eder"
    with zipfile.ZipFile(tmp_path / "signs.keras", "w") as members:
        for name, content in {**parts, "config.json": json.dumps(config).encode()}.items():
            members.writestr(name, content)
    anatomy.show(tmp_path / "signs.keras", ["architecture"])
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and "\u202e" not in printed
    assert r"input \x1b[31mred\n\u202eder (None, 64)" in printed


def test_a_terminal_without_a_sign_gets_it_spelled_out(shelf, tmp_path):
    path = tmp_path / names.possible("zahl-größe.keras")
    path.write_bytes((shelf / "plain.keras").read_bytes())
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with contextlib.redirect_stdout(stream):
        anatomy.show(path)
    stream.flush()
    assert stream.buffer.getvalue().startswith(rb"zahl-gr\xf6\xdfe.keras")


def test_a_keras_file_is_read_without_tensorflow(shelf):
    code = "import sys; from helpers.tools import anatomy; anatomy.show(sys.argv[1])"
    code += "; print('tensorflow' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code, str(shelf / "custom.keras")],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    assert ended.stdout.startswith("custom.keras\n") and ended.stdout.endswith("\nFalse\n")


def test_a_program_beside_the_model_is_not_run(shelf, tmp_path, monkeypatch):
    (tmp_path / "h5py.py").write_text("import pathlib; pathlib.Path('marker').touch()", encoding="utf-8")
    (tmp_path / "model.h5").write_bytes((shelf / "trained.h5").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert anatomy.read("model.h5").finding("weights") == "4 arrays, 9,610 numbers"
    assert sorted(os.listdir()) == ["h5py.py", "model.h5"]


def test_an_aspect_that_does_not_exist_is_an_error(shelf):
    with pytest.raises(KeyError):
        anatomy.read(shelf / "plain.keras").finding("colour")
