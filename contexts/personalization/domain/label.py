"""What a verdict reads of a product: the part of its label that can matter to a person's health."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from types import MappingProxyType


class Allergen(Enum):
    """A substance of Annex II of Regulation (EU) No 1169/2011, in the annex's order."""

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    """Including lactose (point 7)."""
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


class Claim(StrEnum):
    """What a label says of the product as a whole, by a mark, a certificate or in words."""

    VEGAN = "vegan"
    VEGETARIAN = "vegetarian"
    HALAL = "halal"
    KOSHER = "kosher"
    GLUTEN_FREE = "gluten_free"
    """At most 20 mg/kg of gluten: Regulation (EU) No 828/2014, Annex."""
    LACTOSE_FREE = "lactose_free"
    MILK_FREE = "milk_free"
    ALCOHOL_FREE = "alcohol_free"
    NO_ADDED_SUGAR = "no_added_sugar"


class Basis(Enum):
    """What the nutrition values are of: Regulation (EU) No 1169/2011, Art. 32(2)."""

    GRAMS = "100g"
    MILLILITRES = "100ml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Nutrition:
    """The nutrition declaration per 100 g or 100 ml: energy in kJ and kcal, the rest in grams.

    None is "not stated", which is not zero.
    """

    basis: Basis = Basis.GRAMS
    energy_kj: Decimal | None = None
    energy_kcal: Decimal | None = None
    fat: Decimal | None = None
    saturates: Decimal | None = None
    carbohydrate: Decimal | None = None
    sugars: Decimal | None = None
    fibre: Decimal | None = None
    protein: Decimal | None = None
    salt: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What is empty or None is not stated, which says nothing about the product."""

    language: str = "en"
    """The product's main language (ISO 639-1)."""
    ingredients: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The list of ingredients as text, by language (ISO 639-1)."""
    allergens: frozenset[Allergen] = frozenset()
    """Declared as contained (Art. 9(1)(c) and 21)."""
    traces: frozenset[Allergen] = frozenset()
    """Declared as possibly and unintentionally present (Art. 36(3)(a))."""
    traces_stated: bool = False
    """Whether the data say of traces at all. Where they do, what is not in `traces` is not declared; where
    they do not, that it is not there says nothing."""
    other_allergens: tuple[str, ...] = ()
    """What the source calls an allergen and Annex II does not hold, in the source's words."""
    other_traces: tuple[str, ...] = ()
    nutrition: Nutrition | None = None
    claims: frozenset[Claim] = frozenset()
    verified: bool = False
    """Whether the label comes from the brand itself and not from a public, unchecked source."""
