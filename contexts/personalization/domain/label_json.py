"""A label as a JSON or TOML document: for golden cases, and for whoever recomputes a verdict by hand."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Final, TypeVar

from contexts.personalization.domain.label import Allergen, Basis, Claim, Label, Nutrition

_Kind = TypeVar("_Kind", bound=Enum)

_FIELDS: Final = Label.__slots__
_VALUES: Final = Nutrition.__slots__[1:]


class LabelRefused(Exception):
    """A document that is no label. Says which field breaks which rule."""


def label_from_json(document: object) -> Label:
    """The label of a decoded document: fields and values as `Label` has them, all of them optional.

    Numbers may be int, float or Decimal. Whoever gives `traces`, though empty, states them, unless
    `traces_stated` says otherwise. Raises LabelRefused.
    """
    fields = _object(document, "label", of=_FIELDS)
    language = fields.get("language", "en")
    if not isinstance(language, str):
        raise LabelRefused("language: must be a code such as it")
    ingredients = _object(fields.get("ingredients", {}), "ingredients", of=None)
    return Label(
        language=language,
        ingredients={str(code): _text(text, "ingredients") for code, text in ingredients.items()},
        allergens=_members(fields.get("allergens", []), Allergen, "allergens"),
        traces=_members(fields.get("traces", []), Allergen, "traces"),
        traces_stated=_flag(fields, "traces_stated", default="traces" in fields),
        other_allergens=_texts(fields.get("other_allergens", []), "other_allergens"),
        other_traces=_texts(fields.get("other_traces", []), "other_traces"),
        nutrition=_nutrition(fields["nutrition"]) if fields.get("nutrition") is not None else None,
        claims=_members(fields.get("claims", []), Claim, "claims"),
        verified=_flag(fields, "verified", default=False),
    )


def _flag(fields: Mapping[str, object], name: str, *, default: bool) -> bool:
    value = fields.get(name, default)
    if not isinstance(value, bool):
        raise LabelRefused(f"{name}: must be true or false")
    return value


def _nutrition(value: object) -> Nutrition:
    fields = _object(value, "nutrition", of=("basis", *_VALUES))
    (basis,) = _members([fields.get("basis", Basis.GRAMS.value)], Basis, "nutrition.basis")
    return Nutrition(
        basis=basis,
        **{
            name: _amount(fields[name], f"nutrition.{name}")
            for name in _VALUES
            if fields.get(name) is not None
        },
    )


def _amount(value: object, field: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise LabelRefused(f"{field}: must be a number")
    amount = Decimal(str(value))
    if not amount.is_finite() or not 0 <= amount <= 10_000:
        raise LabelRefused(f"{field}: must be from 0 to 10000")
    return amount


def _object(value: object, field: str, *, of: tuple[str, ...] | None) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise LabelRefused(f"{field}: must be an object")
    unknown = [str(name) for name in value if of is not None and name not in of]
    if unknown:
        raise LabelRefused(f"{field}: knows no {', '.join(sorted(unknown))}")
    return value


def _members(value: object, kind: type[_Kind], field: str) -> frozenset[_Kind]:
    members = {member.value: member for member in kind}
    if not isinstance(value, list) or any(not isinstance(item, str) or item not in members for item in value):
        raise LabelRefused(f"{field}: must be of {', '.join(members)}")
    return frozenset(members[item] for item in value)


def _texts(value: object, field: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise LabelRefused(f"{field}: must be a list of texts")
    return tuple(_text(item, field) for item in value)


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise LabelRefused(f"{field}: must be text")
    return value
