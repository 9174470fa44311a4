"""Messages to a library with three branches: sentences from a small grammar, the same each time.

`load()` draws them, `inputs` hands them to a model with two inputs, `bags` to one that counts words.
"""

import typing

from helpers.core import backend  # noqa: F401  (it settles how TensorFlow is imported)
import keras
import numpy
import tensorflow

BRANCHES = ("Harbour", "Old Mill", "Station")
DESKS = ("loans", "rooms", "events")
# What people write to each desk. The first place of a sentence is for a greeting, the second for a time.
SENTENCES = {
    "loans": (
        "{} the book i borrowed is lost",
        "{} may i keep the novel {}",
        "{} i want to return two books {}",
        "{} the atlas i reserved has not come",
    ),
    "rooms": (
        "{} is the reading room open {}",
        "{} i would like to rent the large room {}",
        "{} the small room is cold",
        "{} may our choir use a room {}",
    ),
    "events": (
        "{} when does the concert begin {}",
        "{} are there seats left for the talk {}",
        "{} my child wants to hear the story hour {}",
        "{} who reads at the poetry evening",
    ),
}
GREETINGS = ("hello", "good morning", "dear library", "hi", "a question")
TIMES = ("today", "tomorrow", "next week", "in the summer", "for another month")


class Messages(typing.NamedTuple):
    """Rows of one kind: what came in, and what people decided.

    Attributes:
        texts, branches: unicode strings, (rows,).
        desks: which of DESKS it belongs to, int64 (rows,).
        urgent: 1 for what cannot wait, float32 (rows, 1): what is about today, and all rooms at the harbour.
    """

    texts: numpy.ndarray
    branches: numpy.ndarray
    desks: numpy.ndarray
    urgent: numpy.ndarray


def load(rows: int = 480, seed: int = 15) -> Messages:
    """Draw messages: the same for the same seed, on every machine."""
    draw = numpy.random.default_rng(seed)
    texts, branches, desks, urgent = [], [], [], []
    for _ in range(rows):
        desk, branch = int(draw.integers(len(DESKS))), BRANCHES[draw.integers(len(BRANCHES))]
        sentence = SENTENCES[DESKS[desk]][draw.integers(4)]
        time = TIMES[draw.integers(len(TIMES))]
        texts.append(sentence.format(GREETINGS[draw.integers(len(GREETINGS))], time))
        branches.append(branch)
        desks.append(desk)
        urgent.append("today" in texts[-1] or (DESKS[desk] == "rooms" and branch == "Harbour"))
    return Messages(
        numpy.array(texts),
        numpy.array(branches),
        numpy.array(desks),
        numpy.array(urgent, dtype="float32")[:, None],
    )


def inputs(rows: Messages) -> dict[str, tensorflow.Tensor]:
    """The two inputs of the lesson's reader, strings of shape (rows,). NumPy's own strings Keras refuses."""
    return {"text": tensorflow.constant(rows.texts), "branch": tensorflow.constant(rows.branches)}


def bags(rows: Messages) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Which words a message has, 0 or 1, float32 (rows, words); and urgent or not, float32 (rows, 1)."""
    words = keras.layers.TextVectorization(output_mode="multi_hot")
    words.adapt(rows.texts)
    return numpy.asarray(words(rows.texts), dtype="float32"), rows.urgent
