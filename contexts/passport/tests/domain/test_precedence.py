"""Which source is believed: laws of the one rule, whatever the sources say."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.precedence import (
    GROUPS,
    HOLDS_OF,
    Contribution,
    Origin,
    merged,
)
from contexts.passport.tests.entries import MUESLI, muesli

FULL = muesli()
OF_LABEL = sorted(FULL.label.known())
OF_ENTRY = sorted(FULL.known() - set(OF_LABEL))


def said_by(origin: Origin, values: frozenset[str]) -> Contribution:
    """What a source says that knows these values alone: each text of it names the source."""
    label = DigitalLabel(
        language="de" if origin is Origin.BRAND else "en",
        **{name: getattr(FULL.label, name) for name in OF_LABEL if name in values},
    )
    if "names" in values:
        label = replace(label, names={label.language: origin.value})
    entry = CatalogueEntry(
        gtin=MUESLI,
        label=label,
        sources=(),
        **{name: getattr(FULL, name) for name in OF_ENTRY if name in values},
    )
    source = Source(
        name=origin.value,
        licence="",
        fields=tuple(sorted(entry.known())),
        fetched=date(2026, 5, 1),
        verified=origin is Origin.BRAND,
    )
    return Contribution(origin=origin, entry=replace(entry, sources=(source,)))


CONTRIBUTIONS = st.lists(
    st.builds(said_by, st.sampled_from(Origin), st.frozensets(st.sampled_from([*OF_LABEL, *OF_ENTRY]))),
    unique_by=lambda contribution: contribution.origin,
)


def origin_of(entry: CatalogueEntry) -> dict[str, Origin]:
    """Each value with the source that answers for it."""
    return {name: Origin(source.name) for source in entry.sources for name in source.fields}


@given(CONTRIBUTIONS)
def test_each_value_has_exactly_one_source(contributions: list[Contribution]) -> None:
    entry = merged(gtin=MUESLI, contributions=contributions)
    named = [name for source in entry.sources for name in source.fields]
    assert sorted(named) == sorted(entry.known())
    assert all(source.fields for source in entry.sources)


@given(CONTRIBUTIONS)
def test_a_value_is_what_its_source_says(contributions: list[Contribution]) -> None:
    entry = merged(gtin=MUESLI, contributions=contributions)
    said = {contribution.origin: contribution.entry for contribution in contributions}
    for name, origin in origin_of(entry).items():
        at = (lambda entry, name=name: entry.label) if name in OF_LABEL else (lambda entry: entry)
        assert getattr(at(entry), name) == getattr(at(said[origin]), name)


@given(CONTRIBUTIONS)
def test_who_stands_first_is_believed(contributions: list[Contribution]) -> None:
    """No source that comes before knows the value, or one of those that belong to it."""
    ranks = list(Origin)
    for name, origin in origin_of(merged(gtin=MUESLI, contributions=contributions)).items():
        group = next((group for group in GROUPS if name in group), {name})
        for other in contributions:
            if ranks.index(other.origin) < ranks.index(origin):
                assert not other.entry.known() & group


@given(CONTRIBUTIONS)
def test_what_belongs_together_comes_from_one_source(contributions: list[Contribution]) -> None:
    by = origin_of(merged(gtin=MUESLI, contributions=contributions))
    for group in GROUPS:
        assert len({by[name] for name in group if name in by}) <= 1
    for value, out_of in HOLDS_OF.items():
        if value in by and out_of in by:
            ranks = list(Origin)
            assert ranks.index(by[value]) <= ranks.index(by[out_of])


@given(CONTRIBUTIONS)
def test_nothing_is_lost_without_a_reason(contributions: list[Contribution]) -> None:
    entry = merged(gtin=MUESLI, contributions=contributions)
    bound = {name for group in GROUPS for name in group} | set(HOLDS_OF)
    said = {name for contribution in contributions for name in contribution.entry.known()}
    assert said - bound == entry.known() - bound
    for group in GROUPS:
        assert bool(said & group) == bool(entry.known() & group)


def test_a_claim_falls_with_the_list_that_it_was_made_of() -> None:
    """A brand that tells another list, and claims nothing of it, does not go on as vegan."""
    own = said_by(Origin.BRAND, frozenset({"ingredients", "allergens"}))
    demo = said_by(Origin.DEMO, frozenset({"ingredients", "claims"}))
    assert merged(gtin=MUESLI, contributions=[demo]).label.claims
    assert not merged(gtin=MUESLI, contributions=[own, demo]).label.claims


def test_that_no_traces_are_declared_is_no_recipe() -> None:
    """A brand that tells a name, and that the pack names no traces, does not hide whose list is known."""
    own = said_by(Origin.BRAND, frozenset({"names"}))
    own = replace(own, entry=replace(own.entry, label=replace(own.entry.label, traces=())))
    theirs = said_by(Origin.OPEN_FOOD_FACTS, frozenset({"ingredients"}))
    entry = merged(gtin=MUESLI, contributions=[own, theirs])
    assert entry.label.ingredients == FULL.label.ingredients
    assert entry.label.traces is None
    assert merged(gtin=MUESLI, contributions=[own]).label.traces == ()


@pytest.mark.parametrize(
    ("brand", "open_facts"),
    [(frozenset({"ingredients"}), frozenset(OF_LABEL)), (frozenset({"traces"}), frozenset(OF_LABEL))],
)
def test_no_warning_of_another_source_is_lost(brand: frozenset[str], open_facts: frozenset[str]) -> None:
    """Neither its traces where the recipe's source leaves them open, nor its recipe where only traces are
    named."""
    entry = merged(
        gtin=MUESLI,
        contributions=[said_by(Origin.BRAND, brand), said_by(Origin.OPEN_FOOD_FACTS, open_facts)],
    )
    assert (entry.label.ingredients, entry.label.traces) == (FULL.label.ingredients, FULL.label.traces)
    assert {origin_of(entry)[name] for name in ("ingredients", "traces")} == {
        Origin.BRAND,
        Origin.OPEN_FOOD_FACTS,
    }


def test_what_the_recipes_source_says_of_traces_is_not_mixed_with_what_others_say() -> None:
    """Its "none" stands; and that another names none does not close what it leaves open."""
    other = said_by(Origin.OPEN_FOOD_FACTS, frozenset(OF_LABEL))
    own = said_by(Origin.BRAND, frozenset({"ingredients"}))
    none = replace(own, entry=replace(own.entry, label=replace(own.entry.label, traces=())))
    assert merged(gtin=MUESLI, contributions=[none, other]).label.traces == ()
    label = replace(other.entry.label, traces=(), other_traces=())
    others_none = replace(other, entry=replace(other.entry, label=label))
    assert merged(gtin=MUESLI, contributions=[own, others_none]).label.traces is None


@given(CONTRIBUTIONS, st.randoms())
def test_the_order_in_which_they_came_does_not_matter(
    contributions: list[Contribution], order: object
) -> None:
    shuffled = sorted(contributions, key=lambda _: order.random())  # type: ignore[attr-defined]
    assert merged(gtin=MUESLI, contributions=shuffled) == merged(gtin=MUESLI, contributions=contributions)


def test_the_main_language_is_that_of_the_name() -> None:
    brand = said_by(Origin.BRAND, frozenset({"nutrition"}))
    other = said_by(Origin.OPEN_FOOD_FACTS, frozenset({"names"}))
    entry = merged(gtin=MUESLI, contributions=[brand, other])
    assert (entry.label.language, entry.name) == ("en", "open_food_facts")


def test_the_tenant_is_the_brands_and_nobody_said_nothing() -> None:
    brand_id: UUID = uuid4()
    brand = said_by(Origin.BRAND, frozenset())
    with_tenant = replace(brand, entry=replace(brand.entry, brand_id=brand_id))
    assert merged(gtin=MUESLI, contributions=[with_tenant]).brand_id == brand_id
    assert merged(gtin=MUESLI, contributions=[]) == CatalogueEntry(
        gtin=MUESLI, label=DigitalLabel(), sources=()
    )
