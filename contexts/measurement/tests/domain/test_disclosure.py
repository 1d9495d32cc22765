"""What is shown of a day never isolates fewer than k people."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.measurement.domain.disclosure import (
    LEAST_K,
    Disclosure,
    Figures,
    Tally,
    ThresholdTooLow,
    disclose,
    threshold,
)
from contexts.measurement.tests.domain.attacker import Rule, patterns_of, possible_days, secrets_found

UNLIMITED = 1000


def _by_any_lot(*, k: int, scans_counted: int) -> Rule:
    def publications(day: Tally) -> Iterator[Disclosure]:
        seen = []
        for lots in itertools.permutations(day.scans):
            publication = disclose(tally=day, k=k, lots=lots, scans_counted=scans_counted)
            if publication not in seen:
                seen.append(publication)
                yield publication

    return publications


@pytest.mark.parametrize(
    ("products", "k", "most_people", "most_scans", "scans_counted"),
    [
        pytest.param("A", 3, 12, UNLIMITED, 3, id="one product"),
        pytest.param("AB", 3, 8, UNLIMITED, 2, id="two products"),
        pytest.param("AB", 5, 12, 24, UNLIMITED, id="two products, the least k there is"),
        pytest.param("ABC", 3, 7, 11, UNLIMITED, id="three products"),
        pytest.param("ABC", 3, 5, UNLIMITED, 2, id="three products, few scans counted"),
    ],
)
def test_an_attacker_who_knows_all_but_the_raw_facts_isolates_nobody(
    products: str, k: int, most_people: int, most_scans: int, scans_counted: int
) -> None:
    days = possible_days(
        products=products, most_people=most_people, most_scans=most_scans, scans_counted=scans_counted
    )
    found = secrets_found(
        days=days, rule=_by_any_lot(k=k, scans_counted=scans_counted), products=products, k=k
    )
    assert found == []


def _hide_small_cells_only(day: Tally) -> Iterator[Disclosure]:
    yield Disclosure(
        total=day.total if day.total.people >= 3 else None,
        products={gtin: figures if figures.people >= 3 else None for gtin, figures in day.products.items()},
    )


def _draw_no_lots(day: Tally) -> Iterator[Disclosure]:
    yield disclose(tally=day, k=3, lots=sorted(day.scans), scans_counted=UNLIMITED)


def _hide_one_more(day: Tally) -> Iterator[Disclosure]:
    """Classic complementary suppression: a lone hidden cell takes the next smallest with it."""
    (small,) = _hide_small_cells_only(day)
    shown = [gtin for gtin, figures in small.products.items() if figures]
    if small.total and len(small.products) - len(shown) == 1 and shown:
        taken = min(shown, key=lambda gtin: day.products[gtin].people)
        small = Disclosure(total=small.total, products={**small.products, taken: None})
    yield small


@pytest.mark.parametrize("rule", [_hide_small_cells_only, _hide_one_more, _draw_no_lots])
def test_the_attacker_breaks_weaker_rules(rule: Rule) -> None:
    days = possible_days(products="ABC", most_people=7, most_scans=11, scans_counted=UNLIMITED)
    assert secrets_found(days=days, rule=rule, products="ABC", k=3)


@st.composite
def tallies(draw: st.DrawFn, *, most_products: int = 5) -> Tally:
    """Days of any brand: people by what they scanned, and at least one counted scan of each."""
    products = "ABCDE"[: draw(st.integers(1, most_products))]
    people = draw(
        st.dictionaries(st.sampled_from(patterns_of(products)), st.integers(1, 25), min_size=1, max_size=12)
    )
    scans = {}
    for gtin in sorted(frozenset().union(*people)):
        count = sum(number for pattern, number in people.items() if gtin in pattern)
        scans[gtin] = draw(st.integers(count, 5 * count))
    return Tally(people=people, scans=scans)


ks = st.integers(LEAST_K, 15)


@given(tally=tallies(), k=ks)
def test_whatever_is_shown_has_k_people(tally: Tally, k: int) -> None:
    shown = disclose(tally=tally, k=k, lots=sorted(tally.scans))
    cells = [shown.total, *shown.products.values()]
    assert all(figures.people >= k for figures in cells if figures is not None)


@given(tally=tallies(), k=ks)
def test_what_is_shown_is_true_and_every_scanned_product_has_a_cell(tally: Tally, k: int) -> None:
    shown = disclose(tally=tally, k=k, lots=sorted(tally.scans))
    assert shown.total in {None, tally.total}
    assert set(shown.products) == set(tally.scans)
    assert all(figures in {None, tally.products[gtin]} for gtin, figures in shown.products.items())


@given(tally=tallies(), k=ks)
def test_without_the_total_nothing_is_shown(tally: Tally, k: int) -> None:
    shown = disclose(tally=tally, k=k, lots=sorted(tally.scans))
    if shown.total is None:
        assert set(shown.products.values()) <= {None}


@given(tally=tallies(), k=ks)
def test_the_difference_between_the_total_and_the_shown_products_is_a_cell_that_could_be_shown(
    tally: Tally, k: int
) -> None:
    shown = disclose(tally=tally, k=k, lots=sorted(tally.scans))
    hidden = {gtin for gtin, figures in shown.products.items() if figures is None}
    if shown.total is None or not hidden:
        return
    people = sum(count for pattern, count in tally.people.items() if pattern & hidden)
    left = shown.total.scans - sum(figures.scans for figures in shown.products.values() if figures)
    assert len(hidden) >= 2
    assert people >= k
    assert all(left - (len(hidden) - 1) >= k for _gtin in hidden)


@given(tally=tallies(most_products=4), k=ks)
def test_no_sum_or_difference_of_shown_people_counts_a_small_group(tally: Tally, k: int) -> None:
    """Every combination with coefficients -2..2: where it counts a group, the group has 0 or k people."""
    shown = disclose(tally=tally, k=k, lots=sorted(tally.scans))
    if shown.total is None:
        return
    visible = {gtin: figures.people for gtin, figures in shown.products.items() if figures}
    possible = patterns_of(sorted(tally.scans))
    for coefficients in itertools.product(range(-2, 3), repeat=len(visible) + 1):
        of_total, of_product = coefficients[0], dict(zip(visible, coefficients[1:], strict=True))
        weights = {
            pattern: of_total + sum(of_product.get(gtin, 0) for gtin in pattern) for pattern in possible
        }
        if set(weights.values()) <= {0, 1}:
            group = of_total * shown.total.people + sum(
                of_product[gtin] * people for gtin, people in visible.items()
            )
            assert group == 0 or group >= k


@given(tally=tallies(), k=ks, data=st.data())
def test_lots_decide_between_equals_only(tally: Tally, k: int, data: st.DataObject) -> None:
    lots = data.draw(st.permutations(sorted(tally.scans)))
    one, other = (disclose(tally=tally, k=k, lots=order) for order in (sorted(tally.scans), lots))

    def people_shown(shown: Disclosure) -> list[int]:
        return sorted(figures.people for figures in shown.products.values() if figures)

    assert one.total == other.total
    sizes = [figures.people for figures in tally.products.values()]
    if len(set(sizes)) == len(sizes):
        assert one == other


def _day(*crowds: tuple[str, int]) -> Tally:
    people = {frozenset(pattern): count for pattern, count in crowds}
    products = sorted(frozenset().union(*people))
    return Tally(
        people=people,
        scans={gtin: sum(count for pattern, count in people.items() if gtin in pattern) for gtin in products},
    )


def _shown(day: Tally) -> str:
    disclosure = disclose(tally=day, k=10, lots=sorted(day.scans))
    products = "".join(gtin for gtin, figures in disclosure.products.items() if figures)
    return ("total " if disclosure.total else "") + products


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(_day(("A", 10)), "total A", id="a lone product is the brand"),
        pytest.param(_day(("A", 9)), "", id="nine people are too few"),
        pytest.param(_day(("A", 40), ("B", 30), ("C", 20)), "total ABC", id="nothing to hide"),
        pytest.param(_day(("A", 40), ("B", 3)), "total ", id="a small sibling takes the other along"),
        pytest.param(
            _day(("A", 40), ("B", 30), ("C", 20), ("D", 3)), "total AB", id="the smallest sibling goes first"
        ),
        pytest.param(
            _day(("A", 40), ("B", 30), ("C", 6), ("D", 6)), "total AB", id="two small ones hide each other"
        ),
        pytest.param(
            _day(("A", 40), ("B", 30), ("C", 4), ("D", 4)), "total A", id="two small ones are too few"
        ),
        pytest.param(_day(("A", 40), ("AB", 15)), "total AB", id="everybody scanned A, many B as well"),
        pytest.param(
            _day(("A", 40), ("B", 4), ("AB", 20)), "total ", id="the complement of A has four people"
        ),
        pytest.param(
            _day(("A", 40), ("AB", 6), ("AC", 6)),
            "total ",
            id="everyone scanned A: shown beside hidden cells it would tell what those behind them scanned",
        ),
        pytest.param(
            _day(("A", 40), ("B", 30), ("AB", 1)), "total ", id="one person scanned both: the overlap"
        ),
        pytest.param(_day(("A", 40), ("B", 30), ("AB", 10)), "total AB", id="ten people scanned both"),
        pytest.param(
            _day(*((gtin, 1) for gtin in "ABCDEFGHIJKLMNO")),
            "",
            id="fifteen products of one person each: the total would tell each",
        ),
    ],
)
def test_examples(day: Tally, expected: str) -> None:
    assert _shown(day) == expected


def test_a_day_without_scans_has_no_cell() -> None:
    assert disclose(tally=Tally(people={}, scans={}), k=10, lots=[]) == Disclosure(total=None, products={})


@pytest.mark.parametrize("k", [-1, 0, 1, 4])
def test_fewer_than_five_people_are_never_enough(k: int) -> None:
    with pytest.raises(ThresholdTooLow, match="never released"):
        threshold(k)


def test_five_people_are_enough() -> None:
    assert threshold(5) == 5


def test_figures_of_a_tally() -> None:
    tally = Tally(people={frozenset("A"): 2, frozenset("AB"): 3}, scans={"A": 9, "B": 3})
    assert tally.total == Figures(scans=12, people=5)
    assert tally.products == {"A": Figures(scans=9, people=5), "B": Figures(scans=3, people=3)}
