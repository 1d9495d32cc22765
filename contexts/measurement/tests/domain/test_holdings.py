"""What is shown of fridges never isolates fewer than k households."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.measurement.domain.disclosure import Disclosure, Figures, Holdings, Tally, may_be_shown
from contexts.measurement.tests.domain.attacker import (
    Rule,
    patterns_of,
    possible_days,
    secrets_found,
)

K = 3
OUTCOMES = "UWG"
UNLIMITED = 1000


def _windows(cells: str, *, most_holders: int, items_counted: int) -> Iterator[Tally]:
    """Every window of these cells, those in which some of them are empty among them."""
    patterns = patterns_of(cells)
    for size in range(1, len(cells) + 1):
        for filled in itertools.combinations(cells, size):
            for window in possible_days(
                products=filled, most_people=most_holders, most_scans=UNLIMITED, scans_counted=items_counted
            ):
                yield Tally(
                    people={**dict.fromkeys(patterns, 0), **window.people},
                    scans={**dict.fromkeys(cells, 0), **window.scans},
                )


def _publish(shown: Callable[[Tally], dict[str, Figures | None]], *, most_holders: int) -> Rule:
    """A publication has no total. No list of worlds is endless: where what is shown together is more than all
    the households in the list, they must overlap, which nobody would know of the real world."""

    def rule(window: Tally) -> Iterator[Disclosure]:
        cells = shown(window)
        if sum(figures.people for figures in cells.values() if figures) <= most_holders:
            yield Disclosure(total=None, products=cells)

    return rule


def _figures(window: Tally) -> dict[str, Figures]:
    return {cell: figures for cell, figures in window.products.items() if figures.people}


def _held(cells: Sequence[Figures]) -> list[Holdings]:
    return [Holdings(items=cell.scans, holders=cell.people) for cell in cells]


def _each_alone(window: Tally) -> dict[str, Figures | None]:
    """The cube of what is stored: a product's cell by itself."""
    return {
        cell: figures if may_be_shown(_held([figures]), k=K) else None
        for cell, figures in _figures(window).items()
    }


def _all_together(window: Tally) -> dict[str, Figures | None]:
    """The cube of what is finished: the outcomes of one product."""
    figures = _figures(window)
    if may_be_shown(_held(list(figures.values())), k=K):
        return dict(figures)
    return dict.fromkeys(OUTCOMES)


@pytest.mark.parametrize(
    ("cells", "shown", "most_holders", "items_counted"),
    [
        pytest.param("A", _each_alone, 9, 3, id="one product stored"),
        pytest.param("AB", _each_alone, 8, 2, id="two products stored"),
        pytest.param("UWG", _all_together, 7, 1, id="a product finished"),
    ],
)
def test_an_attacker_who_knows_all_but_the_raw_facts_isolates_no_household(
    cells: str, shown: Callable[[Tally], dict[str, Figures | None]], most_holders: int, items_counted: int
) -> None:
    windows = _windows(cells, most_holders=most_holders, items_counted=items_counted)
    found = secrets_found(days=windows, rule=_publish(shown, most_holders=most_holders), products=cells, k=K)
    assert found == []


def _with_a_total(window: Tally) -> Iterator[Disclosure]:
    """What would be published if the brand's total were, as it is of scans."""
    yield Disclosure(total=window.total, products=_each_alone(window))


def test_a_total_would_tell_more() -> None:
    windows = list(_windows("AB", most_holders=8, items_counted=2))
    assert secrets_found(days=windows, rule=_with_a_total, products="AB", k=K)


cells = st.lists(
    st.builds(Holdings, items=st.integers(0, 100), holders=st.integers(1, 30)), min_size=1, max_size=3
)


@given(cells=cells, k=st.integers(5, 15))
def test_together_they_are_shown_with_k_holders_each_or_not_at_all(cells: list[Holdings], k: int) -> None:
    assert may_be_shown(cells, k=k) == (min(cell.holders for cell in cells) >= k)
    assert not may_be_shown([], k=k)
