"""What a label tells beyond what its source wrote."""

from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.allergens import Allergen, in_order
from contexts.passport.domain.label import DigitalLabel

allergens = st.sets(st.sampled_from(Allergen)).map(in_order)
words = st.lists(st.sampled_from(["kiwi", "Kiwi", "KIWI", "honey", "maize"]), unique=True).map(tuple)


@given(contained=allergens, traces=allergens, other=words, other_traces=words)
def test_what_is_contained_is_no_accident_and_nothing_is_lost(
    contained: tuple[Allergen, ...],
    traces: tuple[Allergen, ...],
    other: tuple[str, ...],
    other_traces: tuple[str, ...],
) -> None:
    label = DigitalLabel(allergens=contained, other_allergens=other, traces=traces, other_traces=other_traces)
    assert not set(label.accidental()) & set(contained)
    assert {*label.accidental(), *contained} == {*traces, *contained}
    folded = {word.casefold() for word in other}
    accidental = {word.casefold() for word in label.other_accidental()}
    assert not accidental & folded
    assert accidental | folded == {word.casefold() for word in (*other_traces, *other)}
    assert label.accidental() == in_order(label.accidental())
    assert (label.traces, label.other_traces) == (traces, other_traces)
