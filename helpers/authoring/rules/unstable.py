"""The rule on outputs that are compared: nothing in them that another run or machine writes differently."""

import collections.abc
import pathlib
import re
import sys
import tempfile

from helpers import scratch
from helpers.authoring import markdown, page
from helpers.authoring.rules import identity, parts, register
import nbformat

_HERE = {
    str(pathlib.Path.home()),
    str(scratch.COURSE),
    sys.prefix,
    tempfile.gettempdir(),
} - {"/", "\\"}
_ROOTS = (
    r"home|root|tmp|var|usr|opt|mnt|media|work|private|Users|Library|Applications|content|workspace|builds"
)

# A result recorded elsewhere names its versions: it is data, and no run changes it.
RECORDED = re.compile(r"<p data-recorded>.*?</p>")

UNSTABLE = {
    rf"(?<![\w./:-])/(?:{_ROOTS})/\S*": "an absolute path",
    r"\b[A-Za-z]:\\\S*": "an absolute path",
    "|".join(re.escape(folder) for folder in sorted(_HERE)): "a path of this machine",
    r"\bfile://\S*": "an absolute path",
    r"\bipykernel_\d+\S*": "the file name of a kernel's cell",
    r"\b0x[0-9a-fA-F]{8,}\b": "a memory address",
    r"\b\d{1,2}:\d{2}:\d{2}\b": "a time of day",
    r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b": "a date",
    r"[━█▏▎▍▌▋▊▉]{2,}|\[=+[>.\]]": "a progress bar",
    r"\b\d+\s?[mµu]?s/(?:step|epoch|sample)|\bit/s\b": "the pace of a progress bar",
    r"\r(?!\n)|\x08": "a sign that overwrites the line",
    r"\d\.\d{7,}": "a number with more than six decimals",
    r"(?<![\d.])\d+\.\d+\.\d+(?:\.?(?:a|b|rc|dev|post)\d+)?(?!\.?\d)": "a version",
    r"(?i)\b(?:tensorflow|keras|numpy|python|version)[ =:v]*\d+\.\d+": "a version",
}


@register.for_pages("lesson", "extra", "solution")
def compared_outputs_are_stable(
    one: page.Page,
) -> collections.abc.Iterator[register.Problem]:
    """Outputs that nbval compares hold no path, address, time, progress bar, long number or version."""
    for cell in parts.code_cells(one):
        if identity.IGNORE in parts.tags(cell):
            continue
        for text in texts(cell):
            for pattern, meaning in UNSTABLE.items():
                if match := re.search(pattern, text):
                    yield register.Problem(
                        one.at(cell),
                        f"{meaning} in the output: {match[0][:80]!r}",
                        "an output that is the same in every run, on every machine",
                        "Print what holds everywhere: a name, a comparison, a rounded number.",
                    )


def texts(cell: nbformat.NotebookNode) -> list[str]:
    """Everything textual in the outputs of a code cell, without the bytes of pictures inside HTML."""
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append(output.text)
        for kind, value in output.get("data", {}).items():
            if isinstance(value, str) and not kind.startswith("image/"):
                found.append(RECORDED.sub("", markdown.EMBEDDED.sub("", value)))
    return found
