"""Reads what `tf.train.Checkpoint` writes, and the weights that Keras 2 wrote in the same format."""

import pathlib
import re

from helpers.anatomy import bundle, finding, object_graph, reading, words

STATE = "checkpoint"  # the file that names the newest
_NEWEST = re.compile(r'^model_checkpoint_path:\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_LARGEST_STATE = 2**20  # bytes


def read_folder(path: pathlib.Path) -> finding.Anatomy:
    """The anatomy of the newest checkpoint in a folder.

    Raises:
        finding.Unreadable: the one that the file `checkpoint` names is missing or damaged.
        OSError: a file cannot be read.
    """
    present = sorted(
        (
            found
            for entry in path.iterdir()
            if entry.name.endswith(".index") and (found := bundle.prefix_of(entry))
        ),
        key=lambda prefix: prefix.name,
    )
    named = None
    if (path / STATE).exists():
        text = reading.whole(path / STATE, _LARGEST_STATE).decode("utf-8", errors="replace")
        matched = _NEWEST.search(text)
        # Only the last part counts: the folder may have been moved since the name was written.
        named = path / re.split(r"[/\\]", matched[1])[-1] if matched else None
    if named and named not in present:
        others = words.listing([words.plain(prefix.name) for prefix in present]) or "none"
        raise finding.Unreadable(
            f"the file 'checkpoint' in {words.plain(path.name)!r} names {words.plain(named.name)!r}, which is "
            f"not there (there: {others}). tf.train.latest_checkpoint answers None, and restore(None) changes "
            "nothing and says nothing. Copy the missing files, or give the name of another checkpoint."
        )
    if not named and len(present) != 1:
        names = words.listing([words.plain(prefix.name) for prefix in present]) or "none"
        raise finding.Unreadable(
            f"{words.plain(path.name)!r} holds no file 'checkpoint' that tells which is the newest of: {names}. "
            "Give the name of one of them."
        )
    others = [words.plain(prefix.name) for prefix in present if prefix != (named or present[0])]
    return read(named or present[0], others)


def read(prefix: pathlib.Path, others: list[str] | None = None) -> finding.Anatomy:
    """The anatomy of one checkpoint; `others` lie beside it.

    Raises:
        finding.Unreadable: a file is missing, cut short or damaged.
        OSError: a file cannot be read.
    """
    arrays = bundle.read(prefix)
    share = object_graph.share(arrays)
    roots = [root for root in share.roots if root != "save_counter"]
    shown = words.plain(prefix.name)
    state = "all agree" if arrays.checked else "not all compared here"
    return finding.anatomy(
        prefix,
        _form(share, roots) + (f"; beside it: {words.listing(others)}" if others else ""),
        arrays.size,
        written_by="TensorFlow; its version is not in this format",
        weights=share.counted(),
        optimizer=share.optimized(),
        custom_classes=f"{finding.NOT_HERE}: the code that builds the objects brings them",
        code_it_would_run="none",
        protected_by=f"a checksum on the index and on each array ({state})",
        load_with=_load(shown, roots),
        not_good_for="code that builds other objects, or names them otherwise: what does not match is left as "
        "it is, without an error. Keras 2 and Keras 3 cannot read each other's",
    )


def _form(share: object_graph.Share, roots: list[str]) -> str:
    if not share.roots:
        return "checkpoint of arrays by name, as TensorFlow 1 wrote it"
    if any(root.startswith(("layer-", "layer_with_weights-")) for root in roots):
        return "weights of a Keras 2 model in TensorFlow's checkpoint format"
    kept = words.listing([words.plain(root) for root in roots]) or "nothing"
    return f"tf.train.Checkpoint, an index and data files; objects in it: {kept}"


def _load(shown: str, roots: list[str]) -> str:
    if any(root.startswith(("layer-", "layer_with_weights-")) for root in roots):
        return f'Keras 2: model.load_weights("{shown}"), on a model built by the same code'
    if not roots:
        return f'tf.train.load_checkpoint("{shown}").get_tensor(name)'
    arguments = ", ".join(f"{words.plain(root)}={words.plain(root)}" for root in roots[:4])
    more = ", ..." if len(roots) > 4 else ""
    return (
        f'status = tf.train.Checkpoint({arguments}{more}).restore("{shown}")\n'
        "then status.assert_existing_objects_matched(), with objects built by the same code"
    )
