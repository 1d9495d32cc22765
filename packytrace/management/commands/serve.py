"""`manage.py serve`: the web server, with the same settings here and in a container."""

import os
import resource
import sys
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from packytrace.configuration import ROOT
from packytrace.databases import roles
from packytrace.databases.connections import require_passwords
from packytrace.edge import metrics

#: Connections that each process holds open at once, idle ones included; the next ones wait to be accepted.
MOST_CONNECTIONS: Final = 4096
#: File descriptors of each process for everything else: databases, logs, metrics, libraries.
_OTHER_FILES: Final = 256
#: Seconds for which a connection may send no complete header: slow clients and idle ones alike.
HEADER_SECONDS: Final = 10

#: How long the web waits for a database. Whoever scans does not wait longer, and a table that a migration
#: locks, or a server that hangs, must not keep every thread: the answer is a 503 that says when to try again.
#: No other process has these limits: what consumes facts or migrates may take its time.
DATABASE_LIMITS: Final = {"lock_timeout": "3s", "statement_timeout": "10s"}
CONNECT_SECONDS: Final = 3


class Command(BaseCommand):
    """Become granian, serving the application until SIGTERM."""

    help = "Run the web server in the foreground."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        require_passwords(roles.ROLES_OF_PROCESS["web"])
        command = server(
            "packytrace.asgi:application",
            host=settings.HOST,
            port=settings.PORT_WEB,
            workers=settings.WEB_WORKERS,
            connections=room_for_connections(),
        )
        metrics.prepare(metrics.place(settings.STATE))
        # The process is replaced: signals reach the server itself, and nothing forks after a client was made.
        os.execve(sys.executable, command, with_database_limits(os.environ))  # noqa: S606 - our own interpreter, no shell


def server(application: str, *, host: str, port: int, workers: int, connections: int) -> list[str]:
    """The command that serves an application."""
    return [
        sys.executable,
        "-m",
        "granian",
        application,
        "--interface=asginl",
        f"--host={host}",
        f"--port={port}",
        f"--workers={workers}",
        "--respawn-failed-workers",
        # A worker that is told to end while it starts does not hear it.
        "--workers-kill-timeout=10",
        "--no-ws",
        # One connection of HTTP/2 can stall any number of answers. Proxies that end TLS speak HTTP/1.1 to us.
        "--http=1",
        # By default a process stops accepting at 1024 / workers connections, which one client can open.
        "--backlog=2048",
        f"--backpressure={connections}",
        f"--http1-header-read-timeout={HEADER_SECONDS * 1000}",
        # What a client can make us keep of its headers, for each connection.
        "--http1-buffer-size=65536",
        f"--log-level={settings.CONFIGURATION['LOG_LEVEL'].lower()}",
        f"--log-config={ROOT / 'packytrace' / 'logs' / 'granian.json'}",
    ]


def room_for_connections() -> int:
    """Raise this process's limit of open files as far as is needed and allowed; the connections that fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if soft < wanted:
        soft = min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(MOST_CONNECTIONS, soft - _OTHER_FILES))


def with_database_limits(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which libpq limits every connection; what an operator has set holds."""
    limits = " ".join(f"-c {name}={value}" for name, value in DATABASE_LIMITS.items())
    return {
        "PGCONNECT_TIMEOUT": str(CONNECT_SECONDS),
        **environment,
        # Of two values for one setting the server takes the last.
        "PGOPTIONS": f"{limits} {environment.get('PGOPTIONS', '')}".rstrip(),
    }
