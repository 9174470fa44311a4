"""A good save of the old model, and a process that begins to save the new one over it, again and again."""

import os
import pathlib
import time

from helpers.breaking import children, judging, outcomes, saving, trials

OLD, NEW = "old.keras", "new.keras"


class Target:
    """One way of saving in one format, in a folder of its own.

    Attributes:
        save: where the old model is, and where the new one shall be.
        folder: holds the save, and nothing else.
        duration: seconds that a whole save takes.
    """

    def __init__(self, place: pathlib.Path, models: pathlib.Path, module: str, kind: str) -> None:
        """Save the old model.

        Args:
            place: the worker's folder.
            models: the folder with `old.keras` and `new.keras`.
            module: has `save(model, path, kind)` and `load(path, kind)`.
            kind: a format, such as ".keras".

        Raises:
            RuntimeError: the module does not save or load this format.
        """
        self.place, self.module, self.kind = place, module, kind
        self.old, self.new = models / OLD, models / NEW
        self._before, self.folder = place / "before", place / "during"
        self.save = trials.path(self.folder, kind)
        trials.remove(self.folder)
        self.folder.mkdir()
        self.duration = self._whole(self.old)
        trials.copy(self.folder, self._before)

    def begin(self, refusal: str = "", limit: int = 0) -> children.Child:
        """A process that has just begun to save the new model."""
        return self._begun(self.new, refusal, limit)

    def reset(self) -> None:
        """Put the old model back as it was."""
        trials.copy(self._before, self.folder)

    def outcome(self, supply: children.Supply) -> tuple[str, str]:
        """What is left of the two models, and a line about it."""
        asked = [self.module, self.kind, self.save, self.old, self.new]
        outcome, detail = supply.answer(judging.interrupted, *asked, if_it_dies=outcomes.LOST)
        return outcome, detail.replace(f"{self.folder}{os.sep}", "")

    def _begun(self, model: pathlib.Path, refusal: str = "", limit: int = 0) -> children.Child:
        child = children.Child(self.place)
        child.ask(saving.save, self.module, self.kind, self.save, model, refusal, limit)
        kind, said = child.hear()
        if kind == "raised":
            child.close()
            raise RuntimeError(f"{self.module}.save cannot begin: {said}")
        return child

    def _whole(self, model: pathlib.Path) -> float:
        """Save without a disturbance, and return the seconds it took."""
        child = self._begun(model)
        begun = time.perf_counter()
        kind, said = child.hear()
        child.close()
        if kind == "raised":
            raise RuntimeError(f"{self.module}.save does not save {self.kind}: {said}")
        return time.perf_counter() - begun
