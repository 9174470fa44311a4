"""The judge of the warm-up on the first page."""

from helpers.checks import common


def task_1(numbers: object) -> common.Verdict:
    """How many numbers a Dense layer with 64 inputs and 10 units holds."""
    if float(numbers) == 650:
        return common.CORRECT
    return common.Verdict("pairs" if float(numbers) == 640 else "other", {"seen": numbers})
