"""Who said what of a product, and when: for people and for programs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from contexts.passport.domain.precedence import Origin
from contexts.passport.tests.entries import MUESLI, NOW, muesli, stock

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files"),
]


@pytest.fixture
def corrected() -> None:
    """The source says of another quantity, and then the brand says where it is kept."""
    first = muesli()
    (source,) = first.sources
    named = replace(source, fields=(*source.fields, "quantity", "ingredients", "allergens", "storage"))
    entry = replace(first, sources=(named,))
    stock(entry)
    second = replace(
        entry,
        label=replace(entry.label, quantity="500 g"),
        sources=(replace(named, modified=NOW + timedelta(days=1)),),
    )
    stock(second, at=NOW + timedelta(days=1))
    own = replace(named, name="Alder Mill", fields=("storage",), modified=None)
    said = muesli(
        label=replace(type(entry.label)(), storage={"en": "Keep cool"}),
        sources=(own,),
        brand_name="",
        categories=(),
        picture=None,
        journey=(),
        eco=None,
    )
    stock(said, origin=Origin.BRAND, at=NOW + timedelta(days=2))


@pytest.mark.usefixtures("corrected")
def test_a_person_reads_what_changed_and_who_said_it(client: Client) -> None:
    answer = client.get(f"/passport/{MUESLI}/history")
    page = answer.content.decode()
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert page.index("Keep cool") < page.index("500 g") < page.index("First entry")
    assert "Keep dry" in page
    assert "The brand" in page
    assert "Open Food Facts" in page
    assert "Oat flakes, milk" in page
    assert "Cereals containing gluten, Milk" in page


@pytest.mark.usefixtures("corrected")
def test_a_program_reads_the_same(client: Client) -> None:
    versions = client.get(f"/api/v1/products/{MUESLI}/history").json()["versions"]
    assert [(version["dataVersion"], version["by"]) for version in versions] == [
        (3, ["brand"]),
        (2, ["open_food_facts"]),
        (1, ["open_food_facts"]),
    ]
    assert versions[1]["changes"] == [
        {"value": "quantity", "lot": None, "before": "450 g", "after": "500 g", "source": "© Somebody"}
    ]


@pytest.mark.parametrize(("gtin", "status"), [(MUESLI, 404), ("123", 400), ("<script>", 400)])
def test_a_program_is_told_what_is_wrong(client: Client, gtin: str, status: int) -> None:
    answer = client.get(f"/api/v1/products/{gtin}/history")
    assert answer.status_code == status
    assert answer.json()["correlationId"]
