"""What a label can be searched for: the allergens of the law, and what intolerances and diets go by."""

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Final


class Substance(Enum):
    """Something that an ingredient is, holds or is made from.

    The first fourteen are those of Annex II of Regulation (EU) No 1169/2011, under `Allergen`'s values.
    """

    GLUTEN = "gluten"
    """Cereals containing gluten: wheat, rye, barley, oats and their kinds (point 1)."""
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    """Of any animal, lactose included (point 7)."""
    NUTS = "nuts"
    """Almonds, hazelnuts, walnuts, cashews, pecans, Brazil nuts, pistachios, macadamias (point 8)."""
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"

    LACTOSE = "lactose"
    """Milk sugar, or a milk product that is not called lactose-free."""
    FRUCTOSE = "fructose"
    """Fructose itself, syrups and honeys rich in it, and the fruits that hold more of it than of glucose."""
    SORBITOL = "sorbitol"
    """E420 and the fruits richest in it: it hinders the uptake of fructose."""
    SUCROSE = "sucrose"
    """Table sugar, half of which is fructose."""
    HISTAMINE_RICH = "histamine_rich"
    """Matured, fermented, cured or tinned foods that often hold much histamine. A label cannot say how
    much."""
    HISTAMINE_LIBERATING = "histamine_liberating"
    """Foods that people with histamine intolerance are commonly told to try with care."""

    MEAT = "meat"
    PORK = "pork"
    BEEF = "beef"
    """Of cattle, veal included."""
    POULTRY = "poultry"
    BLOOD = "blood"
    ANIMAL_FAT = "animal_fat"
    """Lard, tallow, goose fat; not milk fat."""
    GELATINE = "gelatine"
    """And collagen. Of fish, cattle or pigs; a label need not say which."""
    RENNET = "rennet"
    """From calves' stomachs, or not said to be microbial; and cheeses that must be made with it."""
    CHEESE = "cheese"
    """Whose rennet the label may leave open."""
    HONEY = "honey"
    BEESWAX = "beeswax"
    """E901."""
    CARMINE = "carmine"
    """E120, from scale insects."""
    SHELLAC = "shellac"
    """E904, which lac insects leave on branches."""
    INSECTS = "insects"
    """As food, mostly crickets, locusts and mealworms (novel foods under Regulation (EU) 2015/2283)."""
    SCALELESS_FISH = "scaleless_fish"
    """Eel, catfish, monkfish, sharks, rays, sturgeon and their like."""
    ALCOHOL = "alcohol"
    """Drinking alcohol and foods made with it; not vinegar, not sugar alcohols."""
    UNCERTAIN_ORIGIN = "uncertain_origin"
    """Additives that are made from plants or from animals, such as E471: only the maker knows."""

    ANIMAL_BODY = "animal_body"
    """Of an animal that was killed for it: what vegetarians leave out."""
    ANIMAL = "animal"
    """Of an animal in any way: what vegans leave out."""


#: Who mentions the first also mentions the others.
_IMPLIES: Final[Mapping[Substance, tuple[Substance, ...]]] = {
    Substance.LACTOSE: (Substance.MILK,),
    Substance.CHEESE: (Substance.MILK,),
    Substance.PORK: (Substance.MEAT,),
    Substance.BEEF: (Substance.MEAT,),
    Substance.POULTRY: (Substance.MEAT,),
    Substance.SCALELESS_FISH: (Substance.FISH,),
    Substance.CARMINE: (Substance.INSECTS,),
    Substance.MEAT: (Substance.ANIMAL_BODY,),
    Substance.FISH: (Substance.ANIMAL_BODY,),
    Substance.CRUSTACEANS: (Substance.ANIMAL_BODY,),
    Substance.MOLLUSCS: (Substance.ANIMAL_BODY,),
    Substance.BLOOD: (Substance.ANIMAL_BODY,),
    Substance.ANIMAL_FAT: (Substance.ANIMAL_BODY,),
    Substance.GELATINE: (Substance.ANIMAL_BODY,),
    Substance.RENNET: (Substance.ANIMAL_BODY,),
    Substance.INSECTS: (Substance.ANIMAL_BODY,),
    Substance.ANIMAL_BODY: (Substance.ANIMAL,),
    Substance.EGGS: (Substance.ANIMAL,),
    Substance.MILK: (Substance.ANIMAL,),
    Substance.HONEY: (Substance.ANIMAL, Substance.FRUCTOSE),
    Substance.BEESWAX: (Substance.ANIMAL,),
    Substance.SHELLAC: (Substance.ANIMAL,),
}


@lru_cache(maxsize=1024)
def with_implied(substances: tuple[Substance, ...]) -> tuple[Substance, ...]:
    """The substances and all that they are kinds of: each once, the given ones first.

    Bacon is pork, so it is meat, so it is of an animal.
    """
    found = dict.fromkeys(substances)
    waiting = list(found)
    for substance in waiting:
        for implied in _IMPLIES.get(substance, ()):
            if implied not in found:
                found[implied] = None
                waiting.append(implied)
    return tuple(found)
