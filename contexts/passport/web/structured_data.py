"""A product for machines that read pages: schema.org's Product with what GS1's Web Vocabulary adds for food.

Search engines show what they find in it; nothing stands here that the page does not say to people.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.passport_page import PassportPage, Words
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.nutrition import Basis
from contexts.passport.web.scan_cookie import passport_path

#: Properties of gs1:FoodBeverageTobaccoProduct for what is in 100 g or 100 ml.
_NUTRIENTS: Final = {
    "energy_kj": ("gs1:energyPerNutrientBasis", "KJO"),
    "fat": ("gs1:fatPerNutrientBasis", "GRM"),
    "saturates": ("gs1:saturatedFatPerNutrientBasis", "GRM"),
    "carbohydrate": ("gs1:carbohydratesPerNutrientBasis", "GRM"),
    "sugars": ("gs1:sugarsPerNutrientBasis", "GRM"),
    "fibre": ("gs1:fibrePerNutrientBasis", "GRM"),
    "protein": ("gs1:proteinPerNutrientBasis", "GRM"),
    "salt": ("gs1:saltPerNutrientBasis", "GRM"),
}
#: Units as UN/ECE Recommendation 20 writes them, which the vocabulary asks for.
_BASES: Final = {Basis.GRAMS: "GRM", Basis.MILLILITRES: "MLT"}

#: What could end the element that the text stands in, or begin another (as Django's json_script has it).
_ESCAPES: Final = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def json_ld(stored: StoredEntry, page: PassportPage) -> SafeString:
    """The product as JSON-LD, safe inside of a script element."""
    text = orjson.dumps(_product(stored, page)).decode()
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - nothing in it can be markup any more


def _product(stored: StoredEntry, page: PassportPage) -> Mapping[str, Any]:
    said: dict[str, Any] = {
        "@context": ["https://schema.org/", {"gs1": "https://ref.gs1.org/voc/"}],
        "@type": ["Product", "gs1:FoodBeverageTobaccoProduct"],
        "@id": f"{settings.PUBLIC_URL}/01/{page.gtin}",
        "url": address(page.gtin),
        "gtin14": page.gtin,
        "gs1:gtin": page.gtin,
        "name": {"@language": page.name.language, "@value": page.name.text},
        "brand": {"@type": "Brand", "name": page.brand_name} if page.brand_name else None,
        "image": f"{settings.PUBLIC_URL}{page.picture_url}" if page.picture_url else None,
        "gs1:regulatedProductName": _words(page.generic_name),
        "gs1:ingredientStatement": {
            "@language": page.ingredients_language,
            "@value": text_of(page.ingredients),
        }
        if page.ingredients
        else None,
        "gs1:allergenStatement": ", ".join(page.allergens) or None,
        "gs1:consumerStorageInstructions": _words(page.storage),
        "gs1:consumerUsageInstructions": _words(page.instructions),
        "gs1:countryOfOriginStatement": _words(page.origin),
        **_nutrition(stored),
    }
    return {name: value for name, value in said.items() if value is not None}


def address(gtin: str) -> str:
    """The whole address of a passport, the same for every language."""
    return f"{settings.PUBLIC_URL}{passport_path(gtin)}"


def _words(words: Words | None) -> Mapping[str, str] | None:
    return {"@language": words.language, "@value": words.text} if words else None


def _nutrition(stored: StoredEntry) -> Mapping[str, Any]:
    nutrition = stored.entry.label.nutrition
    if nutrition is None:
        return {}
    return {
        "gs1:nutrientBasisQuantity": _quantity(100, _BASES[nutrition.basis]),
        **{
            _NUTRIENTS[name][0]: _quantity(float(value), _NUTRIENTS[name][1])
            for name, value in nutrition.stated()
            if name in _NUTRIENTS
        },
    }


def _quantity(value: float, unit: str) -> Mapping[str, Any]:
    return {"@type": "gs1:QuantitativeValue", "gs1:value": value, "gs1:unitCode": unit}
