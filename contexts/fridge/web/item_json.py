"""Items, histories and what was done as the API tells them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.templatetags.static import static
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contexts.fridge.application import wording
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Done
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.domain.deciding import Caution
from contexts.fridge.domain.events import Source
from contexts.fridge.domain.freshness import DateKind, PlaceKind, Reason, State, freshness
from contexts.fridge.domain.item import Status
from contexts.fridge.domain.quantity import MOST, STEP, Quantity, Unit, as_text
from contexts.fridge.domain.recalls import Certainty
from contexts.fridge.domain.storage_guidance import guidance

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


def values(kind: Iterable[Any]) -> list[str]:
    """What an enumeration is called in JSON."""
    return [member.value for member in kind]


class ItemQuantityView(serializers.Serializer[Any]):
    """An amount with its unit."""

    def get_fields(self) -> Fields:
        return {
            "amount": serializers.DecimalField(
                max_digits=10,
                decimal_places=3,
                min_value=STEP,
                max_value=MOST,
                help_text="A decimal as a string, never a float",
            ),
            "unit": serializers.ChoiceField(choices=values(Unit)),
        }


class AmountsView(serializers.Serializer[Any]):
    """How much of it: always added = left + used + wasted + given."""

    def get_fields(self) -> Fields:
        amounts = {
            name: serializers.CharField(help_text="A decimal")
            for name in ("added", "left", "used", "wasted", "given")
        }
        return {"unit": serializers.ChoiceField(choices=values(Unit)), **amounts}


class ItemPlaceView(serializers.Serializer[Any]):
    """Where it is."""

    def get_fields(self) -> Fields:
        return {
            "kind": serializers.ChoiceField(choices=values(PlaceKind)),
            "id": serializers.UUIDField(allow_null=True, help_text="Of a place of the household's own"),
            "name": serializers.CharField(help_text="For a person"),
        }


class ItemReasonView(serializers.Serializer[Any]):
    """One reason for the day."""

    def get_fields(self) -> Fields:
        return {
            "code": serializers.ChoiceField(choices=values(Reason), help_text="Why, for programs"),
            "values": serializers.DictField(help_text="What the reason speaks of"),
            "text": serializers.CharField(help_text="For a person, in the language that was asked for"),
        }


class FreshnessView(serializers.Serializer[Any]):
    """What it is today, where the household is."""

    def get_fields(self) -> Fields:
        return {
            "state": serializers.ChoiceField(choices=values(State)),
            "dueOn": serializers.DateField(allow_null=True, help_text="The last good day"),
            "daysLeft": serializers.IntegerField(allow_null=True, help_text="0 on that day, then negative"),
            "estimated": serializers.BooleanField(
                help_text="No printed date is known: the day is a guess, and never makes it safe"
            ),
            "reasons": ItemReasonView(many=True),
        }


class ItemRecallView(serializers.Serializer[Any]):
    """A recall of its product."""

    def get_fields(self) -> Fields:
        return {
            "recallId": serializers.UUIDField(),
            "certainty": serializers.ChoiceField(
                choices=values(Certainty), help_text="Whether this very pack is meant, or may be"
            ),
            "reason": serializers.CharField(),
            "text": serializers.CharField(),
        }


class ItemView(serializers.Serializer[Any]):
    """A Fridge Item."""

    def get_fields(self) -> Fields:
        return {
            "id": serializers.UUIDField(),
            "version": serializers.IntegerField(),
            "status": serializers.ChoiceField(choices=values(Status)),
            "source": serializers.ChoiceField(choices=values(Source)),
            "name": serializers.CharField(help_text="Empty where neither product nor name is known"),
            "brandName": serializers.CharField(),
            "pictureUrl": serializers.URLField(allow_null=True),
            "gtin": serializers.CharField(allow_null=True, help_text="GTIN-14"),
            "lot": serializers.CharField(allow_null=True),
            "serial": serializers.CharField(allow_null=True),
            "kind": serializers.CharField(help_text="Its row of the storage guidance"),
            "kindIsCertain": serializers.BooleanField(),
            "packs": serializers.IntegerField(help_text="That are left, a begun one included"),
            "amounts": AmountsView(),
            "price": serializers.CharField(allow_null=True, help_text="Of one pack, a decimal"),
            "currency": serializers.CharField(help_text="ISO 4217"),
            "date": serializers.DateField(allow_null=True, help_text="As printed on the pack"),
            "dateKind": serializers.ChoiceField(choices=values(DateKind), allow_null=True),
            "dateAsked": serializers.BooleanField(help_text="Whether asking for the date was answered"),
            "openedOn": serializers.DateField(allow_null=True),
            "place": ItemPlaceView(),
            "freshness": FreshnessView(),
            "recalls": ItemRecallView(many=True),
            "addedAt": serializers.DateTimeField(),
            "changedAt": serializers.DateTimeField(),
        }


class DoneView(serializers.Serializer[Any]):
    """What was done."""

    def get_fields(self) -> Fields:
        return {
            "actionId": serializers.UUIDField(help_text="To undo it"),
            "items": ItemView(many=True, help_text="Every item it touched, those made by it included"),
            "cautions": serializers.ListField(
                child=serializers.ChoiceField(choices=values(Caution)),
                help_text="What the person should know, such as that it was frozen before",
            ),
            "repeated": serializers.BooleanField(
                help_text="Whether this very request had been done before: then nothing was done now"
            ),
        }


class ItemEventView(serializers.Serializer[Any]):
    """One thing that happened to an item."""

    def get_fields(self) -> Fields:
        return {
            "version": serializers.IntegerField(),
            "type": serializers.CharField(),
            "data": extend_schema_field({"type": "object"})(serializers.JSONField)(),
            "actionId": serializers.UUIDField(),
            "by": serializers.UUIDField(
                allow_null=True, help_text="A member's reference; null once the member is gone"
            ),
            "undone": serializers.BooleanField(help_text="Whether it does not count any more"),
            "occurredAt": serializers.DateTimeField(),
        }


def item_document(stored: StoredItem, *, member: Membership, now: datetime) -> dict[str, Any]:
    """One item for one person, now."""
    item = stored.item
    facts = item.facts
    fresh = freshness(
        facts=facts, guidance=guidance(), now=now, zone=member.zone, window_days=member.use_soon_days
    )
    today = now.astimezone(member.zone).date()
    own = member.place(item.place.id) if item.place.id else None
    return {
        "id": item.id,
        "version": item.version,
        "status": item.status,
        "source": item.source,
        "name": stored.name,
        "brandName": stored.brand_name,
        "pictureUrl": _picture_url(stored.picture),
        "gtin": item.gtin,
        "lot": item.lot,
        "serial": item.serial,
        "kind": facts.kind,
        "kindIsCertain": item.kind_is_certain,
        "packs": item.packs,
        "amounts": {
            "unit": item.unit,
            **{
                name: _plain(quantity)
                for name, quantity in (
                    ("added", item.added),
                    ("left", item.left),
                    ("used", item.used),
                    ("wasted", item.wasted),
                    ("given", item.given),
                )
            },
        },
        "price": None if item.price is None else as_text(item.price),
        "currency": member.currency,
        "date": facts.printed,
        "dateKind": facts.date_kind,
        "dateAsked": item.date_asked,
        "openedOn": facts.opened_on,
        "place": {
            "kind": item.place.kind,
            "id": own.id if own else None,
            "name": own.name if own else wording.place_name(item.place.kind),
        },
        "freshness": {
            "state": fresh.state,
            "dueOn": fresh.due_on,
            "daysLeft": fresh.days_left,
            "estimated": fresh.estimated,
            "reasons": [
                {
                    "code": because.code,
                    "values": because.values,
                    "text": wording.because_text(because, today=today),
                }
                for because in fresh.reasons
            ],
        },
        "recalls": [
            {
                "recallId": recall.recall_id,
                "certainty": recall.certainty,
                "reason": recall.reason,
                "text": recall.text,
            }
            for recall in stored.recalls
        ],
        "addedAt": item.added_at,
        "changedAt": stored.changed_at,
    }


def done_document(done: Done, *, member: Membership, now: datetime) -> dict[str, Any]:
    """What an action did, for whoever did it."""
    return {
        "actionId": done.action_id,
        "items": [item_document(stored, member=member, now=now) for stored in done.items],
        "cautions": list(done.warnings),
        "repeated": done.repeated,
    }


def etag_of(document: dict[str, Any]) -> str:
    """A strong entity tag: the item's version, by which changes are matched, and a digest of all that is
    told, for an item gets older without an event."""
    digest = hashlib.sha256(orjson.dumps(document)).hexdigest()[:16]
    return f'"{document["version"]}.{digest}"'


def version_of(etag: str) -> int | None:
    """The version in a strong entity tag of ours; None for any other (RFC 9110 section 13.1.1)."""
    version, _, digest = etag.strip().removeprefix('"').removesuffix('"').partition(".")
    return int(version) if digest and version.isascii() and version.isdigit() and len(version) < 10 else None


def _plain(quantity: Quantity) -> str:
    return as_text(quantity.amount)


def _picture_url(path: str | None) -> str | None:
    """None, too, for a picture that this release does not ship."""
    if not path:
        return None
    try:
        return f"{settings.PUBLIC_URL}{static(path)}"
    except ValueError:  # the manifest of hashed names does not have it
        return None
