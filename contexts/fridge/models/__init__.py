"""How fridge is stored."""

from contexts.fridge.models.actions import Action
from contexts.fridge.models.calendars import CalendarFeed
from contexts.fridge.models.events import FridgeEvent
from contexts.fridge.models.facts import (
    DeadLetter,
    DeadOutboxFact,
    ErasedPerson,
    Erasure,
    InboxFact,
    LogOffset,
    OutboxFact,
)
from contexts.fridge.models.households import Household, Invitation, Member, Place
from contexts.fridge.models.imports import Import
from contexts.fridge.models.items import Item, ItemName, Portion, RebuildPosition
from contexts.fridge.models.measured import HolderReference, Untold
from contexts.fridge.models.notices import Notice, NoticeSettings, PushSubscription
from contexts.fridge.models.products import Product
from contexts.fridge.models.recalls import Recall
from contexts.fridge.models.shopping import ShoppingTick

__all__ = [
    "Action",
    "CalendarFeed",
    "DeadLetter",
    "DeadOutboxFact",
    "ErasedPerson",
    "Erasure",
    "FridgeEvent",
    "HolderReference",
    "Household",
    "Import",
    "InboxFact",
    "Invitation",
    "Item",
    "ItemName",
    "LogOffset",
    "Member",
    "Notice",
    "NoticeSettings",
    "OutboxFact",
    "Place",
    "Portion",
    "Product",
    "PushSubscription",
    "RebuildPosition",
    "Recall",
    "ShoppingTick",
    "Untold",
]
