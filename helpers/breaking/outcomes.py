"""What became of a model: the five outcomes of damage, and the four of a save that was interrupted."""

import numpy

ERROR = "clean error"
WRONG = "wrong answers"
OTHER = "other change"
UNHARMED = "no effect"
CRASH = "crash or hang"
OF_DAMAGE = [ERROR, WRONG, OTHER, UNHARMED, CRASH]
SILENT = {WRONG, OTHER}

OLD = "the old model"
NEW = "the new model"
MIXED = "a mixture"
LOST = "nothing loads"
OF_A_SAVE = [OLD, NEW, MIXED, LOST]
LOSSES = {MIXED, LOST}

TOLERANCE = 1e-6  # by how much an answer may move and still count as the same

State = dict[str, object]  # "answers": array; "weights" and "optimizer": lists of arrays; "settings": text


def of_damage(good: State, seen: State) -> str:
    """What a damaged save that loaded has changed, compared with the undamaged one."""
    if not _close(good["answers"], seen["answers"]):
        return WRONG
    arrays = all(_equal(good[part], seen[part]) for part in ("weights", "optimizer"))
    if not arrays or good["settings"] != seen["settings"] or not _equal([good["answers"]], [seen["answers"]]):
        return OTHER
    return UNHARMED


def of_a_save(old: list[numpy.ndarray], new: list[numpy.ndarray], seen: list[numpy.ndarray]) -> str:
    """Whose weights these are."""
    if _equal(old, seen):
        return OLD
    return NEW if _equal(new, seen) else MIXED


def _close(left: numpy.ndarray, right: numpy.ndarray) -> bool:
    return left.shape == right.shape and bool(
        numpy.allclose(left, right, rtol=0, atol=TOLERANCE, equal_nan=True)
    )


def _equal(left: list[numpy.ndarray], right: list[numpy.ndarray]) -> bool:
    return len(left) == len(right) and all(
        numpy.array_equal(one, other, equal_nan=True) for one, other in zip(left, right, strict=True)
    )
