"""One flipped bit in one weight of a saved model: lessons 04 and 09 look for who notices it."""

import pathlib
import shutil

import numpy


def damaged_copy(name: str, weight: numpy.ndarray) -> None:
    """Copy a file or folder to `damaged/` and flip one bit of one weight there.

    Raises:
        ValueError: no file holds the array as plain numbers.
    """
    source, copy = pathlib.Path(name), pathlib.Path("damaged", name)
    copy.parent.mkdir(exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copyfile)(source, copy)
    plain = numpy.ascontiguousarray(weight).tobytes()
    for path in sorted(copy.rglob("*")) if source.is_dir() else [copy]:
        content = bytearray(path.read_bytes()) if path.is_file() else b""
        start = content.find(plain)
        if start >= 0:
            # The high bit of an exponent, in the middle of the array: one number explodes.
            content[start + 4 * (weight.size // 2) + 3] ^= 0b0100_0000
            path.write_bytes(content)
            return
    raise ValueError(f"{name} does not hold the array as plain numbers, so there is no bit to flip.")
