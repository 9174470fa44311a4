"""The service for a store: TensorFlow Serving's contract, new versions by themselves, bounds that hold."""

import asyncio
import concurrent.futures
import contextlib
import errno
import json
import os
import pathlib
import random
import shutil
import textwrap
import threading
import time

from fastapi import testclient
from helpers.tools import serving, versions
from helpers.tools.serving import canary, door, loading, local_server, watcher
import httpx
import hypothesis
import keras
import numpy
import prometheus_client.parser
import pytest
import schemathesis
import schemathesis.openapi
import tensorflow

BASE = "/v1/models/adder"
ROW = [1.0, 2.0, 3.0, 4.0]


def _export(folder: pathlib.Path, factor: float) -> None:
    """A model that answers each row with its sum times a factor, and with its negative."""
    model = keras.Sequential([keras.Input((4,), name="numbers"), keras.layers.Dense(2)])
    model.set_weights([numpy.full((4, 2), [factor, -factor]), numpy.zeros(2)])
    model.export(folder, verbose=False)


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> pathlib.Path:
    """A store with the versions 1 and 2, the first of them promoted."""
    store = tmp_path_factory.mktemp("serving") / "store"
    for factor in (1, 2):
        with versions.publish(store) as draft:
            _export(draft.folder, factor)
    versions.promote(store, 1)
    return store


@pytest.fixture
def store(published, tmp_path) -> pathlib.Path:
    return shutil.copytree(published, tmp_path / "store")


@pytest.fixture
def client(store):
    with testclient.TestClient(serving.application("adder", store, seconds=0.05)) as client:
        yield client


def _ask(
    client: httpx.Client, path: str = f"{BASE}:predict", rows: object = (ROW,), user: str | None = None
) -> httpx.Response:
    return client.post(path, json={"instances": list(rows)}, headers={"X-User": user} if user else None)


def _until(holds, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.02)


def _looked_twice(client: testclient.TestClient) -> None:
    """Wait until a whole look at the store has begun and ended since now."""
    keeper = client.app.state.keeper
    begun = keeper.looks
    _until(lambda: keeper.looks >= begun + 2)


def _states(client: httpx.Client) -> dict[str, str]:
    return {row["version"]: row["state"] for row in client.get(BASE).json()["model_version_status"]}


class TestContract:
    def test_the_promoted_version_answers(self, client):
        reply = _ask(client)
        assert (reply.status_code, reply.json()) == (200, {"predictions": [[10.0, -10.0]]})
        assert reply.headers["x-model-version"] == "1"

    def test_a_version_can_be_named(self, client):
        reply = _ask(client, f"{BASE}/versions/2:predict", [ROW, ROW])
        assert reply.json() == {"predictions": [[20.0, -20.0], [20.0, -20.0]]}

    def test_the_status_names_every_version(self, client):
        assert _states(client) == {"2": "AVAILABLE", "1": "AVAILABLE"}
        (one,) = client.get(f"{BASE}/versions/1").json()["model_version_status"]
        assert one == {
            "version": "1",
            "state": "AVAILABLE",
            "status": {"error_code": "OK", "error_message": ""},
        }

    def test_metadata_says_what_goes_in_and_out(self, client):
        content = client.get(f"{BASE}/versions/2/metadata").json()
        assert content["model_spec"] == {"name": "adder", "signature_name": "", "version": "2"}
        definition = content["metadata"]["signature_def"]["signature_def"]["serving_default"]
        assert definition["inputs"]["numbers"]["dtype"] == "DT_FLOAT"
        sizes = [size["size"] for size in definition["inputs"]["numbers"]["tensor_shape"]["dim"]]
        assert sizes == ["-1", "4"]
        assert client.get(f"{BASE}/metadata").json()["model_spec"]["version"] == "1"

    @pytest.mark.parametrize(
        "version", ["7", "0", "-1", "two", "1.5", "9" * 40, "+1", "01", "1.0", "1_0", " 1"]
    )
    @pytest.mark.parametrize("end", ["", "/metadata", ":predict"])
    def test_an_unknown_version_is_404_with_a_sentence(self, client, version, end):
        path = f"{BASE}/versions/{version}{end}"
        reply = _ask(client, path) if end == ":predict" else client.get(path)
        assert reply.status_code == 404
        assert reply.json()["error"].endswith((".", "there: 1, 2."))

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ('{"instances": [[1, 2, 3]]}', 400),
            ('{"instances": []}', 400),
            ('{"instances": [[1e400, 2, 3, 4]]}', 400),
            ('{"instances": [[NaN, 2, 3, 4]]}', 400),
            ('{"instances": [["1", 2, 3, 4]]}', 422),
            ('{"rows": [[1, 2, 3, 4]]}', 422),
            ('{"instances": [[1, 2, 3, 4]], "inputs": [[1, 2, 3, 4]]}', 400),
            ('{"instances": [[1, 2, 3, 4]], "signature_name": "other"}', 400),
            ('{"instances": [[1, 2, 3, 4]], "signature_name": [1]}', 422),
            ('{"instances": [{"numbers": [1, 2, 3, 4]}, [1, 2, 3, 4]]}', 400),
            ('{"instances": [{"others": [1, 2, 3, 4]}]}', 400),
            ('{"instances": 7}', 422),
            ('{"inputs": {"others": [[1, 2, 3, 4]]}}', 400),
            ('{"inputs": []}', 400),
            ('{"inputs": 7}', 400),
            ('{"inputs": {"numbers": {"b64": "AAAA"}}}', 400),
            ("{", 422),
            ("", 422),
            ("[" * 100_000, 422),
            ('{"instances": [[' + "9" * 5000 + ", 2, 3, 4]]}", 422),
            (b"\xff\xfe", 422),
        ],
    )
    def test_bad_input_gets_a_sentence(self, client, body, status):
        reply = client.post(f"{BASE}:predict", content=body)
        assert reply.status_code in {400, 422} if "9999" in str(body) else reply.status_code == status
        assert reply.json()["error"].endswith(".")


class TestVersions:
    def test_a_new_version_is_picked_up_and_answers_when_it_is_promoted(self, client, store):
        with versions.publish(store) as draft:
            _export(draft.folder, 3)
        _until(lambda: "3" in _states(client))
        assert _ask(client).headers["x-model-version"] == "1"
        versions.promote(store, 3)
        _until(lambda: _ask(client).headers["x-model-version"] == "3")
        versions.roll_back(store)
        _until(lambda: _ask(client).json() == {"predictions": [[10.0, -10.0]]})

    def test_without_a_promotion_the_highest_answers(self, store):
        (store / "current.json").unlink()
        with testclient.TestClient(serving.application("adder", store)) as client:
            assert _ask(client).headers["x-model-version"] == "2"

    def test_a_removed_version_is_gone(self, client, store):
        shutil.rmtree(store / "2")
        _until(lambda: _states(client) == {"1": "AVAILABLE"})
        assert _ask(client, f"{BASE}/versions/2:predict").status_code == 404

    def test_a_half_published_folder_harms_nobody_and_is_used_once_it_is_whole(self, client, store):
        (store / "5").mkdir()
        shutil.copy(store / "2" / "saved_model.pb", store / "5")
        _until(lambda: _states(client).get("5") == "END")
        (one,) = client.get(f"{BASE}/versions/5").json()["model_version_status"]
        assert "5/variables/variables.index is not there" in one["status"]["error_message"]
        assert _ask(client).status_code == 200
        assert _ask(client, f"{BASE}/versions/5:predict").status_code == 404
        shutil.copytree(store / "2" / "variables", store / "5" / "variables")
        _until(lambda: _states(client)["5"] == "AVAILABLE")

    def test_a_damaged_version_says_why(self, client, store):
        broken = shutil.copytree(store / "2", store / "6")
        (broken / "saved_model.pb").write_bytes(b"no graph")
        _until(lambda: _states(client).get("6") == "END")
        (one,) = client.get(f"{BASE}/versions/6").json()["model_version_status"]
        assert one["status"]["error_message"].startswith("Version 6 does not load.")

    def test_a_damaged_record_keeps_what_was_promoted(self, client, store):
        (store / "current.json").write_text("{", encoding="utf-8")
        _looked_twice(client)
        assert _ask(client).headers["x-model-version"] == "1"

    def test_an_empty_store_is_busy_not_broken(self, tmp_path):
        with testclient.TestClient(serving.application("adder", tmp_path / "nothing")) as client:
            reply = _ask(client)
            assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
            assert client.get(BASE).json() == {"model_version_status": []}

    def test_other_folders_are_no_versions(self, client, store):
        for name in ("v3", "007", ".4", "notes"):
            shutil.copytree(store / "2", store / name)
        _looked_twice(client)
        assert _states(client) == {"2": "AVAILABLE", "1": "AVAILABLE"}


def _signature(folder: pathlib.Path, answer) -> None:
    module = tensorflow.Module()
    module.weight = tensorflow.Variable(1.0)  # else there is no variables.index
    module.answer = tensorflow.function(
        answer, input_signature=[tensorflow.TensorSpec([None, 4], name="numbers")]
    )
    tensorflow.saved_model.save(module, str(folder), signatures=module.answer)


def _texts(numbers):
    return {"text": tensorflow.strings.as_string(numbers)}


def _two(numbers):
    return {"sum": tensorflow.reduce_sum(numbers, axis=1), "twice": 2 * numbers}


def _endless(numbers):
    count = tensorflow.constant(0.0)
    while tensorflow.reduce_sum(numbers) * 0 + count >= 0:
        count = count * 1.0
    return {"answer": numbers + count}


class TestOneVersionNeverStopsTheWatcher:
    @pytest.mark.parametrize(
        ("answer", "seconds", "reason"),
        [(_texts, 600, "is not made of numbers"), (_endless, 1, "did not answer its first rows within")],
    )
    def test_a_model_that_cannot_be_asked_is_named_and_the_next_comes(
        self, client, store, tmp_path, monkeypatch, caplog, answer, seconds, reason
    ):
        monkeypatch.setattr(loading, "TIME_LIMIT", seconds)
        _signature(tmp_path / "odd", answer)
        (tmp_path / "odd").rename(store / "3")
        _until(lambda: _states(client).get("3") == "END", 120)
        (one,) = client.get(f"{BASE}/versions/3").json()["model_version_status"]
        assert reason in one["status"]["error_message"] and reason in caplog.text
        # What took too long is cancelled: its thread ends, and takes no processor from those that answer.
        _until(lambda: "loading 3" not in [thread.name for thread in threading.enumerate()], 120)
        monkeypatch.setattr(loading, "TIME_LIMIT", 600)  # the next one may take as long as this machine takes
        shutil.copytree(store / "2", tmp_path / "next")
        (tmp_path / "next").rename(store / "4")
        _until(lambda: _states(client).get("4") == "AVAILABLE", 120)

    def test_an_error_nobody_foresaw_is_in_the_log_and_the_next_look_comes(self, client, monkeypatch, caplog):
        def broken(self):
            raise PermissionError("not for you")

        monkeypatch.setattr(watcher.Keeper, "_numbers", broken)
        _looked_twice(client)
        assert "not for you" in caplog.text and _ask(client).status_code == 200


def test_several_outputs_come_row_by_row_under_their_names(tmp_path):
    _signature(tmp_path / "store" / "1", _two)
    with testclient.TestClient(serving.application("adder", tmp_path / "store")) as client:
        assert _ask(client).json() == {"predictions": [{"sum": 10.0, "twice": [2.0, 4.0, 6.0, 8.0]}]}


def _forms(folder: pathlib.Path) -> None:
    """Two signatures: a scalar, an image, a whole number and a text in each row; and one without rows."""
    module = tensorflow.Module()
    module.weight = tensorflow.Variable(1.0)
    specs = {
        "scale": tensorflow.TensorSpec([None], name="scale"),
        "image": tensorflow.TensorSpec([None, 2, 2], name="image"),
        "place": tensorflow.TensorSpec([None], tensorflow.int32, name="place"),
        "word": tensorflow.TensorSpec([None], tensorflow.string, name="word"),
    }

    @tensorflow.function(input_signature=[specs[name] for name in specs])
    def mixed(scale, image, place, word):
        table = tensorflow.constant([10.0, 20.0])
        return {
            "sum": scale * tensorflow.reduce_sum(image, axis=[1, 2]) + tensorflow.gather(table, place),
            "length": tensorflow.strings.length(word),
        }

    @tensorflow.function(input_signature=[tensorflow.TensorSpec([None], name="numbers")])
    def total(numbers):
        return {"total": module.weight * tensorflow.reduce_sum(numbers)}

    module.mixed, module.total = mixed, total
    signatures = {"serving_default": mixed, "total": total}
    tensorflow.saved_model.save(module, str(folder), signatures=signatures)


@pytest.fixture(scope="class")
def forms(tmp_path_factory):
    store = tmp_path_factory.mktemp("forms") / "store"
    _forms(store / "1")
    with testclient.TestClient(serving.application("adder", store)) as client:
        yield client


class TestForms:
    ROW = {"scale": 2.0, "image": [[1, 2], [3, 4]], "place": 1, "word": "äb"}  # noqa: RUF012
    COLUMNS = {"scale": [2.0], "image": [[[1, 2], [3, 4]]], "place": [1], "word": ["äb"]}  # noqa: RUF012

    def _post(self, client, **body):
        return client.post(f"{BASE}:predict", json=body)

    def test_named_inputs_by_rows_and_by_columns(self, forms):
        by_rows = self._post(forms, instances=[self.ROW, self.ROW | {"scale": 0}])
        assert by_rows.json() == {"predictions": [{"length": 3, "sum": 40.0}, {"length": 3, "sum": 20.0}]}
        by_columns = self._post(forms, inputs=self.COLUMNS)
        assert by_columns.json() == {"outputs": {"length": [3], "sum": [40.0]}}

    def test_one_input_by_columns_goes_with_and_without_its_name(self, client):
        for inputs in ([ROW], {"numbers": [ROW]}):
            assert self._post(client, inputs=inputs).json() == {"outputs": [[10.0, -10.0]]}
        assert self._post(client, instances=[{"numbers": ROW}]).json() == {"predictions": [[10.0, -10.0]]}

    def test_another_signature_answers_under_its_name(self, forms):
        assert self._post(forms, signature_name="total", inputs=[1, 2.5]).json() == {"outputs": 3.5}
        reply = self._post(forms, signature_name="total", instances=[1, 2.5])
        assert (reply.status_code, "no row for each of 2" in reply.json()["error"]) == (400, True)
        assert set(forms.get(f"{BASE}/metadata").json()["metadata"]["signature_def"]["signature_def"]) == {
            "serving_default",
            "total",
        }

    @pytest.mark.parametrize(
        ("change", "status", "sentence"),
        [
            ({"scale": "2"}, 422, 'Row 0 of "scale" holds "2". Expected: numbers only.'),
            ({"scale": [1]}, 422, 'Row 0 of "scale" holds [1]. Expected: numbers only.'),
            ({"place": 1.0}, 422, 'Row 0 of "place" holds 1.0. Expected: whole numbers only.'),
            ({"place": 2**31}, 400, 'Row 0 of "place" holds a value out of range.'),
            ({"place": 7}, 400, "The model cannot answer these values."),
            ({"word": 7}, 422, 'Row 0 of "word" holds 7. Expected: text only.'),
            ({"word": "\ud800"}, 422, 'A text of "word" is not Unicode.'),
            ({"image": [[1, 2]]}, 400, 'Row 0 of "image" has 1 values. Expected: 2 in every row.'),
            ({"image": [[1, 2], [3]]}, 400, 'Row 0 of "image" has 1 values. Expected: 2 in every row.'),
            ({"image": [[1, 2], 3]}, 400, 'Row 0 of "image" is not a list.'),
        ],
    )
    def test_what_does_not_fit_is_named(self, forms, change, status, sentence):
        reply = forms.post(f"{BASE}:predict", content=json.dumps({"instances": [self.ROW | change]}))
        assert (reply.status_code, reply.json()["error"][: len(sentence)]) == (status, sentence)


class TestTrial:
    def test_the_golden_batch_is_the_trial_and_not_zeros(self, tmp_path, monkeypatch):
        def inverse(numbers):
            return {"inverse": 1 / tensorflow.reduce_sum(numbers, axis=1)}

        golden = (numpy.array([ROW], "float32"), numpy.array([0.1]))
        with versions.publish(tmp_path / "store", golden=golden) as draft:
            _signature(draft.folder, inverse)
        asked, ask = [], loading.Loaded.ask
        monkeypatch.setattr(
            loading.Loaded, "ask", lambda *all_of_it: asked.append(all_of_it) or ask(*all_of_it)
        )
        loading.load(tmp_path / "store" / "1")
        assert [inputs["numbers"].tolist() for _, inputs in asked] == [[ROW]]

    def test_another_answer_to_the_golden_batch_is_not_ready(self, tmp_path):
        golden = (numpy.array([ROW], "float32"), numpy.array([[11.0, -10.0]]))
        with versions.publish(tmp_path / "store", golden=golden) as draft:
            _export(draft.folder, 1)
        with pytest.raises(loading.NotReady, match="otherwise than when it was published"):
            loading.load(tmp_path / "store" / "1")

    def test_zeros_without_a_finite_answer_are_a_note_and_no_refusal(self, tmp_path, caplog):
        def inverse(numbers):
            return {"inverse": 1 / tensorflow.reduce_sum(numbers, axis=1)}

        _signature(tmp_path / "1", inverse)
        assert loading.load(tmp_path / "1").predict([ROW]) == pytest.approx(0.1)
        assert "Version 1 answers zeros with what is no number." in caplog.text


class TestOneErrorShape:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 404),
            ("GET", "/v1/models/other", 404),
            ("POST", "/v1/models/adder:classify", 404),
            ("GET", "/v1/models/adder:predict", 405),
            ("DELETE", "/v1/models/adder", 405),
        ],
    )
    def test_no_such_route_or_method(self, client, method, path, status):
        reply = client.request(method, path)
        assert (reply.status_code, list(reply.json())) == (status, ["error"])

    def test_a_fault_of_the_service_is_a_sentence_too(self, store, monkeypatch):
        monkeypatch.setattr(loading.Loaded, "ask", lambda *_: 1 / 0)
        application = serving.application("adder", store)
        monkeypatch.setattr(loading, "load_within", loading.load)
        monkeypatch.setattr(loading, "_ask_zeros", lambda loaded: None)
        monkeypatch.setattr(loading, "_ask_golden", lambda folder, loaded: None)
        with testclient.TestClient(application, raise_server_exceptions=False) as client:
            reply = _ask(client)
        assert (reply.status_code, list(reply.json())) == (500, ["error"])


def test_metrics_have_the_names_and_the_address_of_tensorflow_serving(client):
    for rows in ([ROW], [ROW], [[1]]):
        _ask(client, rows=rows)
    client.post(f"{BASE}/versions/9:predict", json={})
    text = client.get("/monitoring/prometheus/metrics").text
    found = {
        sample.labels["status"]: sample.value
        for family in prometheus_client.parser.text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == ":tensorflow:serving:request_count" and sample.labels["model_name"] == "adder"
    }
    assert found == {"OK": 2, "INVALID_ARGUMENT": 1, "NOT_FOUND": 1}
    count = (
        ':tensorflow:serving:request_latency_count{API="predict",entrypoint="REST",model_name="adder"} 4.0'
    )
    assert count in text


class TestCanary:
    def test_a_canary_that_cannot_be_written_is_a_sentence_and_leaves_nothing(self, store, monkeypatch):
        before = set(store.iterdir())

        def full(descriptor):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(versions.VersionsError, match="Starting the canary did not work: No space left"):
            serving.start_canary(store, 2, 0.1)
        assert set(store.iterdir()) == before

    def test_a_user_meets_one_version_and_the_share_is_kept(self, client, store):
        tried = canary.Canary(2, 0.1)
        inside, outside = (
            [f"user-{n}" for n in range(1000) if tried.turn(f"user-{n}") is it] for it in (True, False)
        )
        assert 70 <= len(inside) <= 130
        serving.start_canary(store, 2, 0.1)
        _until(lambda: _ask(client, user=inside[0]).headers["x-model-version"] == "2")
        for user in inside[:5] + outside[:20]:
            seen = {_ask(client, user=user).headers["x-model-version"] for _ in range(3)}
            assert seen == {"2" if user in inside else "1"}
        serving.end_canary(store)
        _until(lambda: _ask(client, user=inside[0]).headers["x-model-version"] == "1")

    def test_without_a_user_it_is_chance(self, client, store):
        serving.start_canary(store, 2, 0.5)
        _until(lambda: {_ask(client).headers["x-model-version"] for _ in range(20)} == {"1", "2"})

    @pytest.mark.parametrize("share", [0.1, 0.25, 1 / 3, 0.5, 0.99])
    def test_its_users_are_a_share_and_another_canary_has_others(self, share):
        users = [f"{n:x}" for n in range(20_000)]
        chosen = {user for user in users if canary.Canary(2, share).turn(user)}
        assert abs(len(chosen) / len(users) - share) < 0.02
        assert chosen == {user for user in users if canary.Canary(2, share).turn(user)}
        assert chosen <= {user for user in users if canary.Canary(2, (1 + share) / 2).turn(user)}
        both = chosen & {user for user in users if canary.Canary(3, share).turn(user)}
        assert abs(len(both) / len(users) - share**2) < 0.02

    def test_odd_names_of_users_have_their_place_too(self):
        for user in ("", "ü", "\ud800", "x" * 100_000):
            assert isinstance(canary.Canary(2, 0.5).turn(user), bool)

    def test_the_chance_is_fishers(self):
        # 3 of 3 red among 3 + 3 balls, of which 3 are red: one way of twenty.
        assert canary.chance(3, 3, 0, 3) == pytest.approx(1 / 20)
        assert canary.chance(0, 10, 5, 100) == 1
        assert canary.chance(4, 10, 0, 90) < 0.001 < canary.chance(2, 40, 3, 360)

    def test_equal_versions_are_rarely_ended_and_a_broken_one_soon(self):
        def ended(rate: float, control: float, seed: int) -> bool:
            lots = random.Random(seed)
            comparison = canary.Comparison()
            return any(
                comparison.note(tried, lots.random() < (rate if tried else control))
                for tried in (lots.random() < 0.1 for _ in range(2000))
            )

        assert sum(ended(0.05, 0.05, seed) for seed in range(100)) <= 5
        assert all(ended(0.3, 0.01, seed) for seed in range(20))

    def test_one_that_fails_ends_itself_and_the_others_go_on(self, client, store, tmp_path, caplog):
        _signature(tmp_path / "root", lambda numbers: {"root": tensorflow.sqrt(5.0 - numbers)})
        (tmp_path / "root").rename(store / "3")
        _until(lambda: _states(client).get("3") == "AVAILABLE")
        serving.start_canary(store, 3, 0.2)
        tried = canary.Canary(3, 0.2)
        inside = next(f"{n}" for n in range(1000) if tried.turn(f"{n}"))
        _until(lambda: _ask(client, user=inside).headers.get("x-model-version") == "3")
        bad = [[9.0, 9.0, 9.0, 9.0]]
        statuses = [_ask(client, rows=bad, user=f"{n}").status_code for n in range(300)]
        assert 2 <= len([status for status in statuses if status != 200]) <= 10
        assert set(statuses[-100:]) == {200}
        _until(lambda: not (store / canary.NAME).exists())
        assert "its canary ends" in caplog.text
        _looked_twice(client)
        assert _ask(client, user=inside).headers["x-model-version"] == "1"
        serving.start_canary(store, 3, 0.2)  # whoever starts it again gets it again
        _until(lambda: _ask(client, user=inside).headers.get("x-model-version") == "3")

    def test_ending_itself_leaves_a_canary_that_was_started_meanwhile(self, store):
        serving.start_canary(store, 2, 0.3)
        serving.end_canary(store, only=canary.Canary(2, 0.2))
        assert canary.read(store) == canary.Canary(2, 0.3)

    @pytest.mark.parametrize("share", [0, 1, -0.1, 2, True, "half", None, float("nan")])
    def test_another_share_is_refused(self, store, share):
        with pytest.raises(versions.VersionsError, match="between 0 and 1"):
            serving.start_canary(store, 2, share)

    def test_a_version_that_is_not_there_is_refused(self, store):
        with pytest.raises(versions.VersionsError, match="no version 9"):
            serving.start_canary(store, 9, 0.1)

    def test_one_that_does_not_load_gets_nothing(self, store):
        (store / "2" / "saved_model.pb").write_bytes(b"no graph")
        serving.start_canary(store, 2, 0.5)
        with testclient.TestClient(serving.application("adder", store)) as client:
            assert {_ask(client).headers["x-model-version"] for _ in range(6)} == {"1"}

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "x", "share": 0.5}', "null"])
    def test_a_damaged_file_is_none(self, store, content):
        (store / canary.NAME).write_text(content, encoding="utf-8")
        assert canary.read(store) is None


class TestBounds:
    @pytest.fixture
    def small(self, store):
        bounds = serving.Limits(body_bytes=2000, rows=3, at_once=1, waiting=1, patience=0.2)
        application = serving.application("adder", store, bounds)
        with testclient.TestClient(application) as client:
            yield client

    def test_a_long_body_is_refused(self, small):
        reply = small.post(f"{BASE}:predict", content=b" " * 2001)
        assert (reply.status_code, reply.json()["error"]) == (
            413,
            "The body is longer than 2,000 bytes. Send fewer rows at once.",
        )
        assert small.post(f"{BASE}:predict", content=iter([b" " * 999] * 3)).status_code == 413

    def test_the_longest_body_is_read(self, small):
        body = json.dumps({"instances": [ROW]}).ljust(2000)
        assert small.post(f"{BASE}:predict", content=body).status_code == 200

    def test_too_many_rows_are_refused(self, small):
        assert _ask(small, rows=[ROW] * 3).status_code == 200
        reply = _ask(small, rows=[ROW] * 4)
        assert (reply.status_code, reply.json()["error"]) == (400, "There are 4 rows. Expected: 3 at most.")

    def test_a_full_queue_says_when_to_come_again(self, small, monkeypatch):
        begun, go_on = threading.Event(), threading.Event()

        def slow(self, inputs: dict[str, numpy.ndarray], signature: str) -> dict[str, numpy.ndarray]:
            begun.set()
            assert go_on.wait(30)
            return {"first": inputs["numbers"][:, :1]}

        monkeypatch.setattr(loading.Loaded, "ask", slow)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            first = pool.submit(_ask, small)
            assert begun.wait(30)
            # One is answered. Of the others one waits in vain, and one meets a full queue.
            for reply in [future.result() for future in [pool.submit(_ask, small) for _ in range(2)]]:
                assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
                assert reply.json()["error"].endswith(".")
            go_on.set()
            assert first.result().status_code == 200
        assert _ask(small).status_code == 200

    def test_who_waits_is_answered_in_turn(self, store):
        bounds = serving.Limits(at_once=1, waiting=20, patience=300)
        with (
            testclient.TestClient(serving.application("adder", store, bounds)) as client,
            concurrent.futures.ThreadPoolExecutor(20) as pool,
        ):
            replies = [future.result() for future in [pool.submit(_ask, client) for _ in range(20)]]
        assert {reply.status_code for reply in replies} == {200}

    def test_large_requests_hold_one_place_and_small_ones_pass_by(self, store, monkeypatch):
        begun, go_on, ask = threading.Semaphore(0), threading.Event(), loading.Loaded.ask

        def slow_where_large(self, inputs, *signature):
            if len(inputs["numbers"]) > 1:
                begun.release()
                assert go_on.wait(300)
            return ask(self, inputs, *signature)

        bounds = serving.Limits(at_once=2, patience=300)
        with (
            testclient.TestClient(serving.application("adder", store, bounds)) as client,
            concurrent.futures.ThreadPoolExecutor(4) as pool,
        ):
            monkeypatch.setattr(loading.Loaded, "ask", slow_where_large)
            large = [pool.submit(_ask, client, rows=[[0.123456789] * 4] * 900) for _ in range(3)]
            assert begun.acquire(timeout=300)
            assert [_ask(client).status_code for _ in range(5)] == [200] * 5
            assert not begun.acquire(blocking=False), "a second large one has begun beside the first"
            go_on.set()
            assert [future.result().status_code for future in large] == [200] * 3

    def test_far_too_large_values_are_refused(self, small):
        reply = _ask(small, rows=[[3e38] * 4])
        assert (reply.status_code, "beyond 1e+09" in reply.json()["error"]) == (400, True)

    def test_an_answer_that_is_not_finite_is_no_answer(self, small, monkeypatch):
        monkeypatch.setattr(
            loading.Loaded, "ask", lambda self, inputs, signature: {"a": numpy.array([numpy.nan])}
        )
        reply = _ask(small)
        assert (reply.status_code, "not finite" in reply.json()["error"]) == (500, True)


def test_a_stop_lets_requests_under_way_finish(store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = """
        import time
        from helpers.tools import serving
        from helpers.tools.serving import loading

        quick = loading.Loaded.ask

        def slow(self, inputs, *signature):
            if inputs["numbers"][0, 0] == 7:
                open("asked", "w").close()
                time.sleep(2)
            return quick(self, inputs, *signature)

        loading.Loaded.ask = slow
        application = serving.application("adder", "store")
    """
    pathlib.Path("slow_service.py").write_text(textwrap.dedent(source), encoding="utf-8")
    running = local_server.Server("slow_service")
    with httpx.Client(base_url=running.address, timeout=60, trust_env=False) as client:
        assert _ask(client).json() == {"predictions": [[10.0, -10.0]]}
        with concurrent.futures.ThreadPoolExecutor() as pool:
            under_way = pool.submit(_ask, client, rows=[[7.0, 0, 0, 0]])
            _until(pathlib.Path("asked").exists)
            running.stop()
            assert under_way.result().json() == {"predictions": [[7.0, -7.0]]}
        with pytest.raises(httpx.ConnectError):
            _ask(client)


def test_load_during_publish_promote_and_roll_back_loses_no_request(client, store):
    replies, done = [], threading.Event()

    def load() -> None:
        while not done.is_set():
            replies.append(_ask(client))

    with concurrent.futures.ThreadPoolExecutor() as pool:
        clients = [pool.submit(load) for _ in range(3)]
        with versions.publish(store) as draft:
            _export(draft.folder, 3)
        versions.promote(store, draft.number)
        _until(lambda: replies[-1].headers.get("x-model-version") == "3")
        versions.roll_back(store)
        _until(lambda: replies[-1].headers.get("x-model-version") == "1")
        done.set()
        for one in clients:
            one.result()
    assert {reply.status_code for reply in replies} == {200}
    right = {"1": 10.0, "3": 30.0}
    assert all(
        reply.json()["predictions"][0][0] == right[reply.headers["x-model-version"]] for reply in replies
    )


def test_the_watcher_ends_with_the_service(store):
    with testclient.TestClient(serving.application("adder", store)):
        assert "versions" in {thread.name for thread in threading.enumerate()}
    assert "versions" not in {thread.name for thread in threading.enumerate()}


def test_only_the_newest_are_kept_ready_and_what_is_promoted(published, tmp_path, monkeypatch):
    monkeypatch.setattr(watcher, "MOST", 2)
    store = shutil.copytree(published, tmp_path / "store")
    for number in (3, 4):
        shutil.copytree(store / "2", store / str(number))
    keeper = watcher.Keeper(store)
    keeper.look()
    assert [row[0] for row in keeper.states()] == [4, 3, 1]


def test_a_promoted_version_that_does_not_load_leaves_the_one_before_in_charge(client, store):
    broken = shutil.copytree(store / "2", store / "7")
    (broken / "saved_model.pb").write_bytes(b"no graph")
    (store / "current.json").write_text(
        (store / "current.json").read_text(encoding="utf-8").replace("1", "7"), encoding="utf-8"
    )
    _until(lambda: _states(client).get("7") == "END")
    assert {_ask(client).headers["x-model-version"] for _ in range(6)} == {"1"}


def _operations(store: pathlib.Path) -> dict[str, object]:
    """The service as schemathesis sees it by its own description: method and path, and what to ask."""
    application = serving.application("adder", store, seconds=60)
    schema = schemathesis.openapi.from_asgi("/openapi.json", application)
    found = [result.ok() for result in schema.get_all_operations()]
    return {f"{operation.method.upper()} {operation.path}": operation for operation in found}


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_no_request_makes_it_crash_or_break_its_own_description(published, mode):
    operations = _operations(published)
    assert len(operations) == 6
    for operation in operations.values():
        if (
            mode is schemathesis.GenerationMode.NEGATIVE
            and not operation.path_parameters
            and not operation.body
        ):
            continue  # nothing in it can be wrong

        @hypothesis.settings(max_examples=25, deadline=None, database=None, derandomize=True)
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: schemathesis.Case) -> None:
            case.call_and_validate()

        answered()


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 2, "share": Infinity}',
        '{"version": 2, "share": NaN}',
        '{"version": 2, "share": -5}',
        '{"version": Infinity, "share": 0.1}',
        "[" * 100_000,
    ],
)
def test_a_canary_file_nobody_can_follow_is_no_canary(tmp_path, text):
    (tmp_path / "canary.json").write_text(text, encoding="utf-8")
    assert canary.read(tmp_path) is None


def test_the_patience_counts_from_the_beginning_of_a_request():
    """Who came long ago is refused where all places are taken, and answered where one is free."""

    async def came_long_ago(places_taken: bool) -> bool:
        queue = door.Queue(serving.Limits(at_once=1, patience=300))
        now = asyncio.get_running_loop().time()
        async with contextlib.AsyncExitStack() as held:
            if places_taken:
                assert await held.enter_async_context(queue.turn(10, now))
            async with queue.turn(10, now - 301) as in_time:
                return in_time

    assert not asyncio.run(came_long_ago(places_taken=True))
    assert asyncio.run(came_long_ago(places_taken=False))
