"""The safety laws of a verdict, for labels and profiles of every kind."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.personalization.application import wording
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import (
    Diet,
    Goal,
    HealthProfile,
    Intolerance,
    Sensitivity,
    avoided_words,
)
from contexts.personalization.domain.profile_json import profile_from_json, profile_to_json
from contexts.personalization.domain.rulesets import ruleset, versions
from contexts.personalization.domain.verdict import Code, Missing, Outcome, Place
from contexts.personalization.tests.domain import strategies

rulesets = st.sampled_from(versions()).map(ruleset)

#: Together well over a thousand examples in each run, unless more are asked for.
often = settings(max_examples=max(125, settings().max_examples))


def outcome(label: Label, profile: HealthProfile, version: str = versions()[-1]) -> Outcome:
    return judge(label=label, profile=profile, ruleset=ruleset(version)).outcome


@often
@given(
    label=strategies.labels,
    profile=strategies.profiles,
    allergen=strategies.allergens,
    version=st.sampled_from(versions()),
)
def test_what_lists_an_allergen_is_avoid_and_traces_are_at_best_careful(
    label: Label, profile: HealthProfile, allergen: Allergen, version: str
) -> None:
    profile = replace(profile, allergens={Allergen.EGGS: Sensitivity.CONTAINS, **profile.allergens})
    for sensitivity in Sensitivity:
        asked = replace(profile, allergens={**profile.allergens, allergen: sensitivity})
        listed = replace(label, allergens=label.allergens | {allergen})
        assert outcome(listed, asked, version) is Outcome.AVOID
        traced = replace(label, traces=label.traces | {allergen})
        least = Outcome.AVOID if sensitivity is Sensitivity.TRACES_TOO else Outcome.BE_CAREFUL
        assert outcome(traced, asked, version) >= least


@often
@given(label=strategies.labels, profile=strategies.profiles, rules=rulesets)
def test_missing_data_is_never_good_and_named(label: Label, profile: HealthProfile, rules) -> None:
    verdict = judge(label=label, profile=profile, ruleset=rules)
    asks_for_ingredients = bool(
        profile.allergens or profile.avoided or profile.intolerances or profile.diets - {Diet.LOW_CARB}
    )
    if asks_for_ingredients and not any(text.strip() for text in label.ingredients.values()):
        assert verdict.outcome is not Outcome.GOOD_FOR_YOU
        assert Missing.INGREDIENTS in verdict.missing
    listed = {language for language, text in label.ingredients.items() if any(map(str.isalpha, text))}
    if profile.avoided and profile.language and profile.language not in listed:
        assert verdict.outcome is not Outcome.GOOD_FOR_YOU
    if asks_for_ingredients and not label.verified:
        assert verdict.outcome is not Outcome.GOOD_FOR_YOU
        assert Code.UNVERIFIED_DATA in verdict.reason_codes
    minded = {one for one, too in profile.allergens.items() if too is Sensitivity.TRACES_TOO}
    if minded and not label.traces_stated and "traces" in {need.value for need in rules.allergens.requires}:
        assert verdict.outcome is not Outcome.GOOD_FOR_YOU
        found = {finding.reason.values.get("allergen") for finding in verdict.findings}
        assert Missing.TRACES in verdict.missing or {one.value for one in minded} <= found
    if not profile.is_empty and not label.verified:
        assert Missing.VERIFICATION in verdict.missing
    if (profile.goals or Diet.LOW_CARB in profile.diets) and label.nutrition is None:
        assert verdict.outcome is not Outcome.GOOD_FOR_YOU
        assert set(verdict.missing) - {Missing.INGREDIENTS, Missing.VERIFICATION}


restrictions = st.one_of(
    st.tuples(st.just("allergens"), strategies.allergens, st.sampled_from(Sensitivity)),
    st.tuples(st.just("intolerances"), st.sampled_from(Intolerance)),
    st.tuples(st.just("diets"), st.sampled_from(Diet)),
    st.tuples(st.just("goals"), st.sampled_from(Goal)),
    st.tuples(st.just("avoided"), strategies.words),
)


def restricted(profile: HealthProfile, restriction: tuple) -> HealthProfile:
    match restriction:
        case "allergens", allergen, sensitivity:
            stricter = max(sensitivity, profile.allergens.get(allergen, sensitivity))
            return replace(profile, allergens={**profile.allergens, allergen: stricter})
        case "avoided", words:
            return replace(profile, avoided=avoided_words([*profile.avoided, *words]))
        case field, value:
            return replace(profile, **{field: getattr(profile, field) | {value}})
    raise AssertionError(restriction)


@often
@given(label=strategies.labels, profile=strategies.profiles, restriction=restrictions, rules=rulesets)
def test_a_restriction_more_never_improves_a_verdict(label, profile, restriction, rules) -> None:
    before = judge(label=label, profile=profile, ruleset=rules)
    after = judge(label=label, profile=restricted(profile, restriction), ruleset=rules)
    assert after.outcome >= before.outcome
    assert set(before.missing) <= set(after.missing)


@often
@given(
    label=strategies.labels,
    profile=strategies.profiles,
    allergen=strategies.allergens,
    field=st.sampled_from(("allergens", "traces")),
    rules=rulesets,
)
def test_an_allergen_or_trace_more_never_improves_a_verdict(label, profile, allergen, field, rules) -> None:
    worse = replace(label, **{field: getattr(label, field) | {allergen}})
    before = judge(label=label, profile=profile, ruleset=rules)
    after = judge(label=worse, profile=profile, ruleset=rules)
    assert after.outcome >= before.outcome


@often
@given(
    label=strategies.labels,
    profile=strategies.profiles,
    listed=strategies.lists_with_an_allergen(),
    place=st.integers(0, 1),
    rules=rulesets,
)
def test_an_allergen_more_among_the_ingredients_never_improves_a_verdict(
    label, profile, listed, place, rules
) -> None:
    """As lines of its own, before or after what the list says: the allergen's own finding stays or comes.

    What else the list could not be read for may be read now, so this is of findings that forbid.
    """
    language, text, allergen = listed
    own = label.ingredients.get(language, "")
    longer = "\n".join((own, text) if place else (text, own))
    asked = replace(profile, allergens={**profile.allergens, allergen: Sensitivity.CONTAINS})
    after = replace(label, ingredients={**label.ingredients, language: longer})
    assert judge(label=after, profile=asked, ruleset=rules).outcome is Outcome.AVOID
    if judge(label=label, profile=profile, ruleset=rules).outcome is Outcome.AVOID:
        assert judge(label=after, profile=profile, ruleset=rules).outcome is Outcome.AVOID


@often
@given(
    listed=strategies.lists_with_an_allergen(),
    sensitivity=st.sampled_from(Sensitivity),
    version=st.sampled_from(versions()),
)
def test_a_listed_allergen_is_avoid_whatever_stands_beside_it(listed, sensitivity, version) -> None:
    language, text, allergen = listed
    label = Label(language=language, ingredients={language: text}, verified=True)
    assert outcome(label, HealthProfile(allergens={allergen: sensitivity}), version) is Outcome.AVOID


@often
@given(label=strategies.labels, profile=strategies.profiles, rules=rulesets)
def test_a_verdict_is_a_pure_function_and_names_its_ruleset(label, profile, rules) -> None:
    verdict = judge(label=label, profile=profile, ruleset=rules)
    assert verdict.ruleset_version == rules.version
    again = judge(
        label=replace(label, ingredients=dict(label.ingredients)),
        profile=profile_from_json(profile_to_json(profile)),
        ruleset=ruleset(verdict.ruleset_version),
    )
    assert again == verdict


@often
@given(label=strategies.labels, profile=strategies.profiles, rules=rulesets)
def test_every_finding_has_words_and_evidence_on_the_label(label, profile, rules) -> None:
    verdict = judge(label=label, profile=profile, ruleset=rules)
    assert verdict.outcome is max(
        (finding.outcome for finding in verdict.findings), default=Outcome.GOOD_FOR_YOU
    )
    for finding in verdict.findings:
        assert finding.evidence
        sentence = wording.reason_text(finding.reason)
        assert sentence.endswith(".")
        assert "%(" not in sentence.replace(str(finding.reason.values.get("ingredient")), "")
        for evidence in finding.evidence:
            assert wording.evidence_text(evidence)
            if evidence.place is Place.INGREDIENTS and evidence.text:
                assert label.ingredients[evidence.language][evidence.start : evidence.end] == evidence.text


@often
@given(label=strategies.labels, profile=strategies.profiles, rules=rulesets)
def test_what_may_leave_tells_the_part_of_the_label_alone(label, profile, rules) -> None:
    """A code is of the label's part; and nothing about health shows in a log line by itself."""
    verdict = judge(label=label, profile=profile, ruleset=rules)
    assert set(verdict.reason_codes) <= set(Code)
    assert (verdict.outcome is Outcome.GOOD_FOR_YOU) == (not verdict.reason_codes)
    assert (
        repr((verdict, *verdict.findings))
        == repr((verdict,))[:-2]
        + ", Finding(...)" * len(verdict.findings)
        + ("," if not verdict.findings else "")
        + ")"
    )


@often
@given(label=strategies.labels, profile=strategies.profiles, rules=rulesets)
def test_a_goal_alone_never_forbids(label, profile, rules) -> None:
    goals_alone = HealthProfile(goals=profile.goals)
    assert judge(label=label, profile=goals_alone, ruleset=rules).outcome is not Outcome.AVOID
