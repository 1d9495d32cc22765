"""Sources say things of products side by side: what is seen, what is told, and what was said before."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, transaction

from contexts.passport.application.catalogue import Fate, contribute, find_entry, withdraw
from contexts.passport.application.value_history import history_of
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.models import ContributionChange, OutboxFact
from contexts.passport.tests.entries import MUESLI

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BRAND = uuid4()

pytestmark = pytest.mark.django_db(databases=["passport"])


def said(
    name: str,
    *,
    by: Origin = Origin.OPEN_FOOD_FACTS,
    quantity: str | None = None,
    modified: int | None = None,
) -> Contribution:
    entry = CatalogueEntry(
        gtin=MUESLI,
        label=DigitalLabel(names={"en": name} if name else {}, quantity=quantity),
        sources=(),
        brand_id=BRAND if by is Origin.BRAND else None,
    )
    source = Source(
        name=by.value,
        licence="",
        fields=tuple(sorted(entry.known())),
        fetched=date(2026, 5, 1),
        verified=by is Origin.BRAND,
        modified=None if modified is None else NOW + timedelta(days=modified),
    )
    return Contribution(origin=by, entry=replace(entry, sources=(source,)))


def say(*contributions: Contribution, days: int = 0) -> list[Fate]:
    with transaction.atomic(using="passport"):
        written = contribute(contributions=contributions, at=NOW + timedelta(days=days))
    return [one.fate for one in written]


def take_back(origin: Origin, *, days: int = 0) -> Fate:
    with transaction.atomic(using="passport"):
        return withdraw(gtin=MUESLI, origin=origin, at=NOW + timedelta(days=days))


def seen() -> tuple[str, str | None, int] | None:
    stored = find_entry(gtin=MUESLI)
    return stored and (stored.entry.name, stored.entry.label.quantity, stored.data_version)


def told() -> list[tuple[str, int, str | None]]:
    facts = OutboxFact.objects.filter(type="CatalogueEntryChanged").order_by("id")
    return [(fact.payload["changeKind"], fact.payload["dataVersion"], fact.payload["name"]) for fact in facts]


def test_each_value_is_of_who_is_believed_first_and_each_change_is_told() -> None:
    assert say(said("Theirs", quantity="1 kg")) == [Fate.CREATED]
    assert say(said("Ours", by=Origin.BRAND)) == [Fate.CHANGED]
    assert seen() == ("Ours", "1 kg", 2)
    assert say(said("Theirs again", quantity="2 kg")) == [Fate.CHANGED]
    assert seen() == ("Ours", "2 kg", 3)
    assert say(said("Ours", by=Origin.BRAND), days=9) == [Fate.UNCHANGED]
    assert take_back(Origin.BRAND) is Fate.CHANGED
    assert seen() == ("Theirs again", "2 kg", 4)
    assert told() == [
        ("created", 1, "Theirs"),
        ("updated", 2, "Ours"),
        ("updated", 3, "Ours"),
        ("updated", 4, "Theirs again"),
    ]


def test_an_older_record_of_a_source_changes_nothing() -> None:
    say(said("New", modified=2))
    assert say(said("Old", modified=1)) == [Fate.OLDER]
    assert say(said("Newer", modified=3)) == [Fate.CHANGED]
    assert seen() == ("Newer", None, 2)


def test_with_the_last_word_the_entry_goes_and_no_version_comes_twice() -> None:
    say(said("Theirs"))
    assert take_back(Origin.BRAND) is Fate.UNCHANGED
    assert take_back(Origin.OPEN_FOOD_FACTS) is Fate.WITHDRAWN
    assert seen() is None
    assert say(said("Theirs anew")) == [Fate.CREATED]
    assert seen() == ("Theirs anew", None, 3)
    assert told() == [("created", 1, "Theirs"), ("withdrawn", 2, "Theirs"), ("created", 3, "Theirs anew")]


def test_who_said_what_when() -> None:
    say(said("Theirs", quantity="1 kg"))
    say(said("Ours", by=Origin.BRAND), days=1)
    say(said("Theirs", quantity="2 kg"), days=2)
    take_back(Origin.BRAND, days=3)
    take_back(Origin.OPEN_FOOD_FACTS, days=4)
    say(said("Anew"), days=5)
    versions = history_of(gtin=MUESLI, most=9)
    assert [history_of(gtin=MUESLI, most=most) for most in (1, 2)] == [versions[:1], versions[:2]]
    assert [(version.data_version, (version.at - NOW).days, version.by) for version in versions] == [
        (6, 5, (Origin.OPEN_FOOD_FACTS,)),
        (5, 4, (Origin.OPEN_FOOD_FACTS,)),
        (4, 3, (Origin.BRAND,)),
        (3, 2, (Origin.OPEN_FOOD_FACTS,)),
        (2, 1, (Origin.BRAND,)),
        (1, 0, (Origin.OPEN_FOOD_FACTS,)),
    ]
    assert [version.is_withdrawn for version in versions] == [False, True, False, False, False, False]
    changes = [
        [(change.name, change.before, change.after, change.source and change.source.name) for change in each]
        for each in (version.changes for version in versions)
    ]
    assert changes == [
        [("names", None, {"en": "Anew"}, "open_food_facts")],
        [("names", {"en": "Theirs"}, None, None), ("quantity", "2 kg", None, None)],
        [("names", {"en": "Ours"}, {"en": "Theirs"}, "open_food_facts")],
        [("quantity", "1 kg", "2 kg", "open_food_facts")],
        [("names", {"en": "Theirs"}, {"en": "Ours"}, "brand")],
        [
            ("names", None, {"en": "Theirs"}, "open_food_facts"),
            ("quantity", None, "1 kg", "open_food_facts"),
        ],
    ]
    assert history_of(gtin="09521001000017", most=9) == ()


def test_operators_read_it() -> None:
    say(said("A \u202e\x1b[2J name"))
    say(said("Ours", by=Origin.BRAND), days=1)
    out = StringIO()
    call_command("products", "history", MUESLI, stdout=out)
    assert "Version 2, 2026-05-02T12:00:00+00:00, by brand\n" in out.getvalue()
    assert '-> {"en":"Ours"}   [brand]' in out.getvalue()
    assert not {"\x1b", "\u202e"} & set(out.getvalue())
    for gtin, says in (("123", "is no GTIN"), ("9521001000017", "Nobody ever said anything")):
        with pytest.raises(CommandError, match=says):
            call_command("products", "history", gtin)


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_two_that_speak_at_once_are_both_heard() -> None:
    barrier = threading.Barrier(2)

    def speak(origin: Origin) -> None:
        barrier.wait()
        for number in range(5):
            say(said(f"{origin.value} {number}", by=origin))
        connections["passport"].close()

    threads = [threading.Thread(target=speak, args=[by]) for by in (Origin.BRAND, Origin.OPEN_FOOD_FACTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen() == ("brand 4", None, 10)
    assert [version for _, version, _ in told()] == list(range(1, 11))
    assert ContributionChange.objects.count() == 9
