"""A product of Open Food Facts as JSON, as its API and its JSON Lines dump write it."""

from collections.abc import Mapping
from typing import Any, Final

from contexts.passport.application.sources.open_food_facts import WANTED_NUTRIENTS, Record

#: A set has another order in each process; a record that says the same is to be the same text in all of them.
_WANTED: Final = tuple(sorted(WANTED_NUTRIENTS))


def record_of(product: Mapping[str, Any]) -> Record:
    """What we read of a product; what is of another type than it should be is not said."""
    language = _text(product, "lang") or _text(product, "lc")
    nutrients = product.get("nutriments")
    return Record(
        code=_text(product, "code") or str(_integer(product, "code") or ""),
        language=language,
        names=_suffixed(product, "product_name", main=language),
        generic_names=_suffixed(product, "generic_name", main=language),
        ingredients={
            **_suffixed(product, "ingredients_text", main=language),
            **_suffixed(product, "ingredients_text_with_allergens", main=language),
        },
        storage=_suffixed(product, "conservation_conditions", main=language),
        instructions=_suffixed(product, "preparation", main=language),
        brands=_text(product, "brands"),
        allergens=_tags(product, "allergens_tags"),
        traces=_tags(product, "traces_tags"),
        labels=_tags(product, "labels_tags"),
        categories=_tags(product, "categories_tags"),
        nutrients={
            name: value
            for name in _WANTED
            if isinstance(nutrients, dict)
            and isinstance(value := nutrients.get(f"{name}_100g"), int | float | str)
        },
        quantity=_text(product, "quantity"),
        quantity_unit=_text(product, "product_quantity_unit"),
        nutriscore=_text(product, "nutriscore_grade"),
        nova=_integer(product, "nova_group"),
        eco_score=_first_integer(product, "environmental_score_score", "ecoscore_score"),
        eco_data=_either(product, "environmental_score_data", "ecoscore_data"),
        origins=_text(product, "origins"),
        modified=_integer(product, "last_modified_t"),
        additives=_tags(product, "additives_tags"),
        serving=_text(product, "serving_size"),
        serving_quantity=_number(product, "serving_quantity"),
        nutriscore_version=_text(product, "nutriscore_version"),
    )


def _text(product: Mapping[str, Any], name: str) -> str:
    value = product.get(name)
    return value if isinstance(value, str) else ""


def _tags(product: Mapping[str, Any], name: str) -> list[str]:
    value = product.get(name)
    return [tag for tag in value if isinstance(tag, str)] if isinstance(value, list) else []


def _integer(product: Mapping[str, Any], name: str) -> int | None:
    value = product.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(product: Mapping[str, Any], name: str) -> float | str | None:
    value = product.get(name)
    return value if isinstance(value, int | float | str) and not isinstance(value, bool) else None


def _first_integer(product: Mapping[str, Any], *names: str) -> int | None:
    return next((value for name in names if (value := _integer(product, name)) is not None), None)


def _either(product: Mapping[str, Any], *names: str) -> str | Mapping[str, Any] | None:
    return next((value for name in names if isinstance(value := product.get(name), str | dict)), None)


def _suffixed(product: Mapping[str, Any], name: str, *, main: str) -> Mapping[str, str]:
    """The texts of `name_xx` by language xx; `name` alone is in the main language."""
    prefix = f"{name}_"
    texts = {
        key[len(prefix) :]: value
        for key, value in product.items()
        if isinstance(value, str) and value and key.startswith(prefix) and len(key) - len(prefix) in {2, 3}
    }
    if plain := _text(product, name):
        texts.setdefault(main, plain)
    return texts
