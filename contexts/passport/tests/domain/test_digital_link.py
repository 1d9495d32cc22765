"""The Digital Link parser: GS1's own vectors, every rule by its refusal, and the laws for any text."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain import refusals
from contexts.passport.domain.application_identifiers import IDENTIFIERS, KEY_QUALIFIERS
from contexts.passport.domain.digital_link import (
    LONGEST_CODE,
    Identified,
    identify,
    link_to,
    parse_code,
    parse_link,
    parse_uri,
)
from contexts.passport.domain.gtin import check_digit
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem
from tests import parts

TODAY = date(2026, 5, 1)
GTIN = "09520123456788"


def read(path_and_query: str) -> ScannedItem:
    return parse_link(uri=f"https://id.example.com{path_and_query}", today=TODAY)


def said(code: Identified) -> dict[str, str]:
    return {code.key: code.value, **dict(code.qualifiers), **dict(code.attributes)}


def test_vectors_of_the_standard() -> None:
    vectors = parts.shared("gs1", "digital-link-vectors.json")
    verdicts = {True: 0, False: 0}
    for vector in json.loads(vectors.read_text(encoding="utf-8")):
        verdicts[vector["accept"]] += 1
        if not vector["accept"]:
            with pytest.raises(CodeRefused):
                parse_uri(vector["uri"], today=TODAY)
            continue
        link = parse_uri(vector["uri"], today=TODAY)
        elements = identify(vector["element_string"], today=TODAY)
        assert said(link) == said(elements), vector
    assert min(verdicts.values()) >= 5


def test_everything_that_a_pack_can_say() -> None:
    uri = (
        "HTTPS://Brand.example:8443/en/food/01/09520123456788/22/2A/10/ABC%2F1/21/12+3"
        "?17=260400&3103=000195&utm_source=pack;15=260331&flag#top"
    )
    assert parse_link(uri=uri, today=TODAY) == ScannedItem(
        gtin=GTIN,
        cpv="2A",
        lot="ABC/1",
        serial="12+3",
        expiry=date(2026, 4, 30),
        best_before=date(2026, 3, 31),
        net_weight=Decimal("0.195"),
        raw=uri,
    )


@pytest.mark.parametrize(
    ("path", "gtin"),
    [
        (f"/01/{GTIN}", GTIN),
        (f"/01/12312312312333/01/{GTIN}", GTIN),
        (f"/8004/ABC/01/{GTIN}/10/01", GTIN),
        (f"/01/faux/01/{GTIN}/21/01", GTIN),
        (f"/01/{GTIN}/235/TPX", GTIN),
        (f"/01/{GTIN}?", GTIN),
        (f"/01/{GTIN}?&&;99=A;;&", GTIN),
        (f"/01/{GTIN}?other=%FF%00&%31%37=x&17a=1", GTIN),
        (f"/01/{GTIN}?414=9520123456788&422=616&8008=26040112", GTIN),
        ("/01/0952012345678%38", GTIN),
    ],
)
def test_accepted(path: str, gtin: str) -> None:
    assert read(path).gtin == gtin


@pytest.mark.parametrize(
    ("path", "refusal", "ai"),
    [
        ("", refusals.NotACode, None),
        ("/", refusals.LinkWithoutKey, None),
        ("/products/12", refusals.LinkWithoutKey, None),
        (f"/01/{GTIN}/", refusals.LinkWithoutKey, None),
        (f"/01/{GTIN}/10", refusals.LinkWithoutKey, None),
        (f"/gtin/{GTIN}", refusals.LinkWithoutKey, None),
        ("/00/006141411234567890", refusals.KeyNotRead, "00"),
        (f"/01/{GTIN}/8004/9520614141234567", refusals.KeyNotRead, "8004"),
        ("/01/", refusals.AiEmpty, "01"),
        ("/01/9520123456788", refusals.GtinLengthInLink, "01"),
        ("/01/95201234567881", refusals.GtinCheckDigit, "01"),
        ("/01/0952012345678X", refusals.GtinLength, "01"),
        ("/01/00000000000000", refusals.GtinZero, "01"),
        (f"/01/{GTIN}/89/A", refusals.UnknownAi, "89"),
        (f"/01/{GTIN}?89=A", refusals.UnknownAi, "89"),
        (f"/01/{GTIN}?999=A", refusals.UnknownAi, "999"),
        (f"/01/{GTIN}?3106=000195", refusals.UnknownAi, "3106"),
        (f"/01/{GTIN}/17/260401", refusals.AttributeInPath, "17"),
        (f"/01/{GTIN}/10/A/99/B", refusals.AttributeInPath, "99"),
        (f"/01/{GTIN}?10=A", refusals.QualifierInQuery, "10"),
        (f"/01/{GTIN}?21=A", refusals.QualifierInQuery, "21"),
        (f"/01/{GTIN}/235/A?10=B", refusals.QualifierInQuery, "10"),
        (f"/01/{GTIN}?37=5", refusals.AiNotWithGtin, "37"),
        (f"/01/{GTIN}?255=9520123456788", refusals.AiNotWithGtin, "255"),
        (f"/01/{GTIN}/21/A/10/B", refusals.QualifierOrder, "21"),
        (f"/01/{GTIN}/10/A/22/B", refusals.QualifierOrder, "10"),
        (f"/01/{GTIN}/10/A/235/B", refusals.QualifierOrder, "10"),
        (f"/01/{GTIN}/10/A/10/A", refusals.AiRepeated, "10"),
        (f"/01/{GTIN}?99=A&99=A", refusals.AiRepeated, "99"),
        (f"/01/{GTIN}?17=260401;17=260401", refusals.AiRepeated, "17"),
        (f"/01/{GTIN}?01={GTIN}", refusals.AiRepeated, "01"),
        (f"/01/{GTIN}/10/A?10=A", refusals.AiRepeated, "10"),
        (f"/01/{GTIN}?3102=000195&3103=000195", refusals.AiRepeated, "310n"),
        (f"/01/{GTIN}/10//21/A", refusals.AiEmpty, "10"),
        (f"/01/{GTIN}?17=", refusals.AiEmpty, "17"),
        (f"/01/{GTIN}?17", refusals.AiEmpty, "17"),
        (f"/01/{GTIN}/10/{'A' * 21}", refusals.AiValue, "10"),
        (f"/01/{GTIN}/21/A%00B", refusals.AiValue, "21"),
        (f"/01/{GTIN}/21/A%C3%A9", refusals.AiValue, "21"),
        (f"/01/{GTIN}/21/A%FF", refusals.AiValue, "21"),
        (f"/01/{GTIN}/21/A%20B", refusals.AiValue, "21"),
        (f"/01/{GTIN}/21/A@B", refusals.AiValue, "21"),
        (f"/01/{GTIN}?98=XYZ+987", refusals.AiValue, "98"),
        (f"/01/{GTIN}?3103=195", refusals.AiValue, "3103"),
        (f"/01/{GTIN}?17=2604", refusals.AiValue, "17"),
        (f"/01/{GTIN}?17=260431", refusals.AiDate, "17"),
        (f"/01/{GTIN}?15=261301", refusals.AiDate, "15"),
        (f"/01/{GTIN}?11=260001", refusals.AiDate, "11"),
        (f"/01/{GTIN}?13=250229", refusals.AiDate, "13"),
        (f"/01/{GTIN}?16=260000", refusals.AiDate, "16"),
        (f"/01/{GTIN}>bad", refusals.LinkMalformed, None),
        (f"/01/{GTIN}/10/A%2", refusals.LinkMalformed, None),
        (f"/01/{GTIN}/10/A%4gB", refusals.LinkMalformed, None),
        (f"/01/{GTIN}/10/é", refusals.LinkMalformed, None),
        (f"/01/{GTIN}/10/A B", refusals.LinkMalformed, None),
        (f"/01/{GTIN}?x={'A' * LONGEST_CODE}", refusals.CodeTooLong, None),
    ],
)
def test_refused(path: str, refusal: type[CodeRefused], ai: str | None) -> None:
    with pytest.raises(refusal) as caught:
        read(path)
    assert type(caught.value) is refusal
    assert caught.value.ai == ai
    assert caught.value.remedy in str(caught.value)
    assert "%(" not in str(caught.value)


@pytest.mark.parametrize(
    "uri",
    [
        f"ftp://id.example.com/01/{GTIN}",
        f"https:///01/{GTIN}",
        f"https://someone@id.example.com/01/{GTIN}",
        f"https://id_x.example/01/{GTIN}",
        f"//id.example.com/01/{GTIN}",
    ],
)
def test_other_schemes_and_hosts_are_no_codes(uri: str) -> None:
    with pytest.raises(refusals.NotACode):
        parse_link(uri=uri, today=TODAY)


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("9520123456788", GTIN),
        (" 9 520123-456788\n", GTIN),
        ("96385074", "00000096385074"),
        (f"\thttps://id.example.com/01/{GTIN}/10/A ", GTIN),
    ],
)
def test_codes_as_people_enter_them(text: str, gtin: str) -> None:
    item = parse_code(text=text, today=TODAY)
    assert item.gtin == gtin
    assert item.raw == text.strip()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", refusals.NotACode),
        ("muesli", refusals.NotACode),
        (f"id.example.com/01/{GTIN}", refusals.NotACode),
        ("9520123456789", refusals.GtinCheckDigit),
        ("12345", refusals.GtinLength),
        ("0000000000000", refusals.GtinZero),
        ("9" * (LONGEST_CODE + 1), refusals.CodeTooLong),
        ("https://", refusals.NotACode),
    ],
)
def test_codes_that_people_enter_wrongly(text: str, refusal: type[CodeRefused]) -> None:
    with pytest.raises(refusal):
        parse_code(text=text, today=TODAY)


@pytest.mark.parametrize(
    ("today", "value", "expected"),
    [
        (date(2026, 1, 1), "760101", date(2076, 1, 1)),  # 50 ahead: this century
        (date(2026, 1, 1), "770101", date(1977, 1, 1)),  # 51 ahead: the last one
        (date(2060, 1, 1), "110101", date(2011, 1, 1)),  # 49 behind: this century
        (date(2060, 1, 1), "100101", date(2110, 1, 1)),  # 50 behind: the next one
        (date(2024, 1, 1), "240200", date(2024, 2, 29)),
        (date(2099, 12, 31), "000229", None),  # 2100 is no leap year
    ],
)
def test_century(today: date, value: str, expected: date | None) -> None:
    uri = f"https://a/01/{GTIN}?17={value}"
    if expected is None:
        with pytest.raises(refusals.AiDate):
            parse_link(uri=uri, today=today)
    else:
        assert parse_link(uri=uri, today=today).expiry == expected


def test_identifiers_are_what_they_seem() -> None:
    assert len(IDENTIFIERS) > 500
    for ai, identifier in IDENTIFIERS.items():
        assert ai.isdecimal()
        assert 2 <= len(ai) <= 4
        assert not identifier.fits("")
        assert ai not in identifier.excludes
        assert identifier.excludes <= IDENTIFIERS.keys()
        assert all(choice <= IDENTIFIERS.keys() for group in identifier.needs for choice in group)
    for key, qualifiers in KEY_QUALIFIERS.items():
        for ai in qualifiers.replace("|", " ").split():
            assert not IDENTIFIERS[ai].is_attribute or ai == "10"
            assert not IDENTIFIERS[ai].needs or key in IDENTIFIERS[ai].enough


characters = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
values = st.none() | st.text(alphabet=characters, min_size=1, max_size=20)
days = st.none() | st.dates(min_value=date(1977, 1, 1), max_value=date(2076, 12, 31))
gtins = (
    st.text(alphabet="0123456789", min_size=13, max_size=13)
    .filter(lambda body: body[1:].strip("0"))
    .map(lambda body: body + check_digit(body))
)
weights = st.none() | st.builds(
    lambda units, decimals: Decimal(units).scaleb(-decimals),
    st.integers(min_value=0, max_value=999_999),
    st.integers(min_value=0, max_value=5),
)


@given(gtin=gtins, cpv=values, lot=values, serial=values, expiry=days, best_before=days, net_weight=weights)
def test_reading_a_built_link_gives_the_pack_back(
    gtin: str,
    cpv: str | None,
    lot: str | None,
    serial: str | None,
    expiry: date | None,
    best_before: date | None,
    net_weight: Decimal | None,
) -> None:
    item = ScannedItem(
        gtin=gtin,
        cpv=cpv,
        lot=lot,
        serial=serial,
        expiry=expiry,
        best_before=best_before,
        net_weight=net_weight,
        raw="",
    )
    uri = link_to(item, stem="https://id.example.com/some/stem")
    read_again = parse_link(uri=uri, today=TODAY)
    assert read_again == ScannedItem(
        gtin=gtin,
        cpv=cpv,
        lot=lot,
        serial=serial,
        expiry=expiry,
        best_before=best_before,
        net_weight=net_weight,
        raw=uri,
    )
    assert parse_code(text=uri, today=TODAY) == read_again


pieces = st.sampled_from([
    "/", "?", "#", "&", ";", "=", "%", "%2F", "%00", "%FF", "+", "01", "10", "21", "22", "235", "17", "3103",
    GTIN, "260431", "260400", "000195", "A", "é", "\x00", "\ud800", " ", "٣", f"https://a/01/{GTIN}",
])  # fmt: skip


@pytest.mark.parametrize("read_as", ["code", "link"])
@given(text=st.text() | st.lists(pieces, max_size=12).map(lambda parts: "https://a/" + "".join(parts)))
def test_no_text_crashes(read_as: str, text: str) -> None:
    try:
        item = parse_code(text=text, today=TODAY) if read_as == "code" else parse_link(uri=text, today=TODAY)
    except CodeRefused:
        return
    assert len(item.gtin) == 14
    assert all(value is None or 1 <= len(value) <= 20 for value in (item.cpv, item.lot, item.serial))
