"""What a passport costs for who is signed in: `python -m bench.personal`.

In one process, in processor time, with a profile that has every entry there is and a hundred words of its
own, and the demo's labels:

- verdict: the pure function, for a label that has been read before;
- profile: read from PostgreSQL, opened and made a Health Profile again, beside the ORM's own way to the same
  row (`select` with its key, nothing opened).

Under load, with PostgreSQL, the web server and the load generator on the same cores, several people with a
usual profile (two allergens, an intolerance, a diet, two goals and a dozen words) look at random products, so
that many verdicts are the day's first and told:

- rate, and processor time a request; - waiting: the answers' p99 at half of that rate, at a fixed arrival
rate with the time that a request waited for its turn counted in; the worst of all people's;
- yardstick: the same people on a plain Django view of the same pages with the same verdict
  (`bench.plain_personal_page`), which asks the ORM and renders everything for every request.

What the machine was worth meanwhile stands beside it, as in `bench.scan`. How many queries a request asks,
`tests/test_signed_in_passport.py` counts.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import psutil

from bench.load import (
    Spent,
    additions_a_second,
    database_server,
    describe,
    free_port,
    in_process,
    installed_oha,
    own_place,
    run_oha,
    set_up_django,
    spent,
    verdict,
    web_server,
)

PRODUCTS: Final = 400
PEOPLE: Final = 8
_ADDRESSES: Final = 5_000

#: What must be reached, in seconds.
VERDICT: Final = 50e-6
PROFILE: Final = 300e-6
PROCESSOR: Final = 3e-3
WAIT_P99: Final = 0.060

#: A hundred words in five languages: some that the demo's labels have, most that they do not.
AVOIDED: Final = """
    garlic onion coriander mushroom pineapple banana raspberry cinnamon mozzarella gorgonzola celeriac
    zwiebel knoblauch petersilie kümmel paprika tomate gurke spinat brokkoli blumenkohl rettich fenchel
    aglio cipolla prezzemolo basilico pomodoro melanzana peperone carciofo zucchina cannella zenzero aneto
    champignon ail oignon persil poivron aubergine courgette fenouil échalote céleri gingembre thym
    ajo cebolla perejil pimiento berenjena calabacín alcachofa hinojo cilantro azafrán jengibre romero
    aspartam saccharin sucralose carrageen guarkernmehl xanthan maltodextrin glukosesirup palmöl kokosfett
    rapsöl sonnenblumenöl lecithin inulin pektin agar stärke zucker dextrose fruktose ahornsirup vanille
    kurkuma muskat nelken pfeffer essig hefe backpulver natron jodsalz glutamat hefeextrakt aroma kakao kaffee
    cola apfel birne pfirsich mango
"""


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What the parts cost in one process without anything else."""

    labels: int
    words: int
    verdict: float
    """Processor seconds, of the mean label; the median of several runs."""
    verdict_without_words: float
    profile_seconds: float
    profile_processor: float
    profile_queries: int
    orm_seconds: float
    orm_processor: float
    stolen: float


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one run of the load generators saw, and what it cost."""

    requests: int
    rate: float
    p50: float
    p99: float
    """Each the worst of all generators'."""
    answers: Mapping[str, int]
    failures: Mapping[str, int]
    told: int
    cost: Spent
    """Processor seconds a request."""
    seconds: float
    additions: float

    @property
    def agrees(self) -> bool:
        """Whether every request was answered with a page."""
        return not self.failures and self.answers == {"200": self.requests}

    @property
    def stolen(self) -> float:
        """Share of the machine's processor time that its host kept for others."""
        return self.cost.stolen * self.requests / (self.seconds * (os.cpu_count() or 1))


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=4_000, help="of one run")
    parser.add_argument("--connections", type=int, default=32, help="of all load generators together")
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    parser.add_argument("--no-yardstick", action="store_true")
    options = parser.parse_args()
    oha = installed_oha()
    port = options.port or free_port()
    with own_place(port=port) as folder:
        gtins, cookies = in_process(_prepare)
        describe(oha, connections=options.connections, of=f"{PEOPLE} people, {PRODUCTS} products")
        reached = _tell_alone(in_process(_alone))
        crowd = Crowd(oha=oha, folder=folder, gtins=gtins, cookies=cookies, connections=options.connections)
        with web_server(addresses="bench.plain_personal_page") as server:
            site = f"http://127.0.0.1:{port}"
            _shows_a_verdict(f"{site}/passport/{gtins[0]}", cookies[0])
            crowd.warm_up(f"{site}/passport")
            full = crowd.run(server, f"{site}/passport", requests=options.requests)
            paced = crowd.run(server, f"{site}/passport", requests=options.requests, rate=int(full.rate / 2))
            plain = None
            if not options.no_yardstick:
                _shows_a_verdict(f"{site}/plain/{gtins[0]}", cookies[0])
                plain = crowd.run(server, f"{site}/plain", requests=options.requests // 4)
    reached &= _tell_full(full)
    reached &= _tell_paced(paced, rate=int(full.rate / 2))
    if plain is not None:
        reached &= plain.agrees
        print("\nyardstick: ORM and template for every request")
        print(
            f"  rate         {plain.rate:,.0f} requests/s; ours is {full.rate / plain.rate:.1f} times that,"
            f" for {plain.cost.web / full.cost.web:.1f} times less processor time of the web server"
        )
        _tell_run(plain)
    sys.exit(0 if reached else 1)


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """People who look at random products, each with a load generator and a session of their own."""

    oha: Path
    folder: Path
    gtins: Sequence[str]
    cookies: Sequence[str]
    connections: int

    def warm_up(self, stem: str) -> None:
        """Have every process make every page once, and every thread open its connections."""
        self._all(stem, requests=PRODUCTS * 8)

    def run(self, server: psutil.Process, stem: str, *, requests: int, rate: int | None = None) -> Load:
        """One run, where nothing has been told today."""
        in_process(_forget_what_was_told)
        database = in_process(database_server)
        additions = additions_a_second()
        before, started = spent(web=server, database=database), time.perf_counter()
        summaries = self._all(stem, requests=requests, rate=rate)
        sent = sum(sum(summary["statusCodeDistribution"].values()) for summary in summaries)
        cost = spent(web=server, database=database).since(before, requests=requests)
        seconds = time.perf_counter() - started
        return Load(
            requests=requests // PEOPLE * PEOPLE,
            rate=sent / max(summary["summary"]["total"] for summary in summaries),
            p50=max(summary["latencyPercentiles"]["p50"] for summary in summaries),
            p99=max(summary["latencyPercentiles"]["p99"] for summary in summaries),
            answers=_sums(summary["statusCodeDistribution"] for summary in summaries),
            failures=_sums(summary["errorDistribution"] for summary in summaries),
            told=in_process(_told),
            cost=cost,
            seconds=seconds,
            additions=additions,
        )

    def _all(self, stem: str, *, requests: int, rate: int | None = None) -> list[dict[str, Any]]:
        addresses = self.folder / "addresses.txt"
        choice = random.Random(20_260_501)
        addresses.write_text(
            "".join(f"{stem}/{choice.choice(self.gtins)}\n" for _ in range(_ADDRESSES)), encoding="ascii"
        )
        arguments = ["-n", str(requests // PEOPLE), "-c", str(self.connections // PEOPLE)]
        arguments += ["--urls-from-file", str(addresses)]
        if rate:
            arguments += ["-q", str(rate // PEOPLE), "--latency-correction"]
        with ThreadPoolExecutor(PEOPLE) as generators:
            return list(
                generators.map(
                    lambda cookie: run_oha(self.oha, *arguments, "-H", f"Cookie: {cookie}"), self.cookies
                )
            )


def _sums(counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for count in counts:
        for name, number in count.items():
            total[name] = total.get(name, 0) + number
    return total


def _tell_alone(alone: Alone) -> bool:
    print(f"\none process, {alone.labels} labels, a full profile with {alone.words} words of its own")
    reached = alone.verdict <= VERDICT
    print(
        f"  verdict      {alone.verdict * 1e6:.0f} us of processor time, at most {VERDICT * 1e6:.0f} us:"
        f" {verdict(reached)}; without words of its own {alone.verdict_without_words * 1e6:.0f} us"
    )
    is_read = alone.profile_seconds <= PROFILE and alone.profile_queries == 1
    print(
        f"  profile      read and opened in {alone.profile_seconds * 1e6:.0f} us"
        f" ({alone.profile_processor * 1e6:.0f} us of processor time), at most {PROFILE * 1e6:.0f} us;"
        f" queries {alone.profile_queries}, at most 1: {verdict(is_read)}"
    )
    print(
        f"  yardstick    the ORM's select of the same rows takes {alone.orm_seconds * 1e6:.0f} us"
        f" ({alone.orm_processor * 1e6:.0f} us of processor time), opening nothing"
    )
    print(f"  machine      {alone.stolen:.1%} of the processors stolen meanwhile")
    return reached and is_read


def _tell_full(load: Load) -> bool:
    reached = load.agrees and load.cost.web <= PROCESSOR
    print("\nsigned-in passports, as fast as they go")
    print(f"  rate         {load.rate:,.0f} requests/s")
    print(
        f"  processor    web {load.cost.web * 1e3:.2f} ms a request, at most {PROCESSOR * 1e3:.0f} ms:"
        f" {verdict(reached)}"
    )
    _tell_run(load)
    return reached


def _tell_paced(load: Load, *, rate: int) -> bool:
    reached = load.agrees and load.p99 <= WAIT_P99
    print(f"\nsigned-in passports, {rate:,} arrivals/s: half load")
    print(f"  p99          {load.p99 * 1e3:.1f} ms, at most {WAIT_P99 * 1e3:.0f} ms: {verdict(reached)}")
    _tell_run(load)
    return reached


def _tell_run(load: Load) -> None:
    answers = ", ".join(f"{count:,} with {status}" for status, count in sorted(load.answers.items()))
    failures = ", ".join(f"{count:,} {what}" for what, count in load.failures.items()) or "none"
    print(f"  answers      {answers}; failed: {failures}; {load.told:,} verdicts were the day's first")
    print(f"  latency      p50 {load.p50 * 1e3:.1f} ms, p99 {load.p99 * 1e3:.1f} ms")
    cost = load.cost
    print(
        f"  processor    web {cost.web * 1e6:.0f} us, PostgreSQL {cost.database * 1e6:.0f} us,"
        f" load generators {cost.generator * 1e6:.0f} us, everything else {cost.rest * 1e6:.0f} us a request"
    )
    print(
        f"  machine      {load.additions / 1e6:.1f} million additions/s in a plain loop before,"
        f" {load.stolen:.1%} of the processors stolen meanwhile"
    )


def _shows_a_verdict(page: str, cookie: str) -> None:
    """A page without one would cost less."""
    html = urlopen(Request(page, headers={"Cookie": cookie})).read().decode()
    if 'id="verdict"' not in html:
        sys.exit(f"{page} shows no verdict: its figures would mean nothing.")


def _prepare() -> tuple[list[str], list[str]]:
    """The products' GTINs, and a cookie for each person."""
    set_up_django()
    from dataclasses import replace
    from datetime import UTC, datetime, timedelta
    from uuid import uuid4

    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction
    from django.test import Client

    from contexts.identity.application import consents, notices
    from contexts.identity.domain.consents import Purpose
    from contexts.identity.models import Account
    from contexts.passport.application.catalogue import contribute, find_entry
    from contexts.passport.application.demo_catalogue import PRODUCTS as DEMO
    from contexts.passport.application.demo_catalogue import load_demo_catalogue
    from contexts.passport.demo import BRANDS
    from contexts.passport.domain.gtin import check_digit
    from contexts.passport.domain.precedence import Contribution, Origin
    from contexts.personalization.application.profiles import save_profile

    quiet: dict[str, Any] = {"verbosity": 0}
    call_command("provision", **quiet)
    call_command("migrate", interactive=False, **quiet)
    call_command("collectstatic", interactive=False, **quiet)
    now = datetime.now(UTC)
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=now)
    real = [stored.entry for product in DEMO if (stored := find_entry(gtin=product.gtin))]
    bodies = [f"0952{number:09}" for number in range(PRODUCTS)]
    gtins = [body + check_digit(body) for body in bodies]
    with transaction.atomic(using="passport"):
        contribute(
            contributions=[
                Contribution(origin=Origin.BRAND, entry=replace(real[place % len(real)], gtin=gtin))
                for place, gtin in enumerate(gtins)
            ],
            at=now,
        )
    cookies = []
    for person in range(PEOPLE):
        account = Account.objects.create(issuer="https://issuer.example", subject=f"person-{person}")
        for purpose in (Purpose.HEALTH_PROFILE, Purpose.MEASUREMENT):  # without the second, nothing is told
            consents.grant(
                person_id=account.id,
                purpose=purpose,
                notice_version=notices.current(purpose).version,
                channel="web",
                at=now - timedelta(days=1),
            )
        save_profile(account_id=account.id, profile=_usual_profile(), edition=None, at=now)
        client = Client()
        client.force_login(account)
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    return gtins, cookies


def _full_profile(*, words: int) -> Any:
    from contexts.personalization.domain.label import Allergen
    from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity

    return HealthProfile(
        allergens=dict.fromkeys(Allergen, Sensitivity.TRACES_TOO),
        intolerances=frozenset(Intolerance),
        diets=frozenset(Diet),
        goals=frozenset(Goal),
        avoided=tuple(AVOIDED.split()[:words]),
    )


def _usual_profile() -> Any:
    """Of somebody who has a few things to look out for, and a dozen words of their own."""
    from contexts.personalization.domain.label import Allergen
    from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity

    return HealthProfile(
        allergens={Allergen.NUTS: Sensitivity.TRACES_TOO, Allergen.MILK: Sensitivity.CONTAINS},
        intolerances=frozenset({Intolerance.LACTOSE}),
        diets=frozenset({Diet.VEGETARIAN}),
        goals=frozenset({Goal.LESS_SUGAR, Goal.MORE_FIBRE}),
        avoided=tuple(AVOIDED.split()[:12]),
    )


def _alone() -> Alone:
    set_up_django()
    from datetime import UTC, datetime

    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from contexts.passport.application.catalogue import find_entry
    from contexts.passport.application.demo_catalogue import PRODUCTS as DEMO
    from contexts.personalization.application.profiles import find_profile, read_profile, save_profile
    from contexts.personalization.application.ruleset_in_force import ruleset_in_force
    from contexts.personalization.domain.judging import judge
    from contexts.personalization.models import HealthProfile, PersonKey
    from packytrace.wiring import screened_product

    before, started = psutil.cpu_times(), time.perf_counter()
    labels = [screened_product(stored).label for product in DEMO if (stored := find_entry(gtin=product.gtin))]
    row = HealthProfile.objects.all()[0]
    account_id, words = row.person_id, len(AVOIDED.split())
    kept = read_profile(account_id=account_id)
    changed = save_profile(
        account_id=account_id,
        profile=_full_profile(words=words),
        edition=kept.edition,
        at=datetime.now(UTC),
    )
    rules, full, short = ruleset_in_force(), changed.profile, _full_profile(words=0)

    def judge_all(profile: Any) -> None:
        for label in labels:
            judge(label=label, profile=profile, ruleset=rules)

    def find() -> Any:
        return find_profile(person_id=account_id, consented_at=changed.consented_at)

    def orm() -> Any:
        return (
            HealthProfile.objects.get(person_id=account_id, consented_at=changed.consented_at),
            PersonKey.objects.get(person_id=account_id),
        )

    with CaptureQueriesContext(connections["personalization"]) as asked:
        find()
    profile, plain = _median(find), _median(orm)
    full_verdict, short_verdict = _median(lambda: judge_all(full)), _median(lambda: judge_all(short))
    save_profile(account_id=account_id, profile=kept.profile, edition=changed.edition, at=datetime.now(UTC))
    stolen = getattr(psutil.cpu_times(), "steal", 0.0) - getattr(before, "steal", 0.0)
    return Alone(
        labels=len(labels),
        words=words,
        verdict=full_verdict[1] / len(labels),
        verdict_without_words=short_verdict[1] / len(labels),
        profile_seconds=profile[0],
        profile_processor=profile[1],
        profile_queries=len(asked.captured_queries),
        orm_seconds=plain[0],
        orm_processor=plain[1],
        stolen=stolen / ((time.perf_counter() - started) * (os.cpu_count() or 1)),
    )


def _median(work: Callable[[], Any], *, runs: int = 15, times: int = 40) -> tuple[float, float]:
    """Seconds and processor seconds of this process that it takes once; the medians of several runs."""
    work()
    seconds, processor = [], []
    for _ in range(runs):
        started, cost = time.perf_counter(), time.process_time()
        for _ in range(times):
            work()
        seconds.append((time.perf_counter() - started) / times)
        processor.append((time.process_time() - cost) / times)
    return statistics.median(seconds), statistics.median(processor)


def _forget_what_was_told() -> None:
    _as_admin("TRUNCATE personalization.verdict_told, personalization.outbox", "CHECKPOINT")


def _told() -> int:
    set_up_django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        row = admin.execute("SELECT count(*) FROM personalization.outbox").fetchone()
    return row[0] if row else 0


def _as_admin(*statements: Any) -> None:
    set_up_django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)


if __name__ == "__main__":
    main()
