"""What the fridge costs: `python -m bench.fridge`.

- list: read and made items again, in one process, in processor time; with the queries of the whole page;
- commands: from as many processes and threads as the web server has, each with items of its own, which are
  added, used, moved, priced and undone: loaded, decided, appended, projected, queued for measurement and
  committed to disk;
- rebuild: every projection computed anew where all rows are lost, and compared where nothing is: first of
  items to which hardly anything happened, which is the hard case, then of such that were lived with, too.

Under load, with PostgreSQL, the web server and the load generator on the same cores, `/fridge` of somebody
with 50 items and of somebody with 2,000:

- rate, and processor time a request; - waiting: p99 at half of that rate, at a fixed arrival rate with the
time that a request waited for its turn counted in;
- yardstick: the same list by a plain Django view (`bench.plain_fridge_page`) that asks the ORM for fifty rows
  and what belongs to them.
"""

import argparse
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Mapping
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

FEW: Final = 50
MANY: Final = 2_000
PROCESSES: Final = 2
THREADS: Final = 8
#: How often each history is written once more, under other ids, before the rebuilding: short ones, and those
#: of LIVED_WITH events or more. Together they have about four events each.
COPIES_OF_SHORT: Final = 6
COPIES_OF_LONG: Final = 24
LIVED_WITH: Final = 5

#: What must be reached: queries, seconds of processor time, seconds, commands and events a second.
QUERIES: Final = 3
PROCESSOR: Final = 6e-3
WAIT_P99: Final = 0.060
DECODED: Final = 1.5e-3
COMMANDS: Final = 400.0
EVENTS: Final = 20_000.0


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What reading costs in one process without anything else; processor seconds."""

    queries: int
    few: float
    many: float
    next_of_many: float


@dataclass(frozen=True, kw_only=True)
class Commands:
    """What some lives with food cost."""

    done: int
    seconds: float
    python: float
    """Processor seconds a command of the processes that do them."""
    database: float
    """Processor seconds a command of PostgreSQL."""
    additions: float


@dataclass(frozen=True, kw_only=True)
class Rebuilt:
    """What computing everything anew took."""

    events: int
    items: int
    lost: float
    """Seconds, where every row was missing."""
    equal: float
    """Seconds, where every row was right."""
    differences: int
    """That were found the second time."""
    database: float
    """Processor seconds an event of PostgreSQL, both times together."""
    python: float
    """Of the processes that rebuild, their start included."""
    additions: float


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one run of the load generator saw, and what it cost."""

    requests: int
    rate: float
    p50: float
    p99: float
    answers: Mapping[str, int]
    failures: Mapping[str, int]
    cost: Spent
    """Processor seconds a request."""
    additions: float

    @property
    def agrees(self) -> bool:
        """Whether every request was answered with a page."""
        return not self.failures and self.answers == {"200": self.requests}


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=3_000, help="of one run")
    parser.add_argument("--connections", type=int, default=16, help="of the load generator")
    parser.add_argument("--commands", type=int, default=4_000, help="of all processes together")
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    parser.add_argument("--no-pages", action="store_true", help="Leave the pages under load out.")
    options = parser.parse_args()
    oha = installed_oha()
    port = options.port or free_port()
    reached = True
    with own_place(port=port):
        few, many = in_process(_prepare)
        describe(oha, connections=options.connections, of=f"fridges of {FEW} and {MANY:,} items")
        reached &= _tell_alone(in_process(_alone))
        if not options.no_pages:
            reached &= _pages(oha, port=port, few=few, many=many, options=options)
        reached &= _tell_commands(_commands(options.commands))
        short = _rebuild(copies=COPIES_OF_SHORT, having=f"count(*) < {LIVED_WITH}")
        _tell_rebuilt(short, of="to which hardly anything happened")
        lived_with = _rebuild(copies=COPIES_OF_LONG, having=f"count(*) >= {LIVED_WITH}")
        reached &= _tell_rebuilt(lived_with, of="of which many were lived with")
    sys.exit(0 if reached else 1)


def _pages(oha: Path, *, port: int, few: str, many: str, options: argparse.Namespace) -> bool:
    reached = True
    with web_server(addresses="bench.plain_fridge_page") as server:
        site = f"http://127.0.0.1:{port}"

        def run(address: str, cookie: str, *, requests: int, rate: int | None = None) -> Load:
            return _load(
                oha,
                server,
                site + address,
                cookie,
                requests=requests,
                connections=options.connections,
                rate=rate,
            )

        plain = {}
        for items, cookie in ((FEW, few), (MANY, many)):
            for address in ("/fridge", "/plain/fridge"):
                _shows_items(site + address, cookie)
                run(address, cookie, requests=options.requests // 10)
            full = run("/fridge", cookie, requests=options.requests)
            paced = run("/fridge", cookie, requests=options.requests, rate=max(1, int(full.rate / 2)))
            plain[items] = run("/plain/fridge", cookie, requests=options.requests // 4)
            reached &= _tell_page(items, full, paced, plain[items])
    return reached


def _load(
    oha: Path,
    server: psutil.Process,
    page: str,
    cookie: str,
    *,
    requests: int,
    connections: int,
    rate: int | None,
) -> Load:
    arguments = ["-n", str(requests), "-c", str(connections), "-H", f"Cookie: {cookie}"]
    if rate:
        arguments += ["-q", str(rate), "--latency-correction"]
    database = in_process(database_server)
    additions = additions_a_second()
    before = spent(web=server, database=database)
    summary = run_oha(oha, *arguments, page)
    return Load(
        requests=requests,
        rate=summary["summary"]["requestsPerSec"],
        p50=summary["latencyPercentiles"]["p50"],
        p99=summary["latencyPercentiles"]["p99"],
        answers=summary["statusCodeDistribution"],
        failures=summary["errorDistribution"],
        cost=spent(web=server, database=database).since(before, requests=requests),
        additions=additions,
    )


def _tell_alone(alone: Alone) -> bool:
    is_cheap, asks_little = alone.few <= DECODED, alone.queries <= QUERIES
    print(f"\nthe list in one process, {FEW} rows of it")
    print(
        f"  processor    {alone.few * 1e6:.0f} us with {FEW} items at home, {alone.many * 1e6:.0f} us with"
        f" {MANY:,}, {alone.next_of_many * 1e6:.0f} us for a later page of these; at most"
        f" {DECODED * 1e6:.0f} us: {verdict(is_cheap)}"
    )
    print(f"  queries      {alone.queries} for the whole page, at most {QUERIES}: {verdict(asks_little)}")
    return is_cheap and asks_little


def _tell_page(items: int, full: Load, paced: Load, plain: Load) -> bool:
    is_cheap = full.agrees and full.cost.web <= PROCESSOR
    is_quick = paced.agrees and paced.p99 <= WAIT_P99
    print(f"\n/fridge with {items:,} items, as fast as it goes")
    print(f"  rate         {full.rate:,.0f} requests/s")
    print(
        f"  processor    web {full.cost.web * 1e3:.2f} ms a request, at most {PROCESSOR * 1e3:.0f} ms:"
        f" {verdict(is_cheap)}"
    )
    _tell_run(full)
    print(f"/fridge with {items:,} items, {int(full.rate / 2):,} arrivals/s: half load")
    print(f"  p99          {paced.p99 * 1e3:.1f} ms, at most {WAIT_P99 * 1e3:.0f} ms: {verdict(is_quick)}")
    _tell_run(paced)
    print("yardstick: the same list by the ORM")
    print(
        f"  rate         {plain.rate:,.0f} requests/s; ours is {full.rate / plain.rate:.1f} times that,"
        f" for {plain.cost.web / full.cost.web:.1f} times less processor time of the web server"
    )
    _tell_run(plain)
    return is_cheap and is_quick and plain.agrees


def _tell_run(load: Load) -> None:
    answers = ", ".join(f"{count:,} with {status}" for status, count in sorted(load.answers.items()))
    failures = ", ".join(f"{count:,} {what}" for what, count in load.failures.items()) or "none"
    print(f"  answers      {answers}; failed: {failures}")
    print(f"  latency      p50 {load.p50 * 1e3:.1f} ms, p99 {load.p99 * 1e3:.1f} ms")
    cost = load.cost
    print(
        f"  processor    web {cost.web * 1e6:.0f} us, PostgreSQL {cost.database * 1e6:.0f} us,"
        f" load generator {cost.generator * 1e6:.0f} us, everything else {cost.rest * 1e6:.0f} us a request"
    )
    _tell_machine(load.additions)


def _tell_commands(ran: Commands) -> bool:
    rate = ran.done / ran.seconds
    print(f"\ncommands from {PROCESSES} processes of {THREADS} threads: {ran.done:,} in {ran.seconds:.1f} s")
    print(f"  rate         {rate:,.0f} commands/s, at least {COMMANDS:,.0f}: {verdict(rate >= COMMANDS)}")
    alone = PROCESSES / (ran.python + ran.database)
    print(
        f"  processor    {ran.python * 1e3:.2f} ms a command, PostgreSQL {ran.database * 1e3:.2f} ms:"
        f" at most {alone:,.0f} commands/s on {PROCESSES} cores without anybody else"
    )
    _tell_machine(ran.additions)
    return rate >= COMMANDS


def _tell_rebuilt(rebuilt: Rebuilt, *, of: str) -> bool:
    lost, equal = rebuilt.events / rebuilt.lost, rebuilt.events / rebuilt.equal
    reached = min(lost, equal) >= EVENTS and not rebuilt.differences
    mean = rebuilt.events / rebuilt.items
    alone = PROCESSES / (rebuilt.python + rebuilt.database)
    print(f"\nrebuild of {rebuilt.items:,} items {of}: {rebuilt.events:,} events, {mean:.1f} each")
    print(f"  rate         {lost:,.0f} events/s where all rows were lost, {equal:,.0f} where all were right;")
    print(
        f"               at least {EVENTS:,.0f}: {verdict(reached)}; {rebuilt.differences} differences left"
    )
    print(
        f"  processor    {rebuilt.python * 1e6:.0f} us an event, PostgreSQL {rebuilt.database * 1e6:.0f} us:"
        f" at most {alone:,.0f} events/s on {PROCESSES} cores without anybody else"
    )
    _tell_machine(rebuilt.additions)
    return reached


def _tell_machine(additions: float) -> None:
    print(f"  machine      {additions / 1e6:.1f} million additions/s in a plain loop before")


def _shows_items(page: str, cookie: str) -> None:
    """A page without them would cost less."""
    _shows(urlopen(Request(page, headers={"Cookie": cookie})).read().decode())


def _shows(html: str) -> None:
    if html.count("/fridge/items/") < FEW:
        sys.exit(f"The page does not show {FEW} items: its figures would mean nothing.")


def _sign_in(client: Any, account: Any) -> None:
    """For as long as the measurement takes: the provider is not asked again."""
    client.force_login(account)
    session = client.session
    session["oidc_id_token_expiration"] = time.time() + 86_400
    session.save()


def _prepare() -> tuple[str, str]:
    """The cookies of somebody with few items and of somebody with many."""
    set_up_django()
    from datetime import UTC, datetime, timedelta
    from decimal import Decimal
    from uuid import uuid4

    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from contexts.fridge.application import households, items
    from contexts.fridge.application.items import Adding
    from contexts.fridge.domain.commands import Command, Freeze, Open, Use
    from contexts.identity.application import consents, notices
    from contexts.identity.domain.consents import Purpose
    from contexts.identity.models import Account
    from contexts.passport.application.demo_catalogue import PRODUCTS, load_demo_catalogue
    from contexts.passport.demo import BRANDS

    quiet: dict[str, Any] = {"verbosity": 0}
    call_command("provision", **quiet)
    call_command("migrate", interactive=False, **quiet)
    call_command("collectstatic", interactive=False, **quiet)
    now = datetime.now(UTC)
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=now)
    cookies = []
    told: tuple[tuple[int, Command], ...] = (
        (2, Use(share=Decimal("0.25"))),
        (3, Open()),
        (4, Use(share=Decimal("0.5"))),
        (11, Freeze()),
    )
    for size in (FEW, MANY):
        account = Account.objects.create(issuer="https://issuer.example", subject=f"person-{size}")
        consents.grant(
            person_id=account.id,
            purpose=Purpose.MEASUREMENT,  # without it, nothing is queued
            notice_version=notices.current(Purpose.MEASUREMENT).version,
            channel="web",
            at=now - timedelta(days=1),
        )
        client = Client()
        _sign_in(client, account)
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
        member = households.of(account_id=account.id, now=now, zone="Europe/Berlin")
        for number in range(size):
            adding = Adding(
                gtin=None if number % 5 == 0 else PRODUCTS[number % len(PRODUCTS)].gtin,
                name=f"Leftovers {number}",
                packs=1 + number % 3,
                printed=None if number % 7 == 0 else now.date() + timedelta(days=number % 90 - 5),
                price=Decimal("1.99") if number % 2 else None,
            )
            at = now - timedelta(days=2)
            added = items.add(member=member, adding=adding, action_id=uuid4(), now=at).items[0].item
            for moment, (every, command) in enumerate(told):
                if number % every == 1:
                    items.act(
                        member=member,
                        item_ids=[added.id],
                        command=command,
                        action_id=uuid4(),
                        now=at + timedelta(hours=moment + 1),
                    )
    _as_admin("VACUUM ANALYZE")
    return cookies[0], cookies[1]


def _alone() -> Alone:
    set_up_django()
    from datetime import UTC, datetime

    from django.conf import settings
    from django.db import connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from contexts.fridge.application import households
    from contexts.fridge.application.reading import fridge_page
    from contexts.identity.models import Account

    now = datetime.now(UTC)
    accounts = {
        size: Account.objects.get(subject=f"person-{size}", issuer="https://issuer.example")
        for size in (FEW, MANY)
    }
    members = {size: households.of(account_id=one.id, now=now) for size, one in accounts.items()}
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    _sign_in(client, accounts[FEW])
    queries = 0
    for _ in range(2):  # what a process asks once is not the page's
        captures = [
            CaptureQueriesContext(connections[alias]) for alias in settings.DATABASES if alias != "default"
        ]
        for capture in captures:
            capture.__enter__()
        _shows(client.get("/fridge", headers={"host": "127.0.0.1"}).content.decode())
        for capture in captures:
            capture.__exit__(None, None, None)
        queries = sum(len(capture) for capture in captures)
    cursor = fridge_page(member=members[MANY], now=now).next_cursor
    return Alone(
        queries=queries,
        few=_processor(lambda: fridge_page(member=members[FEW], now=now)),
        many=_processor(lambda: fridge_page(member=members[MANY], now=now)),
        next_of_many=_processor(lambda: fridge_page(member=members[MANY], now=now, cursor=cursor)),
    )


def _processor(work: Callable[[], Any], *, runs: int = 9, times: int = 30) -> float:
    """Processor seconds of this process that it takes once; the median of several runs."""
    work()
    found = []
    for _ in range(runs):
        cost = time.process_time()
        for _ in range(times):
            work()
        found.append((time.process_time() - cost) / times)
    return statistics.median(found)


def _commands(commands: int) -> Commands:
    database = in_process(database_server)
    additions = additions_a_second()
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(_live, [(number, 160) for number in range(PROCESSES)], chunksize=1)
        before = spent(web=psutil.Process(), database=database)
        started = time.perf_counter()
        found = pool.map(_live, [(number, commands // PROCESSES) for number in range(PROCESSES)], chunksize=1)
        seconds = time.perf_counter() - started
        done = sum(number for number, _ in found)
        cost = spent(web=psutil.Process(), database=database).since(before, requests=done)
    return Commands(
        done=done,
        seconds=seconds,
        python=sum(processor for _, processor in found) / done,
        database=cost.database,
        additions=additions,
    )


def _live(person: tuple[int, int]) -> tuple[int, float]:
    """Some lives with food, command by command; how many commands, and their processor seconds."""
    set_up_django()
    number, commands = person
    started = time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        done = sum(threads.map(_live_alone, [number] * THREADS, [commands // THREADS] * THREADS))
    return done, time.process_time() - started


def _live_alone(number: int, commands: int) -> int:
    from datetime import UTC, datetime
    from decimal import Decimal
    from uuid import uuid4

    from contexts.fridge.application import households, items
    from contexts.fridge.application.items import Adding
    from contexts.fridge.domain.commands import Command, Give, Move, SetPrice, Use
    from contexts.fridge.domain.events import Place
    from contexts.fridge.domain.freshness import PlaceKind
    from contexts.identity.models import Account

    now, last = datetime.now(UTC), uuid4()
    subject = f"person-{(FEW, MANY)[number % 2]}"
    account = Account.objects.get(issuer="https://issuer.example", subject=subject)
    member = households.of(account_id=account.id, now=now)
    some = Decimal("0.01")
    one_life: tuple[Command, ...] = (
        Use(share=some),
        SetPrice(amount=Decimal(2)),
        Use(share=some),
        Move(place=Place(PlaceKind.PANTRY)),
        Give(share=some),
        Use(share=some),
    )
    for turn in range(commands):
        step, action_id = turn % (len(one_life) + 2), uuid4()
        if step == 0:
            adding = Adding(name="Soup", packs=4)
            item_id = items.add(member=member, adding=adding, action_id=action_id, now=now).items[0].item.id
        elif step <= len(one_life):
            command = one_life[step - 1]
            items.act(member=member, item_ids=[item_id], command=command, action_id=action_id, now=now)
        else:
            items.undo(member=member, action_id=last, as_action=action_id, now=now)
        last = action_id
    return commands


def _rebuild(*, copies: int, having: str) -> Rebuilt:
    set_up_django()
    from contexts.fridge.management.commands.rebuild_fridge import at_once

    # As somebody lives who has lived here for years: such histories again, as other items.
    _as_admin(
        "INSERT INTO fridge.fridge_event"
        " SELECT md5(stream_id::text || n)::uuid, version, type, schema_version, payload, meta, occurred_at,"
        f" recorded_at FROM fridge.fridge_event, generate_series(1, {copies}) AS n"
        f" WHERE stream_id IN (SELECT stream_id FROM fridge.fridge_event GROUP BY stream_id HAVING {having})",
        "DELETE FROM fridge.item",
        "DELETE FROM fridge.portion",
        "VACUUM ANALYZE",
    )
    seconds = []
    database = in_process(database_server)
    additions = additions_a_second()
    before = spent(web=psutil.Process(), database=database)
    for _ in range(2):
        started = time.perf_counter()
        summary = at_once(repair=True, processes=PROCESSES, on_progress=lambda _summary: None)
        seconds.append(time.perf_counter() - started)
    cost = spent(web=psutil.Process(), database=database).since(before, requests=2 * summary.events)
    return Rebuilt(
        events=summary.events,
        items=summary.items,
        lost=seconds[0],
        equal=seconds[1],
        differences=summary.differences,
        database=cost.database,
        python=cost.generator,
        additions=additions,
    )


def _as_admin(*statements: Any) -> None:
    set_up_django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)


if __name__ == "__main__":
    main()
