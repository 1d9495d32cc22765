"""Exceptions in a log: where it happened always, what it said only if that cannot quote what people sent.

PostgreSQL's messages quote rows ("Failing row contains ..."), Python's quote the value that could not be
read: a lot, a token or an address would stand in the log for as long as logs are kept.
"""

import sys
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, TypeAlias

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from structlog.typing import EventDict, WrappedLogger

from packytrace.errors import DomainError
from packytrace.logs.redaction import redact_text

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None]

#: Types whose message is about our code or our machines. Of every message only the first line is kept:
#: PostgreSQL puts values into the lines that follow.
QUOTES_NOBODY: Final[tuple[type[BaseException], ...]] = (
    AttributeError,
    DomainError,
    ImportError,
    ImproperlyConfigured,
    InterfaceError,
    NameError,
    NotImplementedError,
    OSError,
    OperationalError,
    ProgrammingError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)

_MOST_FRAMES: Final = 40
_LONGEST_CHAIN: Final = 8


def describe(error: BaseException) -> str:
    """The error's type, with its message where that is harmless."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, QUOTES_NOBODY) and (message := str(error).strip()):
        return f"{name}: {redact_text(message.splitlines()[0])}"
    return name


def render(error: BaseException) -> str:
    """The error and what led to it as text, latest first: types and places, no values."""
    return "\ncaused by ".join(
        "\n".join([describe(link), *_places(link.__traceback__)]) for link in _chain(error)
    )


def add_exception(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Structlog processor: replace `exc_info` by an `exception` that can be kept."""
    if "exc_info" in event_dict and (error := _error_of(event_dict.pop("exc_info"))) is not None:
        event_dict["exception"] = render(error)
    return event_dict


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple) and isinstance(exc_info[1], BaseException):
        return exc_info[1]
    if exc_info:
        return sys.exc_info()[1]
    return None


def _places(tb: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(tb)
    return [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-_MOST_FRAMES:]]


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen and len(seen) < _LONGEST_CHAIN:
        yield link
        seen.add(id(link))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
