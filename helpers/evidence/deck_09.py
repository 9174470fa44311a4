"""What settles the items about lesson 09 that only the deck asks."""

import hashlib
import pathlib

from helpers import digits, models
import numpy


def bit(folder: pathlib.Path) -> str:
    """Flip one bit of a weight that looks at the middle of the picture, and ask four checks."""
    model, rows = models.sequential(seed=1), digits.load().test_features
    path = folder / "digits.weights.h5"
    model.save_weights(path)
    content = bytearray(path.read_bytes())
    size, sha256 = len(content), hashlib.sha256(content).hexdigest()
    kernel = model.get_weights()[0]
    number = 27 * kernel.shape[1] + int(kernel[27].argmax())  # pixel 27 has ink in most digits
    place = content.find(kernel.tobytes()) + 4 * number
    content[place + 3] ^= 1 << 6  # the highest bit of the exponent, in the last byte of a float32
    path.write_bytes(content)
    loaded = models.sequential(seed=3)
    loaded.load_weights(path)
    weights = loaded.get_weights()
    apart = numpy.abs(loaded.predict(rows, verbose=0) - model.predict(rows, verbose=0)).max()
    assert sum(int((a != b).sum()) for a, b in zip(weights, model.get_weights(), strict=True)) == 1
    assert path.stat().st_size == size
    assert all(numpy.isfinite(array).all() for array in weights)
    assert hashlib.sha256(path.read_bytes()).hexdigest() != sha256
    assert apart > 0.1, apart
    return f"Same size, no error, every weight finite; another sha256, and answers that moved by {apart:.2f}."
