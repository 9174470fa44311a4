"""JupyterLab as the command `course` starts it: on the start page, with the course's settings."""

import os
import pathlib
import re
import signal
import sys
import typing
import webbrowser

from helpers.core import errors, processes, scratch

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = "notebooks/00_start_here.ipynb"
SETTINGS = ROOT / "helpers" / "jupyter" / "etc" / "jupyter"


def main(others: list[str]) -> int:
    """Run JupyterLab with the learner's options until it is stopped. Returns the exit code.

    Raises:
        ModuleNotFoundError: TensorFlow or JupyterLab cannot be imported here.
    """
    if complaint := tensorflow_complaint():
        raise ModuleNotFoundError(complaint)
    try:
        os.environ.update(scratch.usable_home())
    except errors.Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    from jupyterlab import labapp

    os.environ.update(jupyter_environment(os.environ))
    options = lab_options(others)
    if not any(option.startswith("--no-browser") for option in options) and not has_browser():
        print("There is no browser here. Open the address below in one.")
        options.append("--no-browser")
    print("JupyterLab runs until you press Ctrl-C here.", flush=True)
    return labapp.main(options) or 0


def tensorflow_complaint() -> str:
    """Return a sentence when TensorFlow cannot be imported here, else "".

    Another process tries it, because an import can crash, and because the launcher then stays small.
    """
    result = processes.run_program(sys.executable, "-c", "import tensorflow")
    if result.returncode == 0:
        return ""
    if result.returncode < 0:
        seen = f"the import was ended by signal {signal.Signals(-result.returncode).name}"
    else:
        seen = (result.stderr.strip().splitlines() or ["no message"])[-1]
    return f"TensorFlow cannot be imported: {seen}"


def jupyter_environment(environment: typing.Mapping[str, str]) -> dict[str, str]:
    """Return variables by which notebooks find `helpers`, and Jupyter its settings, installed or not."""
    added = {"PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_PATH": str(SETTINGS)}
    joined = {
        name: os.pathsep.join(filter(None, [path, environment.get(name)])) for name, path in added.items()
    }
    # A kernel named python3 in the learner's home folder would start another Python, one without TensorFlow.
    return {"JUPYTER_PREFER_ENV_PATH": "1", **joined}


def lab_options(others: list[str]) -> list[str]:
    """Return Jupyter's options: the course's own, each unless the learner gives it, then the learner's."""
    ours = {
        "--ServerApp.root_dir": str(ROOT),
        "--LabApp.default_url": "/lab/tree/" + START,
        # Ctrl-C stops the server at once; Jupyter would ask first.
        "--ServerApp.answer_yes": "True",
        "--log-level": "WARN",
    }
    if origin := codespace_origin(os.environ):
        ours["--ServerApp.allow_origin_pat"] = origin
    aliases = {
        "--notebook-dir": "--ServerApp.root_dir",
        "--Application.log_level": "--log-level",
        "--ServerApp.allow_origin": "--ServerApp.allow_origin_pat",
    }
    given = {option.partition("=")[0] for option in others}
    given |= {aliases[option] for option in given if option in aliases}
    return [f"{name}={value}" for name, value in ours.items() if name not in given] + others


def codespace_origin(environment: typing.Mapping[str, str]) -> str:
    """Return a pattern of the addresses under which a browser sees the ports of this codespace, "" elsewhere.

    A forwarded port has an origin of its own, and Jupyter refuses origins that are not its host.
    """
    names = ("CODESPACE_NAME", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN")
    name, domain = (re.escape(environment.get(one, "")) for one in names)
    return rf"https://{name}-\d+\.{domain}" if name and domain else ""


def has_browser() -> bool:
    """Tell whether a browser with a window can be opened; one that runs inside the terminal would fill it."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return "BROWSER" in os.environ or type(browser) is not webbrowser.GenericBrowser


# What JupyterLab writes when a learner saves: a quiz as its question, not as a widget of a past kernel.
#
# The view of a widget names a model that only the kernel of that day knows. Kept in the file, it hides the
# question behind "Error displaying widget" on the next day. jupyter_server_config.json names this function.


WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def without_widget_views(model: dict, **_: object) -> None:
    """Take the view of a widget out of a notebook about to be saved, where HTML beside it can be shown."""
    if model["type"] != "notebook":
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"].pop(WIDGET_VIEW, None)
