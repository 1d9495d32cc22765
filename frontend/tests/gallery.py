"""Every consumer page in every state it can be in, rendered from samples: no server, no database, no scan."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from contexts.passport.application.alternatives import Alternative, Alternatives
from contexts.passport.application.comparing import Cell, Comparison, Row
from contexts.passport.application.errors import CodeNotAccepted
from contexts.passport.application.history import History, PastScan
from contexts.passport.application.journey_map import map_of
from contexts.passport.application.page_eco import ComputedEco, EcoPart
from contexts.passport.application.page_history import ChangeView, VersionView
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
    RecallView,
    SourceView,
    StepView,
    Words,
)
from contexts.passport.application.scanned_pack import ScannedPack
from contexts.passport.application.search import Filters, Found
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import Claim, NutriScore
from contexts.passport.domain.links import PASSPORT_ID, Link
from contexts.passport.domain.refusals import GtinCheckDigit
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import RecordedScan
from contexts.passport.domain.sections import Position, Step, StepKind
from contexts.passport.web.search_filters import choices, chosen

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


def _row(
    label: str, per_100: str, unit: str, *, portion: str, intake: str | None, level: str | None = None
) -> NutritionRow:
    return NutritionRow(
        label=label,
        indent=label.startswith("of which"),
        per_100=per_100,
        unit=unit,
        per_portion=portion,
        intake=intake,
        level=level,
        level_words=level,
    )


def _points(name: str, value: str, points: int, most: int, *, counts: bool = True) -> PointsView:
    return PointsView(name=name, value=value, points=points, most=most, counts=counts)


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
    ingredients_foreign="",
    allergens=("Cereals containing gluten", "Milk", "Nuts"),
    traces=("Soybeans", "Sesame"),
    traces_stated=True,
    claims=("Vegetarian", "Organic"),
    generic_name=Words("Crunchy cereal preparation with nuts and fruit", "en"),
    alcohol=None,
    nutrition=NutritionTable(
        basis="100 g",
        portion="50 g",
        rows=(
            _row("Energy", "1842", "kJ", portion="921", intake="11"),
            _row("Energy", "439", "kcal", portion="220", intake="11"),
            _row("Fat", "15.2", "g", portion="7.6", intake="11", level="medium"),
            _row("of which saturates", "1.9", "g", portion="0.95", intake="5", level="medium"),
            _row("Carbohydrate", "61", "g", portion="30.5", intake="12"),
            _row("of which sugars", "17.4", "g", portion="8.7", intake="10", level="medium"),
            _row("Fibre", "8.1", "g", portion="4.05", intake=None),
            _row("Protein", "9.6", "g", portion="4.8", intake="10"),
            _row("Salt", "0.35", "g", portion="0.18", intake="3", level="low"),
        ),
    ),
    nutri_score=NutriScoreView(
        published="C",
        publisher="PackyTrace demo catalogue",
        computed="B",
        score=2,
        kind="Rules for food in general",
        negative=(_points("Energy", "1842 kJ", 5, 10), _points("Sugars", "17.4 g", 5, 15)),
        positive=(_points("Fibre", "8.1 g", 5, 5), _points("Protein", "9.6 g", 4, 7, counts=False)),
        negative_points=10,
        positive_points=8,
        assumptions=("The share of fruits, vegetables and legumes is the source's estimate.",),
    ),
    nova=NovaView(
        published=3,
        published_words="Processed food",
        publisher="PackyTrace demo catalogue",
        computed=4,
        computed_words="Ultra-processed food",
        markers=(MarkerView(words="malt extract", language="en", kind="industrial ingredient"),),
    ),
    additives=(AdditiveView(number="E322", name="lecithins", purpose="Helps fat and water to mix."),),
    storage=Words("Keep dry and away from heat. Close the pack well and eat within 8 weeks.", "en"),
    operator="Alder Mill Foods, 4 Weir Lane, Ballyalder, Ireland",
    origin=Words("Oats from Ireland", "en"),
    date_kind="best_before",
    instructions=Words("Serve 50 g with milk, a plant drink or yoghurt.", "en"),
    not_stated=(),
    journey=JourneySection(
        state="loaded",
        steps=(
            StepView(kind="origin", place="Oat fields, County Meath, Ireland", date=date(2025, 8, 19)),
            StepView(kind="processing", place="Mill and oven, Ballyalder, Ireland", date=date(2025, 9, 4)),
            StepView(kind="packing", place="Packing hall, Ballyalder, Ireland", date=date(2025, 9, 5)),
            StepView(kind="distribution", place="Warehouse, Rotterdam, Netherlands", date=None),
        ),
        map=map_of(
            (
                Step(kind=StepKind.ORIGIN, place="County Meath", position=Position(53.6, -6.7)),
                Step(kind=StepKind.DISTRIBUTION, place="Rotterdam", position=Position(51.9, 4.5)),
            )
        ),
    ),
    eco=EcoSection(
        state="loaded",
        score=71,
        grade="B",
        explanation=Words(
            "Oats need little water and fertiliser. The hazelnuts and the plastic bag cost the most.", "en"
        ),
        publisher="PackyTrace demo catalogue",
        computed=ComputedEco(
            score=80,
            grade="A",
            parts=(
                EcoPart(name="Life cycle of such food", evidence="Muesli, crunchy", points="65"),
                EcoPart(name="How it was grown or caught", evidence="Organic", points="+15"),
            ),
            food="Muesli, crunchy",
            co2="2.1",
            unknown=("its packaging",),
        ),
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
    origins={"ingredients": "PackyTrace demo catalogue", "nutrition": "PackyTrace demo catalogue"},
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
    traces_stated=False,
    nutri_score=NutriScoreView(
        published="E", publisher="Open Food Facts contributors", missing=("what kind of product it is",)
    ),
    nova=NovaView(
        published=4, published_words="Ultra-processed food", publisher="Open Food Facts contributors"
    ),
    origins={},
    journey=JourneySection(state="absent"),
    eco=EcoSection(state="absent"),
    storage=None,
    origin=None,
    instructions=None,
    date_kind=None,
    operator=None,
    not_stated=("Kind of date", "Responsible business"),
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
    generic_name=None,
    nutrition=None,
    nutri_score=NutriScoreView(missing=("the nutrition table",)),
    nova=NovaView(),
    additives=(),
    origins={},
)
_ENDLESS = "<b>" + "\u202e" + "حليب " * 100 + "W" * 500
ENDLESS = replace(
    # A product of which everything is said in far too many words, and in words without an end.
    FULL,
    name=Words(_ENDLESS * 10, "ar", "Arabic"),
    brand_name=_ENDLESS,
    quantity=_ENDLESS,
    generic_name=Words(_ENDLESS, "ar", "Arabic"),
    ingredients=runs_of(_ENDLESS + "_milk_" + _ENDLESS),
    allergens=("W" * 300,),
    traces=("W" * 300,),
    storage=Words(_ENDLESS, "ar"),
    operator=_ENDLESS,
    journey=JourneySection(state="loaded", steps=(StepView(kind="origin", place=_ENDLESS, date=None),)),
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


def _compared(*pages: PassportPage) -> Sample:
    """Of some products; what each row holds does not matter here."""

    def row(title: str, *cells: Cell, indent: bool = False) -> Row:
        return Row(title=title, indent=indent, cells=cells[: len(pages)])

    comparison = Comparison(
        products=pages,
        scores=(
            row(
                "Nutri-Score",
                Cell(text="B", is_best=True, note="computed by us"),
                Cell(text="E"),
                Cell(text=""),
            ),
            row(
                "Degree of processing (NOVA)",
                Cell(text="Group 3 of 4"),
                Cell(text="Group 4 of 4"),
                Cell(text=""),
            ),
        ),
        nutrition=(
            row("Energy", Cell(text="1842 kJ", is_best=True), Cell(text="2104 kJ"), Cell(text="0 kJ")),
            row(
                "of which saturates",
                Cell(text="1.9 g", is_best=True, note="low", level="low"),
                Cell(text="11.2 g", note="high", level="high"),
                Cell(text=""),
                indent=True,
            ),
        ),
        same_basis=True,
        contents=(
            row(
                "Contains",
                Cell(text="Cereals containing gluten, Milk, Nuts"),
                Cell(text="Milk"),
                Cell(text=""),
            ),
            row("Quantity", Cell(text="450 g"), Cell(text="300 g"), Cell(text="1.5 l")),
        ),
    )
    return Sample(
        template="passport/compare.html",
        context={
            "comparison": comparison,
            "columns": [{"page": page, "without": "/compare"} for page in pages],
            "has_room": len(pages) < 3,
            "unknown": ["We don't know the product 09520123456795 yet."] if len(pages) == 2 else [],
            "query": "oat" if len(pages) == 2 else "",
            "found": [{"product": _found(BARE), "address": "/compare"}] if len(pages) == 2 else [],
        },
        reads=pages[0].name.text if pages else "Look for two or three products",
    )


def _instead_of(page: PassportPage, *alternatives: Alternative) -> Sample:
    return Sample(
        template="passport/alternatives.html",
        context={
            "page": page,
            "alternatives": Alternatives(
                products=alternatives, grade="E", tag="en:biscuits", category=Words("Biscuits", "en")
            ),
        },
        reads=alternatives[0].name.text if alternatives else "We know of none.",
    )


def _alternative(page: PassportPage, *, grade: str, is_published: bool, eco: int | None) -> Alternative:
    return Alternative(
        gtin=page.gtin,
        name=page.name,
        brand_name=page.brand_name,
        quantity=page.quantity,
        picture_url=page.picture_url,
        is_demo=page.is_demo,
        unverified=page.unverified,
        grade=grade,
        is_published=is_published,
        eco_grade="B" if eco else None,
        eco_score=eco,
    )


_PASSPORT_LINK = Link(
    id=PASSPORT_ID,
    anchor="/01/09520123456788",
    link_type="gs1:pip",
    href="https://packytrace.example/passport/09520123456788",
    title="Product passport",
    hreflang=("en", "it", "de", "fr", "es"),
    media_type="text/html",
    is_default=True,
)
_LEAFLET = replace(
    _PASSPORT_LINK,
    anchor="/01/09520123456788/10/L25-0905",
    link_type="gs1:recipeInfo",
    href="https://alder-mill.example/recipes.pdf",
    title="Rezepte mit Knuspermüsli",
    hreflang=("de",),
    media_type="application/pdf",
    context=("DE",),
    is_default=False,
)


def _links(template: str, *, reads: str, none_of_type: bool = False) -> Sample:
    def group(says: str, link: Link, kind: str, host: str) -> dict[str, Any]:
        return {"says": says, "links": [{"link": link, "title": link.title, "kind": kind, "host": host}]}

    return Sample(
        template=template,
        context={
            "name": FULL.name.text,
            "code": "https://packytrace.example/01/09520123456788/10/L25-0905",
            "groups": [
                group("For lot L25-0905", _LEAFLET, "Recipe info", "alder-mill.example"),
                group("For every pack", _PASSPORT_LINK, "Product information", "packytrace.example"),
            ],
            "none_of_type": none_of_type,
            "json_ld": "{}",
        },
        reads=reads,
    )


def _past(page: PassportPage, *, is_known: bool = True) -> PastScan:
    scan = RecordedScan(
        scan_id=UUID(int=1),
        visitor_id=UUID(int=2),
        item=ScannedItem(gtin=page.gtin, raw=page.gtin),
        product_known=is_known,
        at=datetime(2026, 5, 1, 12, tzinfo=UTC),
    )
    return PastScan(
        scan=scan,
        name=page.name.text,
        brand_name=page.brand_name,
        picture_url=page.picture_url,
        is_known=is_known,
    )


_NARROWED = Filters(
    without=frozenset({Allergen.MILK, Allergen.NUTS}),
    diets=frozenset({Claim.VEGAN}),
    grades=frozenset({NutriScore.A, NutriScore.B}),
    category="en:mueslis",
)
_VERSIONS = (
    VersionView(
        number=2,
        at=datetime(2026, 5, 1, 12, tzinfo=UTC),
        by="The brand",
        is_first=False,
        is_withdrawn=False,
        changes=(
            ChangeView(name="Name", before="Oat muesli", after="Crunchy oat muesli", source="Alder Mill"),
            ChangeView(name="Storage", before="Keep dry.", after="", source=""),
        ),
    ),
    VersionView(
        number=1,
        at=datetime(2026, 4, 1, 12, tzinfo=UTC),
        by="Open Food Facts",
        is_first=True,
        is_withdrawn=False,
        changes=(
            ChangeView(name="Name", before="", after="Oat muesli", source="Open Food Facts contributors"),
        ),
    ),
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
            context={
                "gtin": "09520123456788",
                "is_product": True,
                "report_url": "/report",
                "reported": False,
            },
            reads="We don't know this product yet",
        ),
        "unknown-reported": Sample(
            template="passport/unknown.html",
            context={"gtin": "09520123456788", "is_product": True, "report_url": "/report", "reported": True},
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
        "search-filtered": Sample(
            template="passport/search.html",
            context={
                "query": "oat",
                "filters": _NARROWED,
                "choices": choices(_NARROWED),
                "chosen": chosen(_NARROWED),
                "category": Words("Mueslis", "en"),
                "results": [_found(FULL)],
            },
            reads="Without: Milk, Nuts",
        ),
        "unknown-asked": Sample(
            template="passport/unknown.html",
            context={
                "gtin": "09520123456788",
                "is_product": True,
                "report_url": "/report",
                "reported": False,
                "asked": "failed",
            },
            reads="Open Food Facts cannot be asked at the moment.",
        ),
        "unknown-place": Sample(
            template="passport/unknown.html",
            context={"gtin": "9520123456788", "is_product": False, "report_url": "", "reported": False},
            reads="Nothing is registered for this code",
        ),
        "links": _links("passport/linkset.html", reads="Everything that this code leads to."),
        "choose": _links("passport/choose.html", reads="This code has several pages for what was asked."),
        "choose-of-others": _links("passport/choose.html", reads="This is not there", none_of_type=True),
        "compare": _compared(),
        "compare-two": _compared(FULL, UNVERIFIED),
        "compare-three": _compared(FULL, ENDLESS, BARE),
        "alternatives": _instead_of(
            UNVERIFIED,
            _alternative(FULL, grade="B", is_published=False, eco=71),
            _alternative(BARE, grade="C", is_published=True, eco=None),
        ),
        "alternatives-none": _instead_of(ENDLESS),
        "product-history": Sample(
            template="passport/product_history.html",
            context={"page": FULL, "versions": _VERSIONS},
            reads="Crunchy oat muesli",
        ),
        "history": Sample(
            template="passport/history.html",
            context={
                "history": History(scans=(_past(FULL), _past(BARE, is_known=False)), next="more"),
                "signed_in": False,
                "goes_on": True,
            },
            reads="What this browser scanned.",
        ),
        "history-empty": Sample(
            template="passport/history.html",
            context={"history": History(scans=(), next=None), "signed_in": True},
            reads="There is nothing here yet",
        ),
        "passport": _passport(FULL),
        "passport-unverified": _passport(UNVERIFIED, reads="Nobody has verified this data."),
        "passport-endless": _passport(ENDLESS, reads="&lt;b&gt;"),
        "search-endless": Sample(
            template="passport/search.html",
            context={"query": _ENDLESS, "results": [_found(ENDLESS)]},
            reads="One product for",
        ),
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


def looks() -> dict[str, Sample]:
    """Those that look different: pages of errors differ by their words alone."""
    return {
        name: sample
        for name, sample in samples().items()
        if "error-" not in name or name.endswith(("error-404", "error-503"))
    }


def one_of_each() -> dict[str, Sample]:
    """One of each template: the last, which has most on it."""
    return {sample.template: sample for sample in looks().values()}
