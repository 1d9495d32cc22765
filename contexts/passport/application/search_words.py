"""What a product is found by: the words of its name, brand and kind, and facts that a search can ask for.

All of it stands in one index. A fact begins with a sign that no word has.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.label import Claim
from contexts.passport.domain.text import folded

CATEGORY: Final = "/in/"
HAS: Final = "/has/"
"""Contained, or maybe by accident."""
KNOWN: Final = "/known"
"""What the product contains is known: an allergen that is not among it is not there."""
GRADE: Final = "/grade/"
DIET: Final = "/diet/"
DIETS: Final = (Claim.VEGAN, Claim.VEGETARIAN)

#: A name of Open Food Facts' taxonomy that can be looked for.
CATEGORY_NAME: Final = r"[a-z]{2,3}:[^\s:'\\\0]{1,100}"
_CATEGORY_NAME: Final = re.compile(CATEGORY_NAME)
#: More text than this helps nobody to find a product.
LONGEST_TEXT: Final = 1_000
#: The most special categories, whose words are looked for, too.
MOST_KINDS: Final = 3
LONGEST_WORD: Final = 60


def words_in(folded_text: str) -> tuple[str, ...]:
    """The words of a folded text, each once."""
    words = (word[:LONGEST_WORD] for word in folded_text[:LONGEST_TEXT].split())
    return tuple(dict.fromkeys(words))


def names_of(entry: CatalogueEntry) -> tuple[str, ...]:
    """Words of the name in every language and of the brand."""
    return words_in(folded(" ".join((*entry.label.names.values(), entry.brand_name))))


def kinds_of(entry: CatalogueEntry) -> tuple[str, ...]:
    """Words of what kind of food it is."""
    tags = entry.categories[-MOST_KINDS:]
    return words_in(folded(" ".join(tag.partition(":")[2] for tag in tags)))


def facts_of(entry: CatalogueEntry) -> Iterator[str]:
    """What can be asked for besides words."""
    label = entry.label
    yield from (CATEGORY + tag for tag in entry.categories if _CATEGORY_NAME.fullmatch(tag))
    yield from (HAS + allergen.value for allergen in {*label.allergens, *(label.traces or ())})
    if label.ingredients:
        yield KNOWN
    yield from (DIET + diet for diet in diets_of(label.claims))
    if label.nutri_score:
        yield GRADE + label.nutri_score.value.lower()


def diets_of(claims: Iterable[Claim]) -> set[str]:
    """What is vegan is vegetarian, too."""
    said = {claim.value for claim in claims if claim in DIETS}
    return said | ({Claim.VEGETARIAN.value} if Claim.VEGAN.value in said else set())


def index_of(entry: CatalogueEntry) -> str:
    """All of it as PostgreSQL's tsvector is written: words of name and brand weigh more."""
    names = names_of(entry)
    others = dict.fromkeys((*(kind for kind in kinds_of(entry) if kind not in names), *facts_of(entry)))
    return " ".join((*(f"'{name}':1A" for name in names), *(f"'{other}'" for other in others)))
