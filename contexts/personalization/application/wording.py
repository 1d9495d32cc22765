"""The words of a verdict, in the language that is active: for pages, the API and commands.

Sentences are whole, and what is put into them stands after a colon, in brackets or in quotation marks: so
each reads well in every language, whatever a name's gender, number or case.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import reduce
from typing import Any, Final

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language_info, gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contexts.personalization.domain.label import Allergen, Basis, Claim
from contexts.personalization.domain.policies.exclusions import MILK_OR_LACTOSE
from contexts.personalization.domain.profile import Diet, Goal, Intolerance, Sensitivity
from contexts.personalization.domain.rulesets import Nutrient
from contexts.personalization.domain.substances import Substance
from contexts.personalization.domain.verdict import Evidence, Missing, Outcome, Place, Reason

_OUTCOMES: Final[Mapping[Outcome, Promise]] = {
    Outcome.GOOD_FOR_YOU: _("Good for you"),
    Outcome.BE_CAREFUL: _("Be careful"),
    Outcome.AVOID: _("Avoid"),
}

_ALLERGENS: Final[Mapping[Allergen, Promise]] = {
    Allergen.GLUTEN: _("cereals containing gluten"),
    Allergen.CRUSTACEANS: _("crustaceans"),
    Allergen.EGGS: _("eggs"),
    Allergen.FISH: _("fish"),
    Allergen.PEANUTS: _("peanuts"),
    Allergen.SOYBEANS: _("soybeans"),
    Allergen.MILK: _("milk"),
    Allergen.NUTS: _("nuts"),
    Allergen.CELERY: _("celery"),
    Allergen.MUSTARD: _("mustard"),
    Allergen.SESAME: _("sesame"),
    Allergen.SULPHITES: _("sulphites"),
    Allergen.LUPIN: _("lupin"),
    Allergen.MOLLUSCS: _("molluscs"),
}

_SUBSTANCES: Final[Mapping[Substance, Promise]] = {
    **{Substance(allergen.value): name for allergen, name in _ALLERGENS.items()},
    Substance.LACTOSE: _("lactose"),
    Substance.FRUCTOSE: _("fructose"),
    Substance.SORBITOL: _("sorbitol"),
    Substance.SUCROSE: _("table sugar"),
    Substance.HISTAMINE_RICH: _("foods that are often rich in histamine"),
    Substance.HISTAMINE_LIBERATING: _("foods that are said to release histamine"),
    Substance.MEAT: _("meat"),
    Substance.PORK: _("pork"),
    Substance.BEEF: _("beef"),
    Substance.POULTRY: _("poultry"),
    Substance.BLOOD: _("blood"),
    Substance.ANIMAL_FAT: _("animal fat"),
    Substance.GELATINE: _("gelatine"),
    Substance.RENNET: _("rennet"),
    Substance.CHEESE: _("cheese"),
    Substance.HONEY: _("honey"),
    Substance.BEESWAX: _("beeswax"),
    Substance.CARMINE: _("carmine"),
    Substance.SHELLAC: _("shellac"),
    Substance.INSECTS: _("insects"),
    Substance.SCALELESS_FISH: _("fish without scales"),
    Substance.ALCOHOL: _("alcohol"),
    Substance.UNCERTAIN_ORIGIN: _("additives that can be made from plants or from animals"),
    Substance.ANIMAL_BODY: _("ingredients from slaughtered animals"),
    Substance.ANIMAL: _("animal products"),
}

_CLAIMS: Final[Mapping[Claim, Promise]] = {
    Claim.VEGAN: _("vegan"),
    Claim.VEGETARIAN: _("vegetarian"),
    Claim.HALAL: _("halal"),
    Claim.KOSHER: _("kosher"),
    Claim.GLUTEN_FREE: _("gluten-free"),
    Claim.LACTOSE_FREE: _("lactose-free"),
    Claim.MILK_FREE: _("milk-free"),
    Claim.ALCOHOL_FREE: _("alcohol-free"),
    Claim.NO_ADDED_SUGAR: _("no added sugar"),
}

_SENSITIVITIES: Final[Mapping[Sensitivity, Promise]] = {
    Sensitivity.CONTAINS: _("avoid what contains it"),
    Sensitivity.TRACES_TOO: _("avoid traces too"),
}

_INTOLERANCES: Final[Mapping[Intolerance, Promise]] = {
    Intolerance.LACTOSE: _("lactose intolerance"),
    Intolerance.GLUTEN: _("gluten intolerance"),
    Intolerance.FRUCTOSE: _("fructose intolerance"),
    Intolerance.HISTAMINE: _("histamine intolerance"),
}

#: Claims say "vegan" of a product, these of a diet: not one word in languages with genders.
_DIETS: Final[Mapping[Diet, Promise]] = {
    Diet.VEGAN: pgettext_lazy("diet", "vegan"),
    Diet.VEGETARIAN: pgettext_lazy("diet", "vegetarian"),
    Diet.PESCATARIAN: _("pescatarian"),
    Diet.HALAL: _("halal"),
    Diet.KOSHER: _("kosher"),
    Diet.LOW_CARB: _("low-carb"),
}

_GOALS: Final[Mapping[Goal, Promise]] = {
    Goal.MORE_PROTEIN: _("more protein"),
    Goal.LESS_SUGAR: _("less sugar"),
    Goal.LESS_SALT: _("less salt"),
    Goal.LESS_SATURATED_FAT: _("less saturated fat"),
    Goal.MORE_FIBRE: _("more fibre"),
    Goal.FEWER_CALORIES: _("fewer calories"),
}

_NUTRIENTS: Final[Mapping[Nutrient, Promise]] = {
    Nutrient.ENERGY: _("energy"),
    Nutrient.SATURATES: _("saturated fat"),
    Nutrient.CARBOHYDRATE: _("carbohydrate"),
    Nutrient.SUGARS: _("sugars"),
    Nutrient.FIBRE: _("fibre"),
    Nutrient.PROTEIN: _("protein"),
    Nutrient.SALT: _("salt"),
}

_MISSING: Final[Mapping[Missing, Promise]] = {
    Missing.INGREDIENTS: _("the list of ingredients"),
    Missing.READABLE_INGREDIENTS: _("the list of ingredients in a language that we can read"),
    Missing.COMPARABLE_INGREDIENTS: _("the list of ingredients in the language of your words"),
    Missing.TRACES: _("whether there may be traces of your allergens"),
    Missing.VERIFICATION: _("the brand's confirmation"),
    **{Missing(nutrient.value): name for nutrient, name in _NUTRIENTS.items()},
}

_PLACES: Final[Mapping[Place, Promise]] = {
    Place.INGREDIENTS: _("list of ingredients"),
    Place.ALLERGENS: _("declared allergens"),
    Place.TRACES: _("declared traces"),
    Place.NUTRITION: _("nutrition declaration"),
    Place.CLAIMS: _("claims on the label"),
    Place.SOURCE: _("where the data come from"),
}

_BASES: Final[Mapping[Basis, Promise]] = {Basis.GRAMS: _("100 g"), Basis.MILLILITRES: _("100 ml")}

#: As they stand after "in".
_LANGUAGES: Final[Mapping[str, Promise]] = {
    "": pgettext_lazy("in a language", "an unknown language"),
    "de": pgettext_lazy("in a language", "German"),
    "en": pgettext_lazy("in a language", "English"),
    "es": pgettext_lazy("in a language", "Spanish"),
    "fr": pgettext_lazy("in a language", "French"),
    "it": pgettext_lazy("in a language", "Italian"),
}

#: By kind: values of two kinds may be the same string.
_NAMES: Final[Mapping[type[Enum], Mapping[Any, Promise]]] = {
    Outcome: _OUTCOMES,
    Allergen: _ALLERGENS,
    Substance: _SUBSTANCES,
    Claim: _CLAIMS,
    Sensitivity: _SENSITIVITIES,
    Intolerance: _INTOLERANCES,
    Diet: _DIETS,
    Goal: _GOALS,
    Nutrient: _NUTRIENTS,
    Missing: _MISSING,
    Place: _PLACES,
    Basis: _BASES,
}

#: A sentence for each reason that a policy gives.
REASONS: Final[Mapping[str, str]] = {
    "allergen_contained": gettext_noop("Contains one of your allergens: %(allergen)s."),
    "allergen_only_in_ingredients": gettext_noop(
        "The list of ingredients names one of your allergens, although it is not among the declared"
        " allergens: %(allergen)s. We go by the safer reading."
    ),
    "claim_contradicted": gettext_noop(
        "The label says “%(claim)s”, although it also names: %(substances)s. We go by the safer reading."
    ),
    "traces_possible": gettext_noop("May contain traces of one of your allergens: %(allergen)s."),
    "traces_to_avoid": gettext_noop(
        "May contain traces of an allergen whose traces you avoid: %(allergen)s."
    ),
    "intolerance_excluded": gettext_noop(
        "Not suitable for you (%(intolerance)s). It contains: %(substances)s."
    ),
    "intolerance_doubtful": gettext_noop(
        "May not agree with you (%(intolerance)s). It contains: %(substances)s."
    ),
    "intolerance_together": gettext_noop(
        "Not suitable for you (%(intolerance)s). It contains together: %(substances)s."
    ),
    "intolerance_traces": gettext_noop(
        "May not agree with you (%(intolerance)s). It may contain traces of: %(substances)s."
    ),
    "diet_excluded": gettext_noop("Does not fit your diet (%(diet)s). It contains: %(substances)s."),
    "diet_doubtful": gettext_noop(
        "May not fit your diet (%(diet)s): the label does not say enough about: %(substances)s."
    ),
    "diet_together": gettext_noop("Does not fit your diet (%(diet)s). It contains together: %(substances)s."),
    "diet_traces": gettext_noop(
        "May not fit your diet (%(diet)s). It may contain traces of: %(substances)s."
    ),
    "low_carb_high": gettext_noop("Too much carbohydrate for a low-carb diet: %(amount)s per %(basis)s."),
    "low_carb_medium": gettext_noop(
        "A fair amount of carbohydrate for a low-carb diet: %(amount)s per %(basis)s."
    ),
    "avoided_contained": gettext_noop("Contains an ingredient that you avoid: “%(ingredient)s”."),
    "avoided_traces": gettext_noop("May contain traces of an ingredient that you avoid: “%(ingredient)s”."),
    "avoided_not_compared": gettext_noop(
        "Your ingredients to avoid are in %(language)s; the list of this product is in %(languages)s: we"
        " cannot compare them. Read the list."
    ),
    "goal_met": gettext_noop("Good for your goal (%(goal)s). %(criterion)s"),
    "goal_not_met": gettext_noop("Not the best choice for your goal (%(goal)s). %(criterion)s"),
    "goal_not_judged": gettext_noop(
        "We cannot tell whether this suits your goal (%(goal)s). The label does not state: %(missing)s."
    ),
    "ingredients_not_stated": gettext_noop("We do not know the ingredients of this product. Check the pack."),
    "ingredients_not_readable": gettext_noop(
        "We cannot read the language of the list of ingredients. Check the pack."
    ),
    "traces_not_stated": gettext_noop(
        "The data do not say whether there may be traces of: %(allergens)s. Look at the pack."
    ),
    "carbohydrate_not_stated": gettext_noop("The label does not state carbohydrate. Check the pack."),
    "label_not_verified": gettext_noop("The brand has not confirmed these data. Check the pack."),
    "nothing_found_but_not_verified": gettext_noop(
        "We found nothing that goes against your profile, but the brand has not confirmed these data. Check"
        " the pack."
    ),
}


def name(value: Enum) -> str:
    """What a value of any of the domain's enumerations that people see is called inside a sentence."""
    return str(_NAMES[type(value)][value])


def reason_text(reason: Reason) -> str:
    """The reason as a sentence. Values in it are plain text: whoever shows them in a page escapes them."""
    sentence = gettext(REASONS[reason.code])
    values = reason.values
    told = {key: tell(values[key]) for key, tell in _VALUES.items() if key in values}
    if "amount" in values:
        told["amount"] = _amount(values)
    if "nutrient" in values:
        told["criterion"] = _criterion(values, is_met=reason.code == "goal_met")
    return sentence % told


def evidence_text(evidence: Evidence) -> str:
    """Where on the label a finding rests, and on what; with nothing to quote, which part it is about."""
    if not evidence.text:
        return gettext("This concerns: %(place)s.") % {"place": name(evidence.place)}
    text = evidence.text
    if evidence.place is not Place.INGREDIENTS:
        text = next((name(kind(text)) for kind in _KINDS[evidence.place] if text in _values_of(kind)), text)
    if evidence.language is None:
        return gettext("On the label: %(place)s, “%(text)s”.") % {"place": name(evidence.place), "text": text}
    return gettext("On the label: %(place)s (%(language)s), “%(text)s”.") % {
        "place": name(evidence.place),
        "language": evidence.language,
        "text": text,
    }


def evidence_lines(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """The same of several, each line once: a list of ingredients may say a word in many places."""
    return tuple(dict.fromkeys(map(evidence_text, evidence)))


def missing_text(missing: Iterable[Missing]) -> str:
    """What the label does not tell."""
    names = ", ".join(name(part) for part in missing)
    return gettext("This verdict is incomplete. It lacks: %(missing)s.") % {"missing": names}


_KINDS: Final[Mapping[Place, tuple[type[Enum], ...]]] = {
    Place.ALLERGENS: (Allergen,),
    Place.TRACES: (Allergen,),
    Place.NUTRITION: (Nutrient,),
    Place.CLAIMS: (Claim,),
    Place.SOURCE: (),
}


def _values_of(kind: type[Enum]) -> Iterable[object]:
    return (member.value for member in kind)


_Values = Mapping[str, str | tuple[str, ...]]


def _amount(values: _Values, key: str = "amount") -> str:
    """An amount with its unit: energy in kilocalories, all else in grams."""
    number = localize(Decimal(str(values[key])))
    if values.get("nutrient") == Nutrient.ENERGY.value:
        return gettext("%(number)s kcal") % {"number": number}
    return gettext("%(number)s g") % {"number": number}


def _criterion(values: _Values, *, is_met: bool) -> str:
    """What the label states and what that was compared with, as a sentence that anybody can check."""
    compared = {
        "nutrient": capfirst(_VALUES["nutrient"](values["nutrient"])),
        "stated": ", ".join((_per_basis(values, "amount"), *_of_energy(values, ""))),
    }
    if "low" not in values:
        levels = {level: _either(_level(values, level)) for level in ("source", "high")}
        return gettext(
            "%(nutrient)s: %(stated)s; a source has at least %(source)s, high means at least %(high)s"
            " (Regulation (EC) No 1924/2006)."
        ) % {**compared, **levels}
    limits = {"low": _both((_amount(values, "low"), *_of_energy(values, "low_")))}
    if is_met:
        return gettext(
            "%(nutrient)s: %(stated)s; low means at most %(low)s (Regulation (EC) No 1924/2006)."
        ) % {**compared, **limits}
    return gettext(
        "%(nutrient)s: %(stated)s; low means at most %(low)s (Regulation (EC) No 1924/2006), much means more"
        " than %(high)s."
    ) % {**compared, **limits, "high": _amount(values, "high")}


def _level(values: _Values, level: str) -> Iterator[str]:
    if f"{level}_per_100g" in values:
        amount = _amount(values, f"{level}_per_100g")
        yield gettext("%(amount)s per %(basis)s") % {"amount": amount, "basis": name(Basis.GRAMS)}
    yield from _of_energy(values, f"{level}_")


def _of_energy(values: _Values, prefix: str) -> Iterator[str]:
    if (key := f"{prefix}per_100kcal") in values:
        yield gettext("%(amount)s per 100 kcal") % {"amount": _amount(values, key)}
    if (key := f"{prefix}energy_percent") in values:
        yield gettext("%(number)s %% of the energy") % {"number": localize(Decimal(str(values[key])))}


def _per_basis(values: _Values, key: str) -> str:
    basis = _VALUES["basis"](values["basis"])
    return gettext("%(amount)s per %(basis)s") % {"amount": _amount(values, key), "basis": basis}


def _either(ways: Iterable[str]) -> str:
    return reduce(lambda one, other: gettext("%(one)s or %(other)s") % {"one": one, "other": other}, ways)


def _both(ways: Iterable[str]) -> str:
    return reduce(lambda one, other: gettext("%(one)s and %(other)s") % {"one": one, "other": other}, ways)


def _language(code: str) -> str:
    """A language as it stands after "in"; one that nobody has told us of by its code."""
    if code in _LANGUAGES:
        return str(_LANGUAGES[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _substance(value: str) -> str:
    return gettext("milk or lactose") if value == MILK_OR_LACTOSE else name(Substance(value))


def _one(kind: type[Enum]) -> Callable[[str | tuple[str, ...]], str]:
    return lambda value: name(kind(value))


def _many(kind: type[Enum]) -> Callable[[str | tuple[str, ...]], str]:
    return lambda values: ", ".join(name(kind(value)) for value in values)


#: How each value of a reason is told.
_VALUES: Final[Mapping[str, Callable[[str | tuple[str, ...]], str]]] = {
    "allergen": _one(Allergen),
    "allergens": _many(Allergen),
    "claim": _one(Claim),
    "substances": lambda values: ", ".join(map(_substance, values)),
    "intolerance": _one(Intolerance),
    "diet": _one(Diet),
    "goal": _one(Goal),
    "nutrient": _one(Nutrient),
    "basis": _one(Basis),
    "missing": _many(Missing),
    "ingredient": str,
    "language": lambda value: _language(str(value)),
    "languages": lambda values: ", ".join(map(_language, values)),
}
