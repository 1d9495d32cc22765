"""From what a scanner reads to what lies in the fridge, through both contexts, in one tap."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from contexts.fridge.application import households, items
from contexts.fridge.application.errors import AlreadyAtHome
from contexts.fridge.application.items import Adding
from contexts.fridge.application.refusals import DateNotPossible
from contexts.fridge.domain.events import Source
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.domain.quantity import Quantity, Unit
from packytrace.errors import DomainError
from tests import parts

pytestmark = pytest.mark.django_db(databases=["fridge", "passport", "identity"])

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
G = "09521234543213"
GS = "\x1d"
LINK = f"https://id.example.com/01/{G}"
USE_BY, BEST = DateKind.USE_BY, DateKind.BEST_BEFORE


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What is to lie in the fridge."""

    gtin: str = G
    lot: str | None = None
    serial: str | None = None
    printed: str | None = None
    kind: DateKind | None = None
    grams: str | None = None
    """None: the content of the pack is not known, and packs are counted."""


VECTORS: dict[str, Pack] = {
    # Weights, 310n: six digits, n of them behind the point, in kilograms.
    f"{LINK}?3100=000012": Pack(grams="12000"),
    f"{LINK}?3101=000012": Pack(grams="1200"),
    f"{LINK}?3102=000012": Pack(grams="120"),
    f"{LINK}?3103=000012": Pack(grams="12"),
    f"{LINK}?3104=000012": Pack(grams="1.2"),
    f"{LINK}?3105=000012": Pack(grams="0.12"),
    f"{LINK}?3105=000001": Pack(grams="0.01"),
    f"{LINK}?3103=000195": Pack(grams="195"),
    f"{LINK}?3103=999999": Pack(grams="999999"),
    f"{LINK}?3100=001000": Pack(grams="1000000"),
    f"{LINK}?3103=000000": Pack(),
    f"{LINK}?3102=123456": Pack(),  # more than anything at home weighs
    f"{LINK}?3100=999999": Pack(),
    f"(01){G}(3103)000450": Pack(grams="450"),
    f"(01){G}(3105)012345": Pack(grams="123.45"),
    f"01{G}3104001500{GS}10A": Pack(lot="A", grams="150"),
    f"]d201{G}310300125017261124": Pack(grams="1250", printed="2026-11-24", kind=USE_BY),
    f"]C101{G}3102000075": Pack(grams="750"),
    f"^01{G}3101000003^21S": Pack(serial="S", grams="300"),
    # Dates, YYMMDD: a day of 00 is the month's last.
    f"{LINK}?17=261124": Pack(printed="2026-11-24", kind=USE_BY),
    f"{LINK}?15=261124": Pack(printed="2026-11-24", kind=BEST),
    f"{LINK}?17=261100": Pack(printed="2026-11-30", kind=USE_BY),
    f"{LINK}?15=261200": Pack(printed="2026-12-31", kind=BEST),
    f"{LINK}?17=270200": Pack(printed="2027-02-28", kind=USE_BY),
    f"{LINK}?17=280200": Pack(printed="2028-02-29", kind=USE_BY),
    f"{LINK}?17=280229": Pack(printed="2028-02-29", kind=USE_BY),
    f"{LINK}?15=270430": Pack(printed="2027-04-30", kind=BEST),
    f"{LINK}?15=270400": Pack(printed="2027-04-30", kind=BEST),
    f"(01){G}(15)270100": Pack(printed="2027-01-31", kind=BEST),
    f"(01){G}(17)270600": Pack(printed="2027-06-30", kind=USE_BY),
    f"]d201{G}17270900": Pack(printed="2027-09-30", kind=USE_BY),
    # The century is the nearest one: 50 years ahead, 49 behind.
    f"{LINK}?17=000101": Pack(printed="2000-01-01", kind=USE_BY),
    f"{LINK}?17=251231": Pack(printed="2025-12-31", kind=USE_BY),
    f"{LINK}?15=300101": Pack(printed="2030-01-01", kind=BEST),
    f"{LINK}?15=750101": Pack(printed="2075-01-01", kind=BEST),
    f"{LINK}?17=761231": Pack(printed="2076-12-31", kind=USE_BY),
    f"{LINK}?15=760200": Pack(printed="2076-02-29", kind=BEST),
    # Both dates: the one about safety counts, whichever comes first.
    f"{LINK}?15=261120&17=261124": Pack(printed="2026-11-24", kind=USE_BY),
    f"{LINK}?17=261124&15=261120": Pack(printed="2026-11-24", kind=USE_BY),
    f"{LINK}?15=261130&17=261124": Pack(printed="2026-11-24", kind=USE_BY),
    f"(01){G}(15)261130(17)261124": Pack(printed="2026-11-24", kind=USE_BY),
    f"]d201{G}1526113017261124": Pack(printed="2026-11-24", kind=USE_BY),
    # Other dates are none that food is eaten by.
    f"{LINK}?11=261001": Pack(),
    f"{LINK}?13=261001&17=261124": Pack(printed="2026-11-24", kind=USE_BY),
    f"{LINK}?16=261001": Pack(),
    f"(01){G}(11)261001(15)261124": Pack(printed="2026-11-24", kind=BEST),
    # Lots and serials, with every kind of sign that GS1 has.
    f"{LINK}/10/ABC-123": Pack(lot="ABC-123"),
    f"{LINK}/10/A%2FB": Pack(lot="A/B"),
    f"{LINK}/10/A%25B": Pack(lot="A%B"),
    f"{LINK}/10/A+B": Pack(lot="A+B"),
    f"{LINK}/10/%22%26%3C%3E%3F": Pack(lot='"&<>?'),
    f"{LINK}/10/(1)!*',.:;=_": Pack(lot="(1)!*',.:;=_"),
    f"{LINK}/21/=1+1": Pack(serial="=1+1"),
    f"{LINK}/21/12345678901234567890": Pack(serial="12345678901234567890"),
    f"{LINK}/10/LOT/21/SER": Pack(lot="LOT", serial="SER"),
    f"{LINK}/22/2A/10/LOT/21/SER": Pack(lot="LOT", serial="SER"),
    f"{LINK}/10/0": Pack(lot="0"),
    f"(01){G}(10)lowercase": Pack(lot="lowercase"),
    f"01{G}10A/B+C{GS}21x%y": Pack(lot="A/B+C", serial="x%y"),
    f"01{G}10(1){GS}21(2)": Pack(lot="(1)", serial="(2)"),
    f']d201{G}10<a&b>{GS}21"q"': Pack(lot="<a&b>", serial='"q"'),
    f"01{G}21S{GS}10L{GS}17261124": Pack(lot="L", serial="S", printed="2026-11-24", kind=USE_BY),
    # Everything at once, in every form that a reader sends.
    f"HTTPS://Shop.example:8443/en/p/01/{G}/10/L7/21/S1?17=261124&3103=000450&utm=x#top": Pack(
        lot="L7", serial="S1", printed="2026-11-24", kind=USE_BY, grams="450"
    ),
    f"{LINK}/10/L7/21/S2?17=261124;3103=000450": Pack(
        lot="L7", serial="S2", printed="2026-11-24", kind=USE_BY, grams="450"
    ),
    f"(01){G}(10)L7(21)S3(17)261124(3103)000450": Pack(
        lot="L7", serial="S3", printed="2026-11-24", kind=USE_BY, grams="450"
    ),
    f"01{G}17261124310300045010L7{GS}21S4": Pack(
        lot="L7", serial="S4", printed="2026-11-24", kind=USE_BY, grams="450"
    ),
    f"{GS}01{G}10L7{GS}17261124310300045021S5": Pack(
        lot="L7", serial="S5", printed="2026-11-24", kind=USE_BY, grams="450"
    ),
    f"]d2{GS}01{G}10L7{GS}21S6{GS}17261124": Pack(lot="L7", serial="S6", printed="2026-11-24", kind=USE_BY),
    f"]d201{G}10L7{GS}21S7{GS}15261124": Pack(lot="L7", serial="S7", printed="2026-11-24", kind=BEST),
    f"]Q301{G}10L7^21S8^15261124": Pack(lot="L7", serial="S8", printed="2026-11-24", kind=BEST),
    f"]e001{G}3103001234": Pack(grams="1234"),
    f"]J101{G}17261124": Pack(printed="2026-11-24", kind=USE_BY),
    # A number alone, in each of its lengths.
    G: Pack(),
    "9521234543213": Pack(),
    "952 1234 543213": Pack(),
    "96385074": Pack(gtin="00000096385074"),
    "036000291452": Pack(gtin="00036000291452"),
}


def added(code: str) -> object:
    """What lies in the fridge of somebody new after one tap."""
    member = households.of(account_id=uuid4(), now=NOW, zone="Europe/Rome")
    done = items.add(member=member, adding=Adding(code=code), action_id=uuid4(), now=NOW)
    (stored,) = done.items
    item = stored.item
    number_alone = code.replace(" ", "").isdecimal() and len(code) <= 15
    source = Source.PRODUCT if number_alone else Source.SCAN
    assert (item.source, item.packs, item.household_id) == (source, 1, member.household_id)
    weight = item.per_pack
    assert item.left == (weight.small if weight else Quantity(Decimal(1), Unit.PACK))
    return Pack(
        gtin=item.gtin or "",
        lot=item.lot,
        serial=item.serial,
        printed=item.facts.printed.isoformat() if item.facts.printed else None,
        kind=item.facts.date_kind,
        grams=f"{weight.in_unit(Unit.GRAM).amount.normalize():f}" if weight else None,
    )


def test_every_code_is_the_item_it_says() -> None:
    assert len(VECTORS) >= 60
    assert {code: added(code) for code in VECTORS} == VECTORS


@pytest.mark.parametrize(
    "code",
    [
        f"{LINK}?17=261301",
        f"{LINK}?17=270229",
        f"{LINK}?15=26110",
        f"{LINK}?3103=45",
        f"{LINK}?3106=000450",
        f"{LINK}/10/123456789012345678901",
        f"{LINK}/21/S/10/L",
        f"(01){G}(10)",
        f"]d201{G}1726112",
        "9521234543214",
        "https://shop.example/yogurt",
        "yogurt",
        "",
        f"{LINK}/10/%E2%82%AC",
    ],
)
def test_a_code_that_is_none_adds_nothing(code: str) -> None:
    with pytest.raises(DomainError) as refused:
        added(code)
    assert str(refused.value)


def test_a_date_that_no_pack_at_home_has_is_refused() -> None:
    """By GS1's window 77 is 1977."""
    with pytest.raises(DateNotPossible):
        added(f"{LINK}?17=770101")


def test_vectors_of_the_standard() -> None:
    """What GS1 accepts of a trade item lies in the fridge with lot and serial; what it refuses does not."""
    tried = {True: 0, False: 0}
    for vector in json.loads(parts.shared("gs1", "digital-link-vectors.json").read_text(encoding="utf-8")):
        is_trade_item = vector["accept"] and vector["element_string"].startswith("^01")
        tried[is_trade_item] += 1
        if not is_trade_item:
            with pytest.raises(DomainError):
                added(vector["uri"])
            continue
        pack = added(vector["uri"])
        assert isinstance(pack, Pack)
        assert vector["element_string"].startswith(f"^01{pack.gtin}"), vector
        for ai, value in (("10", pack.lot), ("21", pack.serial)):
            assert value is None or f"{ai}{value}" in vector["element_string"], vector
    assert min(tried.values()) > 0


def test_the_same_pack_is_not_added_twice_by_another_code() -> None:
    member = households.of(account_id=uuid4(), now=NOW)
    first = items.add(member=member, adding=Adding(code=f"{LINK}/21/S1"), action_id=uuid4(), now=NOW).items[0]
    with pytest.raises(AlreadyAtHome) as asked:
        items.add(member=member, adding=Adding(code=f"]d201{G}21S1"), action_id=uuid4(), now=NOW)
    assert asked.value.item_id == first.item.id


def test_dates_are_read_on_the_households_day() -> None:
    """At midnight of a new year in Auckland the window has moved; in Los Angeles it has not."""
    new_year = datetime(2026, 12, 31, 12, tzinfo=UTC)
    days = {}
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        member = households.of(account_id=uuid4(), now=new_year, zone=zone)
        adding = Adding(code=f"{LINK}?15=770101")
        try:
            done = items.add(member=member, adding=adding, action_id=uuid4(), now=new_year)
            days[zone] = done.items[0].item.facts.printed
        except DateNotPossible:
            days[zone] = None
    assert days == {"Pacific/Auckland": date(2077, 1, 1), "America/Los_Angeles": None}
