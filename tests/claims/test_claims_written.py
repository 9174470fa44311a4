"""What is written down about the claims: all of them are there, each with what its verdict needs."""

import ast
import inspect
import textwrap

from helpers.authoring.notebooks import course
from helpers.core import scratch
import nbformat
import pytest

from tests.claims import book, settle

CLAIMS = book.claims()
PROOFS = book.all_proofs()
COUNTS = {"true": 22, "condition": 33, "outdated": 17, "false": 8, "untested": 4}


def test_all_84_are_there_once():
    # A second [A01] in the file would not even parse: TOML allows a table once.
    wanted = [f"A{number:02}" for number in range(1, 29)] + [f"B{number:02}" for number in range(1, 57)]
    assert list(CLAIMS) == wanted


@pytest.mark.parametrize("verdict", settle.VERDICTS)
def test_the_verdicts_are_counted(verdict):
    assert [claim.verdict for claim in CLAIMS.values()].count(verdict) == COUNTS[verdict]


def test_what_a_run_can_settle_has_a_proof_and_nothing_else_has():
    assert PROOFS.keys() == {name for name, claim in CLAIMS.items() if claim.verdict != "untested"}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
class TestEntry:
    def test_it_says_what_its_verdict_needs(self, claim):
        assert claim.verdict in settle.VERDICTS
        assert claim.article == {"A": "first", "B": "second"}[claim.identifier[0]]
        assert claim.section and len(claim.claim) >= 30 and claim.claim.endswith(".")
        assert bool(claim.condition) == (claim.verdict == "condition")
        assert len(claim.condition) >= 40 or not claim.condition
        assert claim.note or claim.verdict != "untested", "the note says why no run can settle it"
        assert claim.teach or claim.verdict in ("true", "condition", "untested")

    def test_a_cell_shows_it(self, claim):
        if claim.awaits and not claim.seen_in:
            assert claim.verdict == "untested", "what a proof settles, a lesson can show today"
            assert claim.awaits not in course.LESSONS, f"{claim.awaits} is here: name its cell in seen_in"
            return
        assert not claim.awaits, "it is shown, so it awaits no lesson"
        assert claim.seen_in, "seen_in names no cell: a claim that no lesson shows is not told yet"
        name, _, cell = claim.seen_in.partition("#")
        notebook = nbformat.read(scratch.COURSE / "notebooks" / f"{name}.ipynb", as_version=4)
        printing = {entry.id for entry in notebook.cells if entry.cell_type == "code" and entry.outputs}
        assert cell in printing, f"{claim.seen_in} is no code cell with something to see"

    def test_other_versions_are_recorded_or_not_spoken_of(self, claim):
        versions = [each.versions.split()[1] for each in book.recorded() if claim.identifier in each.cases]
        assert bool(claim.elsewhere) == bool(versions)
        assert all(version in claim.elsewhere for version in versions)

    def test_its_proof_does_not_know_the_answer(self, claim):
        """A case is computed: no proof returns a constant, or one that stands in a dictionary."""
        if claim.verdict == "untested":
            return
        returned = [
            node.value
            for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(PROOFS[claim.identifier]))))
            if isinstance(node, ast.Return)
        ]
        cases = [value for node in returned if isinstance(node, ast.Dict) for value in node.values]
        assert returned and not any(isinstance(value, ast.Constant) for value in cases)


def test_what_is_recorded_names_versions_and_known_claims():
    found = book.recorded()
    assert [each.versions.split()[1] for each in found] == ["2.8.4", "2.15.1"]
    for each in found:
        assert each.recorded and "with Keras" in each.versions
        assert each.cases.keys() <= CLAIMS.keys()
        assert all(held in (True, False) for cases in each.cases.values() for held in cases.values())
    assert found[0].cases.keys() == found[1].cases.keys()


def test_every_outdated_claim_held_in_a_recorded_case_and_no_false_one_did():
    for name, claim in CLAIMS.items():
        if claim.verdict in ("outdated", "false"):
            assert any(book.held_elsewhere(name)) == (claim.verdict == "outdated"), name
