"""The shelf that all proofs of one test process share; a test module asks for it with `pytest_plugins`."""

from helpers.core import processes
import pytest

from tests.claims import shelf as shelves


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> shelves.Shelf:
    """An empty shelf; what a proof asks for is made then. New processes get ready meanwhile."""
    processes.warm()
    return shelves.Shelf(tmp_path_factory.mktemp("shelf"))
