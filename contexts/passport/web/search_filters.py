"""What a search asks for besides words, as it stands in an address: for the page's form and for the API."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeVar

from django.http import QueryDict
from django.utils.translation import gettext as _

from contexts.passport.application.passport_page import ALLERGENS, CLAIMS
from contexts.passport.application.search import Filters
from contexts.passport.application.search_words import DIETS
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label import Claim, NutriScore

T = TypeVar("T", bound=Enum)
_LONGEST_CATEGORY: Final = 100


def filters_of(asked: QueryDict) -> Filters:
    """The filters of an address; what is none of ours is passed over, as a page does."""
    return Filters(
        without=frozenset(_known(Allergen, asked.getlist("without"))),
        diets=frozenset(diet for diet in _known(Claim, asked.getlist("diet")) if diet in DIETS),
        grades=frozenset(_known(NutriScore, (grade.upper() for grade in asked.getlist("grade")))),
        category=asked.get("category", "").strip()[:_LONGEST_CATEGORY],
    )


def choices(filters: Filters) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The form's boxes, each with its name and whether it is ticked."""
    return {
        "diets": [
            {"value": diet.value, "label": _(CLAIMS[diet]), "on": diet in filters.diets} for diet in DIETS
        ],
        "grades": [
            {"value": grade.value, "label": grade.value, "on": grade in filters.grades}
            for grade in NutriScore
        ],
        "allergens": [
            {"value": allergen.value, "label": _(ALLERGENS[allergen]), "on": allergen in filters.without}
            for allergen in Allergen
        ],
    }


def chosen(filters: Filters) -> Sequence[str]:
    """What is ticked, in words that can stand without the names of their groups."""
    ticked = {
        group: [choice["label"] for choice in offered if choice["on"]]
        for group, offered in choices(filters).items()
    }
    said = ticked["diets"]
    if ticked["grades"]:
        said.append(f"Nutri-Score: {', '.join(ticked['grades'])}")
    if ticked["allergens"]:
        said.append(_("Without: %(allergens)s") % {"allergens": ", ".join(ticked["allergens"])})
    return said


def _known(kind: type[T], asked: Iterable[str]) -> list[T]:
    values = {each.value: each for each in kind}
    return [values[value] for value in asked if value in values]
