"""An attacker who knows everything but the raw facts: the numbers, the rule, and every day that could be.

For all possible days of a brand it notes what would be published. Days with the same publication cannot be
told apart; what they all have in common, the attacker knows.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from contexts.measurement.domain.disclosure import Disclosure, Tally

Pattern = frozenset[str]
Rule = Callable[[Tally], Iterable[Disclosure]]
"""All publications that the rule may make of a tally: several where it draws lots."""


def patterns_of(products: Sequence[str]) -> list[Pattern]:
    """Every set of products that a person may have scanned."""
    return [
        frozenset(chosen)
        for size in range(1, len(products) + 1)
        for chosen in itertools.combinations(products, size)
    ]


def possible_days(
    *, products: Sequence[str], most_people: int, most_scans: int, scans_counted: int
) -> Iterator[Tally]:
    """Every day on which each product was scanned, up to so many people and so many scans in all."""
    patterns = patterns_of(products)
    for count in range(1, most_people + 1):
        for split in _splits(count, len(patterns)):
            people = dict(zip(patterns, split, strict=True))
            least = [sum(n for pattern, n in people.items() if gtin in pattern) for gtin in products]
            if 0 in least or sum(least) > most_scans:
                continue
            spare = most_scans - sum(least)
            extra = [range(min(spare, low * (scans_counted - 1)) + 1) for low in least]
            for more in itertools.product(*extra):
                if sum(more) <= spare:
                    yield Tally(
                        people=people,
                        scans={
                            gtin: low + plus for gtin, low, plus in zip(products, least, more, strict=True)
                        },
                    )


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)


@dataclass
class _Knowledge:
    """What all days with one publication have had in common so far."""

    sizes: dict[int, int]
    """Group to its size, where that is 1 to k - 1."""
    scans: dict[Pattern, int]
    """Hidden products to the sum of their scans."""
    small: set[Pattern] = field(default_factory=set)
    """Hidden products behind which, on one of these days, there are fewer than k people."""


def secrets_found(*, days: Iterable[Tally], rule: Rule, products: Sequence[str], k: int) -> list[str]:
    """Everything that the attacker gets to know and must not."""
    patterns = patterns_of(products)
    groups = [
        [pattern for place, pattern in enumerate(patterns) if group >> place & 1]
        for group in range(1, 2 ** len(patterns))
    ]
    sizes_of: dict[tuple[int, ...], list[int]] = {}
    known: dict[object, _Knowledge] = {}
    for day in days:
        split = tuple(day.people[pattern] for pattern in patterns)
        if split not in sizes_of:
            sizes_of[split] = [sum(day.people[pattern] for pattern in group) for group in groups]
        for publication in rule(day):
            _learn(known, day=day, publication=publication, sizes=sizes_of[split], k=k)
    return [
        f"{publication}: {what}"
        for publication, knowledge in known.items()
        for what in (
            *(f"{size} people in {groups[group]}" for group, size in knowledge.sizes.items()),
            *(
                f"{scans} scans of {sorted(hidden)}"
                for hidden, scans in knowledge.scans.items()
                if hidden in knowledge.small
            ),
        )
    ]


def _learn(
    known: dict[object, _Knowledge], *, day: Tally, publication: Disclosure, sizes: list[int], k: int
) -> None:
    key = (publication.total, frozenset(publication.products.items()))
    knowledge = known.get(key)
    if knowledge is not None and not knowledge.sizes and not knowledge.scans:
        return  # what the days so far have not in common, more days will not have either
    hidden = sorted(gtin for gtin, figures in publication.products.items() if figures is None)
    scans = {subset: sum(day.scans[gtin] for gtin in subset) for subset in patterns_of(hidden)}
    if knowledge is None:
        small_groups = {group: size for group, size in enumerate(sizes) if 0 < size < k}
        knowledge = known[key] = _Knowledge(sizes=small_groups, scans=scans)
    for group in [group for group, size in knowledge.sizes.items() if sizes[group] != size]:
        del knowledge.sizes[group]
    for subset in [subset for subset, total in knowledge.scans.items() if scans[subset] != total]:
        del knowledge.scans[subset]
    knowledge.small.update(
        subset
        for subset in scans
        if subset not in knowledge.small
        and sum(people for pattern, people in day.people.items() if pattern & subset) < k
    )
