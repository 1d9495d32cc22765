"""Element strings: GS1's own vectors, both forms by their rules, and the laws for any pack and any text."""

import json
import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain import refusals
from contexts.passport.domain.application_identifiers import IDENTIFIERS
from contexts.passport.domain.digital_link import LONGEST_CODE, link_to, parse_code, parse_link
from contexts.passport.domain.gtin import check_digit
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem
from tests import parts

TODAY = date(2026, 5, 1)
NUMBER = "09521234543213"


def read(text: str) -> ScannedItem:
    return parse_code(text=text, today=TODAY)


def test_vectors_of_the_standard_say_the_same_as_their_links() -> None:
    vectors = parts.shared("gs1", "digital-link-vectors.json")
    compared = 0
    for vector in json.loads(vectors.read_text(encoding="utf-8")):
        if vector["accept"] and vector["element_string"].startswith("^01"):
            link, elements = parse_link(uri=vector["uri"], today=TODAY), read(vector["element_string"])
            assert facts(elements) == facts(link), vector
            compared += 1
    assert compared > 5


def facts(item: ScannedItem) -> tuple[object, ...]:
    return (
        item.gtin,
        item.cpv,
        item.lot,
        item.serial,
        item.expiry,
        item.best_before,
        item.net_weight,
    )


@pytest.mark.parametrize(
    "text",
    [
        f"(01){NUMBER}(10)ABC(17)271231",
        f"(17)271231(10)ABC(01){NUMBER}",
        f"  (01) {NUMBER} (10) ABC (17) 271231\n",
        "(01) 0 9521234 543213 (10)ABC(17)271231",
        f"\x1d01{NUMBER}10ABC\x1d17271231",
        f"^01{NUMBER}1727123110ABC",
        f"]d201{NUMBER}10ABC\x1d17271231",
        f"]C101{NUMBER}17271231\x1d10ABC\x1d",
        f"01{NUMBER}10ABC\x1d17271231",
    ],
)
def test_a_pack_in_every_form(text: str) -> None:
    item = read(text)
    assert (item.gtin, item.lot, item.expiry) == (NUMBER, "ABC", date(2027, 12, 31))
    assert item.raw == text.strip(" \n")


def test_the_digits_of_a_weight_are_no_identifiers() -> None:
    assert read(f"^01{NUMBER}3103000195392101\x1d21S").net_weight == Decimal("0.195")


@pytest.mark.parametrize(
    ("text", "refusal", "ai"),
    [
        ("(01)", refusals.AiEmpty, "01"),
        ("(01)9521234543213", refusals.GtinLengthInLink, "01"),
        ("(01)09521234543214", refusals.GtinCheckDigit, "01"),
        ("(01)00000000000000", refusals.GtinZero, "01"),
        ("(10)ABC", refusals.ElementsWithoutGtin, None),
        ("(00)006141411234567890", refusals.KeyNotRead, "00"),
        ("(03)09521234543213", refusals.ElementsWithoutGtin, None),
        (f"(01){NUMBER}(01){NUMBER}", refusals.AiRepeated, "01"),
        (f"(01){NUMBER}(10)A(10)B", refusals.AiRepeated, "10"),
        (f"(01){NUMBER}(10)A(235)B", refusals.QualifierOrder, "10"),
        (f"(01){NUMBER}(37)5", refusals.AiNotWithGtin, "37"),
        (f"(01){NUMBER}(89)5", refusals.UnknownAi, "89"),
        (f"(01){NUMBER}(17)271331", refusals.AiDate, "17"),
        (f"(01){NUMBER}(17)2712", refusals.AiValue, "17"),
        (f"(01){NUMBER}(10)A B", refusals.AiValue, "10"),
        (f"(01){NUMBER}(10)A%2FB", None, None),
        (f"(01){NUMBER}(10)A(B", refusals.ElementsMalformed, None),
        (f"(01){NUMBER}(10)A)B", refusals.ElementsMalformed, None),
        (f"(01){NUMBER}(1)A", refusals.ElementsMalformed, None),
        (f"(01){NUMBER}(10)(17)271231", refusals.AiEmpty, "10"),
        (f"(01{NUMBER}", refusals.ElementsMalformed, None),
        (f"x(01){NUMBER}", refusals.NotACode, None),
        (f"^01{NUMBER}89A", refusals.ElementsMalformed, None),
        (f"^01{NUMBER}8955", refusals.UnknownAi, "8955"),
        (f"^01{NUMBER}172712", refusals.AiValue, "17"),
        (f"^01{NUMBER}\x1d\x1d10A", refusals.ElementsMalformed, None),
        ("]d2", refusals.ElementsWithoutGtin, None),
        (f"01{NUMBER}10ABC", refusals.NotACode, None),
        (f"(01){NUMBER}(10){'A' * LONGEST_CODE}", refusals.CodeTooLong, None),
    ],
)
def test_refused(text: str, refusal: type[CodeRefused] | None, ai: str | None) -> None:
    if refusal is None:
        assert read(text).lot == "A%2FB"  # nothing is percent-encoded here
        return
    with pytest.raises(refusal) as caught:
        read(text)
    assert (type(caught.value), caught.value.ai) == (refusal, ai)


def test_an_identifier_is_never_the_beginning_of_another() -> None:
    known = IDENTIFIERS
    assert [(ai, longer) for ai in known for longer in known if ai != longer and longer.startswith(ai)] == []


characters = "!\"%&'*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
values = st.none() | st.text(alphabet=characters, min_size=1, max_size=20)
days = st.none() | st.dates(min_value=date(1977, 1, 1), max_value=date(2076, 12, 31))
packs = st.builds(
    ScannedItem,
    gtin=st.text("0123456789", min_size=13, max_size=13)
    .filter(lambda body: body[1:].strip("0"))
    .map(lambda body: body + check_digit(body)),
    cpv=values,
    lot=values,
    serial=values,
    expiry=days,
    best_before=days,
    raw=st.just(""),
)


def elements(item: ScannedItem) -> list[tuple[str, str]]:
    said = {"01": item.gtin, "22": item.cpv, "10": item.lot, "21": item.serial}
    dates = {"17": item.expiry, "15": item.best_before}
    return [(ai, value) for ai, value in said.items() if value] + [
        (ai, f"{day:%y%m%d}") for ai, day in dates.items() if day
    ]


@given(pack=packs, shuffled=st.randoms())
def test_both_forms_say_what_the_link_says_in_any_order(pack: ScannedItem, shuffled: random.Random) -> None:
    said = elements(pack)
    shuffled.shuffle(said)
    link = parse_link(uri=link_to(pack, stem="https://id.example.com"), today=TODAY)
    assert facts(read("".join(f"({ai}){value}" for ai, value in said))) == facts(link)
    assert facts(read("\x1d" + "\x1d".join(ai + value for ai, value in said))) == facts(link)


pieces = st.sampled_from(
    [
        "(01)",
        NUMBER,
        "(10)",
        "A",
        "(17)",
        "271231",
        "(",
        ")",
        " ",
        "\x1d",
        "^",
        "]d2",
        "01",
        "10",
        "3103",
        "é",
        "٣",
    ]
)


@given(text=st.text() | st.lists(pieces, max_size=12).map("".join))
def test_no_text_crashes(text: str) -> None:
    try:
        item = read(text)
    except CodeRefused:
        return
    assert len(item.gtin) == 14
