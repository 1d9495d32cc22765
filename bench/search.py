"""How quickly products are found: `python -m bench.search [--products N]`. Needs the real sample.

A mix of what people ask, each kind many times over, through `search` itself with its own questions to
PostgreSQL; the same process alone, no load beside it.
"""

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Final

from bench import products
from bench.load import free_port, in_process, own_place, set_up_django, verdict

#: Milliseconds that the 95th of a hundred may take.
_MOST: Final = 50.0
_TIMES: Final = 60


def main() -> None:
    """Measure; the exit code says whether the figure was reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=4_000_000)
    rows = parser.parse_args().products
    with own_place(port=free_port()) as folder:
        in_process(_stocked, rows, str(folder))
        figures = in_process(_measured)
    print(f"{rows:,} products; milliseconds   p50    p95    p99")
    for kind, (half, most, nearly_all) in figures.items():
        print(f"{kind:<28}{half:>8.1f}{most:>7.1f}{nearly_all:>7.1f}")
    reached = figures["all"][1] <= _MOST
    print(f"p95 of all at most {_MOST:.0f} ms: {verdict(reached)}")
    sys.exit(0 if reached else 1)


def _stocked(rows: int, folder: str) -> None:
    set_up_django()
    import psycopg
    from django.conf import settings
    from django.core.management import call_command

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("provision", stdout=nowhere)
        call_command("migrate", verbosity=0, interactive=False)
        export = products.write(Path(folder) / "export.parquet", products=rows)
        call_command("import_products", export, stdout=nowhere, stderr=nowhere)
    export.unlink()
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("TRUNCATE passport.outbox")
        admin.execute("VACUUM ANALYZE passport.catalogue_entry, passport.search_word")


def _measured() -> dict[str, tuple[float, float, float]]:
    set_up_django()
    from django.db import connections

    from contexts.passport.application.search import Filters, search
    from contexts.passport.domain.allergens import Allergen
    from contexts.passport.domain.label import Claim, NutriScore

    choice = random.Random(20_260_501)
    with connections["passport"].cursor() as cursor:
        cursor.execute(
            "SELECT gtin, name, brand_name FROM catalogue_entry TABLESAMPLE SYSTEM (0.5) LIMIT 2000"
        )
        known = cursor.fetchall()
    words = [word for _, name, _ in known for word in name.split() if len(word) > 4 and word.isalpha()]
    without = Filters(without=frozenset({Allergen.MILK}))
    asked: dict[str, Any] = {
        "common word": lambda: ("chocolate", {}),
        "any word": lambda: (choice.choice(words), {}),
        "two words": lambda: (" ".join(choice.choice(known)[1].split()[-2:]), {}),
        "brand": lambda: (choice.choice(known)[2], {}),
        "kind of food": lambda: ("biscuits", {}),
        "slip": lambda: (_slip(choice.choice(words), choice), {}),
        "GTIN": lambda: (choice.choice(known)[0], {}),
        "word without milk": lambda: (choice.choice(words), {"filters": without}),
        "common without milk": lambda: ("chocolate", {"filters": without}),
        "grade and diet": lambda: (
            "",
            {"filters": Filters(grades=frozenset({NutriScore.A}), diets=frozenset({Claim.VEGETARIAN}))},
        ),
        "category": lambda: ("", {"filters": Filters(category="en:biscuits")}),
    }
    taken: dict[str, list[float]] = {}
    for kind, question in asked.items():
        for _ in range(_TIMES):
            query, more = question()
            began = time.perf_counter()
            search(query=query, language="en", **more)
            taken.setdefault(kind, []).append((time.perf_counter() - began) * 1_000)
    taken["all"] = [each for times in list(taken.values()) for each in times]
    return {kind: _figures(times) for kind, times in taken.items()}


def _figures(times: list[float]) -> tuple[float, float, float]:
    hundredths = statistics.quantiles(times, n=100)
    return hundredths[49], hundredths[94], hundredths[98]


def _slip(word: str, choice: random.Random) -> str:
    """Two neighbours changed places."""
    place = choice.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


if __name__ == "__main__":
    main()
