"""How quickly products and better ones are found: `python -m bench.search [--products N]`.

Each kind of question many times over, as `search` and `alternatives_to` answer it, in one process over one
connection; CPU is what this process and its connection's spend on one. Cold is the first question of its kind
after PostgreSQL started, where the system, too, was asked to let go of what it holds of its files. Needs the
real sample; `--state FOLDER` keeps the catalogue, and finds it there the next time.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench import products
from bench.load import free_port, in_process, own_place, set_up_django, verdict

#: Milliseconds that the 95th of a hundred may take.
_MOST: Final = 50.0
_TIMES: Final = 40
_DONE: Final = "stocked"

Question = Callable[[], Any]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What one kind of question took, in milliseconds."""

    name: str
    times: tuple[float, ...]
    processor: tuple[float, ...]
    cold: float

    def __str__(self) -> str:
        figures = (
            *(_hundredth(self.times, place) for place in (50, 95, 99)),
            *(_hundredth(self.processor, place) for place in (50, 95)),
            self.cold,
        )
        return f"{self.name:<34}" + "".join(f"{figure:>8.1f}" for figure in figures)


def _hundredth(figures: tuple[float, ...], place: int) -> float:
    """What so many of a hundred were at most."""
    return statistics.quantiles(figures, n=100, method="inclusive")[place - 1]


def main() -> None:
    """Measure; the exit code says whether the figure was reached by each kind of question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=4_000_000)
    parser.add_argument("--state", type=Path, help="A folder for the catalogue, which is kept.")
    options = parser.parse_args()
    with own_place(port=free_port(), kept=options.state) as folder:
        if not (folder / _DONE).exists():
            in_process(_stocked, options.products, str(folder))
        kinds, count, words = in_process(_measured)
    print(f"{count:,} products, {words:,} words; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; ms")
    print(f"{'':<34}{'p50':>8}{'p95':>8}{'p99':>8}{'CPU p50':>8}{'p95':>8}{'cold':>8}")
    for kind in kinds:
        print(f"{kind}{'' if _hundredth(kind.times, 95) <= _MOST else '  NOT REACHED'}")
    slow = [kind for kind in kinds if _hundredth(kind.times, 95) > _MOST]
    costly = [kind for kind in kinds if _hundredth(kind.processor, 95) > _MOST]
    print(f"p95 of the time of each kind at most {_MOST:.0f} ms: {verdict(not slow)}")
    print(f"p95 of the processor's time of each kind at most {_MOST:.0f} ms: {verdict(not costly)}")
    sys.exit(1 if slow else 0)


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
    (Path(folder) / _DONE).touch()


def _measured() -> tuple[list[Kind], int, int]:
    set_up_django()
    from django.conf import settings

    settings.EMBEDDED_SERVER.start()
    questions = _questions()
    cold = {name: _cold(question) for name, question in questions.items()}
    kinds = []
    for name, question in questions.items():
        question()
        taken = [_taken(question) for _ in range(_TIMES)]
        times, processor = zip(*taken, strict=True)
        kinds.append(Kind(name=name, times=times, processor=processor, cold=cold[name]))
    ((count,),) = _asked("SELECT count(*) FROM catalogue_entry")
    ((words,),) = _asked("SELECT count(*) FROM search_word")
    return kinds, count, words


def _taken(question: Question) -> tuple[float, float]:
    """Milliseconds until the answer, and those that the processor worked on it."""
    from django.db import connections

    backend = connections["passport"].connection.info.backend_pid
    before = _milliseconds_of(backend), time.process_time(), time.perf_counter()
    question()
    after = time.perf_counter(), time.process_time(), _milliseconds_of(backend)
    worked = (after[1] - before[1]) * 1_000 + after[2] - before[0]
    return (after[0] - before[2]) * 1_000, worked


def _cold(question: Question) -> float:
    """With a connection that is there, as in a web server."""
    from django.conf import settings
    from django.db import connections

    connections["passport"].close()
    settings.EMBEDDED_SERVER.stop()
    _forget(settings.EMBEDDED_SERVER.data)
    settings.EMBEDDED_SERVER.start()
    _asked("SELECT 1")
    return _taken(question)[0]


def _forget(folder: Path) -> None:
    """Ask the system to keep nothing of the files in its memory."""
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(descriptor)


def _milliseconds_of(process: int) -> float:
    """Linux tells the nanoseconds that a process has run."""
    path = Path(f"/proc/{process}/schedstat")
    return int(path.read_text(encoding="ascii").split()[0]) / 1e6 if path.exists() else 0.0


def _asked(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connections

    with connections["passport"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _questions() -> Mapping[str, Question]:
    """What people ask, each kind with other words every time where they are not what makes it hard."""
    from contexts.passport.application.search import NO_FILTERS, Filters, search
    from contexts.passport.domain.allergens import Allergen
    from contexts.passport.domain.label import Claim, NutriScore

    choice = random.Random(20_260_501)
    known = _asked("SELECT gtin, name, brand_name FROM catalogue_entry TABLESAMPLE SYSTEM (0.2) LIMIT 2000")
    words: list[str] = [
        word for _, name, _ in known for word in name.split() if len(word) > 4 and word.isalpha()
    ]
    no_milk = frozenset({Allergen.MILK})
    best = frozenset({NutriScore.A, NutriScore.B})
    vegan, vegetarian = frozenset({Claim.VEGAN}), frozenset({Claim.VEGETARIAN})

    def asked(query: str | Callable[[], str], filters: Filters = NO_FILTERS) -> Question:
        return lambda: search(
            query=query if isinstance(query, str) else query(), language="en", filters=filters
        )

    def word() -> str:
        return choice.choice(words)

    return {
        "common word": asked("chocolate"),
        "any word": asked(word),
        "rare words": asked(lambda: choice.choice(known)[1]),
        "two words": asked(lambda: " ".join(choice.choice(known)[1].split()[-2:])),
        "two common words": asked("milk chocolate"),
        "beginning": asked("choc"),
        "beginning of any word": asked(lambda: word()[:5]),
        "ending": asked(lambda: word()[-4:]),
        "brand": asked(lambda: choice.choice(known)[2]),
        "kind of food": asked("biscuits"),
        "GTIN": asked(lambda: choice.choice(known)[0]),
        "slip": asked(lambda: _slip(word(), choice)),
        "two slips": asked(lambda: f"{_slip(word(), choice)} {_slip(word(), choice)}"),
        "nothing": asked("xqzwj"),
        "eight common words, nothing": asked("milk dark white fruit truffles cream caramel assorted"),
        "word without milk": asked(word, Filters(without=no_milk)),
        "common word without milk": asked("chocolate", Filters(without=no_milk)),
        "common word, vegan": asked("chocolate", Filters(diets=vegan)),
        "common word, grade": asked("chocolate", Filters(grades=best)),
        "common word, category": asked("chocolate", Filters(category="en:snacks")),
        "common word, all filters": asked(
            "chocolate", Filters(without=no_milk, diets=vegetarian, grades=best, category="en:snacks")
        ),
        "without milk": asked("", Filters(without=no_milk)),
        "without all allergens": asked("", Filters(without=frozenset(Allergen))),
        "diet": asked("", Filters(diets=vegan)),
        "grade": asked("", Filters(grades=frozenset({NutriScore.E}))),
        "grade and diet": asked("", Filters(grades=frozenset({NutriScore.A}), diets=vegetarian)),
        "category": asked("", Filters(category="en:biscuits")),
        "large category": asked("", Filters(category="en:snacks")),
        "large category without milk": asked("", Filters(category="en:snacks", without=no_milk)),
        **_of_alternatives(choice),
    }


def _of_alternatives(choice: random.Random) -> Mapping[str, Question]:
    """For any product of a grade that can be bettered, and for those of a large kind of food."""
    from contexts.passport.application.alternatives import alternatives_to
    from contexts.passport.application.catalogue import find_entry

    def asked(kind: str) -> Question:
        gtins = [
            gtin
            for (gtin,) in _asked(
                "SELECT gtin FROM catalogue_entry TABLESAMPLE SYSTEM (0.2)"
                f" WHERE words @@ '(''/grade/c'' | ''/grade/d'' | ''/grade/e''){kind}' LIMIT 300"
            )
        ]
        entries = [stored for gtin in gtins if (stored := find_entry(gtin=gtin))]
        return lambda: alternatives_to(choice.choice(entries), language="en")

    return {"alternatives": asked(""), "alternatives, large category": asked(" & ''/in/en:snacks''")}


def _slip(word: str, choice: random.Random) -> str:
    """Two neighbours changed places."""
    place = choice.randrange(1, len(word) - 2)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


if __name__ == "__main__":
    main()
