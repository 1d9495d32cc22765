"""Open Food Facts: a product record of its exports as a Catalogue Entry.

The database is under the Open Database Licence 1.0, which asks to name its contributors (section 4.3): the
name of the source does, wherever one of its values is shown. Pictures are left where they are: showing them
from there would tell a third party who looks at which product.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import orjson

from contexts.passport.application.sources.record import RecordRefused, Refused, Understood
from contexts.passport.domain.allergens import Allergen, in_order, named_in
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.eco import CERTIFICATES
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.ingredients import Runs, accidental_in, contained_in, runs_of
from contexts.passport.domain.label import Claim, DigitalLabel, Nova, NutriScore, in_claims_order
from contexts.passport.domain.nutri_score import RULES
from contexts.passport.domain.nutrition import Basis, ImpossibleNutrition, Nutrition, Portion, portion_of
from contexts.passport.domain.refusals import GtinCheckDigit, GtinLength, GtinZero
from contexts.passport.domain.sections import Eco
from contexts.passport.domain.text import cleaned, shortened

NAME: Final = "© Open Food Facts contributors"
LICENCE: Final = "Open Database License (ODbL) 1.0"
LICENCE_URL: Final = "https://opendatacommons.org/licenses/odbl/1-0/"
PRODUCT_URL: Final = "https://world.openfoodfacts.org/product/{code}"

#: GS1's prefix for demonstrations, as it begins a GTIN-14: whatever has it is no product.
_DEMONSTRATION: Final = "0952"
_LONGEST_NAME: Final = 500
_LONGEST_LINE: Final = 200
_LONGEST_TEXT: Final = 2_000
#: A list is never cut: what is cut off could be the allergen.
_LONGEST_INGREDIENTS: Final = 20_000
#: Values are 32-bit floats in the Parquet export: six digits are right, the seventh is noise.
_SIGNIFICANT_DIGITS: Final = 6
#: Sodium is 40 % of salt: Regulation (EU) 1169/2011 Annex I, point 11.
_SALT_OF_SODIUM: Final = Decimal("2.5")
_UNDETERMINED: Final = "und"
"""Language code of a text whose language is not known (ISO 639-2)."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
#: A name of Open Food Facts' taxonomy of food: its language, then its words.
_CATEGORY: Final = re.compile(r"[a-z]{2,3}:[^\s:]+")
#: A product of theirs has twenty or fewer; what is special stands last.
_MOST_CATEGORIES: Final = 40
#: What stands for "no category" in some of their imports.
_NO_CATEGORY: Final = "en:null"
_ADDITIVE: Final = re.compile(r"en:e\d{3,4}[a-h]?[ivx]{0,4}")
_MOST_ADDITIVES: Final = 60

ALLERGEN_OF_TAG: Final[Mapping[str, Allergen]] = {
    "en:gluten": Allergen.GLUTEN,
    "en:crustaceans": Allergen.CRUSTACEANS,
    "en:eggs": Allergen.EGGS,
    "en:fish": Allergen.FISH,
    "en:peanuts": Allergen.PEANUTS,
    "en:soybeans": Allergen.SOYBEANS,
    "en:milk": Allergen.MILK,
    "en:nuts": Allergen.NUTS,
    "en:celery": Allergen.CELERY,
    "en:mustard": Allergen.MUSTARD,
    "en:sesame-seeds": Allergen.SESAME,
    "en:sulphur-dioxide-and-sulphites": Allergen.SULPHITES,
    "en:lupin": Allergen.LUPIN,
    "en:molluscs": Allergen.MOLLUSCS,
}
#: What Open Food Facts' names of labels say of a product. The mark of an organisation stands beside what it
#: says mostly and not always. All other names say nothing that we show.
CLAIM_OF_TAG: Final[Mapping[str, Claim]] = {
    "en:vegan": Claim.VEGAN,
    "en:the-vegan-society": Claim.VEGAN,
    "en:european-vegetarian-union-vegan": Claim.VEGAN,
    "en:vegetarian": Claim.VEGETARIAN,
    "en:european-vegetarian-union-vegetarian": Claim.VEGETARIAN,
    "en:halal": Claim.HALAL,
    "en:kosher": Claim.KOSHER,
    "en:no-gluten": Claim.GLUTEN_FREE,
    "en:gluten-free": Claim.GLUTEN_FREE,
    "en:no-lactose": Claim.LACTOSE_FREE,
    "en:lactose-free": Claim.LACTOSE_FREE,
    "en:no-milk": Claim.MILK_FREE,
    "en:milk-free": Claim.MILK_FREE,
    "en:no-alcohol": Claim.ALCOHOL_FREE,
    "en:no-added-sugar": Claim.NO_ADDED_SUGAR,
    "en:organic": Claim.ORGANIC,
    "en:eu-organic": Claim.ORGANIC,
}
_NO_ALLERGEN: Final = frozenset({"none", "no allergens", "no traces", "null", "unknown", ""})
#: What a contributor types who has looked for a statement and found none.
_NONE: Final = frozenset({"none", "no-allergens", "no-traces"})

#: Open Food Facts' names of the nutrients that a label declares. What is "per 100 g" is in grams there
#: whatever unit stands beside it (that is the unit somebody typed it in), energy in kJ unless its name says
#: kcal.
NUTRIENTS: Final[Mapping[str, str]] = {
    "energy-kj": "energy_kj",
    "energy-kcal": "energy_kcal",
    "fat": "fat",
    "saturated-fat": "saturates",
    "carbohydrates": "carbohydrate",
    "sugars": "sugars",
    "fiber": "fibre",
    "proteins": "protein",
    "salt": "salt",
}
ENERGY: Final = "energy"
SODIUM: Final = "sodium"
ALCOHOL: Final = "alcohol"
"""In percent by volume."""
#: The share of fruits, vegetables and legumes in percent, under the names of older and newer exports; the
#: first that is there counts.
FRUITS: Final = ("fruits-vegetables-legumes-estimate-from-ingredients", "fruits-vegetables-legumes")
WANTED_NUTRIENTS: Final = frozenset({*NUTRIENTS, ENERGY, SODIUM, ALCOHOL, *FRUITS})
"""Everything that is read of what they call nutrients."""

_UNKNOWN_TO_ECO: Final[Mapping[str, str]] = {
    "labels": "how it was grown",
    "origins": "where the ingredients come from",
    "packagings": "its packaging",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What we read of a product, the same for every export. Texts are raw."""

    code: str
    language: str
    names: Mapping[str, str]
    generic_names: Mapping[str, str]
    ingredients: Mapping[str, str]
    """With the source's marks around allergens where it has them."""
    storage: Mapping[str, str]
    instructions: Mapping[str, str]
    brands: str
    allergens: Iterable[str]
    traces: Iterable[str]
    labels: Iterable[str]
    categories: Iterable[str]
    """From general to special."""
    nutrients: Mapping[str, float | str]
    """Per 100 g or 100 ml, by Open Food Facts' names."""
    quantity: str
    quantity_unit: str
    nutriscore: str
    nova: int | None
    eco_score: int | None
    eco_data: str | Mapping[str, Any] | None
    origins: str
    modified: int | None
    """Seconds since 1970."""
    additives: Iterable[str] = ()
    serving: str = ""
    """What the pack calls a portion, such as `2 biscuits (25 g)`."""
    serving_quantity: float | str | None = None
    """How much that is, in grams or millilitres."""
    nutriscore_version: str = ""
    """The year of the rules of `nutriscore`. Exports that do not say it are of a time when there was only
    one, that of 2023."""


def understood(record: Record, *, read_on: date) -> Understood:
    """The entry that a record makes. Raises RecordRefused."""
    gtin = _gtin(record.code)
    names = _per_language(record.names, limit=_LONGEST_NAME) or _per_language(
        record.generic_names, limit=_LONGEST_NAME
    )
    if not names:
        raise RecordRefused(code="no_name", reason="No language has a name for the product.")
    left_out: list[Refused] = []
    declared, other_allergens = _allergens(record.allergens)
    traces, other_traces = _allergens(record.traces)
    ingredients = _ingredients(record.ingredients, left_out=left_out)
    nutrition = _nutrition(record, left_out=left_out)
    impossible = any(refused.code == "impossible_nutrition" for refused in left_out)
    label = DigitalLabel(
        language=_language(record.language),
        names=names,
        generic_names=_generic_names(record.generic_names, names=names),
        ingredients=ingredients,
        allergens=in_order({*declared, *_in_lists(contained_in, ingredients)}),
        other_allergens=other_allergens,
        traces=_traces(record, {*traces, *_in_lists(accidental_in, ingredients)}, other_traces),
        other_traces=other_traces,
        claims=in_claims_order(CLAIM_OF_TAG[tag] for tag in record.labels if tag in CLAIM_OF_TAG),
        certificates=tuple(tag for tag in dict.fromkeys(record.labels) if tag in CERTIFICATES),
        additives=_additives(record.additives),
        fruits_vegetables_legumes=_percent(record.nutrients, *FRUITS),
        nutrition=nutrition,
        portion=_portion(record, nutrition),
        alcohol=_percent(record.nutrients, ALCOHOL),
        quantity=shortened(cleaned(record.quantity), limit=_LONGEST_LINE) or None,
        storage=_per_language(record.storage, limit=_LONGEST_TEXT),
        instructions=_per_language(record.instructions, limit=_LONGEST_TEXT),
        origin=_per_language({record.language: record.origins}, limit=_LONGEST_TEXT),
        # Computed by the source from the very table that cannot be.
        nutri_score=None if impossible else _nutri_score(record, left_out=left_out),
        nova=Nova(record.nova) if record.nova in {1, 2, 3, 4} else None,
    )
    entry = CatalogueEntry(
        gtin=gtin,
        label=label,
        brand_name=shortened(cleaned(record.brands.partition(",")[0]), limit=_LONGEST_NAME),
        categories=_categories(record.categories),
        eco=_eco(record),
        sources=(),
    )
    source = Source(
        name=NAME,
        licence=LICENCE,
        licence_url=LICENCE_URL,
        url=PRODUCT_URL.format(code=record.code),
        fields=tuple(sorted(entry.known())),
        fetched=read_on,
        modified=_moment(record.modified),
        verified=False,
        record=record.code,
    )
    return Understood(entry=replace(entry, sources=(source,)), left_out=tuple(left_out))


def published_grade(record: Record) -> NutriScore | None:
    """The grade that `understood` takes over, for who needs nothing else of a record."""
    left_out: list[Refused] = []
    _nutrition(record, left_out=left_out)
    return None if left_out else _nutri_score(record, left_out=left_out)


def _gtin(code: str) -> str:
    try:
        gtin = gtin14(code)
    except GtinLength:
        raise RecordRefused(
            code="not_a_gtin", reason="The code does not have 8, 12, 13 or 14 digits."
        ) from None
    except GtinCheckDigit:
        raise RecordRefused(
            code="wrong_check_digit", reason="The last digit of the code does not fit the others."
        ) from None
    except GtinZero:
        raise RecordRefused(code="zeros", reason="The code is zeros alone: no product has it.") from None
    if gtin.startswith(_DEMONSTRATION):
        raise RecordRefused(
            code="demonstration_gtin",
            reason="GS1 keeps the prefix 952 for demonstrations: no product has it.",
        )
    return gtin


def _language(code: str) -> str:
    return code if _LANGUAGE.fullmatch(code) and code != "xx" else _UNDETERMINED


def _per_language(texts: Mapping[str, str], *, limit: int) -> Mapping[str, str]:
    return {
        _language(language): shortened(text, limit=limit)
        for language, raw in texts.items()
        if (text := cleaned(raw))
    }


def _allergens(tags: Iterable[str]) -> tuple[tuple[Allergen, ...], tuple[str, ...]]:
    """Those of Annex II, and the words of the tags that name none."""
    found: set[Allergen] = set()
    others: dict[str, None] = {}
    for tag in tags:
        if allergen := ALLERGEN_OF_TAG.get(tag):
            found.add(allergen)
            continue
        words = cleaned(tag.partition(":")[2].replace("-", " ") or tag)
        named = {allergen for _, _, allergen in named_in(words)}
        found |= named
        if not named and words.lower() not in _NO_ALLERGEN:
            others[shortened(words, limit=_LONGEST_LINE)] = None
    return in_order(found), tuple(others)


def _traces(
    record: Record, found: Collection[Allergen], others: Collection[str]
) -> tuple[Allergen, ...] | None:
    """What may be there by accident. None where nobody says.

    No tag stands for a pack without a statement as well as for a statement that nobody has typed, and nothing
    else in a record tells the two apart: `states_tags` has no state for traces, and a record is `complete`
    without any. Only a tag such as `en:none` says that there is none.
    """
    is_none = any(tag.rpartition(":")[2].strip().lower() in _NONE for tag in record.traces)
    return in_order(found) if found or others or is_none else None


def _categories(tags: Iterable[str]) -> tuple[str, ...]:
    named = (
        tag for tag in tags if len(tag) <= _LONGEST_LINE and _CATEGORY.fullmatch(tag) and tag != _NO_CATEGORY
    )
    return tuple(dict.fromkeys(named))[-_MOST_CATEGORIES:]


def _ingredients(texts: Mapping[str, str], *, left_out: list[Refused]) -> Mapping[str, Runs]:
    lists: dict[str, Runs] = {}
    for language, text in texts.items():
        if len(text) > _LONGEST_INGREDIENTS:
            left_out.append(
                Refused(
                    code="ingredients_too_long",
                    reason=f"The list in {_language(language)!r} has over {_LONGEST_INGREDIENTS} characters.",
                )
            )
        elif runs := runs_of(text, declared=tuple(Allergen), language=_language(language)):
            lists[_language(language)] = runs
    return lists


def _in_lists(names: Callable[..., frozenset[Allergen]], lists: Mapping[str, Runs]) -> Iterator[Allergen]:
    """What the lists of ingredients name, each in the words of its language."""
    for language, runs in lists.items():
        yield from names(runs, language=language)


def _nutrition(record: Record, *, left_out: list[Refused]) -> Nutrition | None:
    given = record.nutrients
    values = {ours: _decimal(given[theirs]) for theirs, ours in NUTRIENTS.items() if theirs in given}
    if values.get("energy_kj") is None and ENERGY in given:
        values["energy_kj"] = _decimal(given[ENERGY])
    if values.get("salt") is None and SODIUM in given and (sodium := _decimal(given[SODIUM])) is not None:
        values["salt"] = _decimal(float(sodium * _SALT_OF_SODIUM))
    if not any(value is not None for value in values.values()):
        return None
    basis = Basis.MILLILITRES if record.quantity_unit.lower() in {"ml", "cl", "l"} else Basis.GRAMS
    try:
        return Nutrition(basis=basis, **values)
    except ImpossibleNutrition as error:
        left_out.append(
            Refused(code="impossible_nutrition", reason=f"No food has {error}: the table is left out.")
        )
        return None


def _decimal(value: float | str) -> Decimal | None:
    try:
        number = Decimal(f"{float(value):.{_SIGNIFICANT_DIGITS}g}")
    except (ValueError, InvalidOperation):
        return None
    return number if number.is_finite() else None


def _nutri_score(record: Record, *, left_out: list[Refused]) -> NutriScore | None:
    grade = record.nutriscore
    if grade not in {"a", "b", "c", "d", "e"}:
        return None
    if record.nutriscore_version and record.nutriscore_version != RULES:
        left_out.append(
            Refused(
                code="nutri_score_of_other_rules",
                reason=f"The grade is of the rules of {shortened(record.nutriscore_version, limit=20)},"
                f" not of {RULES}.",
            )
        )
        return None
    return NutriScore(grade.upper())


def _generic_names(texts: Mapping[str, str], *, names: Mapping[str, str]) -> Mapping[str, str]:
    """The names of the food that say something else than what the product is called."""
    found = _per_language(texts, limit=_LONGEST_NAME)
    return {
        language: text
        for language, text in found.items()
        if text.casefold() != names.get(language, "").casefold()
    }


def _additives(tags: Iterable[str]) -> tuple[str, ...]:
    found = (tag.removeprefix("en:") for tag in tags if _ADDITIVE.fullmatch(tag))
    return tuple(dict.fromkeys(f"E{number[1:]}" for number in found))[:_MOST_ADDITIVES]


def _percent(given: Mapping[str, float | str], *names: str) -> Decimal | None:
    number = next((_decimal(given[name]) for name in names if name in given), None)
    return number if number is not None and 0 <= number <= 100 else None


def _portion(record: Record, nutrition: Nutrition | None) -> Portion | None:
    """As the pack puts it; where its words give no amount, the source's own amount."""
    words = shortened(cleaned(record.serving), limit=_LONGEST_LINE)
    if portion := portion_of(words):
        return portion
    amount = None if record.serving_quantity in (None, "") else _decimal(record.serving_quantity)
    if amount is None or nutrition is None:
        return None
    try:
        return Portion(amount=amount, basis=nutrition.basis, words=words)
    except ImpossibleNutrition:
        return None


def _eco(record: Record) -> Eco | None:
    """The score that Open Food Facts computes, and what from. It can pass 100 by bonuses and fall below 0."""
    if record.eco_score is None:
        return None
    said = [f"Open Food Facts gives it a Green-Score of {record.eco_score}."]
    data = _mapping(record.eco_data)
    food = _mapping(data.get("agribalyse"))
    kind, co2 = food.get("name_en"), food.get("co2_total")
    if isinstance(kind, str) and (kind := cleaned(kind)):
        amount = f": {co2:.1f} kg CO2e per kg" if isinstance(co2, int | float) else ""
        kind = shortened(kind, limit=_LONGEST_LINE)
        said.append(f"It starts from Agribalyse's life-cycle data for “{kind}”{amount}.")
    unknown = [words for key, words in _UNKNOWN_TO_ECO.items() if key in _mapping(data.get("missing"))]
    if unknown:
        said.append(f"Not known: {', '.join(unknown)}.")
    return Eco(score=min(100, max(0, record.eco_score)), explanation=" ".join(said))


def _mapping(data: object) -> Mapping[str, Any]:
    if isinstance(data, str):
        try:
            data = orjson.loads(data)
        except orjson.JSONDecodeError:
            return {}
    return data if isinstance(data, Mapping) else {}


def _moment(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
