"""What a long-running command says of itself: a line on a terminal, else log lines; a file for probes."""

import glob
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from rich.console import Console
from rich.markup import escape

#: Seconds between two signs of life.
EVERY: Final = 1.0
#: Seconds between two log lines that say the same.
LOG_EVERY: Final = 300.0
#: Seconds without a sign after which a process counts as gone.
GONE: Final = 30.0
#: Seconds that a loop may take to go round. Longer than a consumer may try the facts of a failed batch one by
#: one, and than Kafka or PostgreSQL may keep a relay waiting.
HANGING: Final = 150.0
#: Seconds for which trouble may last: a broker that starts again is none.
LASTING: Final = 120.0
#: Seconds after which what a killed process left is deleted: containers that are replaced never come back.
LEFT_BEHIND: Final = 86_400.0

_logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sign:
    """How a part is, as it says itself."""

    turned_at: float
    """When the slowest of its loops last went round, Unix time: the sign comes from a thread that goes on
    when they hang."""
    trouble: str = ""
    """Why the part cannot do its work."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What else matters."""


@dataclass(frozen=True, kw_only=True)
class _Told:
    """The file's content. Times are Unix times."""

    said_at: float
    turned_at: float
    trouble: str
    troubled_since: float | None
    values: Mapping[str, Any]


def path_of(part: str) -> Path:
    """The file that this process writes each second while it lives.

    Processes of a part and hosts that share STATE have a file each.
    """
    return _folder() / f"{part}@{socket.gethostname()}.{os.getpid()}.json"


def complaints(part: str) -> Iterator[str]:
    """What is wrong with this host's processes of a part, a sentence each; nothing when they are well."""
    now = time.time()
    alive = 0
    for file in sorted(_folder().glob(f"{glob.escape(part)}@{glob.escape(socket.gethostname())}.*.json")):
        try:
            told = _Told(**json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:  # it has just ended
            continue
        if now - told.said_at > GONE:
            continue
        alive += 1
        process = f"{part} (process {file.suffixes[-2].removeprefix('.')})"
        if now - told.turned_at > HANGING:
            yield f"{process} hangs: its loop went round {now - told.turned_at:.0f} s ago."
        elif told.troubled_since is not None and now - told.troubled_since > LASTING:
            yield f"{process} has had trouble for {now - told.troubled_since:.0f} s: {told.trouble}"
    if not alive:
        yield f"{part} gave no sign of life on {socket.gethostname()} in the last {GONE:.0f} s."


class Heartbeat:
    """Says every second, from a thread of its own, what `describe` returns."""

    def __init__(self, *, part: str, describe: Callable[[], Sign]) -> None:
        self._part = part
        self._describe = describe
        self._console = Console()
        self._file = path_of(part)
        self._troubled_since: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of {part}", daemon=True)
        self._said: tuple[str | None, float] = (None, 0.0)

    def __enter__(self) -> None:
        with suppress(OSError):
            _sweep()
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        with suppress(OSError):
            self._file.unlink()

    def _beat(self) -> None:
        if self._console.is_terminal:
            with self._console.status(self._part) as status:
                self._repeat(lambda sign: status.update(self._line(sign)))
        else:
            self._repeat(self._log)

    def _repeat(self, show: Callable[[Sign], None]) -> None:
        while not self._stop.wait(EVERY):
            sign = self._describe()
            # Neither a full disk nor a terminal that is gone stops the facts, or the next sign of life.
            with suppress(OSError):
                self._write(sign)
            with suppress(OSError):
                show(sign)

    def _write(self, sign: Sign) -> None:
        now = time.time()
        self._troubled_since = (self._troubled_since or now) if sign.trouble else None
        told = _Told(
            said_at=now,
            turned_at=sign.turned_at,
            trouble=sign.trouble,
            troubled_since=self._troubled_since,
            values=sign.values,
        )
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(told)), encoding="utf-8")
        fresh.replace(self._file)

    def _log(self, sign: Sign) -> None:
        trouble, last = self._said
        if sign.trouble != trouble or time.monotonic() - last > LOG_EVERY:
            self._said = (sign.trouble, time.monotonic())
            _logger.info("alive", part=self._part, **sign.values, trouble=sign.trouble)

    def _line(self, sign: Sign) -> str:
        words = "  ".join(f"{name} {value}" for name, value in sign.values.items())
        return f"{self._part}  {words}" + (f"  [red]{escape(sign.trouble)}[/red]" if sign.trouble else "")


def _folder() -> Path:
    return Path(settings.STATE) / "heartbeat"


def _sweep() -> None:
    for file in _folder().iterdir():
        if time.time() - file.stat().st_mtime > LEFT_BEHIND:
            file.unlink(missing_ok=True)
