"""What a brand's file does not say of traces: from the row to the verdict, the passport and the API."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import Settings

from contexts.passport.application import company_prefixes, uploads
from contexts.passport.application.brand_products import Speaker
from contexts.passport.application.catalogue import find_entry
from contexts.passport.web.pages import PAGES
from contexts.passport.web.product_api import PASSPORTS
from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import HealthProfile, Sensitivity
from contexts.personalization.domain.verdict import Missing, Outcome
from packytrace.wiring import screened_product

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
OURS = Speaker(id=UUID(int=0xA), name="Alpenglanz")
BISCUIT = "09521001000017"
JSON = f"""[
    {{"gtin": "{BISCUIT}", "names.en": "Plain biscuit", "ingredients.en": "Rice flour, sugar"}},
    {{"gtin": "09521001000024", "names.en": "Bar", "traces": ["nuts"]}}
]"""


@pytest.fixture(autouse=True)
def _fresh_pages(settings: Settings) -> None:
    """Without copies of another test's page, and without the manifest of hashed names of static files."""
    PAGES.clear()
    PASSPORTS.clear()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def take(content: str, *, name: str = "products.csv") -> None:
    """What a brand does with a file, page by page."""
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="9521001", now=NOW)
    file = uploads.receive(speaker=OURS, name=name, content=content.encode(), language="en", now=NOW)
    uploads.confirm(brand_id=OURS.id, upload_id=file.id, now=NOW)
    uploads.take_over(
        brand_id=OURS.id, upload_id=file.id, clock=lambda: NOW, until=NOW + timedelta(seconds=1)
    )


def outcomes(sensitivity: Sensitivity) -> tuple[Outcome, tuple[Missing, ...]]:
    stored = find_entry(gtin=BISCUIT)
    assert stored is not None
    verdict = judge(
        label=screened_product(stored).label,
        profile=HealthProfile(allergens={Allergen.GLUTEN: sensitivity}),
        ruleset=ruleset_in_force(),
    )
    return verdict.outcome, verdict.missing


@pytest.mark.parametrize(
    ("name", "content", "outcome", "traces", "words"),
    [
        (
            "products.csv",
            f"GTIN;Product name;Ingredients\n{BISCUIT};Plain biscuit;Rice flour, sugar",
            (Outcome.BE_CAREFUL, (Missing.TRACES,)),
            None,
            "Traces: not stated.",
        ),
        (
            "products.csv",
            f"GTIN;Product name;Ingredients;Traces\n{BISCUIT};Plain biscuit;Rice flour, sugar;",
            (Outcome.GOOD_FOR_YOU, ()),
            [],
            "Traces: none declared on the pack.",
        ),
        (
            "products.csv",
            f"GTIN;Product name;Ingredients;Traces\n{BISCUIT};Plain biscuit;Rice flour, sugar;wheat",
            (Outcome.AVOID, ()),
            ["gluten"],
            "May contain traces of",
        ),
        (
            "products.json",
            JSON,
            (Outcome.BE_CAREFUL, (Missing.TRACES,)),
            None,
            "Traces: not stated.",
        ),
    ],
    ids=["no column", "an empty cell", "a trace", "an object without the name"],
)
def test_who_avoids_traces_is_told_what_nobody_says(
    client: Client,
    name: str,
    content: str,
    outcome: tuple[Outcome, tuple[Missing, ...]],
    traces: list[str] | None,
    words: str,
) -> None:
    take(content, name=name)

    assert outcomes(Sensitivity.TRACES_TOO) == outcome
    assert words in client.get(f"/passport/{BISCUIT}").content.decode()
    assert client.get(f"/api/v1/products/{BISCUIT}").json()["traces"] == traces
    contained, _ = outcomes(Sensitivity.CONTAINS)
    assert contained is (Outcome.BE_CAREFUL if traces else Outcome.GOOD_FOR_YOU)


def test_a_file_without_lists_of_ingredients_or_allergens_clears_nothing() -> None:
    take(f"GTIN;Product name\n{BISCUIT};Plain biscuit")

    assert outcomes(Sensitivity.CONTAINS) == (Outcome.BE_CAREFUL, (Missing.INGREDIENTS,))
