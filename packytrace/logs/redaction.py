"""What never reaches a log: secrets, tokens, cookies, e-mail addresses, and the lot or serial of a pack.

The first fence is that our own code does not log them. This is the second: it knows them by the name of a
field or by their shape, whatever code or library wrote the line.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

REDACTED: Final = "[redacted]"

#: Longer texts are cut: nobody reads them, and the patterns below stay cheap.
LONGEST_TEXT: Final = 4000

_DEEPEST: Final = 4

_SENSITIVE_FIELD: Final = re.compile(
    r"passw|passphrase|secret|token|authori[sz]ation|cookie|session[_-]?(id|key)|credential|(api|private)[_-]?key"
    r"|e[_-]?mail|signature|^(lot|serial|cpv|query|query_string|body|headers|subject)$",
    re.IGNORECASE,
)

#: What every pattern below needs somewhere: most texts have none of it and are let through at once.
_TELLTALE: Final = re.compile(
    r"[@=]|:[ \"'/]|[Ee][Yy][Jj]|/01/|[Bb][Ee][Aa][Rr][Ee][Rr] |[Bb][Aa][Ss][Ii][Cc] "
)

_SENSITIVE_TEXT: Final = re.compile(
    r"""
      (?P<before_token>\b(?:Bearer|Basic)[ ]+)[\w.~+/=-]+
    | \beyJ[\w-]{8,}(?:\.[\w-]*){1,4}                                     # a JSON Web Token
    | (?P<before_password>://[^\s:/@]{0,64}:)[^\s@/]{1,256}(?=@)          # postgresql://user:password@host
    | (?P<before_value>\b(?:code|state|nonce)=                             # a sign-in's way back
        |(?:password|secret|token|session|cookie|csrf|api[_-]?key|visitor|email)\w{0,16}
            ["']?[ ]?[=:][ ]?["']?)[^\s&;,"']{1,512}
    | (?P<pack>/01/\d{8,14})[/?]\S{1,2000}                              # what follows a GTIN in a link
    | (?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}       # an e-mail address
    """,
    re.IGNORECASE | re.VERBOSE,
)


@functools.lru_cache(maxsize=1024)
def is_sensitive(field: str) -> bool:
    """Whether a field's name says that its value must not be kept."""
    return _SENSITIVE_FIELD.search(field) is not None


def redact_text(text: str) -> str:
    """The text without what looks like a secret, token, cookie, e-mail address or a pack's qualifiers."""
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}..."
    if _TELLTALE.search(text) is None:
        return text
    return _SENSITIVE_TEXT.sub(_keep_what_introduces, text)


def redact(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """Structlog processor: redact every field of a line, however deep."""
    for field, value in event_dict.items():
        if value.__class__ in _HARMLESS:
            continue
        if is_sensitive(field):
            event_dict[field] = REDACTED
        elif value.__class__ is str:  # nearly all are: spares them the walk
            event_dict[field] = redact_text(value)
        else:
            event_dict[field] = _redact_value(value, depth=_DEEPEST)
    return event_dict


_HARMLESS: Final = frozenset({int, float, bool, type(None)})


def _redact_value(value: Any, *, depth: int) -> Any:
    if isinstance(value, str):
        return redact_text(value)
    if value.__class__ in _HARMLESS:
        return value
    if depth == 0 or isinstance(value, bytes | bytearray | memoryview):
        return REDACTED
    if isinstance(value, Mapping):
        return {
            str(key): REDACTED
            if item.__class__ not in _HARMLESS and is_sensitive(str(key))
            else _redact_value(item, depth=depth - 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_value(item, depth=depth - 1) for item in value]
    return redact_text(str(value))


def _keep_what_introduces(match: re.Match[str]) -> str:
    if match["pack"]:
        return f"{match['pack']}/{REDACTED}"
    introduced_by = match["before_token"] or match["before_password"] or match["before_value"] or ""
    return introduced_by + REDACTED
