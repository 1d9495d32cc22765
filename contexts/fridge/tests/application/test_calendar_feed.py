"""What calendar programs read, as another implementation of RFC 5545 understands it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import icalendar
import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contexts.fridge.application import calendar_feed, items, members
from contexts.fridge.application.calendar_feed import calendar
from contexts.fridge.application.errors import NoCalendar
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.commands import Freeze, Open, SetDate, Use
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.models import CalendarFeed
from contexts.fridge.tests.people import NOW, alone, join

pytestmark = pytest.mark.django_db(databases=["fridge"])

DAY = date(2026, 11, 24)


@pytest.fixture
def sara() -> Membership:
    return alone()


def add(member: Membership, name: str, printed: date | None = DAY) -> UUID:
    adding = items.Adding(name=name, printed=printed, date_kind=printed and DateKind.USE_BY)
    return items.add(member=member, adding=adding, action_id=uuid4(), now=NOW).items[0].item.id


def act(member: Membership, item_id: UUID, command: Any) -> None:
    items.act(member=member, item_ids=[item_id], command=command, action_id=uuid4(), now=NOW)


def make(member: Membership, language: str = "en") -> str:
    return calendar_feed.make(member=member, language=language, now=NOW)


def events(secret: str) -> dict[str, Any]:
    read = icalendar.Calendar.from_ical(calendar(secret=secret, now=NOW))
    return {str(event["SUMMARY"]): event for event in read.events}


def test_each_item_stands_on_its_last_good_day(sara: Membership) -> None:
    milk = add(sara, "Milk")
    add(sara, "Soup of yesterday", None)
    act(sara, add(sara, "Peas"), Freeze())
    act(sara, add(sara, "Eaten"), Use())
    add(join(sara), "Cream", DAY + timedelta(days=60))
    secret = make(sara)
    found = events(secret)
    event = found["Use up: Milk"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (DAY, DAY + timedelta(days=1))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert (event["UID"], event["SEQUENCE"]) == (str(milk), 1)
    assert "24" in event["DESCRIPTION"]
    assert {"Use up: Peas", "Use up: Eaten"}.isdisjoint(found)
    assert "Use up: Cream" in found
    act(sara, milk, SetDate(printed=DAY + timedelta(days=2)))
    moved = events(secret)["Use up: Milk"]
    assert (moved["UID"], moved["SEQUENCE"], moved["DTSTART"].dt.day) == (str(milk), 2, 26)
    act(sara, milk, Open())
    assert events(secret)["Use up: Milk"]["DTSTART"].dt <= DAY + timedelta(days=2)


def test_the_form_is_that_of_the_standard(sara: Membership) -> None:
    name = "Käse, „alt“; 1\\2 🧀 " + "ö" * 60
    add(sara, name)
    body = calendar(secret=make(sara, "de"), now=NOW)
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    read = icalendar.Calendar.from_ical(body)
    assert str(read.events[0]["SUMMARY"]).endswith(name)
    assert (read["VERSION"], read["X-WR-CALNAME"], read["NAME"]) == ("2.0", read["NAME"], read["NAME"])
    assert read["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert read["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert [event.errors for event in read.events] == [[]]


def test_it_tells_nothing_of_people(sara: Membership) -> None:
    members.introduce(member=sara, name="Sara Rossi")
    add(sara, "Milk")
    body = calendar(secret=make(sara), now=NOW).decode()
    for private in ("Sara", "Rossi", sara.account_id, sara.reference, sara.household_id):
        assert str(private) not in body


def test_an_address_ends_at_once(sara: Membership) -> None:
    luca = join(sara)
    first = make(luca)
    second = make(luca)
    for gone in (first, "", "x" * 43):
        with pytest.raises(NoCalendar):
            calendar(secret=gone, now=NOW)
    assert calendar(secret=second, now=NOW)
    calendar_feed.revoke(member=luca)
    with pytest.raises(NoCalendar):
        calendar(secret=second, now=NOW)
    third = make(luca)
    members.leave(member=luca)
    with pytest.raises(NoCalendar):
        calendar(secret=third, now=NOW)
    assert not CalendarFeed.objects.exists()


def test_many_items_take_few_queries(sara: Membership) -> None:
    for number in range(12):
        add(sara, f"Milk {number}")
    secret = make(sara)
    with CaptureQueriesContext(connections["fridge"]) as queries:
        assert len(events(secret)) == 12
    assert len(queries) == 3


def test_the_address_is_for_programs_without_cookies(sara: Membership) -> None:
    add(sara, "Milk")
    secret = make(sara)
    client = Client()
    client.cookies["packytrace_session"] = "x" * 40
    answer = client.get(f"/calendars/{secret}.ics")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert "Set-Cookie" not in answer.headers
    assert "RateLimit-Remaining" in answer.headers
    assert Client().get(f"/calendars/{secret}x.ics").status_code == 404
    assert Client().post(f"/calendars/{secret}.ics").status_code == 405
