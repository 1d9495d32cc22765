"""Better alternatives to a product: what is of the same kind and has a better Nutri-Score.

The rule, which the page states: the same most special category; a better grade, published or else computed; a
list of ingredients is known and names no allergen that this product does not have, nor may it contain others;
no recall of it stands. The best grade comes first, then the best eco score.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contexts.passport.application.catalogue import StoredEntry, entry_of, said_of
from contexts.passport.application.passport_page import Words, name_without_one
from contexts.passport.application.pictures import picture_url
from contexts.passport.application.search import (
    A_TENTH,
    SHARES,
    category_in_words,
    fitting,
    is_frequent,
)
from contexts.passport.application.search_words import CATEGORY, CATEGORY_NAME, GRADE, HAS, KNOWN
from contexts.passport.application.sources import agribalyse
from contexts.passport.domain import eco, nutri_score
from contexts.passport.domain.allergens import Allergen, named_in
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import DigitalLabel, NutriScore
from contexts.passport.domain.sections import Eco
from contexts.passport.models import CatalogueEntry as Row

#: More than these nobody compares.
MOST_ALTERNATIVES: Final = 5
#: Entries that are read, of those that the index finds: of those with a published grade, and of the others.
_READ: Final = 15
#: Looking through all of a large kind of food would take too long: the best of some hundred will do, and
#: those of a tenth of the catalogue where a thousandth has so many.
_LOOKED_AT: Final = 240
_MANY: Final = 5
_CATEGORY: Final = re.compile(CATEGORY_NAME)

_CANDIDATES: Final = """
SELECT gtin, contributions, record, record_at
FROM (
    SELECT * FROM ({fitting}) AS fitting
    WHERE (NOT is_demo OR %(is_demo)s)
        AND NOT EXISTS (SELECT FROM recall WHERE recall.gtin = fitting.gtin AND NOT withdrawn)
    LIMIT %(looked_at)s
) AS entry
WHERE (words @@ %(grades)s::tsquery) = %(is_graded)s
ORDER BY {grades} gtin
LIMIT %(read)s""".replace(
    "{grades}", "".join(f"words @@ '''{GRADE}{grade.value.lower()}''' DESC, " for grade in NutriScore)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternative:
    """A product of the same kind with a better grade."""

    gtin: str
    name: Words
    brand_name: str
    quantity: str | None
    picture_url: str | None
    is_demo: bool
    unverified: bool
    grade: str
    is_published: bool
    """Whether somebody published the grade; else we computed it."""
    eco_grade: str | None
    eco_score: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Alternatives:
    """What there is instead of a product."""

    products: tuple[Alternative, ...]
    grade: str | None
    """The product's own; nothing can be better than what is not known."""
    tag: str | None
    """The kind of food: a name of the taxonomy."""
    category: Words | None
    """The same in words."""


def alternatives_to(stored: StoredEntry, *, language: str) -> Alternatives:
    """The best of them, five at most, in four queries at most."""
    entry = stored.entry
    own, category = _grade(entry), _category(entry)
    kind = category_in_words(category) if category else None
    if own is None or category is None:
        return Alternatives(products=(), grade=own.value if own else None, tag=category, category=kind)
    better = list(_better(entry, category=category, own=own)) if own is not NutriScore.A else []
    scores = _eco_scores([candidate for candidate, _ in better])
    better.sort(key=lambda one: (one[1].value, -scores.get(one[0].gtin, -1), one[0].gtin))
    return Alternatives(
        products=tuple(
            _shown(candidate, grade=grade, score=scores.get(candidate.gtin), language=language)
            for candidate, grade in better[:MOST_ALTERNATIVES]
        ),
        grade=own.value,
        tag=category,
        category=kind,
    )


def _category(entry: CatalogueEntry) -> str | None:
    """The most special one that can be looked for."""
    return next((tag for tag in reversed(entry.categories) if _CATEGORY.fullmatch(tag)), None)


def _better(
    entry: CatalogueEntry, *, category: str, own: NutriScore
) -> Iterator[tuple[CatalogueEntry, NutriScore]]:
    """What fits the rule, each with its grade: those with a published one, and, unless enough of these have
    the best, those of which we compute it."""
    kind = _lexeme(CATEGORY + category)
    absent = sorted(set(Allergen) - _declared(entry.label), key=_code)
    harmless = " & ".join((_lexeme(KNOWN), *(f"!{_lexeme(HAS + allergen.value)}" for allergen in absent)))
    grades = _any_grade([grade for grade in NutriScore if grade.value < own.value])
    shares = A_TENTH if is_frequent([kind], least=_MANY) else SHARES
    best = 0
    for is_graded, wanted in ((True, (grades, kind, harmless)), (False, (kind, harmless))):
        if best >= MOST_ALTERNATIVES:
            return
        for candidate in _candidates(wanted, shares=shares, is_graded=is_graded, is_demo=entry.is_demo):
            grade = _grade(candidate)
            if grade and grade.value < own.value and _harmless(candidate, beside=entry):
                best += grade is NutriScore.A
                yield candidate, grade


def _candidates(
    wanted: Sequence[str], *, shares: Sequence[str], is_graded: bool, is_demo: bool
) -> Iterator[CatalogueEntry]:
    question, parameters = fitting(wanted, shares=shares)
    more: Mapping[str, Any] = {
        "grades": _any_grade(list(NutriScore)),
        "is_graded": is_graded,
        "is_demo": is_demo,
        "looked_at": _LOOKED_AT,
        "read": _READ,
    }
    for row in Row.objects.raw(_CANDIDATES.replace("{fitting}", question), {**parameters, **more}):
        yield entry_of(row.gtin, said_of(row))


def _code(allergen: Allergen) -> str:
    return allergen.value


def _lexeme(text: str) -> str:
    """A fact as PostgreSQL's tsquery is written: none has a quote or a backslash."""
    return f"'{text}'"


def _any_grade(grades: Sequence[NutriScore]) -> str:
    return " | ".join(_lexeme(GRADE + grade.value.lower()) for grade in grades)


def _grade(entry: CatalogueEntry) -> NutriScore | None:
    """The published one, else ours."""
    if entry.label.nutri_score:
        return entry.label.nutri_score
    result = nutri_score.computed(label=entry.label, categories=entry.categories)
    return result.grade if isinstance(result, nutri_score.Computed) else None


def _harmless(candidate: CatalogueEntry, *, beside: CatalogueEntry) -> bool:
    """Whether who can eat the one can eat the other, as far as the labels tell.

    Of the candidate all counts that its list names, of the product only what it declares.
    """
    label, own = candidate.label, beside.label
    contained = {*label.allergens, *(_named(label) - set(label.traces or ()))}
    return (
        contained <= set(own.allergens)
        and {*contained, *(label.traces or ())} <= _declared(own)
        and _others(label.other_allergens) <= _others(own.other_allergens)
        and _others(label.other_traces) <= _others((*own.other_allergens, *own.other_traces))
    )


def _named(label: DigitalLabel) -> set[Allergen]:
    """What the list names in any language."""
    return {
        allergen
        for language, runs in label.ingredients.items()
        for _, _, allergen in named_in(text_of(runs), language=language)
    }


def _declared(label: DigitalLabel) -> set[Allergen]:
    """Contained, or maybe by accident."""
    return {*label.allergens, *(label.traces or ())}


def _others(words: Sequence[str]) -> set[str]:
    return {word.casefold() for word in words}


def _eco_scores(entries: Sequence[CatalogueEntry]) -> Mapping[str, int]:
    """The published score of each product, else ours; by GTIN. At most one query."""
    codes = {code for entry in entries for code in eco.codes_of(entry.categories)}
    loaded = agribalyse.life_cycles(codes=codes) if codes else {}
    scores: dict[str, int] = {}
    for entry in entries:
        if entry.eco:
            scores[entry.gtin] = entry.eco.score
            continue
        result = eco.of_product(label=entry.label, categories=entry.categories, loaded=loaded)
        if isinstance(result, eco.EcoScore):
            scores[entry.gtin] = result.score
    return scores


def _shown(entry: CatalogueEntry, *, grade: NutriScore, score: int | None, language: str) -> Alternative:
    spoken, name = entry.label.in_language(entry.label.names, language) or (
        language,
        name_without_one(gtin=entry.gtin),
    )
    return Alternative(
        gtin=entry.gtin,
        name=Words(name, spoken),
        brand_name=entry.brand_name,
        quantity=entry.label.quantity,
        picture_url=picture_url(entry.picture),
        is_demo=entry.is_demo,
        unverified=not entry.is_verified,
        grade=grade.value,
        is_published=entry.label.nutri_score is not None,
        eco_grade=None if score is None else Eco(score=score, explanation="").grade.value,
        eco_score=score,
    )
