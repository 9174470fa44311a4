"""Kill a process while it saves over a good model, at a random moment."""

import random
import time

from helpers.breaking import children, target

KILLED = "a process killed"
TRIES = 20  # for each kill that shall hit: some come after the save has ended


def kill(aim: target.Target, number: int) -> bool:
    """Kill one save in its middle; False if every try came too late.

    The number decides how long after its begin, within the time a save takes.
    """
    moments = random.Random(f"{aim.kind} {number}")
    for _ in range(TRIES):
        aim.reset()
        child = aim.begin()
        try:
            time.sleep(moments.uniform(0, aim.duration))
            child.end()
            child.hear()  # had the save ended, it would have said so
        except children.Ended:
            return True
        finally:
            child.close()
    return False
