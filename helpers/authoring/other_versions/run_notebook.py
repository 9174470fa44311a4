"""Runs one notebook in this Python and says how far it came: a line of JSON.

`author elsewhere` starts it in the environment with another TensorFlow:
`python -m helpers.authoring.elsewhere.notebook notebooks/02_save_and_load.ipynb`.
"""

import json
import pathlib
import sys

from helpers.authoring.notebooks import build, execute, page, parts
from helpers.authoring.rules import cells

CELL_TIMEOUT = 600  # seconds: what is found is about TensorFlow, not about how busy the machine is
Found = dict[str, str | list[str]]


def found(one: page.Page) -> Found:
    """Either `stops`, the cell and its error, or `otherwise`, the cells that print something else."""
    try:
        new = page.Page(one.path, build.executed(one, timeout=CELL_TIMEOUT))
    except execute.Failed as error:
        return {"stops": str(error).removeprefix(f"{one.place}#")}
    return {
        "otherwise": [
            before.id
            for before, after in zip(parts.code_cells(one), parts.code_cells(new), strict=True)
            if cells.IGNORE not in parts.tags(before) and build.differ(before.outputs, after.outputs)
        ]
    }


if __name__ == "__main__":
    print(json.dumps(found(page.read(pathlib.Path(sys.argv[1])))))
