"""The course's checks for a model file of your own, from a terminal: `course --round-trip my.keras`."""

import collections.abc
import functools
import pathlib

from helpers.tools import round_trip

_HINT = "`course --inspect` reads any file and runs nothing of it."


def main(
    path: str,
    imports: collections.abc.Sequence[str] = (),
    golden: str | None = None,
    trust: bool = False,
    memory: float | None = None,
) -> int:
    """As `round_trip.run`, with the inspector's sentence for what is no model and the clinic's advice."""
    if said := _no_model(path):
        print(said)
        return 1
    return round_trip.run(
        path,
        golden,
        imports,
        trust=trust,
        memory=memory,
        explain=functools.partial(_advice, path),
        hint=_HINT,
    )


def _no_model(path: str) -> str:
    """The sentence of the inspector, which knows more kinds of files than the file to copy, or ""."""
    place = pathlib.Path(path)
    if not round_trip.complaint(place, trust=True):
        return ""
    from helpers.tools import anatomy

    try:
        found = anatomy.read(path)
    except anatomy.Unreadable as reason:
        return str(reason)
    return (
        f"{round_trip.plain(place.name)} cannot answer by itself: it is {found.format.splitlines()[0]}. "
        "A round trip needs a .keras or .h5 file, or an exported folder."
    )


def _advice(path: str, text: str) -> str:
    """What the inspector says of loading this file, if that is another line, and what the clinic says."""
    from helpers.tools import anatomy, clinic

    try:
        line = anatomy.read(path).finding("load with")
    except anatomy.Unreadable as reason:
        line = str(reason)
    if not line.startswith(("keras.models.load_model", "artefact")):
        print(f"`course --inspect` says: {line}")
    answer = clinic.ask(text)
    if answer.found:
        return f"\nThe error clinic:\n{answer}"
    return "The error clinic does not know this error, so nothing is claimed about its cause."
