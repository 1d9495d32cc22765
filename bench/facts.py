"""How fast facts travel: `python -m bench.facts [--log kafka|postgres]`.

Two figures per log, on a PostgreSQL of its own with fsync on, and a real Kafka broker with acks=all:

- relay: facts a second that one relay takes from a full outbox into the log;
- latency: from the return of the publishing commit to the call of a consumer's handler, at a steady rate,
  with publisher, relay and consumer each a process of its own. Counted from a few seconds after the start,
  when servers and clients are warm. How far the publisher fell behind its schedule is printed.

Everything runs on this machine: what is measured shares its cores with the servers it measures, and with
whatever else runs. Beside each figure stands how much of the processors' time other machines on the same
hardware took ("stolen"), and how much was left idle.
"""

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil

CONTEXT: Final = "passport"
TOPIC: Final = "passport.scans.v1"
KEYS: Final = 20_000

#: What must be reached.
RELAY_RATE: Final = {"kafka": 20_000, "postgres": 5_000}
LATENCY_P99: Final = 0.250
#: Seconds of publishing before latency counts.
WARM_UP: Final = 5
#: Seconds after the last commit by which every fact must be there.
ARRIVAL: Final = 3
#: Seconds that the publisher may be behind its schedule: beyond, the rate was not the one that is named.
MOST_LATE: Final = 1.0

_FILL: Final = """
INSERT INTO outbox (event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers)
SELECT gen_random_uuid(), 'scan', key, 'ProductScanned', 1,
       jsonb_build_object('scanId', key, 'visitorId', gen_random_uuid(), 'gtin', '09521002000023',
                          'brandId', '00000005-5c1e-4b7a-9d20-0c6a1f3b7e05', 'productKnown', true,
                          'scannedAt', '2025-03-14T09:26:53.482913+00:00', 'channel', 'link'),
       clock_timestamp(), '{"correlationid": "4bf92f3577b34da6a3ce929d0e0e4736"}'
  FROM (SELECT md5((number %% %(keys)s)::text)::uuid::text AS key
          FROM generate_series(1, %(count)s) AS number) AS numbered
"""


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--log", choices=["kafka", "postgres"], action="append")
    parser.add_argument("--facts", type=int, default=200_000, help="facts in the full outbox")
    parser.add_argument("--rate", type=int, default=2_000, help="facts a second while latency is measured")
    parser.add_argument("--seconds", type=int, default=30, help="how long latency is measured")
    parser.add_argument("--per-commit", type=int, default=4, help="facts in one publishing transaction")
    options = parser.parse_args()
    reached = True
    for name in options.log or ["kafka", "postgres"]:
        with environment(name):
            print(f"\n{name} log")
            describe(name)
            reached &= relay_throughput(name, facts=options.facts)
            reached &= latency(rate=options.rate, seconds=options.seconds, per_commit=options.per_commit)
    sys.exit(0 if reached else 1)


@contextmanager
def environment(name: str) -> Iterator[None]:
    """A database and, for Kafka, a broker of our own; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="packytrace-bench-"))
    os.environ |= {"STATE": str(folder), "ENVIRONMENT": "embedded", "LOG_LEVEL": "WARNING"}
    for variable in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS"):
        os.environ.pop(variable, None)
    broker = None
    if name == "kafka":
        from tests.kafka.broker import Broker, install

        install()
        broker = Broker(folder=folder / "kafka", heap="768m", quick=False)
        broker.start()
        os.environ["KAFKA_BOOTSTRAP_SERVERS"] = broker.bootstrap_servers
    # A process of its own for each log: Django reads its settings once.
    try:
        in_process(_prepare)
        yield
    finally:
        in_process(_stop_database)
        if broker is not None:
            broker.kill()
        shutil.rmtree(folder, ignore_errors=True)


def describe(name: str) -> None:
    """What is measured on."""
    print(f"  machine      {_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for line in in_process(_versions, name):
        print(f"  {line}")


def relay_throughput(name: str, *, facts: int) -> bool:
    """Empty a full outbox with one relay."""
    in_process(_fill, facts)
    before = processor_times()
    moved, seconds, busy = in_process(_relay_all)
    stolen = stolen_since(before)
    rate = moved / seconds
    reached = bool(moved == facts and rate >= RELAY_RATE[name])
    print(
        f"  relay        {rate:,.0f} facts/s ({moved:,} facts in {seconds:.1f} s, one relay,"
        f" {busy / moved * 1e6:.0f} us of its CPU each, {stolen}),"
        f" at least {RELAY_RATE[name]:,}: {_verdict(reached)}"
    )
    return reached


def latency(*, rate: int, seconds: int, per_commit: int) -> bool:
    """Publish at a steady rate; compare the moments of commit and of handling."""
    context = multiprocessing.get_context("spawn")
    ready, stop = context.Semaphore(0), context.Event()
    heard, told, relayed = context.Queue(), context.Queue(), context.Queue()
    workers = [
        context.Process(target=_relay_until, args=[stop, ready, relayed]),
        context.Process(target=_consume_until, args=[stop, ready, heard]),
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    server_before = in_process(_server_time)
    before = processor_times()
    publisher = context.Process(target=_publish, args=[rate, WARM_UP + seconds, per_commit, told])
    publisher.start()
    committed, late, publishing = told.get()
    publisher.join()
    stolen = stolen_since(before)
    time.sleep(ARRIVAL)
    stop.set()
    handled, consuming = heard.get()
    relaying = relayed.get()
    for worker in workers:
        worker.join()
    serving = in_process(_server_time) - server_before
    counts_from = min(committed.values()) + WARM_UP
    counted = {key: moment for key, moment in committed.items() if moment >= counts_from}
    delays = sorted(handled[key] - moment for key, moment in counted.items() if key in handled)
    lost = len(committed.keys() - handled.keys())
    p50, p95, p99 = (delays[int(len(delays) * share)] for share in (0.50, 0.95, 0.99))
    reached = bool(lost == 0 and p99 <= LATENCY_P99 and late <= MOST_LATE)
    print(
        f"  latency      p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms,"
        f" longest {delays[-1] * 1000:.0f} ms at {rate:,} facts/s for {seconds} s,"
        f" after {WARM_UP} s to warm up, {per_commit} in a commit,"
        f" {lost} not there {ARRIVAL} s after the last ({stolen});"
        f" p99 at most {LATENCY_P99 * 1000:.0f} ms: {_verdict(reached)}"
    )
    each = {"publisher": publishing, "PostgreSQL": serving, "relay": relaying, "consumer": consuming}
    costs = ", ".join(f"{part} {busy / len(committed) * 1e6:.0f} us" for part, busy in each.items())
    print(f"  CPU          {costs} for each fact")
    print(
        f"  publisher    at most {late * 1000:.0f} ms behind its schedule, {MOST_LATE * 1000:.0f} ms allowed"
    )
    return reached


def processor_times() -> dict[str, float]:
    """Seconds of the processors so far, by what they were used for; `steal` only where the system tells."""
    return dict(psutil.cpu_times()._asdict())


def stolen_since(before: dict[str, float]) -> str:
    """The share of the processors' time that other machines took, and how much nothing used."""
    spent = {use: seconds - before[use] for use, seconds in processor_times().items()}
    total = sum(seconds for use, seconds in spent.items() if not use.startswith("guest"))
    return f"{spent.get('steal', 0.0) / total:.1%} stolen, {spent['idle'] / total:.0%} idle"


def in_process(work: Any, *arguments: Any) -> Any:
    """Run a function in a fresh process, where Django has not read its settings yet."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "packytrace.settings"
    import django

    django.setup()


def _prepare() -> None:
    _django()
    from django.core.management import call_command

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("provision", stdout=nowhere)
        call_command("migrate", verbosity=0, interactive=False)


def _stop_database() -> None:
    _django()
    from django.conf import settings

    settings.EMBEDDED_SERVER.stop()


def _versions(name: str) -> list[str]:
    _django()
    import confluent_kafka
    from django.db import connections

    from packytrace.facts import consuming, outbox_rows, relay
    from packytrace.facts.kafka_topics import settings_of
    from packytrace.facts.topics import topic_named

    with connections[CONTEXT].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'),"
            " current_setting('synchronous_commit'), current_setting('shared_buffers')"
        )
        version, fsync, synchronous, buffers = cursor.fetchone()
    lines = [
        f"PostgreSQL   {version}, fsync {fsync}, synchronous_commit {synchronous}, shared_buffers {buffers}",
        f"batches      relay {relay.BATCH} facts, consumer {consuming.BATCH}; {outbox_rows.SHARDS} shards",
    ]
    if name == "kafka":
        from tests.kafka.broker import version as kafka_version

        partitions = topic_named(TOPIC).partitions
        replicas = settings_of(topic_named(TOPIC), copies=1)["min.insync.replicas"]
        lines.insert(
            1,
            f"Kafka        {kafka_version()}, one broker, {partitions} partitions, acks=all with"
            f" min.insync.replicas {replicas}, librdkafka {confluent_kafka.libversion()[0]}",
        )
    return lines


def _fill(facts: int) -> None:
    _django()
    import psycopg
    from django.conf import settings
    from django.db import connections

    with connections[CONTEXT].cursor() as cursor:
        cursor.execute(_FILL, {"keys": KEYS, "count": facts})
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        # What autovacuum would have done by the time that an outbox has grown so long.
        admin.execute(f"VACUUM ANALYZE {CONTEXT}.outbox")
        admin.execute("CHECKPOINT")


def _relay_all() -> tuple[int, float, float]:
    _django()
    from packytrace.facts.log import configured_log
    from packytrace.facts.relay import Relay

    relay = Relay(log=configured_log())
    relay.warm_up()
    began, busy = time.perf_counter(), time.process_time()
    moved = 0
    while step := relay.run_once():
        moved += step
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    relay.close()
    return moved, seconds, busy


def _server_time() -> float:
    """Seconds of CPU that the database server has used so far."""
    _django()
    from django.conf import settings

    pid = int((settings.EMBEDDED_SERVER.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
    server = psutil.Process(pid)
    ended = server.cpu_times()
    running = [child.cpu_times() for child in server.children()]
    return float(
        ended.children_user + ended.children_system + sum(times.user + times.system for times in running)
    )


def _relay_until(stop: Any, ready: Any, relayed: Any) -> None:
    _django()
    from packytrace.facts.log import configured_log
    from packytrace.facts.relay import Relay

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    relay = Relay(log=configured_log())
    relay.warm_up()
    began = time.process_time()
    ready.release()
    relay.run(stop)
    relayed.put(time.process_time() - began)


def _consume_until(stop: Any, ready: Any, heard: Any) -> None:
    _django()
    from packytrace.facts.consuming import ConsumerLoop
    from packytrace.facts.fact import Consumer, Fact
    from packytrace.facts.log import configured_log

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    moments: dict[str, float] = {}

    def handle(fact: Fact) -> None:
        moments.setdefault(fact.key, time.time())

    consumer = Consumer(name="bench", context="measurement", topics=frozenset({TOPIC}), handle=handle)
    loop = ConsumerLoop(consumer=consumer, log=configured_log(), stop=stop)
    # The full outbox of the first figure is in the log: latency begins when it is read.
    idle = 0
    while idle < 3:
        idle = 0 if loop.run_once(timeout=1.0) else idle + 1
    moments.clear()
    began = time.process_time()
    ready.release()
    loop.run()
    heard.put((moments, time.process_time() - began))


def _publish(rate: int, seconds: int, per_commit: int, told: Any) -> None:
    _django()
    threads = 4
    committed: dict[str, float] = {}
    late = [0.0] * threads
    begin = time.time() + 0.5
    steps = rate * seconds // per_commit

    def publish(thread: int) -> None:
        import psycopg

        from packytrace.databases import roles
        from packytrace.databases.connections import conninfo

        statement = (
            "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at,"
            " headers) SELECT gen_random_uuid(), 'scan', key, 'ProductScanned', 1, payload,"
            " clock_timestamp(), '{}' FROM unnest(%s::text[], %s::jsonb[]) AS told (key, payload)"
        )
        with psycopg.connect(conninfo(roles.app(CONTEXT)), autocommit=True) as connection:
            for step in range(thread, steps, threads):
                due = begin + step * per_commit / rate
                keys = [f"{step:08x}-0000-4000-8000-{number:012x}" for number in range(per_commit)]
                if (wait := due - time.time()) > 0:
                    time.sleep(wait)
                late[thread] = max(late[thread], time.time() - due)
                connection.execute(statement, [keys, [_payload(key) for key in keys]])
                moment = time.time()
                for key in keys:
                    committed[key] = moment

    busy = time.process_time()
    running = [threading.Thread(target=publish, args=[thread]) for thread in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    told.put((committed, max(late), time.process_time() - busy))


def _payload(key: str) -> str:
    return json.dumps({
        "scanId": key,
        "visitorId": "00000002-5c1e-4b7a-9d20-0c6a1f3b7e02",
        "gtin": "09521002000023",
        "brandId": "00000005-5c1e-4b7a-9d20-0c6a1f3b7e05",
        "productKnown": True,
        "scannedAt": "2025-03-14T09:26:53.482913+00:00",
        "channel": "link",
    })  # fmt: skip


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _verdict(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


if __name__ == "__main__":
    main()
