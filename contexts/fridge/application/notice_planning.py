"""Looking whether somebody is to be told something, and claiming it: nothing is sent here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from django.db import connections, transaction

from contexts.fridge.application import households, ports
from contexts.fridge.application.households import Membership
from contexts.fridge.application.noticed_items import pressing_items, recalled_items
from contexts.fridge.application.notices import forget, offered, wishes_of
from contexts.fridge.domain.notices import Channel, Message, Wishes, next_look, plan
from contexts.fridge.models import Notice, NoticeSettings

_log = structlog.get_logger(__name__)

_DATABASE: Final = "fridge"
_AT_ONCE: Final = 500
_START: Final = UUID(int=0)
#: When to look again where nothing may be told, or nobody is at home.
_LATER: Final = timedelta(hours=1)

#: Whom the clock, or a change at home, may have brought something; in the order of their ids. A change that
#: was being written while somebody looked is seen at the next look.
_DUE: Final = """
    SELECT s.account_id FROM notice_settings s
    WHERE s.account_id > %(after)s AND (s.by_mail OR s.by_push) AND (
        s.look_at <= %(now)s
        OR EXISTS (
            SELECT FROM member JOIN item USING (household_id)
            WHERE member.account_id = s.account_id AND item.status = 'here'
                AND item.changed_at > s.looked_at - interval '2 minutes'
        )
    )
    ORDER BY s.account_id LIMIT %(most)s
"""


def look(*, now: datetime) -> int:
    """Look for everybody who may be to be told something, and claim what is; says how many messages.

    Each person is a transaction of its own: several may look at once, and be stopped anywhere.
    """
    claimed = 0
    for account_id in _due(now):
        try:
            claimed += _look_for(account_id, now=now)
        except Exception:  # noqa: BLE001 - a queue's boundary: a bug in one holds up no other; tried again
            _log.exception("notices_not_planned")
    return claimed


def _due(now: datetime) -> Iterator[UUID]:
    after = _START
    while True:
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(_DUE, {"after": after, "now": now, "most": _AT_ONCE})
            people = [account_id for (account_id,) in cursor.fetchall()]
        yield from people
        if len(people) < _AT_ONCE:
            return
        after = people[-1]


def _look_for(account_id: UUID, *, now: datetime) -> int:
    with transaction.atomic(using=_DATABASE):
        row = NoticeSettings.objects.select_for_update(skip_locked=True).filter(account_id=account_id).first()
        if row is None:
            return 0
        consented_at = ports.consents().notifications(account_id=account_id)
        if consented_at not in {None, row.consented_at}:
            # Agreed anew: what was wished before went with the withdrawal.
            forget(account_ids=[account_id])
            return 0
        member = households.find(account_id=account_id)
        row.looked_at, row.look_at = now, now + _LATER
        messages: tuple[Message, ...] = ()
        if consented_at is not None and member is not None:
            wishes = wishes_of(row)
            messages = _planned(member, wishes=wishes, since=row.changed_at, now=now)
            row.look_at = next_look(now=now, zone=member.zone, wishes=wishes)
        Notice.objects.bulk_create(_rows(account_id, messages, now=now))
        row.save(update_fields=["looked_at", "look_at"])
    return sum(bool(message.parts) for message in messages)


def _planned(member: Membership, *, wishes: Wishes, since: datetime, now: datetime) -> tuple[Message, ...]:
    at_home = [item.at_home for item in pressing_items(member=member, now=now)]
    recalled = [item.found for item in recalled_items(member=member)]
    items = {item.item_id for item in at_home} | {item.item_id for item in recalled}
    return tuple(
        message
        for message in plan(
            now=now,
            zone=member.zone,
            since=since,
            wishes=wishes,
            at_home=at_home,
            recalled=recalled,
            told=_told(member.account_id, item_ids=items),
        )
        if message.channel in offered()
    )


def _told(account_id: UUID, *, item_ids: Iterable[UUID]) -> Mapping[Channel, Collection[str]]:
    """What was claimed of these items, and every digest."""
    told: dict[Channel, set[str]] = defaultdict(set)
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT channel, about FROM notice"
            " WHERE account_id = %s AND (item_ids && %s::uuid[] OR about LIKE 'digest:%%')",
            [account_id, list(item_ids)],
        )
        for channel, about in cursor.fetchall():
            told[Channel(channel)].add(about)
    return told


def _rows(account_id: UUID, messages: Iterable[Message], *, now: datetime) -> Iterator[Notice]:
    for message in messages:
        whole = Notice(
            id=uuid4(),
            account_id=account_id,
            channel=message.channel,
            about=message.about,
            item_ids=list(dict.fromkeys(part.item_id for part in message.parts)),
            claimed_at=now,
            due_at=now,
            given_up=not message.parts,
        )
        yield whole
        for part in message.parts:
            yield Notice(
                id=uuid4(),
                account_id=account_id,
                channel=message.channel,
                about=part.about,
                item_ids=whole.item_ids,  # what is forgotten together is found together
                told_in=whole.id,
                claimed_at=now,
            )
