"""What the exercises of lesson 09 find broken: a shelf of models, and three backups of a store."""

import contextlib
import hashlib
import os
import pathlib
import shutil
import tarfile

from helpers import digits, models
from helpers.lessons import flipped_bit
from helpers.tools import versions

LIST = "SHA256SUMS"
SAVED = (
    "monday.keras",
    "tuesday.h5",
    "wednesday.weights.h5",
    "thursday.keras",
    "friday.h5",
    "saturday.weights.h5",
)
RAISING = {"thursday.keras", "saturday.weights.h5"}  # the two damages that a load would notice
DAYS = ("monday", "tuesday", "wednesday")


def shelf(folder: str) -> None:
    """Six models with a list of their hashes, four of them no longer what was saved."""
    place = pathlib.Path(folder)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for seed, name in enumerate(SAVED):
        model = models.sequential(seed)
        (model.save_weights if ".weights." in name else model.save)(place / name)
    hashes = {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in SAVED}
    (place / LIST).write_text("".join(f"{digest}  {name}\n" for name, digest in hashes.items()))
    with contextlib.chdir(place):
        # One bit of a weight, half of a file, another model under the name, and a file gone.
        flipped_bit.damaged_copy("tuesday.h5", models.sequential(SAVED.index("tuesday.h5")).get_weights()[0])
        os.replace("damaged/tuesday.h5", "tuesday.h5")
        os.rmdir("damaged")
        os.truncate("thursday.keras", os.path.getsize("thursday.keras") // 2)
        models.sequential(99).save("friday.h5")
        os.remove("saturday.weights.h5")
        os.utime("monday.keras")  # a new date, and the same content


def backups() -> None:
    """`monday.tar`, `tuesday.tar` and `wednesday.tar`, each of a store with one version more."""
    shutil.rmtree("at_work", ignore_errors=True)
    batch = digits.load().test_features[:8]
    for seed, day in enumerate(DAYS):
        model = models.sequential(seed)
        with versions.publish("at_work", golden=(batch, model.predict(batch, verbose=0))) as draft:
            model.save(draft.folder / "model.keras")
        versions.promote("at_work", draft.number)
        shutil.make_archive(day, "tar", "at_work")
    shutil.rmtree("at_work")
    with tarfile.open("wednesday.tar") as archive:
        second = archive.getmember("./2").offset
    os.truncate("wednesday.tar", second)
    with tarfile.open("tuesday.tar") as archive:
        inside = archive.getmember("./2/model.keras")
    with open("tuesday.tar", "rb+") as file:
        file.seek(inside.offset_data + inside.size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
