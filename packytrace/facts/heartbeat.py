"""What a long-running command says of itself: a line on a terminal, else log lines; a file for probes."""

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from rich.console import Console

#: Seconds between two signs of life.
EVERY: Final = 1.0
#: Seconds between two log lines that say the same.
LOG_EVERY: Final = 300.0

_logger = structlog.get_logger(__name__)


def path_of(part: str) -> Path:
    """The file that a part touches while it lives; its content is what it last said."""
    return Path(settings.STATE) / "heartbeat" / f"{part}.json"


class Heartbeat:
    """Says every second, from a thread of its own, what `describe` returns.

    `describe` gives the values that matter, `trouble` among them: empty, or why the part cannot do its work.
    """

    def __init__(self, *, part: str, describe: Callable[[], Mapping[str, Any]]) -> None:
        self._part = part
        self._describe = describe
        self._console = Console()
        self._file = path_of(part)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of {part}", daemon=True)
        self._said: tuple[object, float] = (None, 0.0)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        with suppress(OSError):
            self._file.unlink()

    def _beat(self) -> None:
        if self._console.is_terminal:
            with self._console.status(self._part) as status:
                while not self._stop.wait(EVERY):
                    status.update(self._line(self._touch()))
            return
        while not self._stop.wait(EVERY):
            self._log(self._touch())

    def _touch(self) -> Mapping[str, Any]:
        said = self._describe()
        # A read-only or full disk must not stop facts; that the file grows old is what a probe sees.
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._file.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps({**said, "at": time.time()}), encoding="utf-8")
            fresh.replace(self._file)
        return said

    def _log(self, said: Mapping[str, Any]) -> None:
        trouble, last = self._said
        if said.get("trouble") != trouble or time.monotonic() - last > LOG_EVERY:
            self._said = (said.get("trouble"), time.monotonic())
            _logger.info("alive", part=self._part, **said)

    def _line(self, said: Mapping[str, Any]) -> str:
        words = "  ".join(f"{name} {value}" for name, value in said.items() if name != "trouble")
        return f"{self._part}  {words}" + (f"  [red]{said['trouble']}[/red]" if said.get("trouble") else "")
