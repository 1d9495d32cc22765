"""Requests that a client may send again without doing again what they do.

After draft-ietf-httpapi-idempotency-key-header: the client names each with a key of its own. The first answer
is kept for a day and given again; what was asked is kept as a digest alone, under a secret of ours.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from contexts.identity.application.errors import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    RequestInProgress,
)
from contexts.identity.models import IdempotentRequest

#: How long an answer is given again.
KEPT: Final = timedelta(hours=24)
#: After which whoever was at work is taken for dead; longer than any provider is waited for.
_GIVEN_UP: Final = timedelta(minutes=1)
#: A string of Structured Fields (RFC 9651, 3.3.3) as the draft wants it, or the same without quotes.
_KEY: Final = re.compile(r'"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the client is told."""

    status: int
    body: Mapping[str, Any]


def once(*, client: str, key: str, asked: bytes, now: datetime, work: Callable[[], Answer]) -> Answer:
    """Do the work unless this client's request of that key was done; answers what it was told then.

    An error is no answer: it is raised, and the same request may be sent again. Raises InvalidIdempotencyKey,
    IdempotencyKeyReused, RequestInProgress, and what the work raises.
    """
    request = IdempotentRequest(
        key=_digest("key", f"{client}\n{_name(key)}".encode()), body=_digest("body", asked), begun_at=now
    )
    if (told := _claim(request, now=now)) is not None:
        return told
    mine = IdempotentRequest.objects.filter(key=request.key, begun_at=now)
    try:
        answer = work()
    except BaseException:
        mine.delete()
        raise
    mine.update(status=answer.status, answer=dict(answer.body))
    return answer


def forget_old_answers(*, now: datetime) -> int:
    """Delete what nobody may ask for again; says how many."""
    deleted, _by_model = IdempotentRequest.objects.filter(begun_at__lt=now - KEPT).delete()
    return deleted


def _claim(request: IdempotentRequest, *, now: datetime) -> Answer | None:
    """The answer that was given already, or None for whoever is to do the work."""
    with transaction.atomic(using="identity"):
        _found, created = IdempotentRequest.objects.get_or_create(
            key=request.key, defaults={"body": request.body, "begun_at": request.begun_at}
        )
        if created:
            return None
        found = IdempotentRequest.objects.select_for_update().filter(key=request.key).first()
        if found is None or (found.status is None and found.begun_at > now - _GIVEN_UP):
            raise RequestInProgress(_("This request is still being worked on: ask again in a moment."))
        if found.begun_at > now - KEPT:
            if not hmac.compare_digest(found.body, request.body):
                raise IdempotencyKeyReused(
                    _("This Idempotency-Key came with another request: use a new key for each.")
                )
            if found.status is not None and found.answer is not None:
                return Answer(status=found.status, body=found.answer)
        request.save(force_update=True)
    return None


def _name(key: str) -> str:
    match = _KEY.fullmatch(key)
    if match is None:
        raise InvalidIdempotencyKey(
            _("An Idempotency-Key is 1 to 255 visible characters, such as a random UUID.")
        )
    return match[1] or match[2]


def _digest(purpose: str, what: bytes) -> str:
    secret = hmac.digest(settings.SECRET_KEY.encode(), f"packytrace idempotency {purpose}".encode(), "sha256")
    return hmac.new(secret, what, hashlib.sha256).hexdigest()
