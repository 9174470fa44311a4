"""Everything one benchmark has measured."""

import dataclasses

from helpers.authoring.measure import cells, proofs, questions, sizes, suite


@dataclasses.dataclass(frozen=True)
class Figures:
    """Everything that was measured; a part that could not be measured is None, and `failures` says why."""

    machine: str
    notebooks: list[cells.Timing]
    suite: suite.Suite
    proofs: proofs.Proofs | None
    questions: questions.Questions | None
    environment: float
    memory: sizes.Memory | None
    failures: list[str]

    @property
    def lessons(self) -> list[cells.Timing]:
        """The notebooks of the first folder: what learners run from top to bottom."""
        return [timing for timing in self.notebooks if timing.place.startswith("notebooks/")]
