"""A label that cannot be read, or that contradicts itself, is never Good for whoever must know."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from contexts.personalization.domain.ingredient_text import is_readable
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen, Claim, Label, Nutrition
from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity
from contexts.personalization.domain.rulesets import ruleset, versions
from contexts.personalization.domain.verdict import Missing, Outcome, Verdict

_NO_MILK = HealthProfile(allergens={Allergen.MILK: Sensitivity.TRACES_TOO})


def verdict(label: Label, profile: HealthProfile = _NO_MILK) -> Verdict:
    return judge(label=label, profile=profile, ruleset=ruleset(versions()[-1]))


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (".", Missing.INGREDIENTS),
        ("-", Missing.INGREDIENTS),
        ("\u200b", Missing.INGREDIENTS),
        ("n/a", Missing.READABLE_INGREDIENTS),
        ("see pack", Missing.READABLE_INGREDIENTS),
        ("Ingredients:", Missing.READABLE_INGREDIENTS),
        ("mleko, cukier", Missing.READABLE_INGREDIENTS),
        ("vlees, melk, suiker, zout", Missing.READABLE_INGREDIENTS),
        ("socker, mjölk, salt, vatten", Missing.READABLE_INGREDIENTS),
        ("farinha de trigo, leite, açúcar, sal", Missing.READABLE_INGREDIENTS),
        ("牛奶", Missing.READABLE_INGREDIENTS),
        ("sugar, salt, 牛奶", Missing.READABLE_INGREDIENTS),
        ("γάλα", Missing.READABLE_INGREDIENTS),
        ("sugar, молоко", Missing.READABLE_INGREDIENTS),
    ],
)
def test_what_only_looks_like_a_list_is_missing(text: str, missing: Missing) -> None:
    found = verdict(Label(ingredients={"en": text}, traces_stated=True, verified=True))

    assert found.outcome is Outcome.BE_CAREFUL
    assert found.missing == (missing,)


@pytest.mark.parametrize(
    "text",
    [
        "water",
        "Acqua minerale naturale",
        "azúcar, sal, aroma",
        "Kartoffeln, Sonnenblumenöl, Speisesalz",
        "Riz, sel, gomasio aux fanes de Zorgle",
        "β-carotene, E330, sugar",
        "SALT",
    ],
)
def test_a_list_with_some_words_that_nobody_knows_is_read(text: str) -> None:
    assert is_readable(text)


@pytest.mark.parametrize(
    ("language", "ingredients", "outcome"),
    [
        ("en", {"en": "sugar", "pl": "cukier, mleko"}, Outcome.BE_CAREFUL),
        ("pl", {"en": "sugar, salt", "pl": "cukier, mleko"}, Outcome.BE_CAREFUL),
        ("en", {"en": "sugar, salt", "pl": "cukier, sól"}, Outcome.GOOD_FOR_YOU),
        ("it", {"en": "see pack", "it": "zucchero, sale"}, Outcome.GOOD_FOR_YOU),
    ],
)
def test_a_list_that_is_not_read_may_say_more(
    language: str, ingredients: Mapping[str, str], outcome: Outcome
) -> None:
    label = Label(language=language, ingredients=ingredients, traces_stated=True, verified=True)

    assert verdict(label).outcome is outcome


@pytest.mark.parametrize("field", ["other_allergens", "other_traces"])
@pytest.mark.parametrize("word", ["mleko", "melk", "молоко"])
def test_a_declared_allergen_that_nobody_can_read_is_missing_data(field: str, word: str) -> None:
    label = Label(ingredients={"en": "sugar"}, traces_stated=True, verified=True, **{field: (word,)})
    found = verdict(label)

    assert found.outcome is Outcome.BE_CAREFUL
    assert found.missing == (Missing.READABLE_INGREDIENTS,)
    assert [evidence.text for evidence in found.findings[0].evidence] == [word]


def test_a_declared_allergen_of_nobody_asked_for_is_read() -> None:
    label = Label(
        ingredients={"en": "sugar"},
        other_allergens=("kiwi", "buckwheat"),
        traces_stated=True,
        verified=True,
    )

    assert verdict(label).outcome is Outcome.GOOD_FOR_YOU


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("milk, salt", Outcome.GOOD_FOR_YOU),
        ("milk, lactose, salt", Outcome.AVOID),
        ("Milchzucker, Molkenpulver", Outcome.AVOID),
    ],
)
def test_added_lactose_contradicts_lactose_free(text: str, outcome: Outcome) -> None:
    label = Label(ingredients={"en": text}, claims=frozenset({Claim.LACTOSE_FREE}), verified=True)
    found = verdict(label, HealthProfile(intolerances=frozenset({Intolerance.LACTOSE})))

    assert found.outcome is outcome
    if outcome is Outcome.AVOID:
        assert "claim_contradicted" in {finding.reason.code for finding in found.findings}


@pytest.mark.parametrize("amount", [Decimal(-1), Decimal("NaN"), Decimal("-Infinity")])
@pytest.mark.parametrize(
    ("profile", "missing"),
    [
        (HealthProfile(goals=frozenset({Goal.LESS_SUGAR})), Missing.SUGARS),
        (HealthProfile(diets=frozenset({Diet.LOW_CARB})), Missing.CARBOHYDRATE),
    ],
)
def test_an_amount_that_cannot_be_is_not_stated(
    amount: Decimal, profile: HealthProfile, missing: Missing
) -> None:
    nutrition = Nutrition(sugars=amount, carbohydrate=amount)
    found = verdict(Label(ingredients={"en": "sugar"}, nutrition=nutrition, verified=True), profile)

    assert found.outcome is not Outcome.GOOD_FOR_YOU
    assert missing in found.missing


def test_evidence_is_in_the_words_of_the_pack() -> None:
    """One line for "durum wheat semolina", though each of its words names gluten; "and" tells two apart."""
    text = "Durum wheat semolina, rye and barley, pork gelatine"
    label = Label(ingredients={"en": text}, traces_stated=True, verified=True)
    (finding,) = verdict(label, HealthProfile(allergens={Allergen.GLUTEN: Sensitivity.CONTAINS})).findings
    assert [evidence.text for evidence in finding.evidence] == ["Durum wheat semolina", "rye", "barley"]
