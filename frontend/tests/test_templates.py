"""What every template of the consumer's pages promises, read from the files and from the rendered pages."""

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import pytest
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.urls import resolve

from contexts.passport.application.journey_map import JourneyMap, Point
from contexts.passport.application.page_eco import ComputedEco, EcoPart
from contexts.passport.application.page_nutrition import NutritionRow, NutritionTable
from contexts.passport.application.page_scores import (
    AdditiveView,
    MarkerView,
    NovaView,
    NutriScoreView,
    PointsView,
)
from contexts.passport.application.passport_page import (
    EcoSection,
    JourneySection,
    PassportPage,
    SourceView,
    StepView,
    Words,
)
from contexts.passport.application.scanned_pack import ScannedPack
from contexts.passport.application.search import Found
from contexts.passport.domain.ingredients import Run
from frontend.tests.gallery import CORRELATION_ID, Sample, samples
from packytrace.edge import operations

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    [
        *(ROOT / "frontend" / "templates").rglob("*.html"),
        *(ROOT / "contexts" / "passport" / "templates").rglob("*.html"),
    ]
)
TEXTS = [path.read_text(encoding="utf-8") for path in TEMPLATES]
#: Those of the pages that shoppers see, where each name means one thing.
PASSPORT = [
    text
    for path, text in zip(TEMPLATES, TEXTS, strict=True)
    if "passport" in path.parts and "console" not in path.parts
]
ADDRESSES = {address for text in TEXTS for address in re.findall(r'(?:href|action|src)="(/[^"{]*)"', text)}
MODELS: Final[dict[str, Any]] = {
    "page": PassportPage,
    "page.name": Words,
    "page.storage": Words,
    "page.journey": JourneySection,
    "page.eco": EcoSection,
    "page.nutrition": NutritionTable,
    "score": NutriScoreView,
    "earned": PointsView,
    "nova": NovaView,
    "marker": MarkerView,
    "additive": AdditiveView,
    "ours": ComputedEco,
    "part": EcoPart,
    "map": JourneyMap,
    "point": Point,
    "pack": ScannedPack,
    "result": Found,
    "row": NutritionRow,
    "run": Run,
    "source": SourceView,
    "step": StepView,
}
OPERATIONS: Final = {operations.LIVE, operations.READY, operations.METRICS}
"""Answered in front of the URL patterns."""
ERRORS = [400, 403, 404, 405, 413, 429, 500, 503]


def test_the_templates_are_found() -> None:
    assert len(TEMPLATES) > 30


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_an_exception_from_the_content_security_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}", "", text)
    assert not re.search(r"<script(?![^>]*\ssrc=| type=\"application/ld\+json\")", text), (
        "a script inside the page"
    )
    assert not re.search(r"<style", text), "styles inside the page"
    assert not re.search(r"\sstyle\s*=", text), "a style attribute"
    assert not re.search(r"\son[a-z]+\s*=", text), "an event handler attribute"
    assert not re.search(r"(href|src|action)\s*=\s*[\"']\s*javascript:", text), "a script address"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_loads_anything_from_another_house(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"(src|action)\s*=\s*[\"'](https?:)?//", text)
    assert not re.search(r"<link[^>]+href\s*=\s*[\"'](https?:)?//", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_icon_named_by_a_template_is_drawn(template: Path) -> None:
    drawn = set(
        re.findall(r'symbol id="(\w+)"', (ROOT / "frontend/public/icons.svg").read_text(encoding="utf-8"))
    )
    text = template.read_text(encoding="utf-8")
    named = set(re.findall(r'icon\.html" with name="(\w+)"', text)) | set(
        re.findall(r"(?:icons\.svg' %|{ icons })}#(\w+)", text)
    )
    assert named <= drawn


def test_the_addresses_that_templates_write_out_are_found() -> None:
    assert {"/", "/search", "/scan", "/brand/"} <= ADDRESSES


@pytest.mark.parametrize("address", sorted(ADDRESSES))
def test_every_address_that_a_template_writes_out_leads_somewhere(address: str) -> None:
    assert address in OPERATIONS or resolve(address).func


@pytest.mark.parametrize(("name", "model"), MODELS.items(), ids=MODELS)
def test_templates_and_what_they_show_agree(name: str, model: Any) -> None:
    """Django shows nothing for a name that does not exist: a misspelt one looks like an empty value."""
    said = re.compile(rf"(?<![\w./-]){re.escape(name)}\.(?!html|svg)(\w+)")
    shown = {field for text in PASSPORT for field in said.findall(text)}
    computed = {name for name, value in vars(model).items() if isinstance(value, property)}
    assert shown <= computed | {field.name for field in fields(model)}
    assert shown


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_needs_nothing_but_its_correlation_id(status: int) -> None:
    engine = Engine(
        dirs=[ROOT / "frontend" / "templates"],
        libraries={
            "i18n": "django.templatetags.i18n",
            "static": "django.templatetags.static",
        },
    )
    page = engine.get_template(f"errors/{status}.html").render(Context({"correlation_id": CORRELATION_ID}))
    assert CORRELATION_ID in page
    assert 'href="/"' in page
    assert "Traceback" not in page


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_without_a_correlation_id_promises_none(status: int) -> None:
    assert "tell this number" not in render_to_string(f"errors/{status}.html")


@pytest.mark.parametrize("sample", samples().values(), ids=samples().keys())
def test_every_page_reads_what_it_is_for(sample: Sample) -> None:
    page = sample.render()
    assert sample.reads.replace("'", "&#x27;") in page or sample.reads in page
    assert page.count("<h1") == 1
    assert "None" not in re.sub(r"<[^>]*>", "", page)


@pytest.mark.parametrize("name", [name for name in samples() if name.startswith(("passport", "unknown"))])
def test_always_check_the_pack_is_on_every_page_about_a_product(name: str) -> None:
    assert "Always check the pack." in samples()[name].render()


def test_allergens_are_emphasised_inside_the_list_without_a_stray_space() -> None:
    page = samples()["passport"].render()
    assert 'Wholegrain <strong class="allergen">oat</strong> flakes 58 %' in page


def test_what_a_source_says_cannot_become_markup() -> None:
    sample = samples()["passport"]
    sample.context["page"] = replace(sample.context["page"], name=Words("<script>alert(1)</script>", "en"))
    page = sample.render()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_public_part_of_the_passport_is_the_same_for_everyone() -> None:
    sample = samples()["passport"]
    assert sample.render() == sample.render()
    assert "csrf" not in sample.render()
