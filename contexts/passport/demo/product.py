"""How a demo product is told: its label in two languages, its journey and its eco score."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contexts.passport.domain.allergens import Allergen, in_order
from contexts.passport.domain.ingredients import emphasised_in, runs_of
from contexts.passport.domain.label import Claim, DateKind, DigitalLabel, Nova, NutriScore, in_claims_order
from contexts.passport.domain.nutrition import Basis, Nutrition, portion_of
from contexts.passport.domain.sections import Eco, Journey

G = Basis.GRAMS
ML = Basis.MILLILITRES


@dataclass(frozen=True, kw_only=True)
class DemoProduct:
    """One product of the demo."""

    brand: str
    """Slug of its brand."""
    gtin: str
    """GTIN-14."""
    label: DigitalLabel
    journey: Journey
    """As of the day that `journeys.WRITTEN_ON` names."""
    eco: Eco
    categories: tuple[str, ...]
    """Open Food Facts' tags, from general to special."""
    picture: str
    verified: bool = True
    is_fresh: bool = False
    """In the shop within weeks, whatever the season; what keeps is made when its crop is ripe."""


def label(
    *,
    names: Mapping[str, str],
    ingredients: Mapping[str, str],
    nutrition: Nutrition,
    quantity: str,
    date_kind: DateKind,
    storage: Mapping[str, str],
    operator: str,
    origin: Mapping[str, str],
    instructions: Mapping[str, str],
    nutri_score: str,
    nova: int,
    traces: tuple[Allergen, ...] = (),
    claims: tuple[Claim, ...] = (),
    portion: str = "",
) -> DigitalLabel:
    """A label whose allergens are those between underscores in its ingredient lists. The portion is an
    amount, such as `30 g`."""
    lists = {code: runs_of(text) for code, text in ingredients.items()}
    return DigitalLabel(
        names=names,
        ingredients=lists,
        allergens=in_order(allergen for runs in lists.values() for allergen in emphasised_in(runs)),
        traces=in_order(traces),  # a demo label is whole: it names none where none is given
        claims=in_claims_order(claims),
        nutrition=nutrition,
        portion=portion_of(portion),
        quantity=quantity,
        date_kind=date_kind,
        storage=storage,
        operator=operator,
        origin=origin,
        instructions=instructions,
        nutri_score=NutriScore(nutri_score),
        nova=Nova(nova),
    )


def nutrition(
    basis: Basis,
    *,
    kj: int,
    kcal: int,
    fat: str,
    saturates: str,
    carbohydrate: str,
    sugars: str,
    fibre: str,
    protein: str,
    salt: str,
) -> Nutrition:
    """A full table."""
    return Nutrition(
        basis=basis,
        energy_kj=Decimal(kj),
        energy_kcal=Decimal(kcal),
        fat=Decimal(fat),
        saturates=Decimal(saturates),
        carbohydrate=Decimal(carbohydrate),
        sugars=Decimal(sugars),
        fibre=Decimal(fibre),
        protein=Decimal(protein),
        salt=Decimal(salt),
    )
