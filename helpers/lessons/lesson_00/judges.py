"""The judge of the warm-up on the first page."""

from helpers.lessons import judgement


def task_1(numbers: object) -> judgement.Verdict:
    """How many numbers a Dense layer with 64 inputs and 10 units holds."""
    if float(numbers) == 650:
        return judgement.CORRECT
    return judgement.Verdict("pairs" if float(numbers) == 640 else "other", {"seen": numbers})
