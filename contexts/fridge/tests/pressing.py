"""Items at home that notices are about, and people who want to hear of them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from contexts.fridge.application import households, notices
from contexts.fridge.application.households import Membership
from contexts.fridge.application.notices import StoredSettings
from contexts.fridge.domain.events import ItemAdded, Place, Recorded, Source
from contexts.fridge.domain.freshness import DateKind, PlaceKind, State, timetable
from contexts.fridge.domain.item import fold
from contexts.fridge.domain.item_json import item_to_json
from contexts.fridge.domain.notices import STATES, Channel, QuietHours, Wishes
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.models import Item, ItemName, Recall
from contexts.fridge.tests.people import World

#: 10 o'clock in Rome.
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SOON, YESTERDAY = TODAY + timedelta(days=2), TODAY - timedelta(days=1)
GTIN = "09521001000017"


def wishes(
    *,
    channels: frozenset[Channel] = frozenset({Channel.MAIL}),
    digest: frozenset[State] = frozenset(),
    instant: frozenset[State] = frozenset(STATES),
    digest_hour: int = 8,
    quiet: QuietHours | None = None,
) -> Wishes:
    """By default: everything at once, by mail."""
    return Wishes(
        channels=channels,
        digest_hour=digest_hour,
        digest_states=digest,
        instant_states=instant,
        quiet=quiet,
    )


def somebody(
    world: World, *, wanted: Wishes | None = None, language: str = "en", now: datetime = NOW
) -> Membership:
    """Somebody in Rome with a mailbox, who has agreed and said what to tell."""
    member = households.of(account_id=uuid4(), now=now, zone="Europe/Rome")
    world.notified[member.account_id] = now - timedelta(days=9)
    world.mailboxes[member.account_id] = f"{member.account_id.hex[:8]}@home.example"
    save(member, wanted or wishes(), language=language, at=now - timedelta(days=2))
    return member


def save(member: Membership, wanted: Wishes, *, at: datetime, language: str = "en") -> StoredSettings:
    """Say what to tell, whatever was said before."""
    try:
        edition = notices.read_settings(account_id=member.account_id).edition
    except notices.NoNoticeSettings:
        edition = None
    return notices.save_settings(
        account_id=member.account_id, wishes=wanted, language=language, edition=edition, at=at
    )


def food(
    member: Membership,
    *,
    name: str = "Yogurt",
    printed: date | None = YESTERDAY,
    date_kind: DateKind = DateKind.USE_BY,
    gtin: str | None = None,
    lot: str | None = None,
    serial: str | None = None,
    now: datetime = NOW,
) -> UUID:
    """An item in the household's fridge, as its projection has it."""
    added = ItemAdded(
        household_id=member.household_id,
        source=Source.HAND,
        gtin=gtin,
        lot=lot,
        serial=serial,
        packs=1,
        per_pack=None,
        printed=printed,
        date_kind=date_kind,
        kind="yogurt",
        kind_is_certain=True,
        place=Place(kind=PlaceKind.FRIDGE),
        on=now.astimezone(member.zone).date() - timedelta(days=5),
        price=None,
        opened_days=None,
    )
    item = fold(
        [
            Recorded(
                item_id=uuid4(),
                version=1,
                event=added,
                action_id=uuid4(),
                by=member.reference,
                occurred_at=now,
                recorded_at=now,
            )
        ]
    )
    times = timetable(facts=item.facts, guidance=guidance(), zone=member.zone)
    Item.objects.create(
        id=item.id,
        household_id=member.household_id,
        version=1,
        status="here",
        gtin=gtin or "",
        lot=lot or "",
        serial=serial or "",
        kind="yogurt",
        place_kind="fridge",
        state=item_to_json(item),
        left_share=1,
        due_on=times.due_on,
        soon_on=times.soon_on,
        frozen_until=times.frozen_until,
        estimated=times.estimated,
        added_at=now,
        changed_at=now,
    )
    ItemName.objects.create(item_id=item.id, household_id=member.household_id, name=name)
    return item.id


def announced(*, lots: tuple[str, ...] = (), at: datetime = NOW, **what: object) -> dict[str, object]:
    """The payload of a RecallAnnounced."""
    return {
        "recallId": str(uuid4()),
        "gtin": GTIN,
        "lots": list(lots),
        "reason": "foreign_body",
        "text": "May hold pieces of metal. Do not eat it.",
        "announcedAt": at.isoformat(),
        "withdrawn": False,
        **what,
    }


def recalls() -> int:
    """How many are in force."""
    return Recall.objects.filter(withdrawn=False).count()
