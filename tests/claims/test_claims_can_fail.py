"""A proof can fail: an opposite verdict is refused, and a changed library changes the verdict."""

import dataclasses
import pathlib
import pickle
import time
import zipfile

import keras
import numpy
import pytest
import tensorflow

from tests.claims import book, settle, trying
from tests.claims import shelf as shelves

pytest_plugins = ["tests.claims.fixtures"]

CLAIMS = book.claims()
PROOFS = book.all_proofs()


class TestDerived:
    @pytest.mark.parametrize(
        ("cases", "elsewhere", "verdict"),
        [
            ([True, True], [], "true"),
            ([True, False], [], "condition"),
            ([True, False], [True], "condition"),
            ([False, False], [True], "outdated"),
            ([False, False], [False, True], "outdated"),
            ([False, False], [False], "false"),
            ([False], [], "false"),
        ],
    )
    def test_the_verdict_follows_from_the_cases(self, cases, elsewhere, verdict):
        assert settle.derive({str(number): held for number, held in enumerate(cases)}, elsewhere) == verdict

    @pytest.mark.parametrize("cases", [{}, {"a": None}, {"a": 1}, {"a": numpy.True_}])
    def test_no_case_or_an_odd_one_is_no_verdict(self, cases):
        with pytest.raises(ValueError, match="case"):
            settle.derive(cases, [])


class TestOpposite:
    """One claim of each verdict, with every other verdict written down for it."""

    @pytest.mark.parametrize("identifier", ["B27", "A17", "A05", "A11"])
    def test_a_written_opposite_is_refused(self, identifier, shelf):
        claim, cases = CLAIMS[identifier], PROOFS[identifier](shelf)
        derived = settle.derive(cases, book.held_elsewhere(identifier))
        assert not settle.complaint(claim, derived, cases)
        for verdict in set(settle.VERDICTS) - {claim.verdict}:
            problem = settle.complaint(dataclasses.replace(claim, verdict=verdict), derived, cases)
            assert f"written down as {verdict}, and the run says {claim.verdict}" in problem
            assert claim.claim in problem and claim.seen_in in problem
            assert all(name in problem for name in cases)


def save_takes_any_name(patch: pytest.MonkeyPatch) -> None:
    """`model.save("path")` writes, as it did on Keras 2."""
    save = keras.Model.save

    def changed(model: keras.Model, path: object, **options: object) -> None:
        if pathlib.Path(path).suffix:
            return save(model, path, **options)
        save(model, f"{path}.keras", **options)
        pathlib.Path(f"{path}.keras").rename(path)

    patch.setattr(keras.Model, "save", changed)


def load_takes_any_name(patch: pytest.MonkeyPatch) -> None:
    """`load_model("path")` reads what that save wrote."""
    load = keras.models.load_model

    def changed(path: object, **options: object) -> keras.Model:
        if not zipfile.is_zipfile(path):
            return load(path, **options)
        copy = pathlib.Path(f"{path}.copy.keras")
        copy.write_bytes(pathlib.Path(path).read_bytes())
        return load(copy, **options)

    patch.setattr(keras.models, "load_model", changed)


def save_and_load_take_any_name(patch: pytest.MonkeyPatch) -> None:
    """Both."""
    save_takes_any_name(patch)
    load_takes_any_name(patch)


class Revived:
    """What is loaded from a SavedModel, with a call and a `fit` of its own."""

    def __init__(self, artefact: object) -> None:
        self.artefact = artefact

    def __getattr__(self, name: str) -> object:
        return getattr(self.artefact, name)

    def __call__(self, rows: numpy.ndarray) -> object:
        signature = self.artefact.signatures["serving_default"]
        (name,) = signature.structured_input_signature[1]
        (answer,) = signature(**{name: tensorflow.constant(rows)}).values()
        return answer

    def fit(self, *data: object, **options: object) -> None:
        """Train on nothing."""


def artefacts_are_revived(patch: pytest.MonkeyPatch) -> None:
    """`tf.saved_model.load` returns what can be called and trained."""
    load = tensorflow.saved_model.load
    patch.setattr(tensorflow.saved_model, "load", lambda *arguments: Revived(load(*arguments)))


def artefacts_are_kept(patch: pytest.MonkeyPatch) -> None:
    """What `tf.saved_model.load` returns stays alive by itself."""
    load, kept = tensorflow.saved_model.load, []

    def changed(*arguments: object) -> object:
        kept.append(load(*arguments))
        return kept[-1]

    patch.setattr(tensorflow.saved_model, "load", changed)


def weights_are_not_restored(patch: pytest.MonkeyPatch) -> None:
    """`load_weights` returns and has done nothing."""
    patch.setattr(keras.Model, "load_weights", lambda model, path, **options: None)


def weights_take_any_hdf5_name(patch: pytest.MonkeyPatch) -> None:
    """`save_weights("weights.h5")` writes, as it did on Keras 2."""
    save = keras.Model.save_weights

    def changed(model: keras.Model, path: object, **options: object) -> None:
        save(model, pathlib.Path(path).with_suffix(".weights.h5"), **options)
        pathlib.Path(path).with_suffix(".weights.h5").rename(path)

    patch.setattr(keras.Model, "save_weights", changed)


def optimizer_begins_anew(patch: pytest.MonkeyPatch) -> None:
    """A loaded model has a fresh optimizer of the same kind."""
    load = keras.models.load_model

    def changed(path: object, **options: object) -> keras.Model:
        model = load(path, **options)
        if model.compiled:
            optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
            model.compile(optimizer, model.loss, run_eagerly=model.run_eagerly)
        return model

    patch.setattr(keras.models, "load_model", changed)


def loads_are_rounded(patch: pytest.MonkeyPatch) -> None:
    """A model loaded without compile settings loses digits of its weights."""
    load = keras.models.load_model

    def changed(path: object, **options: object) -> keras.Model:
        model = load(path, **options)
        if options.get("compile") is False:
            model.set_weights([numpy.round(weight, 2) for weight in model.get_weights()])
        return model

    patch.setattr(keras.models, "load_model", changed)


def hard_sigmoid_is_the_old_one(patch: pytest.MonkeyPatch) -> None:
    """`hard_sigmoid` has the slope that it had on Keras 2."""

    def changed(inputs: tensorflow.Tensor) -> tensorflow.Tensor:
        return tensorflow.clip_by_value(0.2 * inputs + 0.5, 0.0, 1.0)

    patch.setattr(keras.src.backend.nn, "hard_sigmoid", changed)


def zip_files_are_not_checked(patch: pytest.MonkeyPatch) -> None:
    """A damaged member of a zip file is read without a word."""
    patch.setattr(zipfile.ZipExtFile, "_update_crc", lambda file, data: None)


def training_takes_no_time(patch: pytest.MonkeyPatch) -> None:
    """`fit` returns at once, and a save takes its time."""
    save = keras.Model.save

    def slow(model: keras.Model, path: object, **options: object) -> None:
        save(model, path, **options)
        time.sleep(1)  # nothing in `fit` is left that could take as long

    patch.setattr(keras.Model, "fit", lambda model, *data, **options: None)
    patch.setattr(keras.Model, "save", slow)


def pickles_are_light(patch: pytest.MonkeyPatch) -> None:
    """A pickle of a model is a few bytes."""
    dump = pickle.dumps
    patch.setattr(pickle, "dumps", lambda value: dump("a model"))


def new_processes_know_our_classes(patch: pytest.MonkeyPatch) -> None:
    """A new process has imported the module with the registered layer of the course."""
    patch.setattr(shelves, "_LOAD", "from helpers import models\n" + shelves._LOAD)


@pytest.mark.filterwarnings("ignore:Skipping variable loading")  # where a change leaves an optimizer unbuilt
@pytest.mark.parametrize(
    ("change", "identifier", "verdict"),
    [
        (save_takes_any_name, "B07", "true"),
        (save_takes_any_name, "A04", "outdated"),  # a third format is still there
        (save_and_load_take_any_name, "B08", "true"),
        (save_and_load_take_any_name, "B52", "true"),
        (save_and_load_take_any_name, "B09", "condition"),
        (artefacts_are_revived, "A19", "true"),
        (artefacts_are_revived, "A22", "true"),
        (artefacts_are_revived, "A28", "true"),
        (artefacts_are_kept, "A16", "true"),
        (weights_are_not_restored, "A12", "true"),
        (weights_are_not_restored, "B55", "true"),
        (weights_take_any_hdf5_name, "B45", "true"),
        (optimizer_begins_anew, "A27", "false"),
        (optimizer_begins_anew, "B36", "false"),
        (loads_are_rounded, "A26", "condition"),
        (hard_sigmoid_is_the_old_one, "A02", "false"),
        (zip_files_are_not_checked, "B44", "false"),
        (training_takes_no_time, "B38", "true"),
        (pickles_are_light, "B39", "true"),
        (new_processes_know_our_classes, "A21", "true"),
    ],
)
def test_a_changed_library_changes_the_verdict(change, identifier, verdict, shelf, tmp_path, monkeypatch):
    changed = shelf.renewed(tmp_path)
    change(monkeypatch)
    derived = settle.derive(PROOFS[identifier](changed), book.held_elsewhere(identifier))
    assert derived == verdict
    assert CLAIMS[identifier].verdict != verdict or identifier == "A04"


class Saying:
    """A shelf on which every experiment finds what its quiz item says, but one."""

    def __init__(self, inverted: str = "") -> None:
        self.inverted, self.asked = inverted, set()

    def shows(self, identifier: str) -> bool:
        self.asked.add(identifier)
        return identifier != self.inverted


@pytest.mark.parametrize(
    "identifier", [name for name, proof in PROOFS.items() if "settled" in proof.__qualname__]
)
def test_another_finding_of_a_lesson_changes_the_verdict(identifier):
    proof, elsewhere, shelf = PROOFS[identifier], book.held_elsewhere(identifier), Saying()
    assert settle.derive(proof(shelf), elsewhere) == CLAIMS[identifier].verdict
    assert shelf.asked
    for item in shelf.asked:
        cases = proof(Saying(item))
        assert cases != proof(shelf)
        # B47 holds in two cases and in two it does not: one more or less leaves it a condition.
        assert settle.derive(cases, elsewhere) != CLAIMS[identifier].verdict or identifier == "B47"


class TestTrying:
    def test_a_refusal_is_the_one_that_was_meant(self):
        def fails() -> None:
            raise ValueError("no such layer")

        assert trying.refused(fails, ValueError, "such layer")
        assert not trying.refused(lambda: None, ValueError, "such layer")
        with pytest.raises(ValueError, match="no such layer"):
            trying.refused(fails, ValueError, "format")
        with pytest.raises(ValueError, match="no such layer"):
            trying.refused(fails, TypeError, "such layer")

    def test_an_error_in_a_new_process_is_no_finding(self, tmp_path):
        assert trying.in_new_process(tmp_path, "found['two'] = 1 + 1") == {"two": 2}
        with pytest.raises(AssertionError, match="NameError"):
            trying.in_new_process(tmp_path, "found['two'] = nobody")

    def test_an_outcome_does_not_pass_off_another_error(self):
        outcome = trying.Outcome(error="TypeError: Could not locate class 'A'")
        assert outcome.refused("Could not locate class")
        assert not trying.Outcome(answers=numpy.zeros(2)).refused("Could not locate class")
        with pytest.raises(AssertionError, match="locate class 'A'"):
            outcome.refused("format")
        with pytest.raises(AssertionError, match="locate class 'A'"):
            outcome.same(numpy.zeros(2))

    def test_sameness_has_a_tolerance_and_identity_has_none(self):
        near = numpy.array([1.0, 1.0 + 1e-9])
        assert trying.same(near, [1.0, 1.0]) and not trying.same(near, [1.0, 1.1])
        assert trying.identical([near], [near]) and not trying.identical([near], [numpy.ones(2)])
        assert not trying.identical([], []) and not trying.identical([near], [near, near])
