"""The shelf that all proofs of one test process share; a test module asks for it with `pytest_plugins`."""

from helpers import fresh
import pytest

from tests.claims import shelf as shelves


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> shelves.Shelf:
    """An empty shelf; what a proof asks for is made then. New processes get ready meanwhile."""
    fresh.start()
    return shelves.Shelf(tmp_path_factory.mktemp("shelf"))
