"""How many Digital Links one core reads in a second: `python -m bench.parser`.

Links as packs carry them, each another one, and the mix of all; beside them what the standard library takes
to pull the same links apart with no rule applied but the check digit: a yardstick for any parser written in
Python. Each figure is the best of many short runs: what the machine does besides only ever makes one slower.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from contexts.passport.domain.digital_link import identify, parse_link, parse_uri
from contexts.passport.domain.gtin import check_digit, has_right_check_digit

#: Links a second on one core, for the mix.
TARGET: Final = 100_000
_LINKS: Final = 2_000
_RUNS: Final = 25
_TODAY: Final = date(2026, 5, 1)


def kinds(source: random.Random) -> dict[str, list[str]]:
    """Links by what they say. A product alone is the commonest, a product with lot and date the next."""

    def gtin() -> str:
        body = f"0952{source.randrange(10**9):09}"
        return body + check_digit(body)

    def lot() -> str:
        return "".join(source.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=8))

    def day() -> str:
        return f"{source.randrange(26, 30)}{source.randrange(1, 13):02}{source.randrange(1, 29):02}"

    return {
        "product": [f"https://id.example.com/01/{gtin()}" for _ in range(_LINKS)],
        "product, lot": [f"https://id.example.com/01/{gtin()}/10/{lot()}" for _ in range(_LINKS)],
        "product, lot, date": [
            f"https://id.example.com/01/{gtin()}/10/{lot()}?17={day()}" for _ in range(_LINKS)
        ],
        "everything, encoded": [
            f"https://id.example.com/01/{gtin()}/22/2A/10/{lot()}%2FC/21/{source.randrange(10**9)}"
            f"?17={day()}&3103={source.randrange(10**6):06}&utm_source=pack"
            for _ in range(_LINKS)
        ],
    }


def mixed(links: dict[str, list[str]], source: random.Random) -> list[str]:
    """Half products alone, of the others fewer the more they say."""
    chosen = source.choices(list(links), weights=(50, 25, 20, 5), k=_LINKS)
    return [source.choice(links[kind]) for kind in chosen]


def taken_apart(link: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What the standard library makes of a link: pairs and parameters, and the check digit."""
    parts = urlsplit(link)
    segments = parts.path.split("/")[1:]
    pairs = {ai: unquote(value) for ai, value in zip(segments[::2], segments[1::2], strict=True)}
    if not has_right_check_digit(pairs["01"]):
        raise ValueError(link)
    return pairs, parse_qsl(parts.query)


def rate(read: Callable[[str], object], links: Sequence[str]) -> float:
    """Links a second, the best of all runs."""
    best = 0.0
    for _ in range(_RUNS):
        start = time.perf_counter()
        for link in links:
            read(link)
        best = max(best, len(links) / (time.perf_counter() - start))
    return best


def main() -> None:
    """Measure, print, and exit with 1 where the target is missed."""
    source = random.Random(9520)
    links = kinds(source)
    links["the mix"] = mixed(links, source)
    readers: dict[str, Callable[[str], object]] = {
        "parse_uri": lambda link: parse_uri(link, today=_TODAY),
        "identify": lambda link: identify(link, today=_TODAY),
        "parse_link": lambda link: parse_link(uri=link, today=_TODAY),
        "urllib.parse": taken_apart,
    }
    print(f"Links a second on one core of Python {sys.version.split()[0]}, the best of {_RUNS} runs")
    print(f"{'':22}" + "".join(f"{name:>14}" for name in readers))
    rates = {
        kind: {name: rate(read, texts) for name, read in readers.items()} for kind, texts in links.items()
    }
    for kind, found in rates.items():
        print(f"{kind:22}" + "".join(f"{value:>14,.0f}" for value in found.values()))
    reached = rates["the mix"]["parse_uri"]
    print(f"The mix: {reached:,.0f} links/s; wanted: {TARGET:,}")
    sys.exit(reached < TARGET)


if __name__ == "__main__":
    main()
