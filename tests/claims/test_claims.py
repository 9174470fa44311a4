"""Each of the 84 claims: a run gives the verdict that is written down. See tests/claims/__init__.py."""

import pytest

from tests.claims import book, settle

pytest_plugins = ["tests.claims.fixtures"]

CLAIMS = book.claims()
SUBJECTS = book.subjects()


class Settled:
    """The claims of one subject. pytest-xdist gives a class to one worker, so that several share the load."""

    subject: str

    def test_the_run_gives_the_verdict(self, identifier, shelf):
        cases = book.in_subject(SUBJECTS[self.subject])[identifier](shelf)
        derived = settle.derive(cases, book.held_elsewhere(identifier))
        problem = settle.complaint(CLAIMS[identifier], derived, cases)
        assert not problem, problem
        assert derived != "true" or len(cases) >= 2, "a true claim holds in more than one case"


# One class for each file of proofs, TestArtefacts and so on; those with most to do come first.
for _subject in sorted(SUBJECTS, key=lambda name: name not in ("artefacts", "training", "loading")):
    _name = f"Test{_subject.title().replace('_', '')}"
    globals()[_name] = type(_name, (Settled,), {"subject": _subject})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of a class gets the claims of its subject one by one."""
    if "identifier" in metafunc.fixturenames:
        metafunc.parametrize("identifier", book.in_subject(SUBJECTS[metafunc.cls.subject]))
