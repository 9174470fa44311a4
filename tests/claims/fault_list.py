"""Faults of Keras and TensorFlow that the course teaches around, and what to rewrite without them.

The experiment of a quiz item shows each. `fault_repairs/` has a file for each that mends it in the library,
so that the tests know what the experiment will find on the day a release does.
"""

import dataclasses
import importlib.metadata

from helpers.core import texts


@dataclasses.dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        experiment: the quiz item whose experiment shows it.
        mended: what that experiment says that it found where the fault is mended.
        seen_on: the releases it was seen on, and those that do not have it.
        thread: where it was reported; "" where no public thread was found.
        places: the cells that teach it.
        claims: the claims whose verdict rests on it, and its number among the silent failures (S1 to S42).
    """

    experiment: str
    mended: str
    seen_on: str
    thread: str
    places: tuple[str, ...]
    claims: tuple[str, ...] = ()

    def quiz_items(self) -> list[str]:
        """The items with its experiment, with its number in `settles`, or settled by one of its cells."""
        numbers = {number for number in self.claims if number.startswith("S")}
        return [
            identifier
            for identifier, entry in texts.table("quiz").items()
            if identifier == self.experiment
            or entry.get("seen_in") in self.places
            or numbers & set(entry.get("settles", []))
        ]

    def rewrite(self) -> str:
        """All that has to be read again when it changes."""
        return ", ".join(
            [f"lesson {place}" for place in self.places]
            + [f"quiz item {identifier}" for identifier in self.quiz_items()]
            + [f"claim {identifier}" for identifier in self.claims]
        )


FAULTS = {
    "h5_before_keras": Fault(
        experiment="04.predict.trap",
        mended="[('Adam', 90), ('Adam', 90)]",
        seen_on="Keras 3.12.0 and 3.15.1; Keras 2.15.0 brings Adam back",
        thread="https://github.com/keras-team/keras/pull/23475 (the same fault; repaired, merged in 2026)",
        places=(
            "04_formats#fresh-trap",
            "04_formats#about-pickle",
            "04_formats#if-it-breaks",
            "cheat_sheet#silent",
        ),
        claims=("S1", "B16"),
    ),
    "model_without_get_config": Fault(
        experiment="06.deck.arguments",
        mended="{'Needed': 'as before', 'Wide': 'as before', 'Scaled': 'as before'}",
        seen_on="Keras 3.12.0 and 3.15.1; not on Keras 2.15.0, and not for a Layer subclass today",
        thread="",
        places=("06_custom_objects#six-tried", "06_custom_objects#why-pairs", "cheat_sheet#about-own"),
        claims=("S2", "B22"),
    ),
    "raw_tf_variable": Fault(
        experiment="06.deck.variable",
        mended="0.0",
        seen_on="Keras 3.12.0 and 3.15.1, as .keras and .h5; Keras 2.15.0 and an export keep it",
        thread="",
        places=("06_custom_objects#six-tried", "06_custom_objects#why-pairs", "cheat_sheet#about-own"),
        claims=("S4", "B22"),
    ),
    "dropout_seed_lost": Fault(
        experiment="08.predict.dropout",
        mended="[0.0, 0.0]",
        seen_on="Keras 3.12.0 and 3.15.1; Keras 2.15.0 has no such state",
        thread="https://github.com/keras-team/keras/issues/19796 (the same fault, on PyTorch; closed)",
        places=("08_resume_exactly#about-crossed", "08_resume_exactly#crossed-out"),
        claims=("S18", "B36"),
    ),
    "include_optimizer_ignored": Fault(
        experiment="04.deck.giveaway",
        mended="{'asked': 0, 'bare': 0, 'clone': 10, 'frozen': 10, 'own': 10}",
        seen_on="Keras 3.12.0 and 3.15.1; Keras 2.15.0 refuses the argument with a ValueError",
        thread="https://github.com/tensorflow/tensorflow/issues/84268 (the same fault; closed as stale)",
        places=("04_formats#sizes", "04_formats#about-sizes", "cheat_sheet#silent"),
        claims=("S20", "B52"),
    ),
    "shuffle_repeats": Fault(
        experiment="08.myth.shuffle",
        mended="[3, 3]",
        seen_on="Keras 3.12.0 and 3.15.1 with TensorFlow 2.21.0; not on 2.15",
        thread="https://github.com/tensorflow/tensorflow/issues/35682 (its cause: a seeded map repeats)",
        places=("08_resume_exactly#fresh-shuffle", "08_resume_exactly#about-order"),
        claims=("S26", "B36"),
    ),
    "h5_cannot_fit": Fault(
        experiment="04.deck.quick",
        mended="fit runs",
        seen_on="Keras 3.15.1, and on 3.12.0 with another error; Keras 2.15.0 trains on",
        thread="",
        places=(
            "04_formats#draw-survival",
            "04_formats#notice-table",
            "04_formats#if-it-breaks",
            "cheat_sheet#refused",
        ),
        claims=("B16",),
    ),
    "checkpoint_into_unbuilt": Fault(
        experiment="08.myth.restored",
        mended="0.0",
        seen_on="Keras 3.12.0 and 3.15.1 with TensorFlow 2.21.0; not for a Sequential, and not on 2.15.1",
        thread="",
        places=(
            "08_resume_exactly#fresh-trap",
            "08_resume_exactly#fresh-assertions",
            "08_resume_exactly#about-assertions",
            "08_resume_exactly#if-it-breaks",
        ),
        claims=(),
    ),
    "vocabulary_file_exported": Fault(
        experiment="15.deck.edited",
        mended="[1, 2, 3]",
        seen_on="Keras 3.12.0 and 3.15.1, with TensorFlow 2.21.0",
        thread="",
        places=("15_real_models#changed", "15_real_models#notice-changed", "15_real_models#if-it-breaks"),
        claims=("S28",),
    ),
    "vocabulary_split_at_signs": Fault(
        experiment="15.deck.line",
        mended="[3, 3]",
        seen_on="Keras 3.15.1; not on 3.12.0, which splits at line feeds alone",
        thread="https://github.com/keras-team/keras/pull/22119 (the repair of empty lines that brought it)",
        places=("15_real_models#line", "15_real_models#notice-line", "15_real_models#if-it-breaks"),
        claims=("S29",),
    ),
    "extra_key_by_place": Fault(
        experiment="15.deck.key",
        mended="{'author': False, 'year': False}",
        seen_on="Keras 3.12.0 and 3.15.1",
        thread="https://github.com/keras-team/keras/pull/23261 (the same fault; repaired, merged in 2026)",
        places=("15_real_models#extra-key", "15_real_models#notice-extra"),
        claims=("S30",),
    ),
    "lora_adapters_both_zero": Fault(
        experiment="16.deck.dead",
        mended="{'loaded': True, 'drawn': True}",
        seen_on="Keras 3.15.1",
        thread="https://github.com/keras-team/keras/issues/23244 (says that a save merges the adapters)",
        places=(
            "16_large_and_small#lora-dead",
            "16_large_and_small#notice-dead",
            "16_large_and_small#if-it-breaks",
        ),
        claims=("S41",),
    ),
    # The merge is meant, for answers. What a training needs to go on is lost with it, and no warning says so.
    # That a rounded model trains its biases alone (S40) is no fault: an error would end QLoRA, which trains
    # such a model on purpose, as https://github.com/keras-team/keras-io/pull/2195 says.
    "lora_merged_by_save": Fault(
        experiment="16.predict.lora",
        mended="0.0 apart",
        seen_on="Keras 3.12.0 and 3.15.1",
        thread="https://github.com/keras-team/keras/issues/23244 (says that a save is meant to merge them)",
        places=(
            "16_large_and_small#lora-loaded",
            "16_large_and_small#lora-later",
            "16_large_and_small#notice-lora",
            "16_large_and_small#key-points",
            "16_large_and_small#if-it-breaks",
        ),
        claims=("S39",),
    ),
    "replica_statistics": Fault(
        experiment="17.predict.replicas",
        mended="{'apart': True, 'synchronized': True}",
        seen_on="Keras 3.12.0 and 3.15.1; Keras 2 writes the mean of all devices, and answers differ too",
        thread="https://github.com/tensorflow/tensorflow/issues/46488 (so on Keras 2; keras#14372 too)",
        places=(
            "17_many_devices#normal",
            "17_many_devices#normal-loaded",
            "17_many_devices#notice-normal",
            "17_many_devices#key-points",
            "17_many_devices#if-it-breaks",
        ),
        claims=("S35",),
    ),
    "distribution_ignored": Fault(
        experiment="17.deck.distribution",
        mended="32 rows",
        seen_on="Keras 3.15.1; Keras 3.12.0 ends with an AttributeError",
        thread="https://github.com/keras-team/keras/issues/18983 (the AttributeError before; closed)",
        places=(
            "17_many_devices#about-distribution",
            "17_many_devices#distribution",
            "17_many_devices#notice-distribution",
            "17_many_devices#key-points",
            "17_many_devices#if-it-breaks",
        ),
        claims=("S36",),
    ),
    "orbax_by_path": Fault(
        experiment="17.deck.orbax",
        mended="{'Sequential': 'trained', 'functional': 'trained'}",
        seen_on="Keras 3.15.1, under JAX with Orbax 0.12.8 too",
        thread="https://github.com/keras-team/keras/issues/23251 (the same fault, on Keras 3.16.0)",
        places=(
            "17_many_devices#orbax",
            "17_many_devices#state-tree",
            "17_many_devices#notice-state-tree",
            "17_many_devices#key-points",
            "17_many_devices#if-it-breaks",
        ),
        claims=("S42",),
    ),
    # No lesson has a cell for it; the deck asks about it.
    "layers_by_place": Fault(
        experiment="02.deck.order",
        mended="{'query': 'its own', 'encoder': 'its own', 'first': 'its own'}",
        seen_on="Keras 3.15.1, for attributes behind `layers` in the alphabet; on Keras 2.15.0 for any",
        thread="",
        places=(),
        claims=("S13",),
    ),
}


def judge(name: str, found: str) -> str:
    """What to do about a fault after a run of its experiment; nothing if it is still there as recorded.

    Args:
        name: a key of FAULTS.
        found: what the experiment found in place of what it expects; "" if it found that.
    """
    if not found:
        return ""
    fault = FAULTS[name]
    release = " with ".join(f"{each} {importlib.metadata.version(each)}" for each in ("keras", "tensorflow"))
    if found == fault.mended:
        return (
            f"This release, {release}, has mended {name}: {fault.experiment} finds {found}, as it should be. "
            f"To be rewritten: {fault.rewrite()}. "
            "Then take it off the list in tests/claims/fault_list.py, with its repair."
        )
    return (
        f"This release, {release}, shows {name} in another way: {fault.experiment} finds {found}, and mended "
        f"it would find {fault.mended}. To be read again: {fault.rewrite()}."
    )


def after(experiment: str, found: str) -> str:
    """What to rewrite when an experiment finds something else than its quiz item says.

    Args:
        experiment: the id of the quiz item.
        found: the text of its assertion.
    """
    of_faults = [judge(name, found) for name, fault in FAULTS.items() if fault.experiment == experiment]
    entry = texts.table("quiz")[experiment]
    named = [f"quiz item {experiment}", *(f"what is known as {each}" for each in entry.get("settles", []))]
    named += [f"lesson {entry['seen_in']}"] if "seen_in" in entry else []
    return "\n".join([f"{experiment} finds {found}. To be read again: {', '.join(named)}.", *of_faults])
