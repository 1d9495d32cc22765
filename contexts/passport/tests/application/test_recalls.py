"""Announcing recalls: once each, taken back, and on the passport at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from contexts.passport.application.catalogue import find_entry, version_of
from contexts.passport.application.errors import RecallDiffers, RecallNotFound
from contexts.passport.application.recalls import announce, listed, withdraw
from contexts.passport.domain.recalls import Reason, Recall, recall_of
from contexts.passport.models import OutboxFact
from contexts.passport.tests.entries import MUESLI, NOW, muesli, stock
from contracts.registry import contract

pytestmark = pytest.mark.django_db(databases=["passport"])


def recall(**said: Any) -> Recall:
    known = {
        "gtin": MUESLI,
        "lots": ["L1", "L2"],
        "serial_from": "",
        "serial_to": "",
        "reason": Reason.FOREIGN_BODY,
        "text": "May hold pieces of metal.",
    }
    return recall_of(**{**known, **said})


def told() -> list[dict[str, Any]]:
    rows = OutboxFact.objects.filter(type="RecallAnnounced").order_by("id")
    for row in rows:
        contract(fact="RecallAnnounced").check_written(row.payload)
        assert row.aggregate_id == MUESLI
    return [row.payload for row in rows]


def test_it_is_told_and_on_the_passport() -> None:
    stock(muesli())
    before = version_of(gtin=MUESLI)
    said = announce(recall=recall(serial_from="A1", serial_to="A9"), now=NOW)
    assert (said.repeated, said.product_known) == (False, True)
    (fact,) = told()
    assert fact == {
        "recallId": str(said.recall_id),
        "gtin": MUESLI,
        "lots": ["L1", "L2"],
        "serialFrom": "A1",
        "serialTo": "A9",
        "reason": "foreign_body",
        "text": "May hold pieces of metal.",
        "announcedAt": NOW.isoformat(),
        "withdrawn": False,
    }
    stored = find_entry(gtin=MUESLI)
    assert stored is not None
    (standing,) = stored.recalls
    assert (standing.id, standing.announced_at) == (said.recall_id, NOW)
    assert standing.recall == recall(serial_from="A1", serial_to="A9")
    assert stored.version == version_of(gtin=MUESLI) != before
    assert stored.data_version == 1


def test_again_changes_nothing_and_tells_nobody() -> None:
    first = announce(recall=recall(), now=NOW)
    again = announce(recall=recall(lots=["L2", "L1"]), now=NOW + timedelta(days=1))
    assert (again.recall_id, again.repeated) == (first.recall_id, True)
    assert len(told()) == 1
    with pytest.raises(RecallDiffers):
        announce(recall=recall(text="Something else."), recall_id=first.recall_id, now=NOW)


def test_taken_back_it_is_gone_and_can_be_announced_anew() -> None:
    stock(muesli())
    recall_id = announce(recall=recall(), now=NOW).recall_id
    versions = [version_of(gtin=MUESLI)]
    assert not withdraw(recall_id=recall_id, now=NOW - timedelta(hours=1)).repeated
    versions.append(version_of(gtin=MUESLI))
    stored = find_entry(gtin=MUESLI)
    assert stored is not None
    assert stored.recalls == ()
    assert withdraw(recall_id=recall_id, now=NOW).repeated
    assert not announce(recall=recall(), now=NOW).repeated
    versions.append(version_of(gtin=MUESLI))
    assert len(set(versions)) == 3
    facts = told()
    assert [fact["withdrawn"] for fact in facts] == [False, True, False]
    moments = [fact["announcedAt"] for fact in facts]
    assert moments == sorted(set(moments)), "whoever hears of them goes by these moments"
    assert [one.withdrawn for one in listed()] == [False]
    with pytest.raises(RecallNotFound):
        withdraw(recall_id=muesli_id(), now=NOW)


def muesli_id() -> Any:
    return recall(lots=["another"]).own_id()


def test_a_product_that_comes_into_the_catalogue_later_is_recalled_from_the_start() -> None:
    assert not announce(recall=recall(), now=NOW).product_known
    stock(muesli())
    stored = find_entry(gtin=MUESLI)
    assert stored is not None
    assert len(stored.recalls) == 1


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_announced_twice_at_once_it_is_told_once() -> None:
    barrier = threading.Barrier(2)

    def run(_number: int) -> bool:
        barrier.wait()
        try:
            return announce(recall=recall(), now=NOW).repeated
        finally:
            connections["passport"].close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [False, True]
    assert len(told()) == 1
