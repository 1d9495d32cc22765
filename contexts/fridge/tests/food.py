"""Something at home, with a row in every table that a household can have one in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from contexts.fridge.application.households import Membership
from contexts.fridge.models import (
    Action,
    CalendarFeed,
    FridgeEvent,
    HolderReference,
    Import,
    Item,
    ItemName,
    Notice,
    Place,
    Portion,
    ShoppingTick,
    Untold,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def put_food(member: Membership, *, name: str = "soup") -> UUID:
    """Rows as they are after an item was added, half of it eaten; answers the item's id."""
    item_id, action_id, household_id = uuid4(), uuid4(), member.household_id
    FridgeEvent.objects.create(
        stream_id=item_id,
        version=1,
        type="ItemAdded",
        schema_version=1,
        payload={},
        meta={"household": str(household_id), "action": str(action_id), "by": str(member.reference)},
        occurred_at=NOW,
        recorded_at=NOW,
    )
    Action.objects.create(
        id=action_id,
        household_id=household_id,
        by=member.reference,
        kind="add",
        asked=b"",
        item_ids=[item_id],
        at=NOW,
    )
    Item.objects.create(
        id=item_id,
        household_id=household_id,
        version=1,
        status="here",
        kind="unknown",
        place_kind="fridge",
        state={},
        left_share=1,
        estimated=False,
        added_at=NOW,
        changed_at=NOW,
    )
    ItemName.objects.create(item_id=item_id, household_id=household_id, name=name)
    Portion.objects.create(
        item_id=item_id,
        version=1,
        household_id=household_id,
        kind="unknown",
        outcome="used",
        day=NOW.date(),
        mass=100,
        mass_basis="typical",
    )
    Untold.objects.create(item_id=item_id, version=1, household_id=household_id, due_at=NOW)
    HolderReference.objects.get_or_create(
        household_id=household_id, window="day:2026-11-21", defaults={"until": NOW.date()}
    )
    Place.objects.create(id=uuid4(), household_id=household_id, kind="fridge", name=f"shelf {item_id}")
    ShoppingTick.objects.create(item_id=item_id, household_id=household_id, ticked_at=NOW)
    Notice.objects.create(
        id=uuid4(),
        account_id=member.account_id,
        channel="mail",
        about=f"{item_id} expired",
        item_ids=[item_id],
        claimed_at=NOW,
    )
    Import.objects.get_or_create(
        account_id=member.account_id,
        defaults={
            "id": uuid4(),
            "household_id": household_id,
            "digest": b"",
            "format": "csv",
            "content": b"",
            "read_as": "utf-8",
            "rows": 0,
            "broken": 0,
            "created_at": NOW,
            "touched_at": NOW + timedelta(minutes=1),
        },
    )
    CalendarFeed.objects.get_or_create(
        account_id=member.account_id,
        defaults={"member": member.reference, "secret_digest": member.reference.bytes, "created_at": NOW},
    )
    return item_id
