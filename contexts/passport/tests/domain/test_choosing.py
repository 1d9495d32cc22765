"""Which link answers: the laws of choosing, and what the standard's clauses say."""

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.choosing import (
    Outcome,
    Wish,
    choose,
    entities,
    form_of_list,
    offered,
    preferences,
    wish_of,
)
from contexts.passport.domain.digital_link import parse_uri
from contexts.passport.domain.links import Link
from contexts.passport.domain.linkset import json_ld, linkset
from contexts.passport.tests.generated_links import CODE, TODAY, links, wishes
from contexts.passport.tests.links import ANCHOR, GTIN, NOW, ORIGIN, link
from tests import parts

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@given(links, wishes)
def test_a_choice_is_total_certain_and_never_of_what_is_not_valid(registered: list[Link], wish: Wish) -> None:
    offers = offered(registered, identified=CODE, at=NOW)
    assert {one.anchor for one in offers} <= set(entities(CODE))
    assert not any("{" in one.href for one in offers)
    for anchor in entities(CODE):  # where there is one that is limited in time, it alone is the default
        defaults = [one for one in offers if one.anchor == anchor and one.is_default]
        assert len({one.valid_from is one.valid_to is None for one in defaults}) < 2
    for one in offers:
        assert one.valid_from is None or one.valid_from <= NOW
        assert one.valid_to is None or one.valid_to > NOW
    choice = choose(offers, wish)
    assert set(choice.links) <= set(offers)
    assert choose(offered(reversed(registered), identified=CODE, at=NOW), wish) == choice or len(
        {one.id for one in registered}
    ) < len(registered)
    if choice.outcome is Outcome.ONE:
        assert len(choice.links) == 1
        assert wish.link_type in (None, choice.links[0].link_type)
    elif choice.outcome is Outcome.SEVERAL:
        assert len(choice.links) > 1
        assert {(one.link_type, one.anchor) for one in choice.links} == {
            (wish.link_type, choice.links[0].anchor)
        }
    else:
        assert choice.links == offers
        wanted = [one for one in offers if wish.link_type in (None, one.link_type)]
        assert not any(one.is_default for one in offers) if wish.link_type is None else not wanted
    schema = jsonschema_rs.validator_for(
        orjson.loads(parts.shared("gs1", "linkset-schema.json").read_bytes())
    )
    schema.validate(linkset(offers, origin=ORIGIN, name="Muesli"))


@given(links, wishes)
def test_the_most_specific_entity_that_has_it_answers(registered: list[Link], wish: Wish) -> None:
    offers = offered(registered, identified=CODE, at=NOW)
    choice = choose(offers, wish)
    order = [one.anchor for one in offers]
    assert order == sorted(order, key=entities(CODE).index)
    having = [
        one.anchor
        for one in offers
        if (one.is_default if wish.link_type is None else one.link_type == wish.link_type)
    ]
    if choice.outcome is not Outcome.NONE:
        assert choice.links[0].anchor == having[0]


def asked(query: str = "", *, accept: str = BROWSER, language: str = "") -> Wish:
    return wish_of(query=query, accept=accept, accept_language=language)


def chosen(wish: Wish, *registered: Link) -> list[int]:
    """The numbers of the links that a wish gets."""
    choice = choose(offered(registered, identified=CODE, at=NOW), wish)
    assert choice.outcome is not Outcome.NONE
    return [one.id.int for one in choice.links]


class TestWhoseLinks:
    @pytest.mark.parametrize(
        ("path", "anchors"),
        [
            ("/21/S", ["/21/S", ""]),
            ("/235/T", ["/235/T", ""]),
            ("/22/V/10/L", ["/22/V/10/L", "/10/L", "/22/V", ""]),
            ("/22/V/10/L/21/S", ["/21/S", "/22/V/10/L", "/10/L", "/22/V", ""]),
            ("/10/L/21/S", ["/21/S", "/10/L", ""]),
            ("/10/L", ["/10/L", ""]),
            ("", [""]),
        ],
    )
    def test_a_code_gets_the_links_of_six_sets(self, path: str, anchors: list[str]) -> None:
        code = parse_uri(f"https://a.example{ANCHOR}{path}", today=TODAY)
        assert entities(code) == tuple(ANCHOR + anchor for anchor in anchors)

    def test_of_another_key_those_of_each_shorter_path(self) -> None:
        code = parse_uri("https://a.example/414/9520123456788/254/x", today=TODAY)
        assert entities(code) == ("/414/9520123456788/254/x", "/414/9520123456788")


class TestDefault:
    def test_without_a_wish_the_default_answers(self) -> None:
        assert chosen(asked(), link(1), link(2, is_default=True)) == [2]

    def test_a_default_further_up_answers_where_there_is_none(self) -> None:
        assert chosen(asked(), link(1, anchor=f"{ANCHOR}/10/L"), link(2, is_default=True)) == [2]

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("fr", 2),
            ("fr-CA", 2),
            ("de", 1),
            ("", 1),
            ("*", 1),
            ("it, fr;q=0.2", 2),
            ("en, fr", 1),
            ("fr;q=0", 1),
        ],
    )
    def test_a_variant_in_a_wanted_language_stands_in(self, language: str, expected: int) -> None:
        default, variant = link(1, hreflang=["en"], is_default=True), link(2, hreflang=["fr"])
        assert chosen(asked(language=language), default, variant) == [expected]

    def test_what_cannot_be_told_apart_is_no_better_than_the_default(self) -> None:
        default, *variants = link(1, is_default=True), link(2, hreflang=["fr"]), link(3, hreflang=["fr"])
        assert chosen(asked(language="fr"), default, *variants) == [1]

    def test_a_variant_for_a_context_needs_it_to_be_asked(self) -> None:
        default = link(1, hreflang=["en"], is_default=True)
        variant = link(2, hreflang=["fr"], context=["hospital"])
        assert chosen(asked(language="fr"), default, variant) == [1]
        assert chosen(asked("context=Hospital", language="fr"), default, variant) == [2]

    def test_another_type_never_stands_in(self) -> None:
        other = link(2, link_type="gs1:recipeInfo", hreflang=["fr"])
        assert chosen(asked(language="fr"), link(1, hreflang=["en"], is_default=True), other) == [1]

    @pytest.mark.parametrize("query", ["linkType=gs1:defaultLink", "linkType=defaultLinkMulti", "linkType="])
    def test_the_default_can_be_asked_for(self, query: str) -> None:
        assert chosen(asked(query), link(1), link(2, is_default=True)) == [2]


class TestOfOneType:
    QUERY = "x=1;linkType=gs1%3Apip&y=2"

    def test_the_media_type_decides_before_the_language(self) -> None:
        page = link(1, media_type="text/html", hreflang=["en"])
        file = link(2, media_type="application/pdf", hreflang=["fr"])
        assert chosen(asked(self.QUERY, language="fr"), page, file) == [1]
        assert chosen(asked(self.QUERY, accept="application/pdf", language="en"), page, file) == [2]
        assert chosen(asked(self.QUERY, accept="application/*;q=0.5, text/*;q=0.4"), page, file) == [2]
        assert chosen(asked(self.QUERY, accept="*/*", language="fr"), page, file) == [2]
        assert chosen(asked(self.QUERY, accept="image/png", language="fr"), page, file) == [2]

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("de", [1]),
            ("de-CH", [2]),
            ("de-AT", [1]),
            ("pt", [3]),
            ("fr", [4]),
            ("fr;q=0.5, de-ch;q=0.9", [2]),
            ("fr;q=0.9, de;q=0.8", [1]),
            ("zh-Hant-TW", [4]),
            ("", [4]),
        ],
    )
    def test_the_language_is_looked_up(self, language: str, expected: list[int]) -> None:
        registered = (
            link(1, hreflang=["de"]),
            link(2, hreflang=["de-CH"]),
            link(3, hreflang=["pt-BR", "en"]),
            link(4),
        )
        assert chosen(asked(self.QUERY, language=language), *registered) == expected

    @pytest.mark.parametrize("language", ["", "it", "it;q=0.3, *"])
    def test_languages_that_do_not_match_are_no_reason_for_several(self, language: str) -> None:
        first, second = link(1, hreflang=["de"]), link(2, hreflang=["fr"])
        assert chosen(asked(self.QUERY, language=language), first, second) == [1]
        default = link(2, hreflang=["fr"], is_default=True)
        assert chosen(asked(self.QUERY, language=language), first, default) == [2]
        assert chosen(asked(self.QUERY, language=language), first, link(3, media_type="application/pdf")) == [
            3
        ]
        neutral = link(1, media_type="application/pdf")
        assert chosen(asked(self.QUERY, accept="*/*", language=language), neutral, default) == [2]

    @pytest.mark.parametrize(("context", "expected"), [("", [3]), ("DE", [1]), ("hospital", [2]), ("x", [3])])
    def test_the_context_decides_last(self, context: str, expected: list[int]) -> None:
        registered = (link(1, context=["de"]), link(2, context=["Hospital"]), link(3))
        assert chosen(asked(f"{self.QUERY}&context={context}"), *registered) == expected

    def test_what_nothing_tells_apart_is_offered(self) -> None:
        assert chosen(
            asked(self.QUERY, language="de"), link(1, hreflang=["de"]), link(2, hreflang=["de"])
        ) == [1, 2]
        assert chosen(asked(self.QUERY), link(1, context=["a"]), link(2, context=["b"])) == [1, 2]

    def test_what_is_not_there_is_told_with_what_is(self) -> None:
        choice = choose((link(1),), asked("linkType=gs1:recipeInfo"))
        assert (choice.outcome, choice.link, len(choice.links)) == (Outcome.NONE, None, 1)


@pytest.mark.parametrize(
    ("query", "accept", "form"),
    [
        ("linkType=linkset", "", None),
        ("linkType=linkset", "*/*", None),
        ("linkType=all", BROWSER, None),
        ("linkType=linkset", "application/json", "application/json"),
        ("linkType=linkset", "application/linkset+json", "application/linkset+json"),
        ("", "application/linkset+json", "application/linkset+json"),
        ("", "application/json, text/html;q=0.5", "application/json"),
        ("", "application/ld+json", "application/ld+json"),
    ],
)
def test_the_list_is_asked_for_by_type_or_by_media_type(query: str, accept: str, form: str | None) -> None:
    wish = asked(query, accept=accept)
    assert wish.linkset
    assert form_of_list(wish) == form


@pytest.mark.parametrize(
    "accept", ["", "*/*", BROWSER, "text/html, application/json;q=0.9", "application/json;q=0"]
)
def test_a_page_is_asked_for_otherwise(accept: str) -> None:
    assert not asked(accept=accept).linkset
    assert not asked("linkType=pip", accept="application/json").linkset


@given(st.text(max_size=80))
def test_any_header_and_any_query_can_be_read(text: str) -> None:
    wish = wish_of(query=text, accept=text, accept_language=text)
    assert all(0 <= weight <= 1 for _, weight in (*wish.media_types, *preferences(text)))


class TestLinkset:
    def test_the_default_stands_alone_and_under_what_it_leads_to(self) -> None:
        registered = (
            link(1, hreflang=["en"], media_type="text/html", is_default=True),
            link(2, hreflang=["fr"], passes_query=False, context=["DE"]),
            link(3, anchor=f"{ANCHOR}/10/L", link_type="gs1:traceability"),
        )
        document = linkset(offered(registered, identified=CODE, at=NOW), origin=ORIGIN)
        lot, product = document["linkset"]
        assert lot == {
            "anchor": f"{ORIGIN}{ANCHOR}/10/L",
            "https://ref.gs1.org/voc/traceability": [{"href": "https://brand.example/3", "title": "Page 3"}],
        }
        first = {
            "href": "https://brand.example/1",
            "title": "Page 1",
            "hreflang": ["en"],
            "type": "text/html",
        }
        second = {
            "href": "https://brand.example/2",
            "title": "Page 2",
            "hreflang": ["fr"],
            "context": ["DE"],
            "fwqs": False,
        }
        assert product == {
            "anchor": f"{ORIGIN}{ANCHOR}",
            "https://ref.gs1.org/voc/pip": [first, second],
            "https://ref.gs1.org/voc/defaultLink": [{"href": "https://brand.example/1", "title": "Page 1"}],
            "https://ref.gs1.org/voc/defaultLinkMulti": [first, second],
        }

    def test_json_ld_brings_its_context(self) -> None:
        document = json_ld(linkset((link(1),), origin=ORIGIN, name="Muesli"))
        assert document["@context"]["anchor"] == "@id"
        assert document["linkset"][0]["itemDescription"] == "Muesli"
        assert GTIN in document["linkset"][0]["anchor"]
