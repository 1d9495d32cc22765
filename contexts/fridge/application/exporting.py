"""What the fridge knows about people, for their own copy (GDPR Art. 15 and 20).

A household's food is every member's: each gets all of it. What others did is in there without saying who it
was, and of them only what they show to everybody in the household: the name they chose, and their role.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from contexts.fridge.application import event_store, households, members, notices
from contexts.fridge.application.errors import NoNoticeSettings, NoticesNeedConsent
from contexts.fridge.application.households import Membership
from contexts.fridge.application.wording import event_text
from contexts.fridge.domain.event_json import event_to_json
from contexts.fridge.domain.events import Recorded
from contexts.fridge.domain.quantity import as_text
from contexts.fridge.models import CalendarFeed, Item, ItemName, Notice, Portion, Product

#: Items whose histories are read at once.
_AT_ONCE: Final = 200

Documents = Mapping[str, list[dict[str, Any]]]


def export(*, person_ids: Collection[UUID]) -> Documents:
    """Documents by file name. What rests on a consent that is no longer in force is left out: it is being
    deleted."""
    found: dict[str, list[dict[str, Any]]] = {
        "household.json": [],
        "fridge.json": [],
        "used_and_wasted.json": [],
        "fridge_notices.json": [],
    }
    for person_id in person_ids:
        member = households.find(account_id=person_id)
        if member is not None:
            found["household.json"].append(_household(member))
            found["fridge.json"] += _items(member)
            found["used_and_wasted.json"] += _portions(member)
        found["fridge_notices.json"] += _notices(person_id)
    return found


def _household(member: Membership) -> dict[str, Any]:
    everybody = members.members(member=member)
    mine = next(shown for shown in everybody if shown.reference == member.reference)
    feed = CalendarFeed.objects.filter(account_id=member.account_id).first()
    return {
        "name": member.household_name,
        "timeZone": member.zone.key,
        "currency": member.currency,
        "places": [{"name": place.name, "kind": place.kind.value} for place in member.places],
        "you": {
            "name": member.name,
            "role": member.role.value,
            "joinedAt": mine.joined_at.isoformat(),
            "useSoonDays": member.use_soon_days,
            "calendarMadeAt": None if feed is None else feed.created_at.isoformat(),
        },
        "others": [
            {"name": shown.name, "role": shown.role.value}
            for shown in everybody
            if shown.reference != member.reference
        ],
    }


def _items(member: Membership) -> Iterator[dict[str, Any]]:
    rows = Item.objects.filter(household_id=member.household_id).order_by("added_at", "id")
    typed = dict(ItemName.objects.filter(household_id=member.household_id).values_list("item_id", "name"))
    products = _product_names(rows.exclude(gtin="").values_list("gtin", flat=True))
    own = {place.id: place.name for place in member.places}
    today = timezone.now().astimezone(member.zone).date()
    found = list(rows)
    for start in range(0, len(found), _AT_ONCE):
        batch = found[start : start + _AT_ONCE]
        streams = event_store.load_many(item_ids=[row.id for row in batch])
        for row in batch:
            history = streams[row.id].events if row.id in streams else ()
            yield {
                "name": typed.get(row.id) or products.get(row.gtin, ""),
                "gtin": row.gtin,
                "lot": row.lot,
                "serial": row.serial,
                "status": row.status,
                "left": as_text(row.left_share),
                "history": [
                    {
                        **_event(recorded, member=member),
                        "inWords": event_text(recorded.event, today=today, currency=member.currency, own=own),
                    }
                    for recorded in history
                ],
            }


def _event(recorded: Recorded, *, member: Membership) -> dict[str, Any]:
    stored = event_to_json(recorded.event)
    return {
        "at": recorded.occurred_at.isoformat(),
        "by": "you" if recorded.by == member.reference else "somebody else",
        "what": stored.event_type,
        "values": {name: value for name, value in stored.payload.items() if name != "household_id"},
    }


def _portions(member: Membership) -> Iterator[dict[str, Any]]:
    rows = Portion.objects.filter(household_id=member.household_id).order_by("day", "item_id", "version")
    for row in rows.iterator():
        yield {
            "day": row.day.isoformat(),
            "outcome": row.outcome,
            "reason": row.reason,
            "gtin": row.gtin,
            "kind": row.kind,
            "grams": as_text(row.mass),
            "gramsAre": row.mass_basis,
            "price": None if row.price is None else as_text(row.price),
            "currency": member.currency,
        }


def _notices(account_id: UUID) -> Iterator[dict[str, Any]]:
    try:
        stored = notices.read_settings(account_id=account_id)
    except (NoNoticeSettings, NoticesNeedConsent):
        return
    wishes = stored.wishes
    sent = Notice.objects.filter(account_id=account_id, sent_at__isnull=False).order_by("sent_at")
    yield {
        "channels": sorted(channel.value for channel in wishes.channels),
        "digestHour": wishes.digest_hour,
        "digestStates": sorted(state.value for state in wishes.digest_states),
        "instantStates": sorted(state.value for state in wishes.instant_states),
        "quietFrom": None if wishes.quiet is None else wishes.quiet.begin,
        "quietTo": None if wishes.quiet is None else wishes.quiet.end,
        "language": stored.language,
        "browsers": [
            {"service": browser.service, "since": browser.since.isoformat()} for browser in stored.browsers
        ],
        "sent": [
            {"channel": channel, "at": _iso(at)} for channel, at in sent.values_list("channel", "sent_at")
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _product_names(gtins: Collection[str]) -> dict[str, str]:
    return dict(Product.objects.filter(gtin__in=gtins).values_list("gtin", "name"))
