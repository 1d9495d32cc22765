"""The correlation id: bound to a block, one per thread and task, never one that a fact could not carry."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from packytrace.facts import correlation


def test_is_bound_to_the_block() -> None:
    assert correlation.get() is None
    with correlation.bind("outer", brand_safe=True):
        with correlation.bind("inner"):
            assert (correlation.get(), correlation.get_brand_safe()) == ("inner", None)
        assert (correlation.get(), correlation.get_brand_safe()) == ("outer", "outer")
    assert (correlation.get(), correlation.get_brand_safe()) == (None, None)


def test_is_not_shared_by_threads() -> None:
    with correlation.bind("mine"), ThreadPoolExecutor(1) as other:
        assert other.submit(correlation.get).result() is None


@pytest.mark.parametrize("value", ["", "a b", "a\n", "ä", "x" * 129])
def test_refuses_what_no_fact_could_carry(value: str) -> None:
    with pytest.raises(correlation.InvalidCorrelationId), correlation.bind(value):
        pytest.fail("The block must not run.")
