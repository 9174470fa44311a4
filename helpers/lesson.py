"""What every set-up cell calls: the seed, an empty scratch folder to work in, one line of versions."""

import os

from helpers.core import backend, scratch, terminal
import keras  # after backend, which settles how TensorFlow is imported


def begin(notebook: str, seed: int = 7) -> None:
    """Make this kernel ready for one notebook, such as "notebooks/02_save_and_load".

    From here on a plain file name such as "digits.keras" means a file in the notebook's own scratch
    folder, which is empty now. Running the cell again starts over.

    Raises:
        helpers.core.errors.Stop: nothing can be written, or the folder cannot be emptied.
    """
    terminal.printable_anywhere()
    keras.utils.set_random_seed(seed)
    backend.first_operation()
    folder = scratch.empty(notebook)
    os.chdir(folder)
    print(f"{backend.versions()}\nFiles go to {scratch.shown(folder)}")
