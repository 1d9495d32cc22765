"""Disclosure control: which numbers of one brand and one window may be shown.

Two cubes are published: scans and people of the brand (the total) and of each product that was scanned.
Scans add up: the products' scans make the total's. People do not: who scans two products is in two cells and
once in the total. Therefore the two measures leak differently, and both are looked at:

- the total's scans minus the released products' are the scans of all hidden products together: as good as a
  published cell "other products";
- the total's people minus a product's are those who scanned the brand but not that product: its complement;
- the products' people minus the total's, where no product is hidden, tell how many scanned several products:
  the overlap.

No other linear combination of the numbers counts a group: people fall into patterns (the set of products
that one scanned), a combination a + sum of b over a pattern's released products must be 0 or 1 on every
pattern to count a group, and solving that leaves the cells, the complements and, for two products and none
hidden, the overlap.

The rule, for k people and at most `scans_counted` scans counted per person and product:

1. The total is shown when k people are in it and, were all products hidden, their scans would be masked
   (rule 4). Without the total nothing is shown.
2. A product with fewer than k people is hidden.
3. A complement that is not empty and has fewer than k people hides its product. Where a product is hidden, an
   empty complement hides too: it would say that everyone behind the hidden cells scanned this product. An
   overlap of 1 to k - 1 hides all products.
4. Hidden products are at least two, at least k people are behind them together, and their scans are
   masked: enough that each of them could have k, not so many that the most that can be counted would give
   away who scanned. Until that holds, the smallest shown product is hidden as well; a draw is decided by lot,
   because a known order would tell more about the hidden one.

What it is worth: whoever sees all released numbers of a window, knows which products have a cell, knows
this rule and does all the arithmetic there is, cannot tell the exact size of any group of 1 to k - 1 people
described by what they scanned, nor how often a hidden product with fewer than k people was scanned. The tests
prove it by enumerating every possible day of small brands. Windows do not overlap, a cell is released once,
and pseudonyms do not outlive a window: no difference between windows isolates anybody.

What it does not hide: that a product was scanned at all on a day, and what k people have in common.

Two more cubes tell of fridges: items and households (holders) per product and day of storing, and per
product, outcome and week of finishing. They leak less because less is published: no total of the brand, none
over outcomes. A household falls into a pattern (the set of cells that it is in), every set is possible, and a
sum of published holders, each taken some number of times, counts a group only if it is 0 or 1 on every
pattern: on the patterns of one cell and of two, so that at most one cell is taken, once. Nothing but the
cells themselves can be computed; there is no complement, and no hidden cell is the rest of anything.

5. Cells that belong together are shown when k holders are in each of them, else all of them are hidden. A
   product's day stands alone. A product's week has its outcomes (used, wasted, given) together, the more
   careful choice: what goes in comes out one day, so that whoever knew all that was stored of a product and
   two outcomes would know about how much the third was. What is hidden is hidden for every outcome, whether
   it occurred or not; what is shown lacks an outcome that did not occur.

No number of fridges can be subtracted from one of scans: people are counted there and households here, who
need not scan what they store. Nor from one of another window: a holder is minted anew for each, and the
contract gives a day's and a week's holder different ones. That what is stored is used, wasted, given or left
is no equation over released cells either: nobody publishes what is left, only so many items of one household
count, and consent, asked each time, may come and go between storing and finishing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

#: Below this many people a cell is never shown, whatever is configured.
LEAST_K: Final = 5

#: Scans of one product by one person in one window that count. One person's five hundred would otherwise make
#: most of a cell (dominance), and whoever knows the others' would know theirs. Few people scan a product
#: more often in a day; programs do.
SCANS_COUNTED: Final = 5


#: Packs of one product by one holder in one window (and outcome) that count, for the same reason.
ITEMS_COUNTED: Final = 5


class ThresholdTooLow(ValueError):
    """Somebody wants to show cells with fewer people than may ever be shown."""


def threshold(k: int) -> int:
    """The number of people that a cell needs. Raises ThresholdTooLow below LEAST_K."""
    if k < LEAST_K:
        raise ThresholdTooLow(f"k is {k}: a cell with fewer than {LEAST_K} people is never released.")
    return k


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The measures of one cell. Scans are at least as many as people."""

    scans: int
    people: int


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """The measures of one cell of a cube of fridges."""

    items: int
    """Whole ones. Of finished items, shares added up: many small ones may be none."""
    holders: int


def may_be_shown(cells: Collection[Holdings], *, k: int) -> bool:
    """Whether cells of fridges that belong together may be shown: rule 5."""
    return bool(cells) and all(cell.holders >= k for cell in cells)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What one brand's raw facts of one window add up to, with nobody in it any more."""

    people: Mapping[frozenset[str], int]
    """How many people scanned exactly these products (GTINs)."""
    scans: Mapping[str, int]
    """Counted scans per product: at most SCANS_COUNTED of each person."""

    @cached_property
    def total(self) -> Figures:
        """The figures of the brand."""
        return Figures(scans=sum(self.scans.values()), people=sum(self.people.values()))

    @cached_property
    def products(self) -> Mapping[str, Figures]:
        """The figures of each product that was scanned."""
        people = dict.fromkeys(self.scans, 0)
        for pattern, count in self.people.items():
            for gtin in pattern:
                people[gtin] += count
        return {gtin: Figures(scans=self.scans[gtin], people=people[gtin]) for gtin in people}

    @cached_property
    def patterns_of(self) -> Mapping[str, Sequence[frozenset[str]]]:
        """The patterns (products that one person scanned) that each product is in."""
        patterns: dict[str, list[frozenset[str]]] = {gtin: [] for gtin in self.scans}
        for pattern in self.people:
            for gtin in pattern:
                patterns[gtin].append(pattern)
        return patterns


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """What is shown of a brand's window; None stands for a cell that is hidden."""

    total: Figures | None
    products: Mapping[str, Figures | None]


def disclose(*, tally: Tally, k: int, lots: Sequence[str], scans_counted: int = SCANS_COUNTED) -> Disclosure:
    """Decide what of a tally is shown. `lots` holds its products in an order drawn by lot."""
    everything = _Hidden(tally=tally, k=k, scans_counted=scans_counted)
    for gtin in lots:
        everything.add(gtin)
    if tally.total.people < k or (len(lots) > 1 and not everything.is_masked()):
        return Disclosure(total=None, products=dict.fromkeys(lots))
    hidden = _hidden(tally=tally, k=k, lots=lots, scans_counted=scans_counted)
    return Disclosure(
        total=tally.total,
        products={gtin: None if gtin in hidden else tally.products[gtin] for gtin in lots},
    )


def _hidden(*, tally: Tally, k: int, lots: Sequence[str], scans_counted: int) -> frozenset[str]:
    people = {gtin: tally.products[gtin].people for gtin in lots}
    complement = {gtin: tally.total.people - people[gtin] for gtin in lots}
    first = {gtin for gtin in lots if people[gtin] < k or 0 < complement[gtin] < k}
    if not first:
        overlap = sum(people.values()) - tally.total.people
        return frozenset(lots) if 0 < overlap < k else frozenset()
    hidden = _Hidden(tally=tally, k=k, scans_counted=scans_counted)
    for gtin in lots:
        if gtin in first or complement[gtin] < k:
            hidden.add(gtin)
    # Sorting is stable: of equals the first by lot comes first.
    for gtin in sorted((gtin for gtin in lots if gtin not in hidden.gtins), key=people.__getitem__):
        if hidden.is_safe():
            break
        hidden.add(gtin)
    return frozenset(hidden.gtins)


class _Hidden:
    """A growing set of hidden products, with what can be learned about all of them together."""

    def __init__(self, *, tally: Tally, k: int, scans_counted: int) -> None:
        self._tally = tally
        self._k = k
        self._scans_counted = scans_counted
        self._patterns: set[frozenset[str]] = set()
        self._people = 0
        self._scans = 0
        self.gtins: set[str] = set()

    def add(self, gtin: str) -> None:
        """Hide one more product."""
        self.gtins.add(gtin)
        self._scans += self._tally.scans[gtin]
        for pattern in self._tally.patterns_of[gtin]:
            if pattern not in self._patterns:
                self._patterns.add(pattern)
                self._people += self._tally.people[pattern]

    def is_masked(self) -> bool:
        """Whether the sum of the hidden scans leaves every hidden product a range.

        Each has at least one scan. If the others had one each, it could still have k. And the sum stays k
        people's counted scans below the most that all people together could have.
        """
        count = len(self.gtins)
        most = self._scans_counted * (count * self._tally.total.people - self._k)
        return self._k + count - 1 <= self._scans <= most

    def is_safe(self) -> bool:
        """Whether the cell "other products", which anybody can compute, may be known."""
        return len(self.gtins) > 1 and self._people >= self._k and self.is_masked()
