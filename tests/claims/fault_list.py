"""Faults of Keras and TensorFlow that the course teaches around, and what to rewrite without them.

A script in `faults/` shows each, its namesake in `fault_repairs/` mends it in the library.
"""

import dataclasses
import importlib.metadata
import re

from helpers.core import texts


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        seen: what its script sees, as recorded.
        places: the cells that teach it.
        claims: the claims whose verdict rests on it, and its number among the silent failures (S1 to S26).
    """

    seen: str
    places: tuple[str, ...]
    claims: tuple[str, ...] = ()

    def quiz_items(self) -> list[str]:
        """The quiz items that one of the places settles, or that name its number among what they settle."""
        numbers = {number for number in self.claims if number.startswith("S")}
        return [
            identifier
            for identifier, entry in texts.table("quiz").items()
            if entry.get("seen_in") in self.places or numbers & set(entry.get("settles", []))
        ]


FAULTS = {
    "h5_before_keras": Fault(
        "RMSprop",
        ("04_formats#fresh-trap", "04_formats#about-pickle", "04_formats#if-it-breaks", "cheat_sheet#silent"),
        ("S1", "B16"),
    ),
    "model_without_get_config": Fault(
        "scale 1.0",
        ("06_custom_objects#six-tried", "06_custom_objects#why-pairs", "cheat_sheet#about-own"),
        ("S2", "B22"),
    ),
    "raw_tf_variable": Fault(
        "same answers False",
        ("06_custom_objects#six-tried", "06_custom_objects#why-pairs", "cheat_sheet#about-own"),
        ("S4", "B22"),
    ),
    "dropout_seed_lost": Fault(
        "[42, 0]", ("08_resume_exactly#about-crossed", "08_resume_exactly#crossed-out"), ("S18", "B36")
    ),
    "include_optimizer_ignored": Fault(
        "optimizer saved True",
        ("04_formats#sizes", "04_formats#about-times", "cheat_sheet#silent"),
        ("S20", "B52"),
    ),
    "shuffle_repeats": Fault(
        "different orders in 4 epochs: 1",
        ("08_resume_exactly#fresh-shuffle", "08_resume_exactly#about-order"),
        ("S26", "B36"),
    ),
    "h5_cannot_fit": Fault(
        "fit stops with ValueError",
        (
            "04_formats#draw-survival",
            "04_formats#notice-table",
            "04_formats#if-it-breaks",
            "cheat_sheet#refused",
        ),
        ("B16",),
    ),
    "checkpoint_into_unbuilt": Fault(
        "same answers False",
        (
            "08_resume_exactly#fresh-trap",
            "08_resume_exactly#fresh-assertions",
            "08_resume_exactly#about-assertions",
            "08_resume_exactly#if-it-breaks",
        ),
    ),
    # No lesson has a cell for it; the deck asks about it.
    "layers_by_place": Fault("query has its own kernel False", (), ("S13",)),
}


def judge(name: str, printed: str) -> str:
    """What to do about a fault after a run of its script; nothing if it is still seen as recorded.

    Args:
        name: a key of FAULTS.
        printed: all that the script printed.
    """
    fault = FAULTS[name]
    lines = dict(re.findall(r"^(expected|seen): (.*)$", printed, re.MULTILINE))
    if set(lines) != {"expected", "seen"}:
        return f"tests/claims/faults/{name}.py did not come to its end. It printed: {printed[-500:]!r}"
    if lines["seen"] == fault.seen != lines["expected"]:
        return ""
    rewrite = [f"lesson {place}" for place in fault.places]
    rewrite += [f"quiz item {identifier}" for identifier in fault.quiz_items()]
    rewrite += [f"claim {identifier}" for identifier in fault.claims]
    release = " with ".join(f"{each} {importlib.metadata.version(each)}" for each in ("keras", "tensorflow"))
    if lines["seen"] == lines["expected"]:
        return (
            f"This release, {release}, has mended {name}: seen is {lines['seen']!r}, as it should be. "
            f"To be rewritten: {', '.join(rewrite)}. "
            "Then take it off the list in tests/claims/fault_list.py, with its two files."
        )
    return (
        f"This release, {release}, shows {name} in another way: seen is {lines['seen']!r}, recorded is "
        f"{fault.seen!r}, right would be {lines['expected']!r}. To be read again: {', '.join(rewrite)}."
    )
