"""Recalls that a brand announces and takes back; and those that are not its own to take back."""

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from contexts.passport.application import recalls
from contexts.passport.application.brand_recalls import announce_own, recalls_of, withdraw_own
from contexts.passport.application.errors import ProductNotYours, RecallNotFound, RecallNotYours
from contexts.passport.domain.recalls import Reason, Recall
from contexts.passport.models import OutboxFact
from contexts.passport.models import Recall as Row
from contexts.passport.tests.brand_products import BREAD, MILK, NOW, OURS, THEIRS, own
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])

RECALL = Recall(
    gtin=MILK, lots=("L1",), serial_from="", serial_to="", reason=Reason.OTHER, text="Bring it back."
)


@pytest.fixture(autouse=True)
def _ours() -> None:
    own()


def standing() -> set[UUID]:
    return {one.standing.id for one in recalls.listed(gtin=MILK) if not one.withdrawn}


def test_a_brand_takes_back_what_it_announced() -> None:
    said = announce_own(brand_id=OURS, recall=RECALL, now=NOW)
    assert announce_own(brand_id=OURS, recall=RECALL, now=NOW).repeated
    (told,) = recalls_of(brand_id=OURS, gtin=MILK)
    assert told.brand_id == OURS
    withdraw_own(brand_id=OURS, gtin=MILK, recall_id=said.recall_id, now=NOW)
    assert not standing()
    assert not announce_own(brand_id=OURS, recall=RECALL, now=NOW).repeated, "announced anew"


def test_what_operators_announced_no_brand_takes_back() -> None:
    recall_id = recalls.announce(recall=RECALL, now=NOW).recall_id
    with pytest.raises(RecallNotYours, match="only who announced it"):
        withdraw_own(brand_id=OURS, gtin=MILK, recall_id=recall_id, now=NOW)
    with brand_scope(brand_id=OURS, using="passport"):
        with pytest.raises(RecallNotFound):
            recalls.withdraw(recall_id=recall_id, now=NOW)
        assert not Row.objects.filter(id=recall_id).update(withdrawn=True), "the database refuses as well"
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(using="passport"):
            recalls.announce(recall=Recall(**{**_said(), "text": "As if by operators."}), now=NOW)
    assert standing() == {recall_id}


def test_what_stands_already_is_not_told_twice() -> None:
    """Whoever announced it first; but what operators say as well stands without the brand."""
    operators = recalls.announce(recall=RECALL, now=NOW).recall_id
    again = announce_own(brand_id=OURS, recall=RECALL, now=NOW)
    assert (again.recall_id, again.repeated) == (operators, True)
    assert OutboxFact.objects.count() == 1
    recalls.withdraw(recall_id=operators, now=NOW)
    ours = announce_own(brand_id=OURS, recall=RECALL, now=NOW).recall_id
    assert recalls.announce(recall=RECALL, now=NOW).recall_id == operators
    withdraw_own(brand_id=OURS, gtin=MILK, recall_id=ours, now=NOW)
    assert standing() == {operators}


def test_operators_take_back_whatever_was_announced() -> None:
    ours = announce_own(brand_id=OURS, recall=RECALL, now=NOW).recall_id
    assert not recalls.withdraw(recall_id=ours, now=NOW).repeated
    assert not standing()


def test_nobody_recalls_what_is_anothers() -> None:
    own(THEIRS)
    ours = announce_own(brand_id=OURS, recall=RECALL, now=NOW).recall_id
    with pytest.raises(ProductNotYours):
        announce_own(brand_id=THEIRS, recall=RECALL, now=NOW)
    with pytest.raises(ProductNotYours):
        withdraw_own(brand_id=THEIRS, gtin=MILK, recall_id=ours, now=NOW)
    with pytest.raises(RecallNotFound):
        withdraw_own(brand_id=THEIRS, gtin=BREAD, recall_id=ours, now=NOW)


def _said() -> dict[str, object]:
    return {name: getattr(RECALL, name) for name in Recall.__slots__}
