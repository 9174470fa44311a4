"""LiteRT, also named TFLite: converting, and asking its interpreter."""

import collections.abc
import pathlib

import ai_edge_litert.interpreter
import flatbuffers
from helpers.core import backend
from helpers.tools.clinic.proofs import caught
import keras
import numpy
import tensorflow
from tensorflow.lite.python import schema_py_generated

LITE = tensorflow.lite
ROWS = numpy.asarray(caught.BATCH)


def _converted(model: keras.Model, **options: object) -> bytes:
    """A model as the content of a LiteRT file; options are attributes of the converter."""
    converter = LITE.TFLiteConverter.from_keras_model(model)
    for name, value in options.items():
        if name == "operations":
            converter.target_spec.supported_ops = value
        else:
            setattr(converter, name, value)
    with backend.native_errors():
        return converter.convert()


def _interpreter(content: bytes, rows: int = 1) -> ai_edge_litert.interpreter.Interpreter:
    """An interpreter, its tensors made for this many rows."""
    interpreter = ai_edge_litert.interpreter.Interpreter(model_content=content)
    (inputs,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(inputs["index"], [rows, *inputs["shape"][1:]])
    interpreter.allocate_tensors()
    return interpreter


def _answers(interpreter: ai_edge_litert.interpreter.Interpreter, rows: numpy.ndarray) -> numpy.ndarray:
    """What an interpreter answers to rows."""
    (inputs,), (outputs,) = interpreter.get_input_details(), interpreter.get_output_details()
    interpreter.set_tensor(inputs["index"], rows)
    interpreter.invoke()
    return interpreter.get_tensor(outputs["index"])


def k01(folder: pathlib.Path) -> caught.Case:
    """Eight rows, where the file was made for one; then resized, and by the signature."""
    model = caught.trained()
    content = _converted(model)
    seen = caught.raised(lambda: _answers(_interpreter(content), ROWS), ValueError)

    runner = ai_edge_litert.interpreter.Interpreter(model_content=content).get_signature_runner()
    (name,) = runner.get_input_details()
    for answers in (_answers(_interpreter(content, len(ROWS)), ROWS), *runner(**{name: ROWS}).values()):
        assert caught.apart(answers, model(ROWS)) < 1e-5
    return caught.Case("resized, and by the signature, it takes eight rows and answers the same", [seen])


def k02(folder: pathlib.Path) -> caught.Case:
    """Rows of float64; then of the type the file names, for a file in floats and one in whole numbers."""
    model = caught.trained()
    interpreter = _interpreter(_converted(model), len(ROWS))
    seen = caught.raised(lambda: _answers(interpreter, ROWS.astype("float64")), ValueError)

    (inputs,) = interpreter.get_input_details()
    answers = _answers(interpreter, ROWS.astype("float64").astype(inputs["dtype"]))
    assert caught.apart(answers, model(ROWS)) < 1e-5

    whole = {"optimizations": [LITE.Optimize.DEFAULT], "operations": [LITE.OpsSet.TFLITE_BUILTINS_INT8]}
    whole |= {"inference_input_type": tensorflow.int8, "representative_dataset": _examples(1.0)}
    rows = numpy.asarray(caught.FEATURES)
    interpreter = _interpreter(_converted(model, **whole), len(rows))
    (inputs,) = interpreter.get_input_details()
    scale, zero = inputs["quantization"]
    limits = numpy.iinfo(inputs["dtype"])
    numbers = numpy.round(rows / scale + zero).clip(limits.min, limits.max)
    answers = _answers(interpreter, numbers.astype(inputs["dtype"]))
    right = float((answers.argmax(1) == numpy.argmax(model(rows), 1)).mean())
    assert right > 0.9, right
    return caught.Case("with the type of `get_input_details` it answers the same", [seen])


def k03(folder: pathlib.Path) -> caught.Case:
    """An LSTM with an open number of steps; then unrolled, with the same weights."""

    def reading(unroll: bool) -> keras.Sequential:
        return keras.Sequential([keras.Input((5, 2)), keras.layers.LSTM(3, unroll=unroll)])

    model, unrolled = reading(False), reading(True)
    seen = caught.raised(lambda: _converted(model), Exception)

    unrolled.set_weights(model.get_weights())
    rows = numpy.ones((1, 5, 2), "float32")
    answers = _answers(_interpreter(_converted(unrolled)), rows)
    assert caught.apart(answers, model(rows)) < 1e-5
    return caught.Case("with unroll=True it converts, and answers the same", [seen])


class Summed(keras.layers.Layer):
    """Logarithms of running sums, by an operation of TensorFlow that LiteRT does not have."""

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return them."""
        return tensorflow.math.cumulative_logsumexp(inputs, axis=1)


class Rewritten(keras.layers.Layer):
    """The same from operations that LiteRT has."""

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return them."""
        return keras.ops.log(keras.ops.cumsum(keras.ops.exp(inputs), axis=1))


def _with(layer: keras.layers.Layer) -> keras.Model:
    """A model of this layer, for one row."""
    inputs = keras.Input((4,), batch_size=1)
    return keras.Model(inputs, layer(inputs))


FOUR = numpy.array([[0.0, 1.0, 2.0, 3.0]], "float32")


def k04(folder: pathlib.Path) -> caught.Case:
    """An operation that LiteRT does not have; then the same from those it has."""
    model = _with(Summed())
    seen = caught.raised(lambda: _converted(model), Exception)

    answers = _answers(_interpreter(_converted(_with(Rewritten()))), FOUR)
    assert caught.apart(answers, model(FOUR)) < 1e-5
    return caught.Case("written with operations that LiteRT has, it converts and answers the same", [seen])


def k05(folder: pathlib.Path) -> caught.Case:
    """A file with an operation of TensorFlow, in an interpreter without them; then without any."""
    flex = [LITE.OpsSet.TFLITE_BUILTINS, LITE.OpsSet.SELECT_TF_OPS]
    model = _with(Summed())
    content = _converted(model, operations=flex)
    seen = caught.raised(lambda: _answers(_interpreter(content), FOUR), RuntimeError)

    answers = _answers(_interpreter(_converted(_with(Rewritten()))), FOUR)
    assert caught.apart(answers, model(FOUR)) < 1e-5
    return caught.Case("written with operations that LiteRT has, it needs no delegate and answers", [seen])


def _examples(scale: float) -> collections.abc.Callable[[], collections.abc.Iterator[list[numpy.ndarray]]]:
    """Rows to measure for whole numbers, times a scale."""
    return lambda: ([numpy.asarray(row[None] * scale, "float32")] for row in caught.FEATURES[:64])


def k06(folder: pathlib.Path) -> caught.Case:
    """Whole numbers without rows to measure; then with them."""
    model = caught.trained()
    whole = {"optimizations": [LITE.Optimize.DEFAULT], "operations": [LITE.OpsSet.TFLITE_BUILTINS_INT8]}
    seen = caught.raised(lambda: _converted(model, **whole), ValueError)

    content = _converted(model, **whole, representative_dataset=_examples(1.0))
    answers = _answers(_interpreter(content, len(ROWS)), ROWS)
    assert (answers.argmax(1) == numpy.argmax(model(ROWS), 1)).mean() >= 0.75
    return caught.Case("with a representative_dataset it converts, and gives the same digits", [seen])


def k07(folder: pathlib.Path) -> caught.Case:
    """Rows to measure of another scale than the real ones; then of theirs."""
    model = caught.trained()
    whole = {"optimizations": [LITE.Optimize.DEFAULT], "operations": [LITE.OpsSet.TFLITE_BUILTINS_INT8]}
    wanted = numpy.argmax(model(caught.FEATURES), 1)
    right = {}
    for scale in (1e-3, 1.0):
        content = _converted(model, **whole, representative_dataset=_examples(scale))
        answers = _answers(_interpreter(content, len(wanted)), numpy.asarray(caught.FEATURES))
        right[scale] = float((answers.argmax(1) == wanted).mean())
    assert right[1e-3] < 0.6 < 0.9 < right[1.0], right
    return caught.Case(
        "measured on rows as the model gets them, it gives the digits of the model",
        measured="no error, and measured on rows a thousand times smaller most digits are others",
    )


def k08(folder: pathlib.Path) -> caught.Case:
    """Ask before the tensors are made; then after allocate_tensors."""
    model = caught.trained()
    content = _converted(model)

    def early(action: str) -> None:
        interpreter = ai_edge_litert.interpreter.Interpreter(model_content=content)
        if action == "set":
            _answers(interpreter, ROWS[:1])
        interpreter.invoke()

    errors = [
        caught.raised(lambda: early("set"), ValueError, RuntimeError),
        caught.raised(lambda: early("invoke"), RuntimeError),
    ]

    assert caught.apart(_answers(_interpreter(content), ROWS[:1]), model(ROWS[:1])) < 1e-5
    return caught.Case("after allocate_tensors it answers as the model does", errors)


def k09(folder: pathlib.Path) -> caught.Case:
    """A file that is no LiteRT model, and one that is not there."""
    model = caught.trained()
    model.save("model.keras")
    read = ai_edge_litert.interpreter.Interpreter
    errors = [
        caught.raised(lambda: read(model_content=b"version https://git-lfs" * 9), ValueError),
        caught.raised(lambda: read(model_path="missing.tflite"), ValueError),
    ]

    pathlib.Path("model.tflite").write_bytes(_converted(model))
    assert pathlib.Path("model.tflite").read_bytes()[4:8] == b"TFL3"
    interpreter = _interpreter(pathlib.Path("model.tflite").read_bytes())
    assert caught.apart(_answers(interpreter, ROWS[:1]), model(ROWS[:1])) < 1e-5
    return caught.Case("a file with the sign TFL3 in bytes 4 to 8 loads and answers the same", errors)


def k10(folder: pathlib.Path) -> caught.Case:
    """A view into the interpreter that is kept over a call; then a copy."""
    model = caught.trained()
    interpreter = _interpreter(_converted(model))
    (inputs,) = interpreter.get_input_details()
    view = interpreter.tensor(inputs["index"])()
    seen = caught.raised(interpreter.invoke, RuntimeError)

    del view
    assert caught.apart(_answers(interpreter, ROWS[:1]), model(ROWS[:1])) < 1e-5
    return caught.Case("with set_tensor and get_tensor, which copy, it answers", [seen])


def _for_a_newer_one(content: bytes) -> bytes:
    """The same file, with a version of its first operation that no interpreter has yet."""
    model = schema_py_generated.ModelT.InitFromObj(schema_py_generated.Model.GetRootAsModel(content, 0))
    model.operatorCodes[0].version = 99
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def k12(folder: pathlib.Path) -> caught.Case:
    """A file that asks for an operation of a newer release; then one of the interpreter's own release."""
    model = caught.trained()
    content = _converted(model)
    seen = caught.raised(lambda: _interpreter(_for_a_newer_one(content)), ValueError)

    assert caught.apart(_answers(_interpreter(content), ROWS[:1]), model(ROWS[:1])) < 1e-5
    return caught.Case("converted with the release of the interpreter, it answers the same", [seen])


def _inside(content: bytes, **options: object) -> list[numpy.ndarray]:
    """Every tensor of an interpreter after one row, those between two layers too."""
    interpreter = ai_edge_litert.interpreter.Interpreter(model_content=content, **options)
    interpreter.allocate_tensors()
    _answers(interpreter, ROWS[:1])
    return [interpreter.get_tensor(one["index"]) for one in interpreter.get_tensor_details()]


def k16(folder: pathlib.Path) -> caught.Case:
    """A tensor between two layers; then of an interpreter that keeps them all."""
    model = caught.trained()
    content = _converted(model)
    seen = caught.raised(lambda: _inside(content), ValueError)

    kept = _inside(content, experimental_preserve_all_tensors=True)
    wanted = model.layers[0](ROWS[:1])
    assert min(caught.apart(one, wanted) for one in kept if one.shape == wanted.shape) < 1e-5
    return caught.Case("kept, it holds what the first layer answers", [seen])
