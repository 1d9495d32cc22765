"""In which language a passport's page speaks, beside the label's own words."""

from collections.abc import Iterator

import pytest
from django.test import Client

from contexts.passport.tests.entries import MUESLI, WATER, muesli, stock
from contexts.passport.web.pages import PAGES
from contexts.passport.web.product_api import PASSPORTS
from packytrace.edge.languages import COOKIE

pytestmark = pytest.mark.django_db(databases=["passport"])

PASSPORT = f"/passport/{MUESLI}"


@pytest.fixture(autouse=True)
def _no_copy_is_kept() -> Iterator[None]:
    PAGES.clear()
    PASSPORTS.clear()
    yield
    PAGES.clear()
    PASSPORTS.clear()


@pytest.mark.parametrize(
    ("wish", "choice", "language"),
    [("de", "", "de"), ("it", "fr", "fr"), ("nl, it;q=0.5", "", "en"), ("", "", "en"), ("de", "xx", "de")],
)
def test_our_words_are_in_the_labels_language_if_we_speak_it(
    client: Client, wish: str, choice: str, language: str
) -> None:
    stock(muesli())
    if choice:
        client.cookies[COOKIE] = choice
    page = client.get(PASSPORT, headers={"accept-language": wish} if wish else {})
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page.text


def test_one_readers_language_is_not_the_next_ones(client: Client) -> None:
    stock(muesli())
    german, italian, again = (
        client.get(PASSPORT, headers={"accept-language": wish}) for wish in ("de", "it", "de")
    )
    assert german.headers["ETag"] == again.headers["ETag"] != italian.headers["ETag"]


def test_the_api_follows_the_header_alone(client: Client) -> None:
    stock(muesli())
    client.cookies[COOKIE] = "it"
    answer = client.get(f"/api/v1/products/{MUESLI}", headers={"accept-language": "de"})
    assert answer.headers["Content-Language"] == "de"
    assert answer.headers["Vary"] == "Accept-Language, Accept-Encoding"


@pytest.mark.parametrize(
    ("link", "words"),
    [(f"/01/{WATER}", "Wir kennen dieses Produkt noch nicht"), ("/01/123", "Code nicht lesen")],
)
def test_the_resolver_says_what_it_says_in_the_readers_language(
    client: Client, link: str, words: str
) -> None:
    page = client.get(link, headers={"accept-language": "de"})
    assert words in page.text
    assert page.headers["Content-Language"] == "de"
