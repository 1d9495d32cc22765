"""How a line is made and where it goes: standard error, for structlog and the standard library alike."""

import json
import logging
import logging.config
import os
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import orjson
import structlog
from django.core.exceptions import ImproperlyConfigured
from structlog.typing import EventDict, Processor, WrappedLogger

from packytrace.facts import correlation
from packytrace.logs.exceptions import add_exception
from packytrace.logs.redaction import redact


class _Writing:
    """One line at a time. A process forked while another thread writes starts with a lock of its own."""

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):  # not on Windows
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        self.lock = threading.Lock()


_WRITING: Final = _Writing()


def configure(options: Mapping[str, Any]) -> None:
    """Send every log line of this process through here; `options["level"]` is the least level kept.

    Named by the setting LOGGING_CONFIG, so that Django calls it before anything else of the application runs.
    Raises ImproperlyConfigured for a level that does not exist.
    """
    level = _level(options["level"])
    logging.config.dictConfig(standard_library(level=level))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[add_exception, redact, _own_fields, *_ending()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_LineLogger,
        cache_logger_on_first_use=True,
    )


def standard_library(*, level: int = logging.INFO) -> dict[str, Any]:
    """A `logging.config.dictConfig` that hands every record of the standard library to the same lines."""
    ours = {"handlers": [], "level": "NOTSET", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"crash": {"()": "packytrace.logs.lines.CrashFilter"}},
        "formatters": {"line": {"()": "packytrace.logs.lines.formatter"}},
        "handlers": {"line": {"class": "packytrace.logs.lines.LineHandler", "formatter": "line"}},
        "root": {"handlers": ["line"], "level": level},
        "loggers": {
            "django": ours,
            "django.request": {**ours, "filters": ["crash"]},
            "django.server": ours,
            "django.db.backends": {**ours, "level": "INFO"},
            "_granian": ours,
            # Its lines hold addresses, and addresses hold lots and serials.
            "granian.access": {"handlers": [], "propagate": False},
        },
    }


def formatter() -> logging.Formatter:
    """Make records of the standard library into the same lines."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[],
        processors=[_foreign_fields, add_exception, redact, *_ending()],
        pass_foreign_args=True,
    )


def write(line: str) -> None:
    """Write one whole line; lines of several threads never mix. A full disk costs lines, not requests."""
    with _WRITING.lock, suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


class LineHandler(logging.Handler):
    """Writes the standard library's records between structlog's own lines."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; what fails in formatting is told once on standard error, never to the caller."""
        try:
            write(self.format(record))
        except Exception:  # noqa: BLE001 - the contract of logging.Handler: a log line never fails its caller
            self.handleError(record)


class CrashFilter(logging.Filter):
    """Of Django's lines about requests only those that say where something broke: each has one of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether there is an exception to tell."""
        return record.levelno >= logging.ERROR and record.exc_info is not None


class _LineLogger:
    """What structlog calls with a finished line."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        write(line)

    debug = info = warning = error = critical = exception = fatal = log = msg


def _ending() -> list[Processor]:
    on_a_terminal = sys.stderr is not None and sys.stderr.isatty()
    return [
        _correlation_id,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.dev.ConsoleRenderer(timestamp_key="time") if on_a_terminal else _as_json,
    ]


def _own_fields(logger: WrappedLogger, method: str, event_dict: EventDict) -> EventDict:
    event_dict["level"] = "error" if method == "exception" else method
    if logger.name:
        event_dict["logger"] = logger.name
    return event_dict


def _foreign_fields(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """A record's message, where its template is known to hold an address or a value, without that value."""
    record: logging.LogRecord = event_dict.pop("_record")
    event_dict.pop("_from_structlog", None)
    arguments = event_dict.pop("positional_args", None)
    event_dict["level"] = record.levelname.lower()
    event_dict["logger"] = record.name
    if record.name == "django.request":
        event_dict["event"] = "request failed"
    elif record.name.startswith("django.security"):
        # The message quotes the Host header, the address or the cookie; the kind is in the logger's name.
        event_dict["event"] = "suspicious request"
        event_dict["level"] = "warning"  # Django says error, but it is the asker's: nobody has to get up
        event_dict.pop("exc_info", None)
    elif record.name == "django.server":
        event_dict["event"] = "development server"
    elif isinstance(arguments, Mapping) and "exc" in arguments:
        # Celery's template repeats the error's message and the task's arguments.
        event_dict["event"] = f"task {arguments.get('name')} {arguments.get('description', 'failed')}"
        event_dict["task_id"] = arguments.get("id")
    return event_dict


def _correlation_id(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    if (current := correlation.get()) is not None:
        event_dict.setdefault("correlation_id", current)
    return event_dict


def _as_json(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> str:
    try:
        return orjson.dumps(event_dict, default=str).decode()
    except TypeError:
        # Lone surrogates have no UTF-8; the standard library escapes them.
        return json.dumps(event_dict, default=str)


def _level(name: str) -> int:
    level = logging.getLevelNamesMapping().get(name.upper())
    if level is None:
        raise ImproperlyConfigured(f"LOG_LEVEL must be one of {', '.join(logging.getLevelNamesMapping())}.")
    return level
