"""What may be registered, rule by rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.digital_link import Identified, parse_uri
from contexts.passport.domain.link_targets import filled, why_not, with_query
from contexts.passport.domain.link_types import LINK_TYPES, RESERVED, link_type, uri_of
from contexts.passport.domain.links import MOST_LINKS, REFUSALS, LinkRefused, anchor_of, check_beside
from contexts.passport.tests.links import GTIN, ORIGIN, link
from tests import parts

TODAY = date(2026, 5, 1)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def identified(path: str) -> Identified:
    return parse_uri(f"https://id.gs1.org{path}", today=TODAY)


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("", "href_missing"),
        ("https://brand.example/" + "x" * 2_048, "href_too_long"),
        ("javascript:alert(1)", "href_scheme"),
        ("JavaScript://brand.example/%0aalert(1)", "href_scheme"),
        ("data:text/html,x", "href_scheme"),
        ("ftp://brand.example/", "href_scheme"),
        ("//brand.example/", "href_scheme"),
        ("/passport/1", "href_scheme"),
        ("https:/brand.example", "href_scheme"),
        ("https://brand.example/a b", "href_malformed"),
        ("https://brand.example\\@evil.example/", "href_malformed"),
        ("https://brand.example/\r\nSet-Cookie: a=b", "href_malformed"),
        ("https://brand.example/%zz", "href_malformed"),
        ("https://bränd.example/", "href_malformed"),
        ("https://brand.example:99999/", "href_malformed"),
        ("https://[::1]/", "href_malformed"),
        ("https://somebody@brand.example/", "href_user"),
        ("https://packy.example:secret@brand.example/", "href_user"),
        ("https://", "href_host"),
        ("https:///x", "href_host"),
        ("https://localhost/", "href_host"),
        ("https://LOCALHOST./", "href_host"),
        ("https://printer/", "href_host"),
        ("https://nas.local/", "href_host"),
        ("https://metadata.google.internal/", "href_host"),
        ("https://api.default.svc/", "href_host"),
        ("https://api.default.svc.cluster.local/", "href_host"),
        ("https://127.0.0.1/", "href_host"),
        ("https://10.0.0.7/", "href_host"),
        ("https://169.254.169.254/latest", "href_host"),
        ("https://8.8.8.8/", "href_host"),
        ("https://2130706433/", "href_host"),
        ("https://0x7f.1/", "href_host"),
        ("https://017700000001/", "href_host"),
        ("https://127.0.0.1.nip.io/", "href_host"),
        ("https://vcap.me/", "href_host"),
        ("https://127-0-0-1.traefik.me/", "href_host"),
        ("https://brand.example:22/", "href_host"),
        ("https://brand.example:0/", "href_host"),
        ("https://-brand.example/", "href_host"),
        (f"{ORIGIN}/01/{GTIN}", "href_loop"),
        (f"{ORIGIN}:443/01/{GTIN}", "href_loop"),
        (f"{ORIGIN.upper()}./x", "href_loop"),
        (f"{ORIGIN.replace('https', 'http')}/01/{GTIN}", "href_loop"),
        (f"{ORIGIN}/preferences/language?next=x", "href_loop"),
        (f"{ORIGIN}/passport/{{lot}}", "href_loop"),
        ("https://brand.example/{sku}", "href_place"),
        ("https://brand.example/{17}", "href_place"),
        ("https://brand.example/{lot", "href_malformed"),
        ("https://{lot}.example/", "href_place_in_host"),
        ("https://brand.example:{lot}/", "href_place_in_host"),
    ],
)
def test_a_target_that_leads_astray_is_refused(target: str, code: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        link(href=target)
    assert (refused.value.code, refused.value.field) == (code, "href")
    assert refused.value.text % refused.value.values


@pytest.mark.parametrize(
    "target",
    [
        "https://brand.example",
        "http://www.Brand.example/muesli?x=1#eco",
        "https://xn--brnd-loa.example/",
        "https://brand.example:8443/{gtin}/{10}?lot={lot}&s={serial}#{cpv}",
        "https://packy.example.com/01/x",
        "http://packy.example:8443/",
        f"{ORIGIN}/passport/{GTIN}",
        f"{ORIGIN}/passport/{{gtin}}",
    ],
)
def test_a_public_address_may_be_a_target(target: str) -> None:
    assert link(href=f" {target}\n").href == target


def test_the_scheme_of_a_target_is_written_small() -> None:
    assert link(href="HTTPS://Brand.example/Muesli").href == "https://Brand.example/Muesli"


@given(st.text(max_size=60))
def test_judging_a_target_is_total(text: str) -> None:
    for target in (text, f"https://{text}", f"https://brand.example/{text}"):
        reason = why_not(target, own_origin=ORIGIN)
        assert reason is None or reason[0] in REFUSALS


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"link_type": ""}, "link_type_unknown"),
        ({"link_type": "gs1:nosuch"}, "link_type_unknown"),
        ({"link_type": "https://gs1.org/voc/nosuch"}, "link_type_unknown"),
        ({"link_type": "schema:url"}, "link_type_unknown"),
        ({"link_type": "gs1:defaultLink"}, "link_type_reserved"),
        ({"link_type": "defaultLinkMulti"}, "link_type_reserved"),
        ({"link_type": "gs1:handledBy"}, "link_type_reserved"),
        ({"title": " \u202e "}, "title_missing"),
        ({"title": "x" * 201}, "title_too_long"),
        ({"hreflang": ["deu"]}, "hreflang_unknown"),
        ({"hreflang": ["es-419"]}, "hreflang_unknown"),
        ({"hreflang": [f"{a}{b}" for a in "abcde" for b in "abcde"]}, "hreflang_too_many"),
        ({"media_type": "html"}, "media_type_malformed"),
        ({"context": ["two words"]}, "context_malformed"),
        ({"valid_from": NOON, "valid_to": NOON}, "valid_never"),
    ],
)
def test_each_attribute_has_its_rule(said: dict[str, object], code: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        link(**said)
    assert refused.value.code == code
    assert refused.value.field == next(reversed(said))


def test_each_attribute_has_one_spelling() -> None:
    made = link(
        title="  Our\nmuesli ",
        hreflang=["DE", "de-ch", "de"],
        media_type=" Text/HTML ",
        context=["DE", "DE"],
    )
    assert (made.title, made.hreflang, made.media_type, made.context) == (
        "Our muesli",
        ("de", "de-CH"),
        "text/html",
        ("DE",),
    )


@pytest.mark.parametrize(
    "spelled",
    [
        "pip",
        "gs1:pip",
        "gs1:PIP",
        "https://gs1.org/voc/pip",
        "https://www.gs1.org/voc/pip",
        "http://ref.gs1.org/voc/pip",
        " https://ref.gs1.org/voc/pip ",
    ],
)
def test_a_link_type_is_known_however_it_is_spelled(spelled: str) -> None:
    assert link_type(spelled) == "gs1:pip"
    assert uri_of("gs1:pip") == "https://ref.gs1.org/voc/pip"
    assert link_type("https://schema.org/url") == uri_of("https://schema.org/url") == "https://schema.org/url"


def test_every_link_type_of_the_vocabulary_is_known() -> None:
    published = orjson.loads(parts.shared("gs1", "link-types.json").read_bytes())
    assert {f"gs1:{name}" for name in published} == {*LINK_TYPES, *RESERVED}


@pytest.mark.parametrize(
    ("path", "anchor"),
    [
        (f"/01/{GTIN}", f"/01/{GTIN}"),
        (f"/01/{GTIN}/22/V/10/L%2f7?17=261231", f"/01/{GTIN}/22/V/10/L%2F7"),
        (f"/01/{GTIN}/21/S", f"/01/{GTIN}/21/S"),
        (f"/01/{GTIN}/235/T", f"/01/{GTIN}/235/T"),
        ("/414/9520123456788/254/x", "/414/9520123456788/254/x"),
    ],
)
def test_an_entity_is_a_canonical_path(path: str, anchor: str) -> None:
    assert anchor_of(identified(path)) == anchor


@pytest.mark.parametrize("path", [f"/01/{GTIN}/10/L/21/S", f"/01/{GTIN}/22/V/21/S"])
def test_a_serial_stands_alone(path: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        anchor_of(identified(path))
    assert refused.value.code == "serial_alone"


def test_an_entity_has_one_default_and_so_many_links() -> None:
    default = link(1, is_default=True)
    check_beside(default, others=[default, link(2), link(3, anchor="/01/x", is_default=True)])
    with pytest.raises(LinkRefused, match="one default"):
        check_beside(link(2, is_default=True), others=[default])
    limited = replace(default, valid_from=NOON)
    check_beside(link(2, is_default=True), others=[limited])
    check_beside(link(2, is_default=True, valid_to=NOON), others=[default, limited])
    with pytest.raises(LinkRefused, match="at a time"):
        check_beside(link(2, is_default=True, valid_to=NOON + timedelta(1)), others=[limited])
    others = [link(number) for number in range(MOST_LINKS)]
    check_beside(others[0], others=others)
    with pytest.raises(LinkRefused, match="at most"):
        check_beside(link(MOST_LINKS), others=others)


class TestTemplate:
    def test_what_was_scanned_goes_in_encoded(self) -> None:
        said = identified(f"/01/{GTIN}/22/V/10/L%2F%3F%26/21/S")
        target = "https://b.example/{gtin}/{22}?lot={lot}&again={10}#{serial}"
        assert filled(target, identified=said) == (
            f"https://b.example/{GTIN}/V?lot=L%2F%3F%26&again=L%2F%3F%26#S"
        )

    @pytest.mark.parametrize("path", [f"/01/{GTIN}", f"/01/{GTIN}/10/..", f"/01/{GTIN}/10/."])
    def test_without_the_value_or_with_one_that_climbs_there_is_no_link(self, path: str) -> None:
        assert filled("https://b.example/{lot}/x", identified=identified(path)) is None


@pytest.mark.parametrize(
    ("target", "query", "joined"),
    [
        ("https://b.example/x", "", "https://b.example/x"),
        ("https://b.example/x", "17=261231;a&b=", "https://b.example/x?17=261231;a&b="),
        ("https://b.example/x?y=1", "a=b", "https://b.example/x?y=1&a=b"),
        ("https://b.example/x?", "a=b", "https://b.example/x?a=b"),
        ("https://b.example/x?y=1#z?w", "a=b", "https://b.example/x?y=1&a=b#z?w"),
        ("https://b.example", "a=b", "https://b.example?a=b"),
    ],
)
def test_the_query_goes_along_as_it_came(target: str, query: str, joined: str) -> None:
    assert with_query(target, query=query) == joined


def test_validity_may_be_open() -> None:
    assert link(valid_to=NOON).valid_from is None
    assert link(valid_from=NOON, valid_to=NOON + timedelta(seconds=1)).valid_to
