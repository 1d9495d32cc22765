"""The Nutri-Score under its rules of 2023, computed from what a label says.

Sources: Scientific Committee of the Nutri-Score, "Update of the Nutri-Score algorithm", report of July 2022
(food) and of March 2023 (beverages), in force since 31 December 2023; Santé publique France, "Nutri-Score:
conditions of use and frequently asked questions" (tables of points, what the score is not for). Which
category of Open Food Facts' taxonomy is which kind of product is ours, as near to that site's own choice as
we know it.

What is computed here is never shown as if somebody had published it, and what is published is never put in
here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from contexts.passport.domain import additives, produce
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import DigitalLabel, NutriScore
from contexts.passport.domain.nutrition import Nutrition

RULES: Final = "2023"
"""The year of the rules that are computed."""


class Kind(Enum):
    """The kinds of product that have tables of their own."""

    GENERAL = "general"
    RED_MEAT = "red_meat"
    """General food whose protein earns at most two points: of beef, veal, pork, lamb, game, horse, goat."""
    CHEESE = "cheese"
    """General food whose protein always counts."""
    FATS_NUTS_SEEDS = "fats_nuts_seeds"
    """Fats and oils, cream, nuts and seeds, not chestnuts."""
    BEVERAGE = "beverage"
    """Milk and drinks of milk or plants among them."""
    WATER = "water"
    """Nothing but water, which is A."""


class Component(Enum):
    """What earns points."""

    ENERGY = "energy"
    ENERGY_OF_SATURATES = "energy_of_saturates"
    SUGARS = "sugars"
    SATURATES = "saturates"
    SATURATES_OF_FAT = "saturates_of_fat"
    SALT = "salt"
    SWEETENERS = "sweeteners"
    PROTEIN = "protein"
    FIBRE = "fibre"
    FRUITS_VEGETABLES_LEGUMES = "fruits_vegetables_legumes"


class Unit(Enum):
    """What a component is measured in, of 100 g or 100 ml."""

    KILOJOULES = "kJ"
    GRAMS = "g"
    PERCENT = "%"
    NUMBER = ""
    """How many there are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Points:
    """What one component earns."""

    component: Component
    value: Decimal
    unit: Unit
    points: int
    most: int
    """The most points that it can earn."""
    counts: bool = True
    """Whether the points are in the score: those of protein are not where too much speaks against the
    food."""


class Assumption(Enum):
    """What was taken for true because the label does not say it."""

    NO_FIBRE_STATED = "no_fibre_stated"
    """Fibre need not be declared: none is counted."""
    FRUITS_ESTIMATED = "fruits_estimated"
    """The share of fruits, vegetables and legumes is the source's estimate of the list of ingredients."""
    FRUITS_STATED = "fruits_stated"
    """It is the sum of the percentages in the list of ingredients."""
    FRUITS_OF_CATEGORY = "fruits_of_category"
    """It is that of the kind of product."""
    NO_FRUITS_KNOWN = "no_fruits_known"
    """Nothing says how much there is: none is counted."""
    NO_SUGARS_WITHOUT_CARBOHYDRATE = "no_sugars_without_carbohydrate"
    NO_SATURATES_WITHOUT_FAT = "no_saturates_without_fat"
    ENERGY_OF_KILOCALORIES = "energy_of_kilocalories"
    """Energy is stated in kcal alone."""
    NO_SWEETENERS_KNOWN = "no_sweeteners_known"
    """There is no list of ingredients that could name a sweetener: none is counted."""
    RED_MEAT_OF_INGREDIENTS = "red_meat_of_ingredients"
    """The list of ingredients says that it is made of red meat."""
    STILL_WATER = "still_water"
    """The kind of product says that it is water and nothing else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Computed:
    """A grade, and all that led to it."""

    grade: NutriScore
    score: int
    """Negative less positive points: the lower, the better. Water's, which is not computed, is 0."""
    kind: Kind
    negative: tuple[Points, ...]
    positive: tuple[Points, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def negative_points(self) -> int:
        """What speaks against it."""
        return sum(points.points for points in self.negative if points.counts)

    @property
    def positive_points(self) -> int:
        """What speaks for it."""
        return sum(points.points for points in self.positive if points.counts)


class Missing(Enum):
    """Data without which nothing can be computed."""

    CATEGORY = "category"
    """What kind of product it is: the tables differ."""
    NUTRITION = "nutrition"
    """The whole nutrition declaration."""
    ENERGY = "energy"
    FAT = "fat"
    SATURATES = "saturates"
    SUGARS = "sugars"
    SALT = "salt"
    PROTEIN = "protein"
    AS_PREPARED = "as_prepared"
    """Values of the food as it is prepared: the declaration is of a powder or syrup, which nobody eats."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotComputable:
    """Data is missing."""

    reasons: tuple[Missing, ...]


class Exemption(Enum):
    """Why a product has no Nutri-Score."""

    ALCOHOL = "alcohol"
    """A drink with more than 1.2 % of alcohol (Regulation (EU) 1169/2011 Art. 16(4))."""
    INFANTS = "infants"
    """For infants and small children (Regulation (EU) 609/2013)."""
    SUPPLEMENT = "supplement"
    """A food supplement (Directive 2002/46/EC) or a meal replacement."""
    HERBS_AND_SPICES = "herbs_and_spices"
    """Annex V, point 4 of Regulation (EU) 1169/2011, as are the next four."""
    SALT = "salt"
    SWEETENER = "sweetener"
    COFFEE_AND_TEA = "coffee_and_tea"
    VINEGAR = "vinegar"
    ADDITIVE = "additive"
    """An additive, a processing aid, yeast, gelatine or the like, sold as such."""
    CHEWING_GUM = "chewing_gum"
    NO_FOOD = "no_food"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotApplicable:
    """The Nutri-Score is not for this kind of product."""

    exemption: Exemption


Result = Computed | NotComputable | NotApplicable

# --- The tables ---

#: Points are the number of limits that a value passes.
_Limits = tuple[Decimal, ...]


def _limits(*numbers: float) -> _Limits:
    return tuple(Decimal(str(number)) for number in numbers)


_ENERGY: Final = _limits(335, 670, 1005, 1340, 1675, 2010, 2345, 2680, 3015, 3350)
_ENERGY_OF_DRINKS: Final = _limits(30, 90, 150, 210, 240, 270, 300, 330, 360, 390)
_ENERGY_OF_SATURATES: Final = _limits(120, 240, 360, 480, 600, 720, 840, 960, 1080, 1200)
_SUGARS: Final = _limits(3.4, 6.8, 10, 14, 17, 20, 24, 27, 31, 34, 37, 41, 44, 48, 51)
_SUGARS_OF_DRINKS: Final = _limits(0.5, 2, 3.5, 5, 6, 7, 8, 9, 10, 11)
_SATURATES: Final = _limits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
#: Of this one alone a limit is passed when it is reached.
_SATURATES_OF_FAT: Final = _limits(10, 16, 22, 28, 34, 40, 46, 52, 58, 64)
_SALT: Final = tuple(Decimal(step) / 5 for step in range(1, 21))  # every 0.2 g up to 4 g
_PROTEIN: Final = _limits(2.4, 4.8, 7.2, 9.6, 12, 14, 17)
_PROTEIN_OF_DRINKS: Final = _limits(1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3)
_FIBRE: Final = _limits(3, 4.1, 5.2, 6.3, 7.4)
_FRUITS: Final = _limits(40, 60, 80, 80, 80)
_FRUITS_OF_DRINKS: Final = _limits(40, 40, 60, 60, 80, 80)
_POINTS_OF_SWEETENERS: Final = 4
_PROTEIN_POINTS_OF_RED_MEAT: Final = 2

#: Protein counts below these sums of negative points.
_PROTEIN_COUNTS_BELOW: Final = 11
_PROTEIN_OF_FATS_COUNTS_BELOW: Final = 7

#: The highest score of each grade; above the last it is E.
_FOOD_GRADES: Final = ((0, NutriScore.A), (2, NutriScore.B), (10, NutriScore.C), (18, NutriScore.D))
_FATS_GRADES: Final = ((-6, NutriScore.A), (2, NutriScore.B), (10, NutriScore.C), (18, NutriScore.D))
_DRINKS_GRADES: Final = ((2, NutriScore.B), (6, NutriScore.C), (9, NutriScore.D))

_KJ_OF_FAT: Final = 37
"""Of a gram: Regulation (EU) 1169/2011 Annex XIV."""
_KJ_OF_KCAL: Final = Decimal("4.184")
_ALCOHOL: Final = Decimal("1.2")
_RED_MEAT: Final = Decimal(10)
"""Percent of red meat above which what is made of many things is a product of it."""

# --- Categories of Open Food Facts' taxonomy ---


def _tags(words: str) -> frozenset[str]:
    return frozenset(f"en:{word}" if ":" not in word else word for word in words.split())


_EXEMPT: Final[Mapping[Exemption, frozenset[str]]] = {
    Exemption.NO_FOOD: _tags("non-food-products pet-food open-beauty-facts open-products-facts"),
    Exemption.INFANTS: _tags(
        "baby-foods baby-milks infant-formulas infant-formula growth-milks baby-first-milk baby-second-milk"
    ),
    Exemption.SUPPLEMENT: _tags("dietary-supplements food-supplements meal-replacements"),
    Exemption.ALCOHOL: _tags("alcoholic-beverages"),
    Exemption.COFFEE_AND_TEA: _tags("coffees teas herbal-teas tea-bags"),
    Exemption.HERBS_AND_SPICES: _tags("aromatic-herbs spices herbs-and-spices"),
    Exemption.SALT: _tags("salts salt-substitutes"),
    Exemption.SWEETENER: _tags("sugar-substitutes"),
    Exemption.VINEGAR: _tags("vinegars"),
    Exemption.ADDITIVE: _tags("food-additives yeasts gelatins baking-powders fr:levures"),
    Exemption.CHEWING_GUM: _tags("chewing-gum"),
}
#: Ready to drink, therefore not exempt although coffee and tea are.
_READY_TO_DRINK: Final = _tags(
    "tea-based-beverages iced-teas herbal-tea-beverages coffee-beverages coffee-drinks"
    " non-alcoholic-beverages alcohol-free-beverages non-alcoholic-beers"
)
_AS_PREPARED: Final = _tags(
    "dried-products-to-be-rehydrated cocoa-and-chocolate-powders chocolate-powders dessert-mixes"
    " flavoured-syrups flavored-syrups instant-beverages milk-powders"
)
_WATERS: Final = _tags("waters spring-waters mineral-waters natural-mineral-waters drinking-water")
_FLAVOURED_WATERS: Final = _tags(
    "flavoured-waters flavored-waters sweetened-waters vitamin-waters coconut-waters"
)
_BEVERAGES: Final = _tags(
    "beverages beverage-preparations milks dairy-drinks plant-based-milk-alternatives milk-substitutes"
    " fermented-milk-drinks drinkable-yogurts plant-milks"
)
_NO_BEVERAGES: Final = _tags("soups milk-powders condensed-milks evaporated-milks creams coffee-creamers")
_CHEESES: Final = _tags("cheeses")
_NO_CHEESES: Final = _tags("fr:fromages-blancs plant-based-cheeses vegan-cheeses cheese-substitutes")
_FATS_NUTS_SEEDS: Final = _tags(
    "fats vegetable-fats vegetable-oils animal-fats butters margarines creams seeds nuts"
    " nuts-and-their-products nut-butters peanuts peanut-butters almonds hazelnuts walnuts cashew-nuts"
    " pistachios pecan-nuts brazil-nuts macadamia-nuts pine-nuts coconuts tahini sesame-seeds"
)
_NO_FATS_NUTS_SEEDS: Final = _tags(
    "chestnuts coconut-waters plant-based-milk-alternatives beverages chocolate-spreads hazelnut-spreads"
    " cocoa-and-hazelnuts-spreads confectioneries nut-bars cereal-bars biscuits-and-cakes"
)
_RED_MEATS: Final = _tags(
    "beef beef-meat beef-steaks ground-beef ground-beef-steaks veal-meat veal pork pork-meat lamb-meat lamb"
    " mutton sheep-meat goat-meat horse-meat game-meats venison wild-boar-meat offals pork-hams hams"
    " white-hams dried-hams cured-hams bacon salami pork-sausages beef-sausages smoked-pork"
)
_NO_RED_MEATS: Final = _tags("poultry-hams poultry-sausages chicken-hams turkey-hams meat-analogues")


def kind_of(categories: Collection[str]) -> Kind:
    """The kind of product that its categories say, red meat apart that only the ingredients tell."""
    tags = frozenset(categories)
    if tags & _WATERS and not tags & _FLAVOURED_WATERS:
        return Kind.WATER
    if tags & _READY_TO_DRINK or (tags & _BEVERAGES and not tags & _NO_BEVERAGES):
        return Kind.BEVERAGE
    if tags & _CHEESES and not tags & _NO_CHEESES:
        return Kind.CHEESE
    if tags & _FATS_NUTS_SEEDS and not tags & _NO_FATS_NUTS_SEEDS:
        return Kind.FATS_NUTS_SEEDS
    if tags & _RED_MEATS and not tags & _NO_RED_MEATS:
        return Kind.RED_MEAT
    return Kind.GENERAL


def exemption_of(*, categories: Collection[str], alcohol: Decimal | None) -> Exemption | None:
    """Why the Nutri-Score is not for such a product; None where it is."""
    tags = frozenset(categories)
    if alcohol is not None and alcohol > _ALCOHOL:
        return Exemption.ALCOHOL
    if tags & _READY_TO_DRINK:
        return None
    return next((exemption for exemption, exempt in _EXEMPT.items() if tags & exempt), None)


def computed(*, label: DigitalLabel, categories: Collection[str]) -> Result:
    """The Nutri-Score of a product; total. The same label and categories always have the same one.

    `categories` are tags of Open Food Facts' taxonomy, such as `en:yogurts`, each with those above it.
    """
    exemption = exemption_of(categories=categories, alcohol=label.alcohol)
    if exemption is not None:
        return NotApplicable(exemption=exemption)
    texts = [text_of(runs) for runs in label.ingredients.values()]
    kind = kind_of(categories) if categories else Kind.GENERAL
    assumed: list[Assumption] = []
    if kind is Kind.WATER:
        return Computed(
            grade=NutriScore.A,
            score=0,
            kind=kind,
            negative=(),
            positive=(),
            assumptions=(Assumption.STILL_WATER,),
        )
    values = _values(label.nutrition, assumed)
    missing = _missing(categories=categories, nutrition=label.nutrition, values=values)
    if missing:
        return NotComputable(reasons=missing)
    if kind is Kind.GENERAL and any(produce.red_meat_share(text) > _RED_MEAT for text in texts):
        kind = Kind.RED_MEAT
        assumed.append(Assumption.RED_MEAT_OF_INGREDIENTS)
    values["fruits"] = _fruits(label, texts, categories, assumed)
    sweeteners = 0
    if kind is Kind.BEVERAGE:
        sweeteners = _sweeteners(label, texts, assumed)
    return scored(kind=kind, values=values, sweeteners=sweeteners, assumptions=assumed)


def scored(
    *,
    kind: Kind,
    values: Mapping[str, Decimal],
    sweeteners: int = 0,
    assumptions: Iterable[Assumption] = (),
) -> Computed:
    """The score of values per 100 g or 100 ml: `energy` in kJ, `fat`, `saturates`, `sugars`, `salt`,
    `protein` and `fibre` in grams, `fruits` (fruits, vegetables and legumes) in percent.

    `sweeteners` is the number of non-nutritive sweeteners, which matters in beverages only.
    """
    is_drink = kind is Kind.BEVERAGE
    negative = tuple(_negative(kind=kind, values=values, sweeteners=sweeteners))
    against = sum(points.points for points in negative)
    protein_counts = kind in {Kind.BEVERAGE, Kind.CHEESE} or against < (
        _PROTEIN_OF_FATS_COUNTS_BELOW if kind is Kind.FATS_NUTS_SEEDS else _PROTEIN_COUNTS_BELOW
    )
    protein = _points(
        Component.PROTEIN,
        values["protein"],
        _PROTEIN_OF_DRINKS if is_drink else _PROTEIN,
        counts=protein_counts,
    )
    if kind is Kind.RED_MEAT:
        protein = Points(
            component=Component.PROTEIN,
            value=protein.value,
            unit=protein.unit,
            points=min(protein.points, _PROTEIN_POINTS_OF_RED_MEAT),
            most=_PROTEIN_POINTS_OF_RED_MEAT,
            counts=protein_counts,
        )
    positive = (
        protein,
        _points(Component.FIBRE, values["fibre"], _FIBRE),
        _points(
            Component.FRUITS_VEGETABLES_LEGUMES,
            values["fruits"],
            _FRUITS_OF_DRINKS if is_drink else _FRUITS,
            unit=Unit.PERCENT,
        ),
    )
    score = against - sum(points.points for points in positive if points.counts)
    return Computed(
        grade=_grade(kind, score),
        score=score,
        kind=kind,
        negative=negative,
        positive=positive,
        assumptions=tuple(assumptions),
    )


def _negative(*, kind: Kind, values: Mapping[str, Decimal], sweeteners: int) -> Iterable[Points]:
    if kind is Kind.FATS_NUTS_SEEDS:
        yield _points(
            Component.ENERGY_OF_SATURATES,
            values["saturates"] * _KJ_OF_FAT,
            _ENERGY_OF_SATURATES,
            unit=Unit.KILOJOULES,
        )
    else:
        limits = _ENERGY_OF_DRINKS if kind is Kind.BEVERAGE else _ENERGY
        yield _points(Component.ENERGY, values["energy"], limits, unit=Unit.KILOJOULES)
    limits = _SUGARS_OF_DRINKS if kind is Kind.BEVERAGE else _SUGARS
    yield _points(Component.SUGARS, values["sugars"], limits)
    if kind is Kind.FATS_NUTS_SEEDS:
        fat = values["fat"] or values["saturates"]
        share = values["saturates"] * 100 / fat if fat else Decimal(0)
        yield _points(
            Component.SATURATES_OF_FAT, share, _SATURATES_OF_FAT, unit=Unit.PERCENT, passes=Decimal.__ge__
        )
    else:
        yield _points(Component.SATURATES, values["saturates"], _SATURATES)
    yield _points(Component.SALT, values["salt"], _SALT)
    if kind is Kind.BEVERAGE:
        yield Points(
            component=Component.SWEETENERS,
            value=Decimal(sweeteners),
            unit=Unit.NUMBER,
            points=_POINTS_OF_SWEETENERS if sweeteners else 0,
            most=_POINTS_OF_SWEETENERS,
        )


def _points(
    component: Component,
    value: Decimal,
    limits: _Limits,
    *,
    unit: Unit = Unit.GRAMS,
    counts: bool = True,
    passes: Callable[[Decimal, Decimal], bool] = Decimal.__gt__,
) -> Points:
    return Points(
        component=component,
        value=value,
        unit=unit,
        points=sum(passes(value, limit) for limit in limits),
        most=len(limits),
        counts=counts,
    )


def _grade(kind: Kind, score: int) -> NutriScore:
    grades = {Kind.BEVERAGE: _DRINKS_GRADES, Kind.FATS_NUTS_SEEDS: _FATS_GRADES}.get(kind, _FOOD_GRADES)
    return next((grade for most, grade in grades if score <= most), NutriScore.E)


def _values(nutrition: Nutrition | None, assumed: list[Assumption]) -> dict[str, Decimal]:
    """What is stated, and what follows from it."""
    if nutrition is None:
        return {}
    values = dict(nutrition.stated())
    energy = values.pop("energy_kj", None)
    kilocalories = values.pop("energy_kcal", None)
    if energy is not None:
        values["energy"] = energy
    elif kilocalories is not None:
        values["energy"] = kilocalories * _KJ_OF_KCAL
        assumed.append(Assumption.ENERGY_OF_KILOCALORIES)
    if "sugars" not in values and values.get("carbohydrate") == 0:
        values["sugars"] = Decimal(0)
        assumed.append(Assumption.NO_SUGARS_WITHOUT_CARBOHYDRATE)
    if "saturates" not in values and values.get("fat") == 0:
        values["saturates"] = Decimal(0)
        assumed.append(Assumption.NO_SATURATES_WITHOUT_FAT)
    if "fibre" not in values:
        values["fibre"] = Decimal(0)
        assumed.append(Assumption.NO_FIBRE_STATED)
    return values


def _missing(
    *, categories: Collection[str], nutrition: Nutrition | None, values: Mapping[str, Decimal]
) -> tuple[Missing, ...]:
    reasons: list[Missing] = []
    if not categories:
        reasons.append(Missing.CATEGORY)
    if not _AS_PREPARED.isdisjoint(categories):
        reasons.append(Missing.AS_PREPARED)
    if nutrition is None:
        reasons.append(Missing.NUTRITION)
    else:
        needed = (
            Missing.ENERGY,
            Missing.FAT,
            Missing.SATURATES,
            Missing.SUGARS,
            Missing.SALT,
            Missing.PROTEIN,
        )
        reasons += [reason for reason in needed if reason.value not in values]
    return tuple(reasons)


def _fruits(
    label: DigitalLabel, texts: Iterable[str], categories: Collection[str], assumed: list[Assumption]
) -> Decimal:
    """The share of fruits, vegetables and legumes in percent: what is known for certain of the kind of
    product, else what the source says, else what the list states, else what the kind of product lets one
    think."""
    certain = produce.certain_share(categories)
    if certain is not None:
        assumed.append(Assumption.FRUITS_OF_CATEGORY)
        return certain
    if label.fruits_vegetables_legumes is not None:
        assumed.append(Assumption.FRUITS_ESTIMATED)
        return label.fruits_vegetables_legumes
    stated = max(map(produce.fruits_share, texts), default=Decimal(0))
    if stated:
        assumed.append(Assumption.FRUITS_STATED)
        return stated
    likely = produce.likely_share(categories)
    if likely is not None:
        assumed.append(Assumption.FRUITS_OF_CATEGORY)
        return likely
    assumed.append(Assumption.NO_FRUITS_KNOWN)
    return Decimal(0)


def _sweeteners(label: DigitalLabel, texts: Iterable[str], assumed: list[Assumption]) -> int:
    found = {number for number in label.additives if additives.is_non_nutritive_sweetener(number)}
    listed = False
    for text in texts:
        listed = True
        found |= {
            additive.number
            for additive in additives.found(text)
            if additives.is_non_nutritive_sweetener(additive.number)
        }
    if not listed and not label.additives:
        assumed.append(Assumption.NO_SWEETENERS_KNOWN)
    return len(found)
