"""A product whose name is markup, runs from right to left and has 10,000 characters, wherever it is shown."""

import json
import re
from dataclasses import replace
from html import unescape
from typing import Final

import pytest
from django.test import Client

from contexts.passport.domain.label import DigitalLabel
from contexts.passport.tests.entries import MUESLI, muesli, stock
from contexts.passport.web.pages import PAGES

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files"),
]

OVERRIDE: Final = "\u202e"
NAME: Final = ('"><img src=x onerror=alert(1)>' + OVERRIDE + "حليب " * 2000)[:10_000]

#: Where it stands beside others.
BESIDE: Final = [
    f"/search?q={MUESLI}",
    f"/compare?gtin={MUESLI}",
    f"/passport/{MUESLI}/alternatives",
    f"/01/{MUESLI}?linkType=linkset",
    f"/01/{MUESLI}?linkType=gs1:recipeInfo",
]


@pytest.fixture(autouse=True)
def endless() -> None:
    """The product, and no page of another test."""
    PAGES.clear()
    entry = muesli(brand_name=NAME)
    stock(replace(entry, label=replace(entry.label, language="en", names={"en": NAME})))


def page(client: Client, address: str) -> str:
    html = client.get(address, headers={"Accept": "text/html"}).content.decode()
    assert "<img src=x" not in html
    return html


def test_the_passport_says_as_much_of_it_as_any_name_has_and_its_title_little(client: Client) -> None:
    html = page(client, f"/passport/{MUESLI}")
    (heading,) = re.findall(r'<h1 lang="en" dir="auto">(.*?)</h1>', html)
    assert unescape(heading) == NAME[:499] + "…"
    (title,) = re.findall(r"<title>(.*?)</title>", html)
    tags = dict(re.findall(r'<meta (?:name|property)="(description|og:\w+)" content="([^"]*)">', html))
    assert tags["og:title"] + " · PackyTrace" == title
    assert len(unescape(tags["og:title"])) <= 120
    assert len(unescape(tags["og:description"])) <= 160
    assert tags["og:description"] == tags["description"]
    assert OVERRIDE not in title + tags["og:title"] + tags["description"]
    (alternative,) = re.findall(r'alt="(The pack of [^"]*)"', html)
    assert len(unescape(alternative)) <= 100


def test_machines_read_it_as_it_is(client: Client) -> None:
    html = page(client, f"/passport/{MUESLI}")
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(found)["name"] == {"@language": "en", "@value": NAME}
    told = client.get(f"/api/v1/products/{MUESLI}").json()
    assert (told["name"], told["brandName"]) == (NAME, NAME)
    assert client.get(f"/api/v1/products?q={MUESLI}").json()["products"][0]["gtin"] == MUESLI


@pytest.mark.parametrize("address", BESIDE)
def test_beside_others_it_takes_no_more_room_than_they(client: Client, address: str) -> None:
    html = re.sub(r"<script.*?</script>", "", page(client, address), flags=re.DOTALL)
    assert max(map(len, re.findall(r"[^<>]+", unescape(html)))) < 400


def test_who_said_it_is_told_in_part(client: Client) -> None:
    html = page(client, f"/passport/{MUESLI}/history")
    assert max(map(len, re.findall(r">([^<>]+)<", html))) < 1500


def test_a_name_of_nothing_but_marks_has_a_page(client: Client) -> None:
    PAGES.clear()
    stock(muesli(label=DigitalLabel(names={"en": OVERRIDE}), brand_name=""))
    assert client.get(f"/passport/{MUESLI}").status_code == 200
