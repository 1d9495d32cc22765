"""Headers that make a brand's change safe to send: which version it is made to, and that it is made once."""

import re
from typing import Final
from uuid import UUID, uuid5

from rest_framework.request import Request

from contexts.passport.application.errors import IdempotencyKeyNeeded

_VERSION: Final = re.compile(r'"([1-9][0-9]{0,8})"')
#: A string of Structured Fields (RFC 9651) as draft-ietf-httpapi-idempotency-key-header has it, or the same
#: without quotes.
_KEY: Final = re.compile(r'"?[\x21\x23-\x5b\x5d-\x7e]{1,255}"?')


def version_meant(request: Request, *, now: int, missing: type[Exception], changed: type[Exception]) -> int:
    """The version that `If-Match` names (RFC 9110, section 13.1.1); that of `now` for `*`, which means any.

    Raises `missing` without the header, and `changed` where none of its tags is one of ours.
    """
    told = request.headers.get("If-Match")
    if told is None:
        raise missing
    if told.strip() == "*":
        return now
    if (said := _VERSION.fullmatch(told.strip())) is None:
        raise changed
    return int(said[1])


def request_id(request: Request, *, brand_id: UUID) -> UUID:
    """The id of what a brand's request makes: the same for the same `Idempotency-Key`, and never another
    brand's. Raises IdempotencyKeyNeeded."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyNeeded
    return uuid5(brand_id, key.strip('"'))
