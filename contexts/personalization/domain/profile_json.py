"""A Health Profile as a JSON document: what is sealed in the database, told by the API, read by commands."""

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeVar

from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import (
    MOST_AVOIDED,
    Diet,
    Goal,
    HealthProfile,
    Intolerance,
    ProfileRefused,
    Sensitivity,
    avoided_words,
)

_Kind = TypeVar("_Kind", bound=Enum)

_FIELDS: Final = ("allergens", "intolerances", "diets", "goals", "avoided", "language")


def profile_to_json(profile: HealthProfile) -> dict[str, object]:
    """The document of a profile: every field, values in the order of their enumeration."""
    return {
        "allergens": {
            allergen.value: profile.allergens[allergen].value
            for allergen in Allergen
            if allergen in profile.allergens
        },
        "intolerances": [value.value for value in Intolerance if value in profile.intolerances],
        "diets": [value.value for value in Diet if value in profile.diets],
        "goals": [value.value for value in Goal if value in profile.goals],
        "avoided": list(profile.avoided),
        "language": profile.language,
    }


def profile_from_json(document: object) -> HealthProfile:
    """The profile of a decoded JSON document. A field that is left out is empty.

    Raises ProfileRefused: anything else than the fields and values of `profile_to_json`.
    """
    if not isinstance(document, Mapping):
        raise ProfileRefused(field="profile", rule="must be an object")
    if any(name not in _FIELDS for name in document):
        raise ProfileRefused(
            field="profile", rule="must have no fields but %(fields)s", fields=", ".join(_FIELDS)
        )
    return HealthProfile(
        allergens=_allergens(document.get("allergens", {})),
        intolerances=_values(document.get("intolerances", []), Intolerance, field="intolerances"),
        diets=_values(document.get("diets", []), Diet, field="diets"),
        goals=_values(document.get("goals", []), Goal, field="goals"),
        avoided=_avoided(document.get("avoided", [])),
        language=_language(document.get("language", "")),
    )


def _allergens(value: object) -> dict[Allergen, Sensitivity]:
    if not isinstance(value, Mapping):
        raise ProfileRefused(field="allergens", rule="must be an object of allergens and how sensitive")
    return {
        _value(allergen, Allergen, field="allergens"): _value(sensitivity, Sensitivity, field="allergens")
        for allergen, sensitivity in value.items()
    }


def _values(value: object, kind: type[_Kind], *, field: str) -> frozenset[_Kind]:
    if not isinstance(value, list) or len(value) > len(kind):
        raise ProfileRefused(field=field, rule="must be a list of at most %(most)s", most=len(kind))
    return frozenset(_value(item, kind, field=field) for item in value)


def _value(value: object, kind: type[_Kind], *, field: str) -> _Kind:
    try:
        if isinstance(value, str):
            return kind(value)
    except ValueError:
        pass
    raise ProfileRefused(
        field=field, rule="must be of %(values)s", values=", ".join(member.value for member in kind)
    )


def _avoided(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_AVOIDED:
        raise ProfileRefused(field="avoided", rule="must be a list of at most %(most)s", most=MOST_AVOIDED)
    words = [word for word in value if isinstance(word, str)]
    if len(words) != len(value):
        raise ProfileRefused(field="avoided", rule="must be words")
    return avoided_words(words)


def _language(value: object) -> str:
    if not isinstance(value, str):
        raise ProfileRefused(field="language", rule="must be a language code of two letters (ISO 639-1)")
    return value
