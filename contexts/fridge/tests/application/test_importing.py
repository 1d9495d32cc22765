"""Files that are taken in: read, shown, confirmed, added once, and never half a row."""

import csv
import tracemalloc
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from contexts.fridge.application import importing, items, members, places, reading, table_export
from contexts.fridge.application.errors import FileNotAccepted, ImportAtWork, NoImport
from contexts.fridge.application.households import Membership
from contexts.fridge.application.importing import ImportView, Stage
from contexts.fridge.application.ports import Pack
from contexts.fridge.application.row_values import Meaning, adding_of
from contexts.fridge.application.table_rows import BrokenRow, Row
from contexts.fridge.domain.commands import Use
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.models import FridgeEvent, Import, Item
from contexts.fridge.tests.people import NOW, World, again, alone, at_once, join
from packytrace.errors import DomainError, Kind

pytestmark = pytest.mark.django_db(databases=["fridge"])

GTIN = "09521001000017"


@pytest.fixture
def sara() -> Membership:
    return alone()


def receive(member: Membership, text: str | bytes, **more: Any) -> ImportView:
    content = text if isinstance(text, bytes) else text.encode()
    return importing.receive(
        member=member, source=BytesIO(content), month_first=more.get("month_first", False), now=NOW
    )


def take_in(found: ImportView, *, clock: datetime = NOW, most: int | None = None) -> None:
    importing.take_in(import_id=found.id, clock=lambda: clock, until=NOW + timedelta(hours=1), most=most)


def imported(member: Membership, text: str | bytes, **more: Any) -> ImportView:
    found = receive(member, text, **more)
    importing.confirm(member=member, import_id=found.id, now=NOW)
    take_in(found)
    return importing.import_of(member=member, now=NOW)


def names(member: Membership) -> list[str]:
    return sorted(stored.name for stored in reading.fridge_page(member=member, now=NOW).items)


class TestRows:
    def meant(self, member: Membership, *, month_first: bool = False, **values: str) -> Any:
        meaning = Meaning(member=member, now=NOW, month_first=month_first)
        found = adding_of(Row(number=7, values=values), meaning=meaning)
        if isinstance(found, BrokenRow):
            assert found.number == 7
            assert found.says
            return found.field, found.rule
        return found

    def test_a_full_row(self, sara: Membership) -> None:
        places.add(member=sara, name="Cellar", kind=PlaceKind.PANTRY)
        adding = self.meant(
            again(sara),
            name="Apple juice",
            packs="6",
            quantity="0,75 l",
            date="31.12.2026",
            dateKind="Best before",
            place="cellar",
            price="1,99",
            openedOn="2026-11-20",
        )
        assert (adding.name, adding.packs, adding.per_pack) == (
            "Apple juice",
            6,
            Quantity(Decimal("0.75"), Unit.LITRE),
        )
        assert (adding.printed, adding.date_kind) == (date(2026, 12, 31), DateKind.BEST_BEFORE)
        assert (adding.place.kind, adding.price) == (PlaceKind.PANTRY, Decimal("1.99"))
        assert adding.opened_on == date(2026, 11, 20)

    @pytest.mark.parametrize(
        ("typed", "month_first", "expected"),
        [
            ("2026-12-03", False, date(2026, 12, 3)),
            ("3.12.2026", True, date(2026, 12, 3)),
            ("03/12/2026", False, date(2026, 12, 3)),
            ("12/03/2026", True, date(2026, 12, 3)),
            ("31/12/2026", True, ("date", "no_day")),
            ("3.12.26", False, ("date", "no_day")),
            ("3.12/2026", False, ("date", "no_day")),
            ("2027-02-29", False, ("date", "no_day")),
            ("soon", False, ("date", "no_day")),
            ("1900-01-01", False, ("date", "date_out_of_range")),
            ("9999-12-31", False, ("date", "date_out_of_range")),
        ],
    )
    def test_days(self, sara: Membership, typed: str, month_first: bool, expected: Any) -> None:
        found = self.meant(sara, name="Milk", date=typed, month_first=month_first)
        assert (found if isinstance(found, tuple) else found.printed) == expected

    @pytest.mark.parametrize(
        ("values", "broken"),
        [
            ({}, ("name", "nothing_to_add")),
            ({"name": "x" * 121}, ("name", "too_long")),
            ({"name": "a\x00b"}, ("name", "unreadable_sign")),
            ({"name": "caf\ufffd"}, ("name", "unreadable_sign")),
            ({"name": "Milk", "packs": "0"}, ("packs", "packs_out_of_range")),
            ({"name": "Milk", "packs": "-2"}, ("packs", "no_number")),
            ({"name": "Milk", "packs": "1e9"}, ("packs", "no_number")),
            ({"name": "Milk", "quantity": "0", "unit": "g"}, ("quantity", "no_quantity")),
            ({"name": "Milk", "quantity": "1.2345", "unit": "g"}, ("quantity", "no_quantity")),
            ({"name": "Milk", "quantity": "99999999", "unit": "g"}, ("quantity", "no_quantity")),
            ({"name": "Milk", "quantity": "1.234,5", "unit": "g"}, ("quantity", "no_number")),
            ({"name": "Milk", "quantity": "-1 g"}, ("quantity", "no_number")),
            ({"name": "Milk", "quantity": "3"}, ("unit", "not_in_list")),
            ({"name": "Milk", "quantity": "3 cups"}, ("unit", "not_in_list")),
            ({"name": "Milk", "price": "1 €"}, ("price", "no_number")),
            ({"name": "Milk", "price": "99999999"}, ("price", "price_out_of_range")),
            ({"name": "Milk", "place": "attic"}, ("place", "not_in_list")),
            ({"name": "Milk", "dateKind": "sell by"}, ("dateKind", "not_in_list")),
            ({"name": "Milk", "kind": "stones"}, ("kind", "not_accepted")),
            ({"name": "Milk", "openedOn": "2001-01-01"}, ("openedOn", "opened_before_added")),
            ({"name": "Milk", "openedOn": "2027-01-01"}, ("openedOn", "opened_in_the_future")),
            ({"gtin": "123"}, ("gtin", "no_code")),
            ({"name": "Milk", "lot": "L1"}, ("gtin", "nothing_to_add")),
        ],
    )
    def test_what_is_broken_is_named(
        self,
        sara: Membership,
        world: World,
        monkeypatch: pytest.MonkeyPatch,
        values: dict[str, str],
        broken: tuple[str, str],
    ) -> None:
        class NoCode(DomainError):
            code = "no_code"
            kind = Kind.INVALID

            def __str__(self) -> str:
                return "No code."

        def refuse(**_: object) -> Pack:
            raise NoCode

        monkeypatch.setattr(world, "of_code", refuse)
        assert self.meant(sara, **values) == broken


def test_nothing_is_added_before_the_person_has_agreed(sara: Membership) -> None:
    found = receive(sara, "name;date\nMilk;2026-11-24\n;2026-11-24\nOil;\n")
    assert (found.stage, found.rows, found.broken, found.readable) == (Stage.SHOWN, 3, 1, 2)
    rows = importing.first_rows(member=sara, now=NOW, most=5)
    assert [(number, adding.name) for number, adding in rows] == [(2, "Milk"), (4, "Oil")]
    assert [row.number for row in importing.first_broken_rows(member=sara, now=NOW)] == [3]
    take_in(found)
    assert names(sara) == []
    importing.confirm(member=sara, import_id=found.id, now=NOW)
    take_in(found)
    done = importing.import_of(member=sara, now=NOW)
    assert (done.stage, done.added, done.known) == (Stage.DONE, 2, 0)
    assert names(sara) == ["Milk", "Oil"]


def test_the_same_file_again_adds_nothing(sara: Membership) -> None:
    text = "name\nMilk\nMilk\n"
    assert imported(sara, text).added == 2
    (item, *_) = reading.fridge_page(member=sara, now=NOW).items
    items.act(member=sara, item_ids=[item.item.id], command=Use(), action_id=UUID(int=1), now=NOW)
    done = imported(sara, text)
    assert (done.added, done.known, FridgeEvent.objects.count()) == (0, 2, 3)
    assert imported(alone(), text).added == 2, "in another household it is another file"


def test_an_import_that_was_killed_goes_on(sara: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    found = receive(sara, "name\n" + "\n".join(f"Food {number}" for number in range(25)))
    importing.confirm(member=sara, import_id=found.id, now=NOW)
    monkeypatch.setattr(importing, "_BATCH", 10)
    add, calls = items.add, []

    def dying(**asked: Any) -> Any:
        calls.append(asked)
        if len(calls) == 16:
            raise RuntimeError("killed")
        return add(**asked)

    monkeypatch.setattr(items, "add", dying)
    importing.take_in_all(clock=lambda: NOW, until=NOW + timedelta(hours=1))
    assert (Item.objects.count(), importing.import_of(member=sara, now=NOW).added) == (10, 10)
    importing.take_in_all(clock=lambda: NOW, until=NOW + timedelta(hours=1))
    done = importing.import_of(member=sara, now=NOW)
    assert (done.stage, done.added, done.done_rows, Item.objects.count()) == (Stage.DONE, 25, 25, 25)


def test_a_serial_that_is_at_home_is_told_and_left_out(sara: Membership, world: World) -> None:
    world.codes[GTIN] = Pack(gtin=GTIN, lot=None, serial=None, use_by=None, best_before=None, net_weight=None)
    done = imported(sara, f"gtin;lot;serial\n{GTIN};L1;S1\n{GTIN};L1;S1\n{GTIN};L1;S2\n")
    assert (done.added, done.not_added, done.known) == (2, ((3, "already_at_home"),), 0)


def test_who_has_left_imports_nothing_more(sara: Membership) -> None:
    luca = join(sara)
    found = receive(luca, "name\nMilk\n")
    importing.confirm(member=luca, import_id=found.id, now=NOW)
    members.leave(member=luca)
    take_in(found)
    assert Import.objects.get().stopped == "no_longer_member"
    assert Item.objects.count() == 0
    with pytest.raises(NoImport):
        importing.import_of(member=alone(), now=NOW)


def test_another_file_waits_for_the_one_at_work(sara: Membership) -> None:
    found = receive(sara, "name\nMilk\nOil")
    importing.confirm(member=sara, import_id=found.id, now=NOW)
    take_in(found, most=1)
    with pytest.raises(ImportAtWork):
        receive(sara, "name\nSalt")
    with pytest.raises(ImportAtWork):
        importing.forget(member=sara)
    take_in(found)
    assert receive(sara, "name\nSalt").stage is Stage.SHOWN
    importing.forget(member=sara)
    with pytest.raises(NoImport):
        importing.import_of(member=sara, now=NOW)


def test_a_file_is_not_kept_for_long(sara: Membership) -> None:
    receive(sara, "name\nMilk")
    assert importing.forget_old(now=NOW + importing.KEPT - timedelta(seconds=1)) == 0
    assert importing.forget_old(now=NOW + importing.KEPT) == 1


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        ("name\nMüsli".encode("utf-8-sig"), "utf-8"),
        ("name\nMüsli".encode("utf-16"), "utf-16"),
        ("name\nMüsli".encode("windows-1252"), "windows-1252"),
        (b'[{"name": "M\\u00fcsli"}]', "utf-8"),
    ],
)
def test_encodings(sara: Membership, content: bytes, read_as: str) -> None:
    done = imported(sara, content)
    assert (done.read_as, done.added, names(sara)) == (read_as, 1, ["Müsli"])


@pytest.mark.parametrize("content", [b"", b"name\n", b"a,b\n1,2", b"\x00" * 100, b"[", b"{}"])
def test_a_file_without_sense_is_refused(sara: Membership, content: bytes) -> None:
    with pytest.raises(FileNotAccepted) as refused:
        receive(sara, content)
    assert str(refused.value)
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused(sara: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LARGEST_FILE", 2 * 1024 * 1024)
    with pytest.raises(FileNotAccepted, match="2 MB"):
        receive(sara, b"name\n" + b"Milk\n" * 500_000)
    monkeypatch.setattr(importing, "MOST_ROWS", 10)
    with pytest.raises(FileNotAccepted, match="10 rows"):
        receive(sara, b"name\n" + b"Milk\n" * 11)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The actions of rows that would have been added."""
    actions: list[UUID] = []

    def add(*, action_id: UUID, **_: object) -> Any:
        actions.append(action_id)
        return SimpleNamespace(repeated=False)

    monkeypatch.setattr(items, "add", add)
    return actions


def every_tenth_broken(rows: int) -> bytes:
    lines = (
        f"Broken {number};2026-13-01" if number % 10 == 9 else f"Food {number};2026-12-24"
        for number in range(rows)
    )
    return ("name;date\n" + "\n".join(lines)).encode()


def test_a_hundred_thousand_rows_with_every_tenth_broken(sara: Membership, added: list[UUID]) -> None:
    """All of it but the adding itself, which is each row's own action."""
    found = receive(sara, every_tenth_broken(100_000))
    assert (found.stage, found.rows, found.checked_rows) == (Stage.CHECKING, 100_000, 0)
    with pytest.raises(NoImport):
        importing.confirm(member=sara, import_id=found.id, now=NOW)
    take_in(found, most=2_000)
    assert importing.import_of(member=sara, now=NOW).checked_rows == 2_000
    take_in(found)
    checked = importing.import_of(member=sara, now=NOW)
    assert (checked.stage, checked.checked_rows, checked.broken) == (Stage.SHOWN, 100_000, 10_000)
    importing.confirm(member=sara, import_id=found.id, now=NOW)
    take_in(found, most=1_000)
    # As if whoever went on with it had been killed just there.
    Import.objects.update(done_to=95_001, done_rows=95_000, added=85_500)
    take_in(found)
    done = importing.import_of(member=sara, now=NOW)
    assert (done.stage, done.done_rows, done.added) == (Stage.DONE, 100_000, 90_000)
    assert len(set(added)) == 900 + 4_500
    told = importing.broken_rows(member=sara, now=NOW, after=90_001)
    assert [row.number for row in told] == [number + 2 for number in range(90_009, 100_000, 10)]


def test_more_rows_take_no_more_memory(sara: Membership, added: list[UUID]) -> None:
    """Beyond the file itself, which is kept compressed."""
    peaks = []
    for rows in (3_000, 9_000):
        content = every_tenth_broken(rows)
        found = receive(sara, content)
        tracemalloc.start()
        take_in(found, most=rows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < len(content) / 2


@pytest.mark.django_db(databases=["fridge"], transaction=True)
def test_ten_workers_add_every_row_once() -> None:
    sara = alone()
    found = receive(sara, "name\n" + "\n".join(f"Food {number}" for number in range(150)))
    at_once(*[lambda: importing.confirm(member=sara, import_id=found.id, now=NOW) for _ in range(10)])
    at_once(*[lambda: take_in(found) for _ in range(10)])
    take_in(found)
    done = importing.import_of(member=sara, now=NOW)
    assert (done.stage, done.added, Item.objects.count()) == (Stage.DONE, 150, 150)


def test_what_is_taken_out_comes_in_again(sara: Membership, world: World) -> None:
    world.codes[GTIN] = Pack(gtin=GTIN, lot=None, serial=None, use_by=None, best_before=None, net_weight=None)
    places.add(member=sara, name="Cellar; left", kind=PlaceKind.PANTRY)
    text = (
        "name;gtin;lot;serial;packs;quantity;unit;date;dateKind;place;openedOn;price\n"
        f";{GTIN};L/1;=S1;;;;2026-11-24;use_by;fridge;;0,99\n"
        '"=1+1; ""quoted"", @sum";;;;6;0,75;l;2027-01-31;best_before;"cellar; left";;\n'
        "Soup;;;;1;400;g;;;fridge;2026-11-20;\n"
        "Peas;;;;1;;;;;freezer;;\n"
    )
    sara = again(sara)
    assert imported(sara, text).added == 4
    for pieces_of in (table_export.csv_of, table_export.json_of):
        content = b"".join(pieces_of(member=sara, now=NOW))
        luca = alone()
        places.add(member=luca, name="Cellar; left", kind=PlaceKind.PANTRY)
        done = imported(luca := again(luca), content)
        assert (done.added, done.broken) == (4, 0)
        assert b"".join(pieces_of(member=luca, now=NOW)) == content


def test_no_cell_of_an_export_is_a_formula(sara: Membership) -> None:
    evil = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", "a;=1", 'a";=1', "a,=1", " =1"]
    for number, name in enumerate(evil):
        items.add(member=sara, adding=items.Adding(name=name), action_id=UUID(int=number), now=NOW)
    content = b"".join(table_export.csv_of(member=sara, now=NOW)).decode("utf-8-sig")
    for line in content.splitlines():
        assert line.startswith('"')
        assert line.endswith('"')
        for delimiter in ",;\t":
            for cell in next(csv.reader([line], delimiter=delimiter)):
                assert not cell.lstrip('"').startswith(("=", "+", "-", "@", "\uff1d")), (delimiter, cell)
