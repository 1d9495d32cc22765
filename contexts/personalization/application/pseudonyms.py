"""Under which names people appear to who counts: none that lasts, and none that says who it is.

Both are keyed digests of the account's id, under keys derived from SECRET_KEY, which no database has.
"""

import hmac
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

from packytrace.facts.topics import CONSUMER_RETENTION

_OF_A_DAY: Final = b"packytrace person of a day"
_SHARING: Final = b"packytrace person who shares a reason"
_NAME_OF_KEY: Final = b"packytrace name of a key"


def pseudonym_of(*, person_id: UUID, day: date) -> UUID:
    """A person in the facts of one day (UTC): the same all day long, another one on every other day.

    Whoever reads these facts can count the people of a day, and can neither follow one of them to the next
    nor find them anywhere else.
    """
    return _pseudonym(_key(_OF_A_DAY), person_id=person_id, day=day)


def pseudonyms_of(*, person_ids: Collection[UUID], today: date) -> set[UUID]:
    """Under which these people may stand in facts that some log still has: today's and those before it, also
    under a key that was replaced meanwhile."""
    days = [today - timedelta(days=ago) for ago in range(CONSUMER_RETENTION.days + 2)]
    keys = [_derived(secret, _OF_A_DAY) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return {
        _pseudonym(key, person_id=person_id, day=day)
        for key in keys
        for person_id in person_ids
        for day in days
    }


def digest_of(*, person_id: UUID) -> bytes:
    """A person among those who share a reason: 32 bytes, by which the person's rows can be found again."""
    return hmac.digest(_key(_SHARING), person_id.bytes, "sha256")


def name_of_key() -> str:
    """Names the key of `digest_of`: under another one the same person is somebody else, who must not be
    counted a second time."""
    return hmac.digest(_key(_SHARING), _NAME_OF_KEY, "sha256").hex()[:16]


def _key(purpose: bytes) -> bytes:
    return _derived(settings.SECRET_KEY, purpose)


def _derived(secret: str | bytes, purpose: bytes) -> bytes:
    return hmac.digest(force_bytes(secret), purpose, "sha256")


def _pseudonym(key: bytes, *, person_id: UUID, day: date) -> UUID:
    digest = hmac.digest(key, day.isoformat().encode() + person_id.bytes, "sha256")
    return UUID(bytes=digest[:16], version=4)
