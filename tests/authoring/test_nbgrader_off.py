"""nbgrader is there to be tested. In a learner's JupyterLab it does not load: no menu, no extension."""

import importlib.metadata
import json
import pathlib
import sys

from helpers.core import jupyterlab
from jupyter_server.extension import config
from jupyterlab_server import config as lab_config
import pytest

INSTALLED = pathlib.Path(sys.prefix, "etc", "jupyter")


def enabled(*folders: pathlib.Path) -> list[str]:
    """The extensions of nbgrader that load with the settings in these folders; the first is the strongest."""
    manager = config.ExtensionConfigManager(read_config_path=list(map(str, folders)))
    found = manager.get_jpserver_extensions()
    return [name for name, on in found.items() if name.startswith("nbgrader") and on]


@pytest.mark.skipif(
    not (INSTALLED / "jupyter_server_config.d" / "nbgrader.json").exists(), reason="No nbgrader."
)
def test_the_course_switches_off_what_nbgrader_switches_on(tmp_path):
    (tmp_path / "jupyter_server_config.d").mkdir()
    theirs = (INSTALLED / "jupyter_server_config.d" / "nbgrader.json").read_text(encoding="utf-8")
    (tmp_path / "jupyter_server_config.d" / "nbgrader.json").write_text(theirs, encoding="utf-8")
    assert len(enabled(tmp_path)) == 4
    # `uv run course` names the course's folder; an installed course has its file beside nbgrader's.
    assert enabled(jupyterlab.SETTINGS, tmp_path) == []
    ours = (jupyterlab.SETTINGS / "jupyter_server_config.json").read_text(encoding="utf-8")
    (tmp_path / "jupyter_server_config.json").write_text(ours, encoding="utf-8")
    assert enabled(tmp_path) == []


def test_every_extension_of_the_pinned_nbgrader_is_named():
    settings = json.loads((jupyterlab.SETTINGS / "jupyter_server_config.json").read_text(encoding="utf-8"))
    off = settings["ServerApp"]["jpserver_extensions"]
    modules = {
        f"nbgrader.server_extensions.{path.parts[2]}"
        for path in importlib.metadata.files("nbgrader")
        if path.parts[:2] == ("nbgrader", "server_extensions") and len(path.parts) > 3
    }
    assert modules == set(off) and not any(off.values())


def test_the_menu_of_nbgrader_is_off(monkeypatch):
    page = json.loads((jupyterlab.SETTINGS / "labconfig" / "page_config.json").read_text(encoding="utf-8"))
    assert page["disabledExtensions"]["@jupyter/nbgrader"] is True
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(jupyterlab.SETTINGS))
    found = lab_config.get_page_config([], logger=None)
    assert "@jupyter/nbgrader" in found["disabledExtensions"]
