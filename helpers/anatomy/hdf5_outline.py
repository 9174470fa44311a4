"""The outline of an HDF5 file: names, shapes and types of its arrays, without their values."""

import collections.abc
import dataclasses
import math

from helpers.anatomy import words


@dataclasses.dataclass(frozen=True)
class Array:
    """One array: name, shape, type, its value if it counts steps, other files it takes its values from."""

    name: str
    shape: tuple[int, ...]
    kind: str
    value: int | None
    elsewhere: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Outline:
    """What an HDF5 file holds; `texts` by "group@attribute", `links` as (name, kind, target)."""

    texts: dict[str, str]
    arrays: tuple[Array, ...]
    groups: tuple[str, ...]
    links: tuple[tuple[str, str, str], ...]

    def below(self, group: str) -> list[Array]:
        """The arrays in a group and in the groups in it."""
        return [array for array in self.arrays if array.name.startswith(f"{group}/")]

    def weights(self) -> str:
        """The finding on weights in a file where optimizer and metrics stand beside them."""
        metrics = self.below("metrics")  # Keras 2 keeps them
        text = tally([array for array in self.arrays if array not in (*self.below("optimizer"), *metrics)])
        return text + (f"; besides, {words.count(len(metrics), 'array')} of metrics" if metrics else "")

    def with_links(self, code: str) -> str:
        """The finding on code, and below it the other files that loading would open."""
        files = [name for array in self.arrays for name in array.elsewhere]
        files += [target for _, kind, target in self.links if kind == "ExternalLink"]
        if not files:
            return code
        names = words.listing(dict.fromkeys(words.plain(name) for name in files))
        line = f"its arrays point to other files: {names}; they are not followed here"
        return line if code == "none" else f"{code}\n{line}"


def tally(arrays: collections.abc.Collection[Array]) -> str:
    """Arrays and numbers in words."""
    numbers = sum(math.prod(array.shape) for array in arrays)
    return f"{words.count(len(arrays), 'array')}, {words.count(numbers, 'number')}" if arrays else "none"


def optimizer(name: str, arrays: list[Array]) -> str:
    """The finding on an optimizer, from its arrays."""
    steps = next((array.value for array in arrays if array.value is not None), None)
    return words.optimizer(name, steps, len(arrays))
