"""A label that is written as JSON is read back as it was."""

from datetime import UTC, datetime
from decimal import Decimal

import orjson
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.allergens import Allergen, in_order
from contexts.passport.domain.catalogue import Source
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import Claim, DateKind, DigitalLabel, Nova, NutriScore, in_claims_order
from contexts.passport.domain.nutrition import Basis, Nutrition, Portion
from contexts.passport.domain.sections import Eco, Step, StepKind
from contexts.passport.models.label_json import (
    eco_from_json,
    journey_from_json,
    label_from_json,
    label_to_json,
    sources_from_json,
    sources_to_json,
)

TEXT = st.text(min_size=1, max_size=20)
LANGUAGE = st.sampled_from(["en", "de", "fr", "und"])
TEXTS = st.dictionaries(LANGUAGE, TEXT, max_size=3)
ALLERGENS = st.sets(st.sampled_from(Allergen)).map(in_order)
GRAMS = st.none() | st.decimals(min_value=0, max_value=25, places=3)
NUTRITION = st.builds(
    Nutrition, basis=st.sampled_from(Basis), fat=GRAMS, carbohydrate=GRAMS, salt=GRAMS, fibre=GRAMS
)
LABELS = st.builds(
    DigitalLabel,
    language=LANGUAGE,
    names=TEXTS,
    ingredients=st.dictionaries(LANGUAGE, TEXT.map(lambda text: runs_of(f"{text} _milk_")), max_size=2),
    allergens=ALLERGENS,
    other_allergens=st.lists(TEXT, max_size=2).map(tuple),
    traces=st.none() | ALLERGENS,
    claims=st.sets(st.sampled_from(Claim)).map(in_claims_order),
    other_traces=st.lists(TEXT, max_size=2).map(tuple),
    generic_names=TEXTS,
    certificates=st.lists(st.sampled_from(["en:demeter", "en:eu-organic"]), max_size=2).map(tuple),
    additives=st.lists(st.sampled_from(["E322", "E500ii"]), max_size=2).map(tuple),
    fruits_vegetables_legumes=st.none() | st.decimals(0, 100, places=2),
    nutrition=st.none() | NUTRITION,
    portion=st.none()
    | st.builds(
        Portion,
        amount=st.decimals("0.01", 2000, places=2),
        basis=st.sampled_from(Basis),
        words=st.just("") | TEXT,
    ),
    alcohol=st.none() | st.decimals(0, 100, places=1),
    quantity=st.none() | TEXT,
    date_kind=st.none() | st.sampled_from(DateKind),
    storage=TEXTS,
    operator=st.none() | TEXT,
    origin=TEXTS,
    instructions=TEXTS,
    nutri_score=st.none() | st.sampled_from(NutriScore),
    nova=st.none() | st.sampled_from(Nova),
)
JOURNEYS = st.lists(
    st.builds(Step, kind=st.sampled_from(StepKind), place=TEXT, date=st.none() | st.dates()), max_size=4
).map(tuple)
ECOS = st.none() | st.builds(Eco, score=st.integers(0, 100), explanation=TEXT)
SOURCES = st.builds(
    Source,
    name=TEXT,
    licence=TEXT,
    fields=st.lists(TEXT, max_size=3).map(tuple),
    fetched=st.dates(),
    verified=st.booleans(),
    licence_url=st.none() | TEXT,
    url=st.none() | TEXT,
    modified=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)),
    record=TEXT | st.just(""),
)


@given(LABELS, JOURNEYS, ECOS)
def test_label_and_sections_survive(label: DigitalLabel, journey: tuple[Step, ...], eco: Eco | None) -> None:
    written = orjson.loads(orjson.dumps(label_to_json(label=label, journey=journey, eco=eco, picture=None)))
    nutrition = label.nutrition
    if nutrition is not None and not list(nutrition.stated()):
        assert written["nutrition"] == {"basis": nutrition.basis.value}
    assert label_from_json(written) == label
    assert journey_from_json(written) == journey
    assert eco_from_json(written) == eco


@given(st.lists(SOURCES, max_size=3).map(tuple))
def test_sources_survive(sources: tuple[Source, ...]) -> None:
    assert sources_from_json(orjson.loads(orjson.dumps(sources_to_json(sources)))) == sources


def test_numbers_stay_exact() -> None:
    label = DigitalLabel(nutrition=Nutrition(salt=Decimal("0.10"), fat=Decimal("1E+1")))
    written = label_to_json(label=label, journey=(), eco=None, picture=None)
    assert written["nutrition"] == {"basis": "100 g", "fat": "10", "salt": "0.10"}


def test_categories_stand_beside_the_label() -> None:
    label = DigitalLabel()
    without = label_to_json(label=label, journey=(), eco=None, picture=None)
    tags = ("en:dairies", "en:yogurts")
    written = label_to_json(label=label, journey=(), eco=None, picture=None, categories=tags)
    assert written == {**without, "categories": list(tags)}


def test_an_empty_label_is_nearly_nothing() -> None:
    assert label_to_json(label=DigitalLabel(), journey=(), eco=None, picture=None) == {"language": "en"}
