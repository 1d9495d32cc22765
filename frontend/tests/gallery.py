"""Every consumer page in every state it can be in, rendered from samples: no server, no database, no scan."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from contexts.passport.application.errors import CodeNotAccepted
from contexts.passport.application.passport_page import (
    EcoSection,
    JourneySection,
    NutritionRow,
    PassportPage,
    PublishedGrade,
    RecallView,
    SourceView,
    StepView,
    Words,
)
from contexts.passport.application.scanned_pack import ScannedPack
from contexts.passport.application.search import Found
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.refusals import GtinCheckDigit

_SLOT = "<!--personal-->"
CORRELATION_ID = "0199c2f4-7d5e-7c1a-9a51-3f0f6f2b8c10"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One page: the template, what it is given, and a word that must be read on it."""

    template: str
    reads: str
    context: dict[str, Any] = field(default_factory=dict)
    pack: ScannedPack | None = None
    """The scanned pack, on the page of who scanned it."""

    def render(self) -> SafeString:
        # As the passport's view composes it: what is personal stands before the invitation.
        html = render_to_string(
            self.template, {"correlation_id": CORRELATION_ID, "slot": mark_safe(_SLOT), **self.context}
        )
        pack = render_to_string("passport/pack.html", {"pack": self.pack}) if self.pack else ""
        return html.replace(_SLOT, pack, 1).replace(_SLOT, "")


def _row(label: str, per_100: str, unit: str, *, indent: bool = False) -> NutritionRow:
    return NutritionRow(label=label, indent=indent, per_100=per_100, unit=unit)


FULL = PassportPage(
    # A product of which everything is known.
    gtin="09520123456788",
    name=Words("Crunchy oat muesli with hazelnuts and sour cherries", "en"),
    brand_name="Alder Mill",
    picture_url=None,
    quantity="450 g",
    is_demo=True,
    recalls=(),
    unverified=False,
    ingredients=runs_of(
        "Wholegrain _oat_ flakes 58 %, cane sugar, sunflower oil, roasted _hazelnuts_ 7 %, dried sour "
        "cherries 6 % (sour cherries, apple juice concentrate, rice flour), _barley_ malt extract, "
        "skimmed _milk_ powder, sea salt."
    ),
    ingredients_language="en",
    allergens=("Cereals containing gluten", "Milk", "Nuts"),
    traces=("Soybeans", "Sesame"),
    claims=("Vegetarian", "Organic"),
    nutrition=(
        _row("Energy", "1842", "kJ"),
        _row("Energy", "439", "kcal"),
        _row("Fat", "15.2", "g"),
        _row("of which saturates", "1.9", "g", indent=True),
        _row("Carbohydrate", "61", "g"),
        _row("of which sugars", "17.4", "g", indent=True),
        _row("Fibre", "8.1", "g"),
        _row("Protein", "9.6", "g"),
        _row("Salt", "0.35", "g"),
    ),
    nutrition_basis="100 g",
    nutri_score=PublishedGrade(grade="C", source="as published by PackyTrace demo catalogue"),
    nova=3,
    storage=Words("Keep dry and away from heat. Close the pack well and eat within 8 weeks.", "en"),
    operator="Alder Mill Foods, 4 Weir Lane, Ballyalder, Ireland",
    origin=Words("Oats from Ireland", "en"),
    date_kind="best_before",
    instructions=Words("Serve 50 g with milk, a plant drink or yoghurt.", "en"),
    journey=JourneySection(
        state="loaded",
        steps=(
            StepView(kind="origin", place="Oat fields, County Meath, Ireland", date=date(2025, 8, 19)),
            StepView(kind="processing", place="Mill and oven, Ballyalder, Ireland", date=date(2025, 9, 4)),
            StepView(kind="packing", place="Packing hall, Ballyalder, Ireland", date=date(2025, 9, 5)),
            StepView(kind="distribution", place="Warehouse, Rotterdam, Netherlands", date=None),
        ),
    ),
    eco=EcoSection(
        state="loaded",
        score=71,
        grade="B",
        explanation="Oats need little water and fertiliser. The hazelnuts and the plastic bag cost the most.",
    ),
    provenance=(
        SourceView(
            name="PackyTrace demo catalogue",
            licence="CC0 1.0",
            licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
            url=None,
            fetched=date(2025, 9, 30),
            verified=True,
            fields=("Name", "Ingredients", "Allergens", "Nutrition", "Journey", "Eco"),
        ),
    ),
    data_date=date(2025, 9, 30),
)
UNVERIFIED = replace(
    FULL,
    is_demo=False,
    unverified=True,
    name=Words("Biscuits fourrés au chocolat", "fr"),
    brand_name="La Maison du Goûter",
    ingredients=runs_of(
        "Farine de _blé_ 38 %, sucre, huile de palme, cacao maigre en poudre 5 %, "
        "_lait_ écrémé en poudre, sel."
    ),
    ingredients_language="fr",
    allergens=("Cereals containing gluten", "Milk"),
    traces=(),
    nutri_score=PublishedGrade(grade="E", source="as published by Open Food Facts contributors"),
    nova=4,
    journey=JourneySection(state="absent"),
    eco=EcoSection(state="absent"),
    storage=None,
    origin=None,
    instructions=None,
    date_kind=None,
    operator=None,
    provenance=(
        SourceView(
            name="© Open Food Facts contributors",
            licence="ODbL 1.0",
            licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
            url="https://world.openfoodfacts.org/product/9520123456788",
            fetched=date(2025, 10, 2),
            verified=False,
            fields=("Name", "Ingredients", "Allergens", "Nutrition"),
        ),
    ),
)
BARE = replace(
    UNVERIFIED,
    name=Words("Mineral water", "en"),
    brand_name="",
    quantity=None,
    ingredients=(),
    allergens=(),
    nutrition=(),
    nutrition_basis=None,
    nutri_score=None,
    nova=None,
)
_NOTHING_SAID = ScannedPack(
    lot=None,
    serial=None,
    use_by=None,
    best_before=None,
    net_weight=None,
    use_by_passed=False,
    best_before_passed=False,
)


def _passport(page: PassportPage, *, pack: ScannedPack | None = None, reads: str | None = None) -> Sample:
    return Sample(
        template="passport/passport.html", context={"page": page}, pack=pack, reads=reads or page.name.text
    )


def _found(page: PassportPage) -> Found:
    return Found(
        gtin=page.gtin,
        name=page.name.text,
        brand_name=page.brand_name,
        quantity=page.quantity,
        picture_url=page.picture_url,
        is_demo=page.is_demo,
        unverified=page.unverified,
    )


def samples() -> dict[str, Sample]:
    pages = {
        "scan": Sample(template="passport/scan.html", reads="Know what is in the pack"),
        "bad-code": Sample(
            template="passport/bad_code.html",
            context={
                "problem": CodeNotAccepted(GtinCheckDigit(ai="01")),
                "code": "9520123456780",
            },
            reads="For those who print the code",
        ),
        "unknown": Sample(
            template="passport/unknown.html",
            context={"gtin": "09520123456788", "report_url": "/report", "reported": False},
            reads="We don't know this product yet",
        ),
        "unknown-reported": Sample(
            template="passport/unknown.html",
            context={"gtin": "09520123456788", "report_url": "/report", "reported": True},
            reads="Thank you, we have noted it.",
        ),
        "search": Sample(template="passport/search.html", context={"query": ""}, reads="Search"),
        "search-found": Sample(
            template="passport/search.html",
            context={
                "query": "oat",
                "results": [_found(page) for page in (FULL, UNVERIFIED, BARE)],
                "more": True,
            },
            reads="The first 3 products for “oat”",
        ),
        "search-nothing": Sample(
            template="passport/search.html",
            context={"query": "xyzzy", "results": []},
            reads="Nothing found for “xyzzy”",
        ),
        "passport": _passport(FULL),
        "passport-unverified": _passport(UNVERIFIED, reads="Nobody has verified this data."),
        "passport-recalled": _passport(
            replace(
                FULL,
                recalls=(
                    RecallView(
                        every_pack=False,
                        lots=("L6041", "L6042"),
                        serial_from="",
                        serial_to="",
                        reason="A foreign body in the food",
                        text="May hold pieces of a nutshell. Bring it back to the shop.",
                        announced=date(2025, 10, 2),
                    ),
                ),
            ),
            reads="May hold pieces of a nutshell.",
        ),
        "passport-bare": _passport(BARE, reads="We do not know which allergens it contains"),
        "passport-pack": _passport(
            FULL,
            pack=replace(_NOTHING_SAID, lot="L25-0905", best_before=date(2026, 5, 31), net_weight="0.45 kg"),
            reads="The pack you scanned",
        ),
        "passport-best-before-passed": _passport(
            FULL,
            pack=replace(
                _NOTHING_SAID, lot="L25-0905", best_before=date(2025, 5, 31), best_before_passed=True
            ),
            reads="Check it first",
        ),
        "passport-use-by-passed": _passport(
            FULL,
            pack=replace(
                _NOTHING_SAID,
                lot="ABCDEFGHIJKLMNOPQRST",
                serial="12345678901234567890",
                use_by=date(2025, 5, 31),
                net_weight="0.45 kg",
                use_by_passed=True,
            ),
            reads="Do not eat this",
        ),
    }
    for status in (400, 403, 404, 405, 413, 429, 500, 503):
        pages[f"error-{status}"] = Sample(template=f"errors/{status}.html", reads=CORRELATION_ID)
        for name, console in (("brand", "/brand/"), ("admin", "/admin/")):
            pages[f"{name}-error-{status}"] = Sample(
                template="errors/console.html",
                reads=CORRELATION_ID,
                context={"page": status, "console": console},
            )
    return pages
