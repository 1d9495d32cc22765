"""`manage.py up`: the whole embedded stack in the foreground, one line of state per part."""

import io
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from packytrace import supervisor, wiring
from packytrace.configuration import ROOT
from packytrace.databases.embedded import EmbeddedServerFailed
from packytrace.doctor import LEAST_SPACE
from packytrace.provider import mailbox
from packytrace.provider.demo import DEMO_PEOPLE
from packytrace.supervisor import Part, RunningPart, State, Supervisor

_COLOURS = {
    State.STARTING: "yellow",
    State.READY: "green",
    State.WAITING: "red",
    State.DONE: "green",
    State.STOPPED: "dim",
}


class Command(BaseCommand):
    """Start what is embedded, then every process; restart what dies; stop all of it on Ctrl-C."""

    help = "Run everything on this machine; Ctrl-C stops it."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        console = Console()
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            with supervisor.only_one(settings.STATE):
                self._run(console)
        except (supervisor.AlreadyRunning, supervisor.PortTaken, EmbeddedServerFailed) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            console.print("Stopped.")

    def _run(self, console: Console) -> None:
        _check_disk(settings.STATE)
        supervisor.stop_running(settings.STATE)
        for port in (settings.PORT_WEB, settings.PORT_PROVIDER):
            supervisor.check_port(host=settings.HOST, port=port)
        try:
            with console.status("Starting PostgreSQL"):
                call_command("provision", verbosity=0)
            with console.status("Bringing the tables up to date"):
                call_command("migrate", verbosity=0, interactive=False)
            with console.status("Collecting static files"):
                call_command("collectstatic", verbosity=0, interactive=False)
            with console.status("Loading the demo catalogue"):
                wiring.load_demo_catalogue(now=timezone.now())
            self._supervise(console)
        finally:
            if settings.DATABASE_EMBEDDED:
                settings.EMBEDDED_SERVER.stop()

    def _supervise(self, console: Console) -> None:
        board = _Board(console=console)
        mails = NewMails(console=console, folder=settings.STATE / "mail")
        runner = Supervisor(state=settings.STATE, parts=parts(), on_change=board.show, on_tick=mails.tell)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, runner.stop)
        with board:
            runner.run()
        console.print("Stopped.")


def parts() -> Sequence[Part]:
    """Every process of the stack, in the order in which they start."""
    python, manage = sys.executable, str(ROOT / "manage.py")
    web = f"http://{_reachable(settings.HOST)}:{settings.PORT_WEB}"
    database = [Part(name="database", command=[python, "-m", "packytrace.databases"])]
    provider = [
        Part(
            name="provider",
            command=[python, "-m", "packytrace.provider"],
            ready_url=f"{settings.OIDC_ISSUER}/.well-known/openid-configuration",
        )
    ]
    return (
        *(database if settings.DATABASE_EMBEDDED else []),
        Part(name="web", command=[python, manage, "serve"], ready_url=f"{web}/health/live"),
        *(provider if settings.OIDC_EMBEDDED else []),
        Part(name="relay", command=[python, manage, "relay"]),
        Part(name="consumers", command=[python, manage, "consume"]),
        Part(
            name="worker",
            command=[
                python,
                "-m",
                "celery",
                "-A",
                "packytrace.celery",
                "worker",
                "--pool=solo",
                "-l",
                "info",
            ],
        ),
        Part(name="beat", command=[python, "-m", "celery", "-A", "packytrace.celery", "beat", "-l", "info"]),
        Part(name="demo history", command=[python, manage, "demo"], once=True),
    )


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not listened on


def _check_disk(state: Path) -> None:
    free = shutil.disk_usage(state).free
    if free < LEAST_SPACE:
        raise EmbeddedServerFailed(
            f"The disk that holds {state} has {free // 2**20} MB left; the database needs at least"
            f" {LEAST_SPACE // 2**20} MB. Free some space, or take another folder: make up STATE=folder"
        )


class _Board:
    """One line of state per part, and, as soon as the web server answers, where to click."""

    def __init__(self, *, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False)
        self._last: dict[str, tuple[State, int]] = {}
        self._welcomed = False

    def __enter__(self) -> None:
        if self._console.is_terminal:
            self._live.start()

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def show(self, running: Sequence[RunningPart]) -> None:
        """Bring the lines up to date."""
        if self._console.is_terminal:
            self._live.update(_table(running), refresh=True)
        else:
            self._tell_changes(running)
        by_name = {each.part.name: each.state for each in running}
        if not self._welcomed and all(
            by_name.get(name, State.READY) is State.READY for name in ("web", "provider")
        ):
            self._welcomed = True
            self._console.print(_welcome(self._console), soft_wrap=True)  # a link is one line

    def _tell_changes(self, running: Sequence[RunningPart]) -> None:
        for each in running:
            now = (each.state, each.restarts)
            if each.state is State.STOPPED and each.part.name not in self._last:
                continue  # not started yet: nothing to tell
            if self._last.get(each.part.name) != now:
                self._last[each.part.name] = now
                self._console.print(_line(each))


class NewMails:
    """Mails of the embedded provider: one line for each that comes while this runs."""

    def __init__(self, *, console: Console, folder: Path) -> None:
        self._console = console
        self._folder = folder
        self._last = max((letter.file.name for letter in mailbox.letters(folder)), default="")

    def tell(self) -> None:
        """Show to whom they go and what they ask to open."""
        for letter in mailbox.letters(self._folder, after=self._last):
            self._last = letter.file.name
            line = f"Mail to {letter.to}: {letter.subject}  {letter.link or ''}".rstrip()
            self._console.print(line, soft_wrap=True, markup=False, highlight=False)


def _table(running: Sequence[RunningPart]) -> Table:
    table = Table.grid(padding=(0, 2))
    for each in running:
        table.add_row(
            each.part.name,
            Text(each.state.value, style=_COLOURS[each.state]),
            Text(_detail(each), style="dim"),
        )
    return table


def _line(each: RunningPart) -> str:
    return f"{each.part.name:<14}{each.state.value} {_detail(each)}".rstrip()


def _detail(each: RunningPart) -> str:
    if each.state is State.WAITING:
        return f"ended, see {settings.STATE / 'logs' / (each.part.name + '.log')}"
    if each.restarts:
        return f"restarted {each.restarts} times"
    return ""


def _welcome(console: Console) -> Group:
    link = f"{settings.PUBLIC_URL}{wiring.demo_link(today=timezone.now().date())}"
    lines = [
        Text.assemble("\nA shopper scans a pack:  ", (link, "bold underline")),
        Text.assemble("A brand looks:           ", (f"{settings.PUBLIC_URL}/brand/", "bold underline")),
    ]
    if settings.OIDC_EMBEDDED:
        secret = settings.EMBEDDED_SERVER.secret
        lines += [
            Text(f"  {person.role:<12} {person.email:<20} password {person.password(secret=secret)}")
            for person in DEMO_PEOPLE
        ]
        lines += [
            Text("Try: scan, sign in as sara@demo.example, set up the profile, and see what fits her;"),
            Text("     or sign up as yourself: the mail's link is printed here."),
        ]
    lines.append(Text(f"Logs: {settings.STATE / 'logs'}   Stop: Ctrl-C or `{_down()}`\n", style="dim"))
    if console.is_terminal:
        lines.insert(0, Text(_qr(link)))
    else:
        lines.insert(0, Text("(A terminal would show the link's QR code here.)", style="dim"))
    return Group(*lines)


def _down() -> str:
    return "make down" if settings.STATE == ROOT / "var" else f"make down STATE={settings.STATE}"


def _qr(link: str) -> str:
    drawing = io.StringIO()
    segno.make(link, error="m").terminal(drawing, compact=True, border=2)
    return drawing.getvalue()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
