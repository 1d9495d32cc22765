"""The API of what is at home: read, add, act, undo. Only with an access token.

Whatever adds or changes needs an Idempotency-Key: it names the action, so that the same request again, even
ten times at once, is one action and is answered alike. Nothing is kept for that but the action itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, cast
from uuid import UUID, uuid4, uuid5

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.fridge.application import households, items, reading
from contexts.fridge.application.errors import (
    ActionNotFound,
    ActionReused,
    AlreadyAtHome,
    IdempotencyKeyNeeded,
    ItemBusy,
    ItemChanged,
    ItemNotFound,
    ItemVersionMissing,
    NoLongerMember,
    NothingToAdd,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding, Done
from contexts.fridge.application.refusals import CommandNotAccepted, in_our_words
from contexts.fridge.domain.commands import (
    Command,
    CorrectQuantity,
    Freeze,
    Give,
    Move,
    Open,
    SetDate,
    SetPrice,
    SkipDate,
    Split,
    Thaw,
    Use,
    Waste,
)
from contexts.fridge.domain.event_json import event_to_json
from contexts.fridge.domain.events import Place, Recorded, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind, State
from contexts.fridge.domain.item import undone_in
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.domain.refusals import CannotUndo, CommandRefused, Why
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.web.forms import LONGEST_CODE, LONGEST_NAME, uuid_of
from contexts.fridge.web.item_json import (
    DoneView,
    Fields,
    ItemEventView,
    ItemQuantityView,
    ItemView,
    done_document,
    etag_of,
    item_document,
    values,
    version_of,
)
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

NOT_STORED: Final = {"Cache-Control": "private, no-store"}
_MOST: Final = 100
#: Items of one bulk action.
_MOST_AT_ONCE: Final = 100
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_NO_VERSION: Final = -1

_KEY_PARAMETER: Final = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A name of your own for this request, such as a random UUID: sent again with the same key, it"
    " is answered and not done again, whenever that is.",
)
_LANGUAGE: Final = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="The language of what is for people"
)
_ETAG: Final = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="Names the item as it was told: for If-Match and If-None-Match",
)


class Strict(serializers.Serializer[Any]):
    """A body with no fields but those that are described."""

    def to_internal_value(self, data: Any) -> Any:
        """The values. Raises ValidationError."""
        if isinstance(data, Mapping) and not set(data) <= set(self.fields):
            # What was sent is not said again: it may be anything.
            known = ", ".join(self.fields)
            raise serializers.ValidationError({"body": f"There are no fields but these: {known}."})
        return super().to_internal_value(data)


class NewQuantity(ItemQuantityView, Strict):
    """An amount with its unit."""


def _place_field() -> serializers.CharField:
    return serializers.CharField(
        required=False,
        max_length=36,
        help_text=f"{', '.join(values(PlaceKind))}, or the id of a place of the household's own",
    )


def _price_field(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=12,
        decimal_places=3,
        required=False,
        help_text="Of one pack, in the household's currency",
        **more,
    )


class NewItem(Strict):
    """What is to be added: by its code, else by its product, else by a name alone.

    What is said here wins over what the code says, and that over what the catalogue says.
    """

    def get_fields(self) -> Fields:
        return {
            "code": serializers.CharField(
                required=False,
                max_length=LONGEST_CODE,
                trim_whitespace=False,  # a group separator is whitespace to Python
                help_text="As `POST /api/v1/scans` takes it",
            ),
            "gtin": serializers.CharField(required=False, max_length=20, help_text="8, 12, 13 or 14 digits"),
            "name": serializers.CharField(required=False, max_length=LONGEST_NAME),
            "lot": serializers.CharField(required=False, max_length=20),
            "serial": serializers.CharField(required=False, max_length=20, help_text="Of a single pack"),
            "packs": serializers.IntegerField(
                required=False, min_value=1, max_value=1_000_000, default=1, help_text="As one line"
            ),
            "quantity": NewQuantity(required=False, help_text="Content of one pack"),
            "date": serializers.DateField(required=False, help_text="As printed on the pack"),
            "dateKind": serializers.ChoiceField(choices=values(DateKind), required=False),
            "place": _place_field(),
            "kind": serializers.ChoiceField(
                choices=sorted(guidance().rows), required=False, help_text="A row of the storage guidance"
            ),
            "price": _price_field(),
            "openedOn": serializers.DateField(required=False),
            "allowDuplicate": serializers.BooleanField(
                required=False,
                default=False,
                help_text="Add a pack whose serial is at home already, without the serial",
            ),
        }


class What(Strict):
    """What is done. Each verb takes the fields that are named for it."""

    def get_fields(self) -> Fields:
        return {
            "on": serializers.DateField(required=False, help_text="open: the day; left out: today"),
            "quantity": NewQuantity(
                required=False,
                help_text="use, waste, give: how much (neither quantity nor share: all of it); quantity: what"
                " is left",
            ),
            "share": serializers.DecimalField(
                max_digits=6,
                decimal_places=5,
                required=False,
                help_text="use, waste, give: of what is left, above 0, at most 1",
            ),
            "reason": serializers.ChoiceField(
                choices=values(WasteReason), required=False, help_text="waste: why; needed"
            ),
            "place": _place_field(),
            "packs": serializers.IntegerField(
                required=False, min_value=1, max_value=1_000_000, help_text="split: how many; needed"
            ),
            "date": serializers.DateField(
                required=False, allow_null=True, help_text="date: as printed; null takes it back; needed"
            ),
            "dateKind": serializers.ChoiceField(
                choices=values(DateKind), required=False, help_text="date: left out, the known one stays"
            ),
            "price": _price_field(allow_null=True),
        }


@dataclass(frozen=True, kw_only=True)
class _Verb:
    """Something that can be done to items."""

    command: Callable[[Mapping[str, Any]], Command]
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


_PART: Final = frozenset({"quantity", "share"})

VERBS: Final[Mapping[str, _Verb]] = {
    "open": _Verb(takes=frozenset({"on"}), command=lambda said: Open(on=said.get("on"))),
    "use": _Verb(takes=_PART, command=lambda said: Use(**_part(said))),
    "finish": _Verb(command=lambda said: Use()),
    "waste": _Verb(
        takes=_PART | {"reason"},
        needs=frozenset({"reason"}),
        command=lambda said: Waste(reason=WasteReason(said["reason"]), **_part(said)),
    ),
    "give": _Verb(takes=_PART, command=lambda said: Give(**_part(said))),
    "freeze": _Verb(
        takes=frozenset({"place"}),
        command=lambda said: Freeze(place=said["place"]) if "place" in said else Freeze(),
    ),
    "thaw": _Verb(
        takes=frozenset({"place"}),
        command=lambda said: Thaw(place=said["place"]) if "place" in said else Thaw(),
    ),
    "move": _Verb(
        takes=frozenset({"place"}),
        needs=frozenset({"place"}),
        command=lambda said: Move(place=said["place"]),
    ),
    "split": _Verb(
        takes=frozenset({"packs"}),
        needs=frozenset({"packs"}),
        command=lambda said: Split(packs=said["packs"]),
    ),
    "date": _Verb(
        takes=frozenset({"date", "dateKind"}),
        needs=frozenset({"date"}),
        command=lambda said: SetDate(
            printed=said["date"],
            date_kind=DateKind(said["dateKind"]) if "dateKind" in said else None,
            asked=True,
        ),
    ),
    "skip-date": _Verb(command=lambda said: SkipDate()),
    "quantity": _Verb(
        takes=frozenset({"quantity"}),
        needs=frozenset({"quantity"}),
        command=lambda said: CorrectQuantity(left=said["quantity"]),
    ),
    "price": _Verb(
        takes=frozenset({"price"}),
        needs=frozenset({"price"}),
        command=lambda said: SetPrice(amount=said["price"]),
    ),
}


def _part(said: Mapping[str, Any]) -> dict[str, Any]:
    return {"quantity": said.get("quantity"), "share": said.get("share")}


class BulkAction(What):
    """One thing that is done to several items, all or none."""

    def get_fields(self) -> Fields:
        return {
            "verb": serializers.ChoiceField(choices=list(VERBS)),
            "itemIds": serializers.ListField(
                child=serializers.UUIDField(), min_length=1, max_length=_MOST_AT_ONCE
            ),
            **super().get_fields(),
        }


class ItemsQuery(serializers.Serializer[Any]):
    """Which items are wanted."""

    state = serializers.ChoiceField(choices=values(State), required=False)
    place = serializers.CharField(
        required=False,
        max_length=36,
        help_text=f"{', '.join(values(PlaceKind))}, or the id of a place of the household's own",
    )
    q = serializers.CharField(required=False, max_length=100, help_text="Words of name or brand")
    cursor = serializers.CharField(
        required=False, max_length=200, help_text="`next` of the answer before; without it, from the first on"
    )
    limit = serializers.IntegerField(
        required=False, default=reading.PAGE, min_value=1, max_value=_MOST, help_text="Items of one answer"
    )


class ItemsView(serializers.Serializer[Any]):
    """Items by the day they are due, those without one last."""

    def get_fields(self) -> Fields:
        return {
            "items": ItemView(many=True),
            "next": serializers.CharField(
                allow_null=True, help_text="Send it back as `cursor` for those that follow; null at the end"
            ),
            "total": serializers.IntegerField(help_text="Items that the filters let through"),
        }


class ItemHistoryView(serializers.Serializer[Any]):
    """What happened to an item."""

    def get_fields(self) -> Fields:
        return {"events": ItemEventView(many=True)}


def _refusals() -> list[Callable[[], CommandNotAccepted]]:
    """One for each rule of the domain that a command can break."""
    return [partial(_refused, rule) for rule in CommandRefused.__subclasses__()]


def _refused(rule: type[CommandRefused]) -> CommandNotAccepted:
    if rule is CannotUndo:
        return in_our_words(CannotUndo(why=Why.LATER_RESTS_ON_IT))
    day = "2026-11-24"
    return in_our_words(rule(left="1", most="1", unit="g", packs=2, on=day, earliest=day, latest=day))


class _AtHomeAt(AlreadyAtHome):
    """The same, and where the item is found."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What the answer tells beside the error."""
        return {"Location": reverse("fridge:item_api", args=[self.item_id])}


_CHANGES: Final = (IdempotencyKeyNeeded, ActionReused, ItemBusy, NoLongerMember)


class Items(APIView):
    """What is at home."""

    @extend_schema(
        operation_id="listItems",
        summary="List what is at home",
        parameters=[ItemsQuery, _LANGUAGE],
        responses={200: OpenApiResponse(ItemsView, description="The items.")},
        description="What the household of whoever the token speaks for has at home.",
    )
    def get(self, request: Request) -> Response:
        query = ItemsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        member, now = member_of(request)
        page = reading.fridge_page(
            member=member,
            now=now,
            state=State(wanted["state"]) if "state" in wanted else None,
            place=_place_filter(wanted["place"]) if "place" in wanted else None,
            query=wanted.get("q"),
            cursor=wanted.get("cursor"),
            limit=wanted["limit"],
        )
        document = {
            "items": [item_document(stored, member=member, now=now) for stored in page.items],
            "next": page.next_cursor,
            "total": page.total,
        }
        return Response(document, headers=NOT_STORED)

    @extend_schema(
        operation_id="addItem",
        summary="Put a pack into the fridge",
        request=NewItem,
        parameters=[
            _KEY_PARAMETER,
            _LANGUAGE,
            _ETAG,
            OpenApiParameter(
                "Location",
                str,
                OpenApiParameter.HEADER,
                response=[201, 409],
                description="The path of the item; with `already_at_home`, of the one that is there",
            ),
        ],
        responses={201: OpenApiResponse(DoneView, description="It is in the fridge.")},
        extensions=openapi.may_raise(
            *_CHANGES, NothingToAdd, partial(AlreadyAtHome, item_id=UUID(int=0)), *_refusals()
        ),
        description="Add one pack, or several as one line. A pack whose serial is at home already is not"
        " added twice: ask the person, and send `allowDuplicate` with a new key.",
    )
    def post(self, request: Request) -> Response:
        body = NewItem(data=request.data)
        body.is_valid(raise_exception=True)
        action_id = action_of(request)
        member, now = member_of(request)
        adding = _adding(body.validated_data, member=member)
        try:
            done = items.add(member=member, adding=adding, action_id=action_id, now=now)
        except AlreadyAtHome as error:
            raise _AtHomeAt(item_id=error.item_id) from error
        return _done(done, member=member, now=now, item_id=done.items[0].item.id, status=201)


class OneItem(APIView):
    """One item."""

    @extend_schema(
        operation_id="getItem",
        summary="Look at one item",
        parameters=[
            _LANGUAGE,
            _ETAG,
            OpenApiParameter(
                "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of what is known already"
            ),
        ],
        responses={
            200: OpenApiResponse(ItemView, description="The item."),
            304: OpenApiResponse(description="Nothing of it has changed."),
        },
        extensions=openapi.may_raise(ItemNotFound),
        description="An item of the household, finished ones included.",
    )
    def get(self, request: Request, item_id: UUID) -> Response | HttpResponse:
        member, now = member_of(request)
        document = item_document(reading.item(member=member, item_id=item_id), member=member, now=now)
        etag = etag_of(document)
        known = [
            tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")
        ]
        if etag in known:
            return HttpResponseNotModified(headers={"ETag": etag, **NOT_STORED})
        return Response(document, headers={"ETag": etag, **NOT_STORED})


class ItemHistory(APIView):
    """What happened to one item."""

    @extend_schema(
        operation_id="getItemHistory",
        summary="See what happened to an item",
        responses={200: OpenApiResponse(ItemHistoryView, description="The oldest first.")},
        extensions=openapi.may_raise(ItemNotFound),
        description="Every event, what was undone included.",
    )
    def get(self, request: Request, item_id: UUID) -> Response:
        member, _now = member_of(request)
        history = reading.history(member=member, item_id=item_id)
        undone = undone_in(history)
        events = [_event(recorded, undone=recorded.action_id in undone) for recorded in history]
        return Response({"events": events}, headers=NOT_STORED)


class ItemAction(APIView):
    """Do something with one item."""

    @extend_schema(
        operation_id="actOnItem",
        summary="Do something with an item",
        request=What,
        parameters=[
            OpenApiParameter("verb", str, OpenApiParameter.PATH, enum=list(VERBS)),
            _KEY_PARAMETER,
            OpenApiParameter(
                "If-Match",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="The ETag of the item as the person saw it; `*` for whatever it is now",
            ),
            _LANGUAGE,
            _ETAG,
        ],
        responses={200: OpenApiResponse(DoneView, description="It is done.")},
        extensions=openapi.may_raise(
            *_CHANGES,
            ItemNotFound,
            ItemVersionMissing,
            partial(ItemChanged, item_id=UUID(int=0), version=1),
            *_refusals(),
        ),
        description="Open, use, finish, waste, give, freeze, thaw, move or split it, or say its date, what is"
        " left of it or its price. Decided on the version that the person saw: if it was changed since,"
        " nothing is done.",
    )
    def post(self, request: Request, item_id: UUID, verb: str) -> Response:
        if verb not in VERBS:
            raise Http404
        action_id = action_of(request)
        matched = request.headers.get("If-Match")
        if matched is None:
            raise ItemVersionMissing
        body = What(data=request.data)
        body.is_valid(raise_exception=True)
        member, now = member_of(request)
        known = version_of(matched)
        done = items.act(
            member=member,
            item_ids=[item_id],
            command=_command(verb, body.validated_data, member=member),
            action_id=action_id,
            now=now,
            expected_version=None if matched.strip() == "*" else _NO_VERSION if known is None else known,
        )
        return _done(done, member=member, now=now, item_id=item_id)


class Actions(APIView):
    """Do something with several items."""

    @extend_schema(
        operation_id="actOnItems",
        summary="Do something with several items",
        request=BulkAction,
        parameters=[_KEY_PARAMETER, _LANGUAGE],
        responses={200: OpenApiResponse(DoneView, description="It is done, with all of them.")},
        extensions=openapi.may_raise(*_CHANGES, ItemNotFound, *_refusals()),
        description="One thing with up to 100 items, all or none, undone together: what `POST"
        " .../items/{item_id}/{verb}` does with one, decided on what is there now.",
    )
    def post(self, request: Request) -> Response:
        action_id = action_of(request)
        body = BulkAction(data=request.data)
        body.is_valid(raise_exception=True)
        said = dict(body.validated_data)
        verb, item_ids = said.pop("verb"), said.pop("itemIds")
        member, now = member_of(request)
        done = items.act(
            member=member,
            item_ids=list(dict.fromkeys(item_ids)),
            command=_command(verb, said, member=member),
            action_id=action_id,
            now=now,
        )
        return _done(done, member=member, now=now)


class Undoing(APIView):
    """Take something back."""

    @extend_schema(
        operation_id="undoAction",
        summary="Undo an action",
        request=None,
        parameters=[_KEY_PARAMETER, _LANGUAGE],
        responses={200: OpenApiResponse(DoneView, description="It is undone, in everything it touched.")},
        extensions=openapi.may_raise(*_CHANGES, ActionNotFound, *_refusals()),
        description="Take a whole action back, also days later, as long as nothing that came after rests on"
        " it. Undoing an undoing does it again.",
    )
    def post(self, request: Request, action_id: UUID) -> Response:
        as_action = action_of(request)
        member, now = member_of(request)
        done = items.undo(member=member, action_id=action_id, as_action=as_action, now=now)
        return _done(done, member=member, now=now)


def member_of(request: Request) -> tuple[Membership, datetime]:
    """The household of whoever the token speaks for, and the moment."""
    now = datetime.now(UTC)
    account_id = cast(UUID, cast(EdgeRequest, request._request).account_id)
    return households.of(account_id=account_id, now=now), now


def action_of(request: Request) -> UUID:
    """The id of the action that a request names. Raises IdempotencyKeyNeeded."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyNeeded
    return uuid5(cast(UUID, cast(EdgeRequest, request._request).account_id), key)


def _done(
    done: Done, *, member: Membership, now: datetime, item_id: UUID | None = None, status: int = 200
) -> Response:
    document = done_document(done, member=member, now=now)
    headers = dict(NOT_STORED)
    for item in document["items"]:
        if item["id"] == item_id:
            headers["ETag"] = etag_of(item)
    if status == 201:
        headers["Location"] = reverse("fridge:item_api", args=[item_id])
    return Response(document, status=status, headers=headers)


def _adding(said: Mapping[str, Any], *, member: Membership) -> Adding:
    return Adding(
        code=said.get("code"),
        gtin=said.get("gtin"),
        name=said.get("name"),
        lot=said.get("lot"),
        serial=said.get("serial"),
        packs=said["packs"],
        per_pack=_quantity(said["quantity"]) if "quantity" in said else None,
        printed=said.get("date"),
        date_kind=DateKind(said["dateKind"]) if "dateKind" in said else None,
        place=_place(said["place"], member=member) if "place" in said else None,
        kind=said.get("kind"),
        price=said.get("price"),
        opened_on=said.get("openedOn"),
        allow_duplicate=said["allowDuplicate"],
    )


def _command(verb: str, said: Mapping[str, Any], *, member: Membership) -> Command:
    known = VERBS[verb]
    wrong = {name: f"{verb} does not take this." for name in said if name not in known.takes}
    wrong |= {name: f"{verb} needs this." for name in known.needs if name not in said}
    if wrong:
        raise serializers.ValidationError(wrong)
    read: dict[str, Any] = dict(said)
    if "quantity" in said:
        read["quantity"] = _quantity(said["quantity"])
    if "place" in said:
        read["place"] = _place(said["place"], member=member)
    return known.command(read)


def _quantity(said: Mapping[str, Any]) -> Quantity:
    return Quantity(said["amount"], Unit(said["unit"]))


def _place(text: str, *, member: Membership) -> Place:
    if text in set(PlaceKind):
        return Place(PlaceKind(text))
    own = member.place(place_id) if (place_id := uuid_of(text)) else None
    if own is None:
        raise serializers.ValidationError({"place": "There is no such place in this household."})
    return Place(own.kind, own.id)


def _place_filter(text: str) -> PlaceKind | UUID:
    # An id that is none is one that nobody has: nothing is there.
    return PlaceKind(text) if text in set(PlaceKind) else uuid_of(text) or uuid4()


def _event(recorded: Recorded, *, undone: bool) -> dict[str, Any]:
    stored = event_to_json(recorded.event)
    return {
        "version": recorded.version,
        "type": stored.event_type,
        "data": {_camel(name): value for name, value in stored.payload.items() if name != "household_id"},
        "actionId": recorded.action_id,
        "by": recorded.by,
        "undone": undone,
        "occurredAt": recorded.occurred_at,
    }


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
