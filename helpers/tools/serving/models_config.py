"""The file from which TensorFlow Serving reads which versions to load and what their labels are.

Without it TensorFlow Serving serves the highest number. With it the store's promoted version has the label
`stable`, and the one that is tried `canary`: a client asks `/v1/models/NAME/labels/stable:predict`. The
server reads the file again every `--model_config_file_poll_wait_seconds`. It is no second record, because
everything in it comes from the store.
"""

import json
import os
import pathlib

from helpers.core import files
from helpers.tools import versions
from helpers.tools.serving import canary
from helpers.tools.versions import catalogue, errors


def text(store: str | os.PathLike, name: str, base_path: str) -> str:
    """The file's content for one model.

    Args:
        store: a folder of versions, as `helpers.tools.versions` publishes them.
        name: what clients call the model, as in /v1/models/digits.
        base_path: where the server finds the store, such as "/models/digits" in its container.

    The promoted version is loaded, the one that a roll-back would return to, and the canary.

    Raises:
        versions.VersionsError: there is no store, or nothing in it was promoted.
    """
    folder = catalogue.opened(store)
    promoted = versions.current(folder)
    if promoted is None:
        raise versions.VersionsError(f"Nothing is promoted in {folder}. Promote a version first.")
    labels = {"stable": promoted}
    loaded = {promoted, catalogue.before(catalogue.read(folder), catalogue.numbers(folder))}
    tried = canary.read(folder)
    if tried is not None:
        labels["canary"] = tried.version
    lines = [f"      versions: {number}" for number in sorted((loaded | set(labels.values())) - {None})]
    told = [f'    version_labels {{ key: "{label}" value: {number} }}' for label, number in labels.items()]
    return "\n".join(
        [
            "model_config_list {",
            "  config {",
            f"    name: {json.dumps(name)}",
            f"    base_path: {json.dumps(base_path)}",
            '    model_platform: "tensorflow"',
            "    model_version_policy { specific {",
            *lines,
            "    } }",
            *told,
            "  }",
            "}",
            "",
        ]
    )


def write(store: str | os.PathLike, name: str, base_path: str, file: str | os.PathLike) -> None:
    """Replace the file by one rename, so that the server never reads half of it.

    Raises:
        versions.VersionsError: as `text`, or it cannot be written.
    """
    content = text(store, name, base_path).encode()
    with errors.spoken("Writing the server's configuration"):
        files.replace(pathlib.Path(file), content)
