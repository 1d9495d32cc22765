"""What was done last is told to the household that did it, and to no other."""

from uuid import uuid4

import pytest

from contexts.fridge.application import items
from contexts.fridge.application.items import Adding
from contexts.fridge.application.last_action import last_action
from contexts.fridge.tests.people import NOW, alone

pytestmark = pytest.mark.django_db(databases=["fridge"])


def test_an_action_is_told_by_the_name_of_its_food_and_whether_it_was_taken_back() -> None:
    sara = alone()
    done = items.add(member=sara, adding=Adding(name="Milk"), action_id=uuid4(), now=NOW)
    told = last_action(member=sara, action_id=done.action_id)
    assert told is not None
    assert (told.name, told.undoes, told.is_undone) == ("Milk", "", False)
    undone = items.undo(member=sara, action_id=done.action_id, as_action=uuid4(), now=NOW)
    again, undoing = (last_action(member=sara, action_id=id_) for id_ in (done.action_id, undone.action_id))
    assert again is not None
    assert undoing is not None
    assert (again.is_undone, undoing.undoes) == (True, told.kind)


def test_another_households_action_reads_like_none() -> None:
    done = items.add(member=alone(), adding=Adding(name="Their milk"), action_id=uuid4(), now=NOW)
    assert last_action(member=alone(), action_id=done.action_id) is None
    assert last_action(member=alone(), action_id=uuid4()) is None
