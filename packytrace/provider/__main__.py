"""`python -m packytrace.provider`: prepare and serve; with arguments, such as `people list`: a command."""

import os
import subprocess
import sys


def main() -> None:
    """Run a command, or prepare in a process of its own and then become the server."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "packytrace.provider.settings"
    if len(sys.argv) > 1:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["packytrace.provider", *sys.argv[1:]])
        return
    prepared = subprocess.run([sys.executable, "-m", "packytrace.provider", "prepare"], check=False)
    if prepared.returncode:
        sys.exit(prepared.returncode)
    _serve()


def _serve() -> None:
    from packytrace.provider import settings

    command = [
        sys.executable,
        "-m",
        "granian",
        "packytrace.provider.wsgi:application",
        "--interface=wsgi",
        f"--host={settings.HOST}",
        f"--port={settings.PORT_PROVIDER}",
        # Codes and rate limits are in the memory of the worker: there is one.
        "--workers=1",
        "--blocking-threads=4",
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level=info",
    ]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


if __name__ == "__main__":
    main()
