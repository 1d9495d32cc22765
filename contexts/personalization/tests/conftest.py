"""Other contexts as these tests need them."""

import pytest

from contexts.personalization.application import ports
from contexts.personalization.tests.people import World


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Two people who have consented, and one of them in the browser."""
    world = World()
    monkeypatch.setattr(ports, "_BOUND", ports._Bound())
    ports.bind(consents=world, products=world, desk=world, who=world)
    return world
