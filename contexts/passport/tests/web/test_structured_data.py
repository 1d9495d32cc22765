"""What machines read of a product's page."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from contexts.passport.tests.entries import MUESLI, full_of, muesli, stock
from contexts.passport.web.pages import PAGES

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files", "fresh"),
]


@pytest.fixture
def fresh() -> None:
    """No page of another test."""
    PAGES.clear()


def page(client: Client, **headers: str) -> str:
    return client.get(f"/passport/{MUESLI}", headers=headers).content.decode()


def read(html: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert not set(found) & set("<>&")
    return dict(json.loads(found))


def test_a_product_with_the_values_of_its_label(client: Client) -> None:
    stock(muesli())
    product = read(page(client))
    assert product["@type"] == ["Product", "gs1:FoodBeverageTobaccoProduct"]
    assert product["@id"] == f"{settings.PUBLIC_URL}/01/{MUESLI}"
    assert (product["gtin14"], product["brand"]["name"]) == (MUESLI, "Alder Mill")
    assert product["name"] == {"@language": "en", "@value": "Crunchy muesli"}
    assert product["gs1:ingredientStatement"] == {"@language": "en", "@value": "Oat flakes, milk"}
    assert product["gs1:energyPerNutrientBasis"] == {
        "@type": "gs1:QuantitativeValue",
        "gs1:value": 1842.0,
        "gs1:unitCode": "KJO",
    }
    assert "gs1:sugarsPerNutrientBasis" not in product


def test_no_text_of_a_source_gets_out_of_its_place(client: Client) -> None:
    hostile = "</script><script>alert(1)</script><!--\u2028\u202e"
    stock(full_of(hostile))
    html = page(client)
    assert read(html)["name"]["@value"] == hostile
    assert "<script>alert" not in html


def test_a_link_that_is_shared_shows_what_it_leads_to(client: Client) -> None:
    stock(muesli())
    html = page(client)
    said = dict(re.findall(r'<meta property="(og:[a-z_]+)" content="([^"]*)">', html))
    assert unescape(said["og:title"]) == "Crunchy muesli · Alder Mill"
    assert said["og:url"] == f"{settings.PUBLIC_URL}/passport/{MUESLI}"
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}/passport/{MUESLI}">' in html
