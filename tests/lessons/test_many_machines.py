"""The files for more than one machine: a manifest that Kubernetes takes, a script that keeps the contract."""

import os
import subprocess
import sys

from helpers import models
from helpers.core import scratch
from helpers.tools import versions
from helpers.tools.serving import models_config
import kubernetes_validate
import pytest
import yaml

FOLDER = scratch.COURSE / "helpers" / "lessons" / "lesson_13" / "many_machines"


@pytest.fixture
def manifest() -> dict[str, dict]:
    """The objects of the manifest, by their kind."""
    text = (FOLDER / "digits.yaml").read_text(encoding="utf-8")
    return {found["kind"]: found for found in yaml.safe_load_all(text)}


@pytest.fixture
def pod(manifest) -> dict:
    return manifest["Deployment"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("kind", ["Deployment", "ConfigMap", "Service", "PersistentVolumeClaim"])
def test_each_object_fits_the_schema_of_kubernetes(manifest, kind):
    kubernetes_validate.validate(manifest[kind], "1.37", strict=True)


def test_a_misspelt_field_would_not(manifest, pod):
    (container,) = pod["containers"]
    container["readynessProbe"] = container.pop("readinessProbe")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(manifest["Deployment"], "1.37", strict=True)


def test_the_objects_name_each_other(manifest, pod):
    labels = manifest["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert manifest["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert manifest["Service"]["spec"]["selector"] == labels
    (container,) = pod["containers"]
    ports = {port["containerPort"] for port in container["ports"]}
    assert {port["targetPort"] for port in manifest["Service"]["spec"]["ports"]} == ports
    claims = [
        one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"] if "persistentVolumeClaim" in one
    ]
    assert claims == [manifest["PersistentVolumeClaim"]["metadata"]["name"]]
    maps = [one["configMap"]["name"] for one in pod["volumes"] if "configMap" in one]
    assert maps == [manifest["ConfigMap"]["metadata"]["name"]]
    assert {mount["name"] for mount in container["volumeMounts"]} == {
        volume["name"] for volume in pod["volumes"]
    }  # fmt: skip


def test_it_is_careful(pod):
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert all(mount["readOnly"] for mount in container["volumeMounts"])
    assert container["image"].partition(":")[2] not in ("", "latest")
    assert container["resources"]["requests"]
    assert container["resources"]["limits"]["memory"]


def test_it_reads_the_configuration_that_a_promotion_writes(manifest, pod, tmp_path):
    (container,) = pod["containers"]
    arguments = dict(one.removeprefix("--").partition("=")[::2] for one in container["args"])
    folder, _, name = arguments["model_config_file"].rpartition("/")
    assert folder in {mount["mountPath"] for mount in container["volumeMounts"]}
    assert int(arguments["model_config_file_poll_wait_seconds"]) > 0
    with versions.publish(tmp_path / "store") as draft:
        models.sequential().export(draft.folder, verbose=False)
    versions.promote(tmp_path / "store", 1)
    wanted = models_config.text(tmp_path / "store", "digits", "/models/digits")
    assert manifest["ConfigMap"]["data"] == {name: wanted}


def test_its_probes_ask_for_the_promoted_version_and_it_leaves_slowly(pod):
    (container,) = pod["containers"]
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {
            "path": "/v1/models/digits/labels/stable/metadata",
            "port": 8501,
        }
    assert container["livenessProbe"]["tcpSocket"]["port"] == 8500
    assert container["lifecycle"]["preStop"]["sleep"]["seconds"] < pod["terminationGracePeriodSeconds"]


def test_the_store_is_laid_out_as_tensorflow_serving_reads_it(tmp_path):
    for _ in range(2):
        with versions.publish(tmp_path / "store") as draft:
            models.sequential().export(draft.folder, verbose=False)
    numbered = [path for path in (tmp_path / "store").iterdir() if path.is_dir() and path.name.isdecimal()]
    assert sorted(path.name for path in numbered) == ["1", "2"]
    assert all((path / "saved_model.pb").is_file() for path in numbered)


# The script runs unchanged against a double of the few names of Ray it uses: Ray itself is 300 MB in an
# environment of its own. What this shows is our part: it loads, and keeps the contract.
DOUBLE = """
import asyncio, json
def deployment(**options):
    def mark(cls):
        def options(user_config):
            made = cls()
            made.reconfigure(user_config)
            made.bind = lambda: made
            return made
        cls.options = options
        return cls
    return mark
class Request:
    async def json(self): return {"instances": [[0] * 64] * 3}
def run(app, route_prefix):
    answer = asyncio.run(app(Request()))
    print(route_prefix, len(answer["predictions"]), len(json.loads(json.dumps(answer))["predictions"][0]))
"""


def test_the_script_for_ray_answers_in_the_form_of_the_contract(tmp_path):
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray" / "__init__.py").touch()
    (tmp_path / "ray" / "serve.py").write_text(DOUBLE, encoding="utf-8")
    models.sequential().export(tmp_path / "export", verbose=False)
    ran = subprocess.run(
        [sys.executable, str(FOLDER / "serve_with_ray.py"), "export"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["/v1/models/digits:predict", "3", "10"]
