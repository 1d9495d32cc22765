"""A pseudonym is the same person only inside one window and one brand."""

import hashlib
import hmac
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contexts.measurement.domain.pseudonyms import KEY_BYTES, pseudonym

keys = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
pairs = st.tuples(keys, st.uuids(), st.uuids())


def _of(triple: tuple[bytes, UUID, UUID]) -> bytes:
    key, brand_id, person_id = triple
    return pseudonym(key=key, brand_id=brand_id, person_id=person_id)


@given(one=pairs, other=pairs)
def test_two_pseudonyms_are_equal_only_for_the_same_window_brand_and_person(
    one: tuple[bytes, UUID, UUID], other: tuple[bytes, UUID, UUID]
) -> None:
    assert (_of(one) == _of(other)) == (one == other)


@given(key=keys, brand_id=st.uuids(), person_id=st.uuids())
def test_brand_and_person_are_not_exchangeable(key: bytes, brand_id: UUID, person_id: UUID) -> None:
    if brand_id != person_id:
        assert _of((key, brand_id, person_id)) != _of((key, person_id, brand_id))


def test_it_is_hmac_sha256_over_both_ids() -> None:
    key, brand_id, person_id = bytes(range(32)), UUID(int=1), UUID(int=2)
    expected = hmac.new(key, brand_id.bytes + person_id.bytes, hashlib.sha256).digest()
    assert _of((key, brand_id, person_id)) == expected
