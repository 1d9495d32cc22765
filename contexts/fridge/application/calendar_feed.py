"""A calendar of what is due, at a secret address (RFC 5545, RFC 7986).

Whoever knows the address reads names of food and days, and nothing of the people. Only a digest of the
secret is kept. The address is gone when its owner takes it back, makes a new one, leaves the household or is
erased.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from contexts.fridge.application import households, reading, wording
from contexts.fridge.application.errors import NoCalendar
from contexts.fridge.application.households import Membership
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.domain.freshness import Freshness, freshness
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.models import CalendarFeed

#: Items of one calendar: those that are due first.
MOST_ITEMS: Final = 500

_SECRET_BYTES: Final = 32
_OCTETS_OF_A_LINE: Final = 75
_ESCAPED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
#: No control character is text in a calendar (RFC 5545, 3.1), HTAB aside, which no name needs.
_CONTROLS: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """A calendar that somebody has an address for."""

    created_at: datetime


def feed_of(*, member: Membership) -> Feed | None:
    """The person's calendar, if there is one."""
    row = CalendarFeed.objects.filter(account_id=member.account_id, member=member.reference).first()
    return None if row is None else Feed(created_at=row.created_at)


def make(*, member: Membership, language: str, now: datetime) -> str:
    """The secret of a new address, which is told this once; the one before is gone."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    CalendarFeed.objects.update_or_create(
        account_id=member.account_id,
        defaults={
            "member": member.reference,
            "secret_digest": _digest(secret),
            "language": language,
            "created_at": now,
        },
    )
    return secret


def revoke(*, member: Membership) -> None:
    """The address is gone at once; where there is none, nothing happens."""
    CalendarFeed.objects.filter(account_id=member.account_id).delete()


def calendar(*, secret: str, now: datetime) -> bytes:
    """The calendar at an address. Raises NoCalendar, alike for an address that never was."""
    digest = _digest(secret)
    feed = CalendarFeed.objects.filter(secret_digest=digest).first()
    # The index finds by the digest, which tells a guesser nothing of the secret; compared in constant time
    # all the same.
    if feed is None or not hmac.compare_digest(bytes(feed.secret_digest), digest):
        raise NoCalendar
    member = households.find(account_id=feed.account_id)
    if member is None or member.reference != feed.member:
        raise NoCalendar
    with override(feed.language):
        return _folded(_lines(member, now=now))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _lines(member: Membership, *, now: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//PackyTrace//Fridge//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"NAME:{_text(_('Fridge'))}"
    yield f"X-WR-CALNAME:{_text(_('Fridge'))}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "X-PUBLISHED-TTL:PT6H"
    for stored in _due(member, now=now):
        fresh = freshness(
            facts=stored.item.facts,
            guidance=guidance(),
            now=now,
            zone=member.zone,
            window_days=member.use_soon_days,
        )
        if fresh.due_on is not None:
            yield from _event(stored, fresh, due_on=fresh.due_on)
    yield "END:VCALENDAR"


def _event(stored: StoredItem, fresh: Freshness, *, due_on: date) -> Iterator[str]:
    changed = f"{stored.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    name = stored.name or stored.item.gtin or ""
    yield "BEGIN:VEVENT"
    yield f"UID:{stored.item.id}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{stored.item.version}"
    yield f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{due_on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(_('Use up: %(name)s') % {'name': name})}"
    yield f"DESCRIPTION:{_text(wording.reasons_text(fresh.reasons, today=wording.READ_LATER))}"
    yield f"URL:{settings.PUBLIC_URL}/fridge/items/{stored.item.id}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _due(member: Membership, *, now: datetime) -> Iterator[StoredItem]:
    """Those that are due first, the ones without a day left out."""
    cursor, left = None, MOST_ITEMS
    while left > 0:
        page = reading.fridge_page(member=member, now=now, cursor=cursor, limit=min(left, 100))
        yield from page.items
        left -= len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def _text(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11)."""
    plain = _CONTROLS.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_ESCAPED.get(sign, sign) for sign in plain)


def _folded(lines: Iterator[str]) -> bytes:
    """Content lines of at most 75 octets, no character torn apart (RFC 5545, 3.1)."""
    folded = bytearray()
    for line in lines:
        room = _OCTETS_OF_A_LINE
        for sign in line:
            octets = sign.encode()
            if len(octets) > room:
                folded += b"\r\n "
                room = _OCTETS_OF_A_LINE - 1
            folded += octets
            room -= len(octets)
        folded += b"\r\n"
    return bytes(folded)
