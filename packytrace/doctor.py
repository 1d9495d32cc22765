"""Looks at everything that can be reached and says, for what is wrong, how to repair it."""

import json
import os
import shutil
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from packytrace import clockwork, wiring
from packytrace.configuration import local_address
from packytrace.databases import audit, roles
from packytrace.databases.connections import connect, conninfo
from packytrace.facts import heartbeat, metrics
from packytrace.facts.log import LogUnavailable, configured_log
from packytrace.vault import keyring, rotation

#: Free space below which PostgreSQL would soon refuse to write, and below which the doctor warns, in bytes.
LEAST_SPACE: Final = 200 * 1024**2
LITTLE_SPACE: Final = 1024**3
#: A fact that waits longer than this means that no relay runs, in seconds.
OLD_FACT: Final = 60.0
#: Days that a brand may wait until its company prefix was looked up.
DAYS_FOR_A_PREFIX: Final = 3
#: Facts that a consumer may be behind, as in the alert ConsumerBehind.
MANY_FACTS: Final = 10_000
#: Seconds that a server may take to answer.
PATIENCE: Final = 5
#: The oldest PostgreSQL that has everything we use, in libpq's way of counting.
OLDEST_POSTGRESQL: Final = 150000

_START: Final = "Start it with `make up`. Where it runs with another PORT or STATE, give me the same."


class Verdict(Enum):
    """How a part is."""

    GOOD = "good"
    REMARK = "remark"
    """Works, and could be better; or was not examined."""
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One part, how it is, what was seen and how to repair it."""

    part: str
    verdict: Verdict
    seen: str
    repair: str = ""


def examine() -> Iterator[Finding]:
    """Examine every part; one that fails to answer is a finding too, never an exception."""
    database_is_bad = False
    for part, look in _EXAMINATIONS:
        if database_is_bad and look in _STAND_ON_THE_DATABASE:
            yield Finding(part=part, verdict=Verdict.REMARK, seen="not examined: the database comes first")
            continue
        findings = list(_answers(part, look))
        database_is_bad |= look is _database and any(each.verdict is Verdict.BAD for each in findings)
        yield from findings


def _answers(part: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except (
        psycopg.Error,
        DatabaseError,
        OSError,
        LookupError,
        ValueError,
        LogUnavailable,
        ImproperlyConfigured,
    ) as error:
        lines = str(error).strip().splitlines()
        yield Finding(
            part=part,
            verdict=Verdict.BAD,
            seen=lines[0] if lines else type(error).__name__,
            repair=_START if not settings.PRODUCTION else "See docs/operations.md, When something is wrong.",
        )


def _good(part: str, seen: str) -> Finding:
    return Finding(part=part, verdict=Verdict.GOOD, seen=seen)


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.STATE).free
    seen = f"{free / 1024**3:.1f} GB free below {settings.STATE}"
    if not os.access(settings.STATE, os.W_OK):
        yield Finding(
            part="disk",
            verdict=Verdict.BAD,
            seen=f"{settings.STATE} cannot be written",
            repair="Give this user the folder, or set STATE to another one.",
        )
    elif free < LITTLE_SPACE:
        verdict = Verdict.BAD if free < LEAST_SPACE else Verdict.WARNING
        yield Finding(part="disk", verdict=verdict, seen=seen, repair="Free some space, or move STATE.")
    else:
        yield _good("disk", seen)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if is_optimised(options=sysconfig.get_config_var("CONFIG_ARGS"), prefix=sys.base_prefix):
        yield _good("Python", version)
    else:
        yield Finding(
            part="Python",
            verdict=Verdict.REMARK,
            seen=f"{version} at {sys.base_prefix} was built without optimisations: a request costs about"
            " twice the processor time",
            repair="Take the distribution's Python or the image's: `rm -r .venv`, then"
            " `make up PYTHON=/usr/bin/python3`.",
        )


def is_optimised(*, options: str | None, prefix: str) -> bool:
    """Whether an interpreter was built with profile-guided optimisation.

    `options` are those of its `configure`; Windows, where there are none, has python.org's builds. Debian
    optimises without that option, so what a distribution put below /usr is believed.
    """
    return options is None or "--enable-optimizations" in options or prefix == "/usr"


def _database() -> Iterator[Finding]:
    if settings.DATABASE_EMBEDDED and not settings.EMBEDDED_SERVER.running():
        yield Finding(
            part="database",
            verdict=Verdict.BAD,
            seen=f"the embedded server of {settings.STATE} does not run",
            repair=_START,
        )
        return
    refused: dict[str, str] = {}
    version = 0
    for role in roles.ALL_ROLES:
        try:
            with psycopg.connect(conninfo(role), connect_timeout=PATIENCE) as connection:
                version = connection.info.server_version
        except psycopg.OperationalError as error:
            refused[role] = str(error).strip().splitlines()[0]
            if not version and role == roles.ALL_ROLES[0] and "authentication failed" not in refused[role]:
                yield Finding(
                    part="database",
                    verdict=Verdict.BAD,
                    seen=refused[role],
                    repair="Does PostgreSQL run, is DATABASE_URL its address, and may this host reach it?"
                    " Is it new: run `python manage.py provision`.",
                )
                return
    if refused:
        role, why = next(iter(refused.items()))
        yield Finding(
            part="database",
            verdict=Verdict.BAD,
            seen=f"{len(refused)} of {len(roles.ALL_ROLES)} roles cannot sign in, the first is {role}: {why}",
            repair="Run `python manage.py provision`: it gives every role the password that is configured,"
            " and lets it sign in at any time and as often as it likes.",
        )
    elif version < OLDEST_POSTGRESQL:
        yield Finding(
            part="database",
            verdict=Verdict.BAD,
            seen=f"PostgreSQL {version // 10000} is too old",
            repair="Move to PostgreSQL 15 or newer: dump, install, restore.",
        )
    else:
        yield _good("database", f"PostgreSQL {version // 10000}, all {len(roles.ALL_ROLES)} roles sign in")


def _tables() -> Iterator[Finding]:
    waiting = []
    for alias in roles.CONTEXTS:
        executor = MigrationExecutor(connections[alias])
        targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] == alias]
        waiting += [f"{m.app_label}.{m.name}" for m, _ in executor.migration_plan(targets)]
    if waiting:
        yield Finding(
            part="tables",
            verdict=Verdict.BAD,
            seen=f"not migrated: {', '.join(waiting)}",
            repair="Run `python manage.py migrate`.",
        )
        return
    yield _good("tables", "every migration is applied")
    with connect(roles.RELAY) as connection:
        wrong = audit.find(connection)
        remarks = audit.remarks(connection)
    if wrong:
        yield Finding(
            part="grants",
            verdict=Verdict.BAD,
            seen="; ".join(each.words for each in wrong[:5])
            + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""),
            repair="Do by hand what is said: no command of ours does it."
            if all(each.by_hand for each in wrong)
            else "Run `python manage.py provision`, then `python manage.py migrate`.",
        )
    else:
        yield _good("grants", "every role may do what is declared, nothing else")
    for remark in remarks:
        yield Finding(
            part="grants",
            verdict=Verdict.REMARK,
            seen=remark,
            repair="Revoke it, unless you granted it on purpose.",
        )


def _windows() -> Iterator[Finding]:
    overdue = wiring.oldest_overdue_window(now=timezone.now())
    if overdue is None:
        yield _good("windows", "every Measurement Window that is over is closed")
        return
    yield Finding(
        part="windows",
        verdict=Verdict.WARNING,
        seen=f"the Measurement Window of {overdue:%-d %B %Y} should be closed: brands wait for its figures",
        repair="Run `python manage.py close_windows`, and look why the worker or beat did not.",
    )


def _erasures() -> Iterator[Finding]:
    overdue = wiring.overdue_erasures(now=timezone.now())
    if not overdue:
        yield _good("erasures", "nobody waits to be forgotten for more than an hour")
        return
    yield Finding(
        part="erasures",
        verdict=Verdict.WARNING,
        seen=f"people who have waited to be forgotten for more than an hour: {overdue}",
        repair="`python manage.py erasures` says what each waits for: a context's consumer, the provider, or"
        " the worker.",
    )


def _prefixes() -> Iterator[Finding]:
    now = timezone.now()
    waiting = wiring.prefixes_waiting()
    if not waiting:
        yield _good("prefixes", "no brand waits for its company prefix to be confirmed")
        return
    days = (now - min(waiting)).days
    yield Finding(
        part="prefixes",
        verdict=Verdict.REMARK if days < DAYS_FOR_A_PREFIX else Verdict.WARNING,
        seen=f"company prefixes that brands wait for: {len(waiting)}, for {days} days at most",
        repair="Look them up, then confirm or refuse them: below /admin/, or with"
        " `python manage.py company_prefix list --state waiting`.",
    )


#: What is seen of work on schedule that is overdue, and what to do.
_WORK: Final[Mapping[str, tuple[str, str]]] = {
    "notices": (
        "notices are not sent",
        (
            "Do worker and beat run? Where the worker's log says `notices_wait`: is MAIL_URL right, is its"
            " server up, are push services reached? Notices are tried again by themselves."
        ),
    ),
    "looks": (
        "nobody has looked whether people are to be told something",
        "Do worker and beat run? The worker's log has the error in which `fridge.send_notices` ends.",
    ),
    "untold": (
        "what fridges tell is not counted",
        "Do worker and beat run? The worker's log has the error in which `fridge.tell_measurement` ends.",
    ),
    "files": (
        "files of food are not taken in",
        "Do worker and beat run? `file_not_taken_in` in the worker's log has the error.",
    ),
}


def _work() -> Iterator[Finding]:
    """Windows and erasures are examined by themselves."""
    now = timezone.now()
    overdue = wiring.overdue_work(now=now)
    late = {work: since for work in _WORK if (since := overdue[work].since) is not None}
    for work, since in late.items():
        seen, repair = _WORK[work]
        minutes = (now - since).total_seconds() / 60
        yield Finding(
            part="work",
            verdict=Verdict.WARNING,
            seen=f"{seen}: {overdue[work].number}, the oldest for {minutes:.0f} minutes",
            repair=repair,
        )
    if not late:
        yield _good("work", "notices, facts and files of fridges are up to date")


def _vault() -> Iterator[Finding]:
    keys, wrong = None, ""
    try:
        keys = keyring.configured()
    except keyring.KeysMisconfigured as error:
        wrong = str(error)
    standings = [one for table in rotation.tables() for one in rotation.standing(table, keyring=keys)]
    locked = sorted({one.kek_id for one in standings if one.used and not one.opens})
    if locked:
        number = sum(one.used for one in standings if not one.opens)
        yield Finding(
            part="vault",
            verdict=Verdict.BAD,
            seen=f"{number} people's data keys are under {', '.join(locked)}, which VAULT_KEYS lacks or"
            " has with another key: their health profiles cannot be read",
            repair=f"{wrong} Put the right key back: see docs/keys.md.".lstrip(),
        )
    elif wrong:
        yield Finding(
            part="vault",
            verdict=Verdict.WARNING,
            seen="nobody can keep a health profile: there is no key for it",
            repair=wrong,
        )
    else:
        yield _good("vault", f"{sum(one.used for one in standings)} data keys, each under a configured key")


def _facts() -> Iterator[Finding]:
    states = metrics.outboxes()
    late = {context: state for context, state in states.items() if state.oldest > OLD_FACT and state.waiting}
    for context, state in late.items():
        yield Finding(
            part="relay",
            verdict=Verdict.BAD,
            seen=f"{state.waiting} facts of {context} wait, the oldest for {state.oldest:.0f} s",
            repair="Start `python manage.py relay`; its log says why it stopped.",
        )
    if not late:
        yield _good("relay", f"no fact waits longer than {OLD_FACT:.0f} s")
    dead = {f"{context}'s outbox": state.dead for context, state in states.items() if state.dead}
    dead |= {f"{context} ({consumer})": number for (context, consumer), number in metrics.letters().items()}
    if dead:
        yield Finding(
            part="dead letters",
            verdict=Verdict.WARNING,
            seen=", ".join(f"{number} in {place}" for place, number in dead.items()),
            repair="Look with `python manage.py facts dead`, then `facts retry` or `facts drop`.",
        )
    else:
        yield _good("dead letters", "none")


def _log() -> Iterator[Finding]:
    log = configured_log()
    try:
        log.check(wiring.consumers())
        behind = metrics.lag(consumers=wiring.consumers(), log=log)
    except LogUnavailable as error:
        yield Finding(
            part="log",
            verdict=Verdict.BAD,
            seen=str(error),
            repair="Does Kafka run at KAFKA_BOOTSTRAP_SERVERS? A topic that is missing is made by"
            " `python manage.py facts topics --apply`. Nothing is lost: facts wait in their outbox.",
        )
        return
    late = {place: facts for place, facts in behind.items() if facts > MANY_FACTS}
    for (consumer, topic), facts in late.items():
        yield Finding(
            part="consumers",
            verdict=Verdict.WARNING,
            seen=f"{consumer} is {facts} facts behind on {topic}",
            repair="Does `python manage.py consume` run? After an import this is normal, and falls.",
        )
    if not late:
        yield _good("consumers", f"{sum(behind.values())} facts behind in the {log.name} log")


def _processes() -> Iterator[Finding]:
    """What `make up` supervises here; containers are examined by their own health checks."""
    complaints = {part: heartbeat.complaints(part) for part in ("relay", "consumers")}
    complaints |= {
        "worker": clockwork.worker_complaints(patience=PATIENCE),
        "beat": clockwork.beat_complaints(),
    }
    for part, said in complaints.items():
        for complaint in said:
            yield Finding(
                part=part,
                verdict=Verdict.BAD,
                seen=complaint,
                repair=f"{settings.STATE / 'logs' / part}.log says why. Start all of it again: `make down`,"
                " then `make up`.",
            )
    yield from _web()


def _web() -> Iterator[Finding]:
    at = f"http://{local_address(settings.HOST)}:{settings.PORT_WEB}"
    try:
        with urllib.request.urlopen(f"{at}/health/live", timeout=PATIENCE) as answer:  # noqa: S310 - our own
            ours = json.load(answer) == {"status": "ok"}
    except (urllib.error.HTTPError, ValueError):
        ours = False
    except OSError as error:
        raise ConnectionError(f"{at} does not answer ({getattr(error, 'reason', error)})") from error
    if ours:
        yield _good("web server", f"answers at {at}")
    else:
        yield Finding(
            part="web server",
            verdict=Verdict.BAD,
            seen=f"another program answers at {at}",
            repair=f"Stop it, or choose another port: make up PORT={settings.PORT_WEB + 100}",
        )


def _provider() -> Iterator[Finding]:
    url = f"{settings.OIDC_ISSUER}/.well-known/openid-configuration"
    started = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - the configured issuer
            issuer = json.load(answer)["issuer"]
    except urllib.error.URLError as error:
        raise ConnectionError(f"{settings.OIDC_ISSUER} does not answer ({error.reason})") from error
    if issuer != settings.OIDC_ISSUER:
        yield Finding(
            part="OpenID provider",
            verdict=Verdict.BAD,
            seen=f"it calls itself {issuer}",
            repair=f"Set OIDC_ISSUER to {issuer}, or correct the provider's host name.",
        )
    else:
        yield _good("OpenID provider", f"{issuer} answered in {(time.monotonic() - started) * 1000:.0f} ms")


def _static_files() -> Iterator[Finding]:
    folder = Path(settings.STATIC_ROOT)
    if (folder / "staticfiles.json").exists():
        yield _good("static files", f"collected below {folder}")
    else:
        yield Finding(
            part="static files",
            verdict=Verdict.BAD,
            seen=f"none below {folder}",
            repair="Run `make install`, then `python manage.py collectstatic`; or name their folder in"
            " STATIC_ROOT.",
        )


_EXAMINATIONS: Final[tuple[tuple[str, Callable[[], Iterator[Finding]]], ...]] = (
    ("Python", _python),
    ("disk", _disk),
    ("database", _database),
    ("tables", _tables),
    ("vault", _vault),
    ("facts", _facts),
    ("log", _log),
    ("windows", _windows),
    ("erasures", _erasures),
    ("prefixes", _prefixes),
    ("work", _work),
    *(() if settings.PRODUCTION else (("web server", _processes),)),
    ("OpenID provider", _provider),
    ("static files", _static_files),
)

_STAND_ON_THE_DATABASE: Final = (_tables, _vault, _facts, _log, _windows, _erasures, _prefixes, _work)
