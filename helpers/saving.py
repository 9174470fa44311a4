"""What JupyterLab writes when a learner saves: a quiz as its question, not as a widget of a past kernel.

The view of a widget names a model that only the kernel of that day knows. Kept in the file, it hides the
question behind "Error displaying widget" on the next day. jupyter_server_config.json names this function.
"""

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def without_widget_views(model: dict, **_: object) -> None:
    """Take the view of a widget out of a notebook about to be saved, where HTML beside it can be shown."""
    if model["type"] != "notebook":
        return
    for cell in model["content"]["cells"]:
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output["data"].pop(WIDGET_VIEW, None)
