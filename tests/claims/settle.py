"""From the cases of a proof to a verdict, and what to say when it is not the written one."""

import collections.abc

VERDICTS = ("true", "condition", "outdated", "false", "untested")


def derive(cases: collections.abc.Mapping[str, bool], elsewhere: collections.abc.Iterable[bool]) -> str:
    """The verdict on a claim.

    Args:
        cases: for each case tried on the installed TensorFlow, whether the claim held in it.
        elsewhere: whether it held in the cases recorded on other versions.

    Raises:
        ValueError: no case was tried, or one does not say True or False.
    """
    if not cases:
        raise ValueError("a proof tries at least one case")
    for name, held in cases.items():
        if not isinstance(held, bool):
            raise ValueError(f"case {name!r} says {held!r}, not True or False")
    if all(cases.values()):
        return "true"
    if any(cases.values()):
        return "condition"
    return "outdated" if any(elsewhere) else "false"


def complaint(claim: object, derived: str, cases: collections.abc.Mapping[str, bool]) -> str:
    """Nothing if the derived verdict is the written one; else what held, and what has to be rewritten."""
    if derived == claim.verdict:
        return ""
    held = "\n".join(f"  {'held    ' if value else 'held not'}  {name}" for name, value in cases.items())
    lesson = f"rewrite the lesson at {claim.seen_in}" if claim.seen_in else "no lesson shows it"
    return (
        f"{claim.identifier} is written down as {claim.verdict}, and the run says {derived}.\n"
        f"  claim: {claim.claim}\n{held}\n"
        f"To do: correct tests/claims/claims.toml, and {lesson}."
    )
