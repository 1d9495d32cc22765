"""What one asks for besides words: the page's form, and the API."""

import pytest
from django.test import Client

from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import Claim, DigitalLabel, NutriScore
from contexts.passport.tests.entries import muesli, stock, water

pytestmark = pytest.mark.django_db(databases=["passport"])


@pytest.fixture(autouse=True)
def _products() -> None:
    label = DigitalLabel(
        names={"en": "Oat bar"},
        ingredients={"en": runs_of("Oats")},
        allergens=(Allergen.GLUTEN,),
        claims=(Claim.VEGAN,),
        nutri_score=NutriScore.A,
    )
    stock(water(label=label, categories=("en:bars",)), muesli())


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=bar&without=milk", True),
        ("q=bar&without=milk&without=gluten", False),
        ("q=bar&diet=vegan&grade=A&grade=B", True),
        ("without=milk&grade=B", False),
        ("category=en:bars", True),
        ("category=en:bars'&q=", False),
    ],
)
def test_page_and_api_find_the_same(client: Client, asked: str, found: bool) -> None:
    assert (b"Oat bar</a>" in client.get(f"/search?{asked}").content) is found
    names = [product["name"] for product in client.get(f"/api/v1/products?{asked}").json()["products"]]
    assert ("Oat bar" in names) is found


def test_the_form_says_what_is_asked_for(client: Client) -> None:
    page = client.get("/search?q=bar&without=milk&diet=vegan&category=en:bars").content.decode()
    for name, value in (("without", "milk"), ("diet", "vegan"), ("category", "en:bars")):
        assert f'name="{name}" value="{value}" checked>' in page
    assert page.count('name="without"') == len(Allergen)
    assert "Bars" in page


def test_what_no_filter_has_is_passed_over_by_the_page_and_refused_by_the_api(client: Client) -> None:
    assert b"Oat bar</a>" in client.get("/search?q=bar&without=stones&grade=Z&diet=kosher").content
    for asked in ("q=bar&without=stones", "q=bar&grade=Z", "", "q="):
        assert client.get(f"/api/v1/products?{asked}").status_code == 400
