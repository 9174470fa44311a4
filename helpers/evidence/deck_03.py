"""What settles the items about lesson 03 that only the deck asks."""

import pathlib
import timeit

from helpers import digits, models
import keras


def tiny(folder: pathlib.Path) -> str:
    """Time one epoch on 150 rows, and a save with a load; the shorter of two each."""
    data, path = digits.load(), folder / "tiny.keras"

    def train() -> keras.Model:
        model = models.sequential()
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        model.fit(data.train_features[:150], data.train_labels[:150], epochs=1, verbose=0)
        return model

    trained = train()

    def save_and_load() -> keras.Model:
        trained.save(path)
        return keras.models.load_model(path)

    training, keeping = (min(timeit.repeat(way, number=1, repeat=2)) for way in (train, save_and_load))
    assert int(save_and_load().optimizer.iterations) == 5
    assert training > 2 * keeping, (training, keeping)
    return (
        f"Training took {training / keeping:.0f} times as long as saving and loading together, for 5 steps."
    )
