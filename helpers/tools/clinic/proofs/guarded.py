"""What the store, the service, the sandbox and a bucket refuse, or leave behind."""

import hashlib
import os
import pathlib
import time
import unittest.mock

import boto3
import botocore.exceptions
from fastapi import testclient
from helpers.core import processes
from helpers.tools import sandbox, serving, versions
from helpers.tools.clinic.proofs import caught
import keras
import moto
import numpy


def _die_while_publishing() -> None:
    with versions.publish("store") as draft:
        (draft.folder / "model.bin").write_bytes(b"half")
        os._exit(1)  # as a killed process ends: nothing of it tidies up


def f19(folder: pathlib.Path) -> caught.Case:
    """A process that dies in the middle of a publication; then a sweep."""
    with versions.publish("store") as draft:
        (draft.folder / "model.bin").write_bytes(b"whole")
    processes.call(_die_while_publishing)
    left = sorted(path.name for path in (folder / "store").iterdir())
    assert any(name.startswith(".staging-") for name in left), left
    versions.check("store", 1)

    swept = versions.sweep("store")
    assert len(swept) == 1 and swept[0].startswith(".staging-")
    assert [version.number for version in versions.listing("store")] == [1]
    return caught.Case(
        "a sweep takes the folder away, and version 1 stays",
        measured=f"no error, and beside version 1 lies a folder named {swept[0].split('-')[0]}-…",
    )


def s09(folder: pathlib.Path) -> caught.Case:
    """A file that is changed after its publication; then the file as it was."""
    with versions.publish("store") as draft:
        (draft.folder / "model.bin").write_bytes(b"whole")
    changed = folder / "store" / "1" / "model.bin"
    changed.write_bytes(b"other")
    seen = caught.raised(lambda: versions.promote("store", 1), versions.VersionsError)

    changed.write_bytes(b"whole")
    versions.promote("store", 1)
    assert versions.current("store") == 1
    return caught.Case("with the file as it was published, it is promoted", [seen])


def s02(folder: pathlib.Path) -> caught.Case:
    """A service over an empty store; then with a version in it."""
    store = folder / "store"
    store.mkdir()
    row = {"instances": [caught.BATCH[0].tolist()]}
    predict = "/v1/models/digits:predict"
    with testclient.TestClient(serving.application("digits", store, seconds=0.05)) as client:
        refused = client.post(predict, json=row)
        assert refused.status_code == 503 and "no version" in refused.text.lower(), refused.text

    model = caught.trained()
    with versions.publish(store) as draft:
        model.export(draft.folder, verbose=False)
    with testclient.TestClient(serving.application("digits", store, seconds=0.05)) as client:
        (answer,) = client.post(predict, json=row).json()["predictions"]
    assert caught.apart(answer, model(caught.BATCH[:1])[0]) < 1e-5
    return caught.Case(
        "with a version that loads, it answers as the model does",
        measured=f"status 503 and {refused.json()['error']!r}",
    )


def s04(folder: pathlib.Path) -> caught.Case:
    """A bucket asked without keys; then, in a simulation, with keys."""
    without = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    none = {name: str(folder / "none") for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")} | {
        "AWS_EC2_METADATA_DISABLED": "true"
    }

    def listed(**keys: str) -> dict:
        client = boto3.session.Session(**keys).client("s3", region_name="us-east-1")
        return client.list_buckets()["Buckets"]

    with unittest.mock.patch.dict(os.environ, without | none, clear=True):
        seen = caught.raised(listed, botocore.exceptions.NoCredentialsError)
        with moto.mock_aws():
            assert listed(aws_access_key_id="key", aws_secret_access_key="secret") == []
    return caught.Case("with keys the request is signed and answered", [seen])


def b02(folder: pathlib.Path) -> caught.Case:
    """The hash of a model that is saved twice; then what it answers."""
    model = caught.fresh()

    def saved() -> str:
        model.save("model.keras")
        return hashlib.sha256(pathlib.Path("model.keras").read_bytes()).hexdigest()

    pin = saved()
    time.sleep(1.1)  # a save writes the time to the second
    other = saved()
    assert other != pin

    loaded = keras.models.load_model("model.keras")
    assert caught.apart(loaded(caught.BATCH), model(caught.BATCH)) == 0
    return caught.Case(
        "loaded, the new file answers the same, so its hash may be the new pin",
        measured=f"no error, and the hash changes from {pin[:8]}… to {other[:8]}…",
    )


def b01(folder: pathlib.Path) -> caught.Case:
    """An honest file of 300 MB in a sandbox of 100 MB; then with a limit above its size."""
    numpy.save("large.npy", numpy.ones(300 * 2**18, "float32"))
    code = "import numpy\nprint(numpy.load('large.npy').sum())"
    stopped = sandbox.run(code, "large.npy", memory=100)
    assert stopped.ended == "stopped: memory", stopped

    passed = sandbox.run(code, "large.npy", memory=2000)
    assert passed.ended == "by itself" and float(passed.printed) == 300 * 2**18, passed
    return caught.Case(
        "with a limit above the size of the file it is read to the end",
        measured="no error of the file: the sandbox says `stopped: memory`",
    )
