"""Looks at everything that can be reached and says, for what is wrong, how to repair it."""

import json
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

import psycopg
from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from packytrace import wiring
from packytrace.databases import audit, roles
from packytrace.databases.connections import connect
from packytrace.facts import metrics
from packytrace.facts.log import LogUnavailable, configured_log

#: Free space below which the doctor warns, in bytes.
LITTLE_SPACE: Final = 1024**3
#: A fact that waits longer than this means that no relay runs, in seconds.
OLD_FACT: Final = 60.0


class Verdict(Enum):
    """How a part is."""

    GOOD = "good"
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
    for part, look in _EXAMINATIONS:
        try:
            yield from look()
        except (
            psycopg.Error,
            DatabaseError,
            OSError,
            LookupError,
            ValueError,
            LogUnavailable,
            roles.PasswordMissing,
        ) as error:
            lines = str(error).strip().splitlines()
            yield Finding(
                part=part,
                verdict=Verdict.BAD,
                seen=lines[0] if lines else type(error).__name__,
                repair="Start it with `make up`. Where it runs with another PORT or STATE, give me the same.",
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
        yield Finding(
            part="disk", verdict=Verdict.WARNING, seen=seen, repair="Free some space, or move STATE."
        )
    else:
        yield _good("disk", seen)


def _databases() -> Iterator[Finding]:
    for role in roles.ALL_ROLES:
        with connect(role) as connection:
            version = connection.info.server_version
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
        wrong = audit.deviations(connection)
    if wrong:
        yield Finding(
            part="grants",
            verdict=Verdict.BAD,
            seen="; ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""),
            repair="Run `python manage.py provision`, then `python manage.py migrate`.",
        )
    else:
        yield _good("grants", "every role may do what is declared, nothing else")


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
    log = configured_log()
    behind = metrics.lag(consumers=wiring.consumers(), log=log)
    yield _good("consumers", f"{sum(behind.values())} facts behind in the {log.name} log")


def _provider() -> Iterator[Finding]:
    url = f"{settings.OIDC_ISSUER}/.well-known/openid-configuration"
    started = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the configured issuer
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


def _frontend() -> Iterator[Finding]:
    if (settings.STATE / "static" / "staticfiles.json").exists():
        yield _good("static files", "collected")
    else:
        yield Finding(
            part="static files",
            verdict=Verdict.BAD,
            seen=f"none below {settings.STATIC_ROOT}",
            repair="Run `make install`, then `python manage.py collectstatic`.",
        )


_EXAMINATIONS: Final[tuple[tuple[str, Callable[[], Iterator[Finding]]], ...]] = (
    ("disk", _disk),
    ("database", _databases),
    ("tables", _tables),
    ("facts", _facts),
    ("OpenID provider", _provider),
    ("static files", _frontend),
)
