"""`manage.py serve`: the web server, with the same settings here and in a container."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from packytrace.configuration import ROOT
from packytrace.databases import roles
from packytrace.databases.connections import require_passwords
from packytrace.edge import metrics


class Command(BaseCommand):
    """Become granian, serving the application until SIGTERM."""

    help = "Run the web server in the foreground."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        require_passwords(roles.ROLES_OF_PROCESS["web"])
        command = [
            sys.executable,
            "-m",
            "granian",
            "packytrace.asgi:application",
            "--interface=asginl",
            f"--host={settings.HOST}",
            f"--port={settings.PORT_WEB}",
            f"--workers={settings.WEB_WORKERS}",
            "--respawn-failed-workers",
            # A worker that is told to end while it starts does not hear it.
            "--workers-kill-timeout=10",
            "--no-ws",
            f"--log-level={settings.CONFIGURATION['LOG_LEVEL'].lower()}",
            f"--log-config={ROOT / 'packytrace' / 'logs' / 'granian.json'}",
        ]
        metrics.prepare(settings.STATE / "metrics")
        # The process is replaced: signals reach the server itself, and nothing forks after a client was made.
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell
