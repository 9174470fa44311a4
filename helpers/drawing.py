"""A page on which one draws a digit, and a model's forward pass in JavaScript says what it looks like.

The page is one file: script, weights and a few real digits are inside, and it asks nothing of the net.
"""

import base64
import html
import json
import pathlib

import IPython.display
import numpy

_TEMPLATE = pathlib.Path(__file__).parent / "data" / "drawing.html"
ALT = "A sheet of 8 by 8 pixels to draw on, and the probability that the page gives each of the ten digits."


def write(path: str, forward: str, weights: str, samples: numpy.ndarray) -> None:
    """Write the page.

    Args:
        path: where to, such as "digits.html".
        forward: a JavaScript file with `forward(weights, row)`, which answers ten probabilities.
        weights: the file whose bytes it is given.
        samples: real digits to show, float32 (rows, 64) from 0 to 1.
    """
    script = pathlib.Path(forward).read_text(encoding="utf-8").replace("</", "<\\/")
    parts = {
        "/*FORWARD*/": script,
        "/*WEIGHTS*/": base64.b64encode(pathlib.Path(weights).read_bytes()).decode(),
        "/*SAMPLES*/": json.dumps(numpy.rint(16 * samples).astype(int).tolist()),
    }
    page = _TEMPLATE.read_text(encoding="utf-8")
    for mark, content in parts.items():
        page = page.replace(mark, content)
    pathlib.Path(path).write_text(page, encoding="utf-8", newline="\n")


def show(path: str) -> None:
    """Show the page inside the notebook; where pages cannot be shown, a sentence stands in its place."""
    content = base64.b64encode(pathlib.Path(path).read_bytes()).decode()
    frame = (
        f'<iframe title="{html.escape(ALT)}" width="100%" height="520" style="border: 1px solid #767676"'
        f' src="data:text/html;base64,{content}"></iframe>'
    )
    IPython.display.display({"text/html": frame, "text/plain": ALT}, raw=True)
