"""What was sealed opens in its place with its key, and is refused everywhere else."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packytrace.vault.errors import Tampered
from packytrace.vault.sealing import BLOCK, Place, joined, new_data_key, open_sealed, seal

PLACE = Place(context="personalization", table="health_profile", column="sealed", row=7, person=UUID(int=1))

places = st.builds(
    Place,
    context=st.text(),
    table=st.text(),
    column=st.text(),
    row=st.uuids() | st.integers(),
    person=st.uuids(),
)


@given(plain=st.binary(max_size=3 * BLOCK), place=places)
@settings(max_examples=200)
def test_what_was_sealed_opens_again(plain: bytes, place: Place) -> None:
    key = new_data_key()
    sealed = seal(key=key, plain=plain, place=place)
    assert open_sealed(key=key, sealed=sealed, place=place).reveal() == plain
    assert open_sealed(key=key, sealed=memoryview(sealed), place=place).reveal() == plain


@given(plain=st.binary(min_size=8, max_size=600))
def test_nothing_of_the_value_shows_and_its_length_is_rounded(plain: bytes) -> None:
    key = new_data_key()
    one, other = (seal(key=key, plain=plain, place=PLACE) for _ in range(2))
    assert one != other
    assert plain not in one
    assert len(one) == 1 + 16 + 12 + BLOCK * (len(plain) // BLOCK + 1) + 16


def test_every_byte_that_is_changed_and_every_cut_is_refused() -> None:
    key = new_data_key()
    sealed = seal(key=key, plain=b"peanuts", place=PLACE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1 << at % 8
        with pytest.raises(Tampered):
            open_sealed(key=key, sealed=bytes(changed), place=PLACE)
        with pytest.raises(Tampered):
            open_sealed(key=key, sealed=sealed[:at], place=PLACE)
    with pytest.raises(Tampered):
        open_sealed(key=key, sealed=sealed + b"\0", place=PLACE)


@pytest.mark.parametrize(
    "change",
    [
        {"context": "fridge"},
        {"table": "other"},
        {"column": "other"},
        {"row": 8},
        {"row": UUID(int=7)},
        {"person": UUID(int=2)},
        {"context": "personalizationh", "table": "ealth_profile"},
    ],
    ids=str,
)
def test_a_value_opens_in_no_other_place(change: dict[str, Any]) -> None:
    key = new_data_key()
    sealed = seal(key=key, plain=b"peanuts", place=PLACE)
    with pytest.raises(Tampered):
        open_sealed(key=key, sealed=sealed, place=replace(PLACE, **change))


def test_another_key_opens_nothing_even_under_the_same_id() -> None:
    key, other = new_data_key(), new_data_key()
    sealed = seal(key=key, plain=b"peanuts", place=PLACE)
    with pytest.raises(Tampered):
        open_sealed(key=other, sealed=sealed, place=PLACE)
    with pytest.raises(Tampered):
        open_sealed(key=type(key)(key_id=key.id, secret=other.reveal()), sealed=sealed, place=PLACE)


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
@settings(max_examples=300)
def test_different_parts_never_look_the_same(one: list[bytes], other: list[bytes]) -> None:
    assert (joined(*one) == joined(*other)) is (one == other)


@pytest.mark.parametrize("place", [lambda: PLACE, lambda: replace(PLACE, person=uuid4())])
def test_two_keys_and_two_values_are_never_equal(place: Callable[[], Place]) -> None:
    keys = [new_data_key() for _ in range(100)]
    assert len({key.reveal() for key in keys}) == len({key.id for key in keys}) == 100
    assert len({seal(key=keys[0], plain=b"", place=place()) for _ in range(100)}) == 100
