"""Other contexts as these tests need them."""

import pytest

from contexts.fridge.application import ports
from contexts.fridge.tests.people import World


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """What the other contexts know; nobody is signed in."""
    world = World()
    monkeypatch.setattr(ports, "_BOUND", ports._Bound())
    ports.bind(products=world, packs=world, consents=world, mailboxes=world, desk=world, who=world)
    return world
