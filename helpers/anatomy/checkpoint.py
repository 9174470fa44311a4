"""Reads what `tf.train.Checkpoint` writes, and the weights that Keras 2 wrote in the same format."""

import collections.abc
import pathlib
import re

from helpers.anatomy import bundle, finding, object_graph, reading, words

_STATE = "checkpoint"  # the file that names the newest
_NEWEST = re.compile(r'^model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_LARGEST_STATE = 2**20  # bytes
_KERAS_2 = ("layer-", "layer_with_weights-")  # what Keras 2 calls the parts of a model


def read_folder(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of the newest checkpoint in a folder.

    Raises:
        finding.Unreadable: the one that the file `checkpoint` names is missing or damaged.
        OSError: a file cannot be read.
    """
    indexes = [entry for entry in path.iterdir() if entry.name.endswith(".index")]
    present = sorted(prefix for entry in indexes if (prefix := bundle.prefix_of(entry)))
    named = _named(path)
    if named and named not in present:
        raise finding.Unreadable(
            f"the file 'checkpoint' in {words.quoted(path.name)} names {words.quoted(named.name)}, which is "
            f"not there (there: {_names(present)}). tf.train.latest_checkpoint answers None to that, and "
            "restore(None) changes nothing and says nothing. Copy the missing files, or give the name of "
            "another checkpoint."
        )
    if not named and len(present) != 1:
        raise finding.Unreadable(
            f"{words.quoted(path.name)} has no readable file 'checkpoint', which tells the newest of: "
            f"{_names(present)}. Give the name of one of them."
        )
    chosen = named or present[0]
    return read(chosen, [prefix for prefix in present if prefix != chosen])


def _named(path: pathlib.Path) -> pathlib.Path | None:
    """The checkpoint that the state file calls the newest."""
    if not (path / _STATE).exists():
        return None
    text = reading.whole(path / _STATE, _LARGEST_STATE).decode("utf-8", errors="replace")
    matched = _NEWEST.search(text)
    # Only the last part counts: the folder may have been moved since the name was written.
    name = re.split(r"[/\\]", matched[1])[-1] if matched else ""
    return path / name if name and "\0" not in name else None


def _names(prefixes: collections.abc.Iterable[pathlib.Path]) -> str:
    return words.listing([words.plain(prefix.name) for prefix in prefixes]) or "none"


def read(prefix: pathlib.Path, others: collections.abc.Collection[pathlib.Path] = ()) -> finding.Anatomy:
    """The anatomy of one checkpoint; `others` lie beside it.

    Raises:
        finding.Unreadable: a file is missing, cut short or damaged.
        OSError: a file cannot be read.
    """
    arrays = bundle.read(prefix)
    share = object_graph.share(arrays)
    roots = [root for root in share.roots if root != "save_counter"]
    state = "all agree" if arrays.checked else "not all compared here"
    return finding.anatomy(
        prefix,
        _form(share, roots) + (f"; beside it: {_names(others)}" if others else ""),
        arrays.size,
        written_by="TensorFlow; its version is not in this format",
        weights=share.counted(),
        optimizer=share.optimized(),
        custom_classes=f"{finding.NOT_HERE}: the code that builds the objects brings them",
        code_it_would_run="none",
        protected_by=f"a checksum on the index and on each array ({state})",
        load_with=_load(prefix, roots),
        not_good_for="code that builds or names its objects otherwise: what does not match is left as it is, "
        "without an error\ncrossing between Keras 2 and Keras 3: neither finds anything of the other's",
    )


def _form(share: object_graph.Share, roots: list[str]) -> str:
    if not share.roots:
        return "checkpoint of arrays by name, as TensorFlow 1 wrote it"
    if any(root.startswith(_KERAS_2) for root in roots):
        return "weights of a Keras 2 model in TensorFlow's checkpoint format"
    kept = words.listing([words.plain(root) for root in roots]) or "nothing"
    return f"tf.train.Checkpoint, an index and data files; objects in it: {kept}"


def _load(prefix: pathlib.Path, roots: list[str]) -> str:
    shown = words.plain(prefix.name)
    if any(root.startswith(_KERAS_2) for root in roots):
        return f'in Keras 2: model.load_weights("{shown}"), on a model built by the same code'
    if not roots:
        return f'tf.train.load_checkpoint("{shown}").get_tensor(name)'
    arguments = ", ".join(f"{words.plain(root)}={words.plain(root)}" for root in roots[:4])
    more = ", ..." if len(roots) > 4 else ""
    return (
        f'status = tf.train.Checkpoint({arguments}{more}).restore("{shown}")\n'
        "then status.assert_existing_objects_matched(), with objects built by the same code"
    )
