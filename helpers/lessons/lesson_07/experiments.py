"""What settles the items of lesson 07."""

import pathlib

from helpers import digits, models
import keras
import numpy
import tensorflow
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2


def predict_language(folder: pathlib.Path) -> str:
    """Compare with the recorded answer of the C program, and look for Python in the graph it was given."""
    models.model().export(folder / "averages", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "averages"))
    in_c = models.recorded()
    here = artefact.serve(digits.load().test_features[: len(in_c)]).numpy()
    archive = keras.export.ExportArchive()
    spec = [tensorflow.TensorSpec((None, 64), "float32")]
    archive.add_endpoint("serve", lambda rows: tensorflow.numpy_function(abs, [rows], "float32"), spec)
    archive.write_out(folder / "python", verbose=False)
    assert numpy.abs(here - in_c).max() < 1e-5
    assert "PyFunc" in _operations(_graphs(folder / "python")[0])
    assert not any("PyFunc" in name for name in _operations(_graphs(folder / "averages")[0]))
    return (
        f"The C program's recorded answer to {len(in_c)} images is this machine's to 1e-5. The graph "
        "calls no Python; one with a numpy_function in it would."
    )


def myth_graphs(folder: pathlib.Path) -> str:
    """Count the graphs of an archive with two modes, and of what TensorFlow 1's builder writes."""
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dropout(0.5), models.sequential()])
    archive = keras.export.ExportArchive()
    archive.track(model)
    spec = [tensorflow.TensorSpec((None, 64), "float32")]
    archive.add_endpoint("serve", model, spec)
    archive.add_endpoint("practise", lambda rows: model(rows, training=True), spec)
    archive.write_out(folder / "modes", verbose=False)
    artefact = tensorflow.saved_model.load(str(folder / "modes"))
    rows = digits.load().test_features[:32]
    apart = numpy.abs(artefact.practise(rows) - artefact.serve(rows)).max()
    counts = [len(_graphs(folder / "modes")), len(_graphs(_by_builder(folder / "old")))]
    assert counts == [1, 2], counts
    assert apart > 0.01
    return "The archive with a training endpoint holds 1 graph; TensorFlow 1's builder can write 2."


def myth_twice(folder: pathlib.Path) -> str:
    """Set each list of variables to zero and ask, tracked and not; count the arrays of ten endpoints."""
    model = models.trained(epochs=1)
    model.export(folder / "exported", verbose=False)
    archive = keras.export.ExportArchive()
    archive.add_endpoint("serve", model, [tensorflow.TensorSpec((None, 64), "float32")])
    archive.write_out(folder / "untracked", verbose=False)
    same = [_same_without(folder / "exported", name) for name in ("_all_variables", "variables")]
    same.append(_same_without(folder / "untracked", "_all_variables"))
    archive = keras.export.ExportArchive()
    archive.track(model)
    for number in range(10):
        archive.add_endpoint(f"serve_{number}", model, [tensorflow.TensorSpec((None, 64), "float32")])
    archive.write_out(folder / "ten", verbose=False)
    arrays = [len(tensorflow.train.list_variables(folder / name / "variables/variables"))
              for name in ("exported", "untracked", "ten")]  # fmt: skip
    assert same == [True, False, False], same
    assert arrays == [9, 5, 9], arrays  # four weights a list, and the map of objects
    return (
        "`_all_variables` set to zero: the same answers. `variables`: new ones. Without `track` there is "
        "only `_all_variables`, and it is read. Ten endpoints: not one array more."
    )


def _same_without(folder: pathlib.Path, name: str) -> bool:
    """Whether an export answers the same when the variables of one list are zero."""
    artefact = tensorflow.saved_model.load(str(folder))
    rows = digits.load().test_features[:32]
    before = artefact.serve(rows).numpy()
    for variable in getattr(artefact, name):
        variable.assign(tensorflow.zeros_like(variable))
    return bool(numpy.allclose(artefact.serve(rows), before))


def _graphs(folder: pathlib.Path) -> list[meta_graph_pb2.MetaGraphDef]:
    content = (folder / "saved_model.pb").read_bytes()
    return list(saved_model_pb2.SavedModel.FromString(content).meta_graphs)


def _operations(graph: meta_graph_pb2.MetaGraphDef) -> set[str]:
    inside = [node for function in graph.graph_def.library.function for node in function.node_def]
    return {node.op for node in [*graph.graph_def.node, *inside]}


def _by_builder(folder: pathlib.Path) -> pathlib.Path:
    """A SavedModel with the graphs `train` and `serve`, as TensorFlow 1 wrote it."""
    first = tensorflow.compat.v1
    with tensorflow.Graph().as_default(), first.Session() as session:
        weight = first.get_variable("weight", (64, 10))
        session.run(weight.initializer)
        builder = first.saved_model.Builder(str(folder))
        builder.add_meta_graph_and_variables(session, ["train"])
        builder.add_meta_graph(["serve"])
        builder.save()
    return folder
