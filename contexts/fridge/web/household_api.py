"""The API of one's own household. Only with an access token; of any other household nothing is told."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contexts.fridge.application import households, invitations, members, places
from contexts.fridge.application.errors import (
    AlreadyInHousehold,
    HouseholdFull,
    HouseholdNotAccepted,
    HouseholdNotFound,
    InvitationNotFound,
    ItemBusy,
    MemberNotFound,
    NotTheOwner,
    OwnFoodAtStake,
    PlaceNameTaken,
    PlaceNotEmpty,
    PlaceNotFound,
    TooManyInvitations,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.households import (
    CURRENCIES,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_WINDOW,
    Role,
)
from contexts.fridge.web.items_api import Strict
from packytrace.edge import openapi
from packytrace.edge.request import EdgeRequest

_NOT_STORED: Final = {"Cache-Control": "no-store"}
_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]
#: A token is about twice as long as the longest that we make.
_LONGEST_TOKEN: Final = 100


class MemberView(serializers.Serializer[Any]):
    """A member as the others see one."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(help_text="Of the person in this household, and nowhere else"),
            "name": serializers.CharField(help_text="As the person wants to be read here; may be empty"),
            "role": serializers.ChoiceField(choices=[role.value for role in Role]),
            "joinedAt": serializers.DateTimeField(),
            "isMe": serializers.BooleanField(),
        }


class PlaceView(serializers.Serializer[Any]):
    """A place of the household's own."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(),
            "kind": serializers.ChoiceField(choices=[kind.value for kind in PlaceKind]),
            "name": serializers.CharField(max_length=LONGEST_PLACE),
        }


class HouseholdView(serializers.Serializer[Any]):
    """The household of whoever the token speaks for."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(),
            "name": serializers.CharField(help_text="May be empty"),
            "timeZone": serializers.CharField(help_text="IANA name: days are the days there"),
            "currency": serializers.ChoiceField(choices=CURRENCIES, help_text="ISO 4217"),
            "role": serializers.ChoiceField(
                choices=[role.value for role in Role], help_text="Of whoever the token speaks for"
            ),
            "useSoonDays": serializers.IntegerField(help_text="The same person's own window"),
            "members": MemberView(many=True, help_text="Who has been there longest first"),
            "places": PlaceView(many=True, help_text="By name"),
        }


class HouseholdsView(serializers.Serializer[Any]):
    """All households of a person: there is always one."""

    def get_fields(self) -> _Fields:
        return {"households": HouseholdView(many=True)}


class HouseholdChange(Strict):
    """What is to be changed; what is left out stays."""

    def get_fields(self) -> _Fields:
        return {
            "name": serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NAME),
            "timeZone": serializers.CharField(required=False, max_length=64, help_text="IANA name"),
            "currency": serializers.ChoiceField(required=False, choices=CURRENCIES),
        }


class MemberChange(Strict):
    """What is to be changed of oneself; what is left out stays."""

    def get_fields(self) -> _Fields:
        return {
            "name": serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NAME),
            "useSoonDays": serializers.IntegerField(required=False, min_value=1, max_value=LONGEST_WINDOW),
        }


class LeaveBody(Strict):
    """Who comes after an owner who leaves."""

    def get_fields(self) -> _Fields:
        return {
            "successor": serializers.UUIDField(
                required=False, help_text="Left out: who has been there longest. Of members it says nothing"
            )
        }


class OwnerBody(Strict):
    """Who is to be the owner."""

    def get_fields(self) -> _Fields:
        return {"member": serializers.UUIDField()}


class InvitationView(serializers.Serializer[Any]):
    """An invitation that can still be used."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(),
            "createdAt": serializers.DateTimeField(),
            "expiresAt": serializers.DateTimeField(),
        }


class InvitationsView(serializers.Serializer[Any]):
    """The household's open invitations."""

    def get_fields(self) -> _Fields:
        return {"invitations": InvitationView(many=True, help_text="The newest first")}


class InvitedView(serializers.Serializer[Any]):
    """A new invitation."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(),
            "token": serializers.CharField(help_text="Told here, and never again"),
            "expiresAt": serializers.DateTimeField(),
        }


class JoinBody(Strict):
    """An invitation that is accepted."""

    def get_fields(self) -> _Fields:
        return {
            "token": serializers.CharField(max_length=_LONGEST_TOKEN),
            "leaveBehind": serializers.BooleanField(
                required=False,
                help_text="Leave the present household with what is in it; where nobody else is in it, all of"
                " it is deleted",
            ),
            "name": serializers.CharField(
                required=False, allow_blank=True, max_length=LONGEST_NAME, help_text="As the others read it"
            ),
        }


class NewPlace(Strict):
    """A place that is to be there."""

    def get_fields(self) -> _Fields:
        return {
            "kind": serializers.ChoiceField(choices=[kind.value for kind in PlaceKind]),
            "name": serializers.CharField(max_length=LONGEST_PLACE),
        }


class PlaceChange(Strict):
    """What a place is to be called."""

    def get_fields(self) -> _Fields:
        return {"name": serializers.CharField(max_length=LONGEST_PLACE)}


def _not_accepted() -> HouseholdNotAccepted:
    return HouseholdNotAccepted(field="timeZone", rule="must be a time zone of the IANA database")


def _not_empty() -> PlaceNotEmpty:
    return PlaceNotEmpty(items=3)


class Households(APIView):
    """One's own household, as a list of one."""

    @extend_schema(
        operation_id="listHouseholds",
        summary="Read one's household",
        parameters=[
            OpenApiParameter(
                "timeZone",
                str,
                OpenApiParameter.QUERY,
                description="IANA name of the time zone of the device: counts at the very first use, when the"
                " household is made",
            )
        ],
        responses={200: OpenApiResponse(HouseholdsView, description="A list of one.")},
        description="A person is in exactly one household; at first use one is made.",
    )
    def get(self, request: Request) -> Response:
        member = households.of(
            account_id=_account(request),
            now=datetime.now(UTC),
            zone=request.query_params.get("timeZone") or None,
        )
        return _answer({"households": [_document(member)]})


class OneHousehold(APIView):
    """One's own household."""

    @extend_schema(
        operation_id="getHousehold",
        summary="Read one's household by its id",
        responses={200: OpenApiResponse(HouseholdView, description="The household.")},
        extensions=openapi.may_raise(HouseholdNotFound),
    )
    def get(self, request: Request, household_id: UUID) -> Response:
        return _answer(_document(_member(request, household_id)))

    @extend_schema(
        operation_id="changeHousehold",
        summary="Name the household, say its time zone and currency",
        request=HouseholdChange,
        responses={200: OpenApiResponse(HouseholdView, description="The household as it is now.")},
        extensions=openapi.may_raise(HouseholdNotFound, NotTheOwner, _not_accepted),
        description="Its owner alone can.",
    )
    def patch(self, request: Request, household_id: UUID) -> Response:
        member, told = _member(request, household_id), _body(HouseholdChange, request)
        households.describe(
            member=member,
            name=told.get("name"),
            time_zone=told.get("timeZone"),
            currency=told.get("currency"),
        )
        return _answer(_document(_member(request, household_id)))

    @extend_schema(
        operation_id="dissolveHousehold",
        summary="End the household for everybody",
        responses={204: OpenApiResponse(description="It is gone, with everything that was in it.")},
        extensions=openapi.may_raise(HouseholdNotFound, NotTheOwner),
        description="Its owner alone can. Items, history, places and prices are deleted for good.",
    )
    def delete(self, request: Request, household_id: UUID) -> Response:
        members.dissolve(member=_member(request, household_id))
        return _nothing()


class Leave(APIView):
    """Leaving."""

    @extend_schema(
        operation_id="leaveHousehold",
        summary="Leave the household",
        request=LeaveBody,
        responses={204: OpenApiResponse(description="Left: the next use makes a new one.")},
        extensions=openapi.may_raise(HouseholdNotFound, MemberNotFound),
        description="The food stays with the others. With the last member the household is deleted.",
    )
    def post(self, request: Request, household_id: UUID) -> Response:
        member = _member(request, household_id)
        members.leave(member=member, successor=_body(LeaveBody, request).get("successor"))
        return _nothing()


class Owner(APIView):
    """Handing over."""

    @extend_schema(
        operation_id="handOverHousehold",
        summary="Make another member the owner",
        request=OwnerBody,
        responses={200: OpenApiResponse(HouseholdView, description="The household as it is now.")},
        extensions=openapi.may_raise(HouseholdNotFound, MemberNotFound, NotTheOwner),
    )
    def put(self, request: Request, household_id: UUID) -> Response:
        members.hand_over(member=_member(request, household_id), to=_body(OwnerBody, request)["member"])
        return _answer(_document(_member(request, household_id)))


class OneMember(APIView):
    """A member."""

    @extend_schema(
        operation_id="changeMember",
        summary="Say one's name and window in the household",
        request=MemberChange,
        responses={200: OpenApiResponse(HouseholdView, description="The household as it is now.")},
        extensions=openapi.may_raise(HouseholdNotFound, MemberNotFound, _not_accepted),
        description="Each person says it of themselves alone.",
    )
    def patch(self, request: Request, household_id: UUID, reference: UUID) -> Response:
        member, told = _member(request, household_id), _body(MemberChange, request)
        if reference != member.reference:
            raise MemberNotFound
        members.introduce(member=member, name=told.get("name"), use_soon_days=told.get("useSoonDays"))
        return _answer(_document(_member(request, household_id)))

    @extend_schema(
        operation_id="removeMember",
        summary="Send a member away",
        responses={204: OpenApiResponse(description="Removed; open invitations were taken back, too.")},
        extensions=openapi.may_raise(HouseholdNotFound, MemberNotFound, NotTheOwner),
        description="The owner alone can. To go oneself is to leave.",
    )
    def delete(self, request: Request, household_id: UUID, reference: UUID) -> Response:
        members.remove(member=_member(request, household_id), reference=reference)
        return _nothing()


class Invitations(APIView):
    """Invitations of the household."""

    @extend_schema(
        operation_id="listInvitations",
        summary="Read the open invitations",
        responses={200: OpenApiResponse(InvitationsView, description="Those that can still be used.")},
        extensions=openapi.may_raise(HouseholdNotFound),
        description="The owner sees them; for others the list is empty.",
    )
    def get(self, request: Request, household_id: UUID) -> Response:
        member = _member(request, household_id)
        found = invitations.open_invitations(member=member, now=datetime.now(UTC))
        return _answer(
            {
                "invitations": [
                    {
                        "id": str(one.id),
                        "createdAt": one.created_at.isoformat(),
                        "expiresAt": one.expires_at.isoformat(),
                    }
                    for one in found
                ]
            }
        )

    @extend_schema(
        operation_id="invite",
        summary="Invite somebody",
        request=None,
        responses={201: OpenApiResponse(InvitedView, description="Its token lets one person in.")},
        extensions=openapi.may_raise(HouseholdNotFound, NotTheOwner, TooManyInvitations),
        description="The owner alone can. The link is `/fridge/household/join/` and the token.",
    )
    def post(self, request: Request, household_id: UUID) -> Response:
        made = invitations.invite(member=_member(request, household_id), now=datetime.now(UTC))
        document = {"id": str(made.id), "token": made.token, "expiresAt": made.expires_at.isoformat()}
        return _answer(document, status=201)


class OneInvitation(APIView):
    """An invitation."""

    @extend_schema(
        operation_id="revokeInvitation",
        summary="Take an invitation back",
        responses={204: OpenApiResponse(description="It lets nobody in any more.")},
        extensions=openapi.may_raise(HouseholdNotFound, InvitationNotFound, NotTheOwner),
    )
    def delete(self, request: Request, household_id: UUID, invitation_id: UUID) -> Response:
        invitations.revoke(member=_member(request, household_id), invitation_id=invitation_id)
        return _nothing()


class Join(APIView):
    """Accepting an invitation."""

    @extend_schema(
        operation_id="joinHousehold",
        summary="Accept an invitation",
        request=JoinBody,
        responses={200: OpenApiResponse(HouseholdView, description="The household, now one's own.")},
        extensions=openapi.may_raise(InvitationNotFound, AlreadyInHousehold, OwnFoodAtStake, HouseholdFull),
        description="An invitation lets one person in, once. Whoever has something in a household of theirs"
        " says `leaveBehind`.",
    )
    def post(self, request: Request) -> Response:
        told = _body(JoinBody, request)
        member = invitations.accept(
            account_id=_account(request),
            token=told["token"],
            now=datetime.now(UTC),
            leave_behind=told.get("leaveBehind", False),
            name=told.get("name"),
        )
        return _answer(_document(member))


class Places(APIView):
    """Places of the household's own."""

    @extend_schema(
        operation_id="addPlace",
        summary="Add a place",
        request=NewPlace,
        responses={201: OpenApiResponse(PlaceView, description="The new place.")},
        extensions=openapi.may_raise(HouseholdNotFound, _not_accepted, PlaceNameTaken),
    )
    def post(self, request: Request, household_id: UUID) -> Response:
        member, told = _member(request, household_id), _body(NewPlace, request)
        place = places.add(member=member, kind=PlaceKind(told["kind"]), name=told["name"])
        return _answer({"id": str(place.id), "kind": place.kind.value, "name": place.name}, status=201)


class OnePlace(APIView):
    """A place."""

    @extend_schema(
        operation_id="renamePlace",
        summary="Rename a place",
        request=PlaceChange,
        responses={200: OpenApiResponse(HouseholdView, description="The household as it is now.")},
        extensions=openapi.may_raise(HouseholdNotFound, PlaceNotFound, _not_accepted, PlaceNameTaken),
    )
    def patch(self, request: Request, household_id: UUID, place_id: UUID) -> Response:
        member, told = _member(request, household_id), _body(PlaceChange, request)
        places.rename(member=member, place_id=place_id, name=told["name"])
        return _answer(_document(_member(request, household_id)))

    @extend_schema(
        operation_id="removePlace",
        summary="Remove a place",
        parameters=[
            OpenApiParameter(
                "moveItems",
                bool,
                OpenApiParameter.QUERY,
                description="Move what is in it to the plain place of its kind",
            )
        ],
        responses={204: OpenApiResponse(description="The place is gone.")},
        extensions=openapi.may_raise(HouseholdNotFound, PlaceNotFound, _not_empty, ItemBusy),
    )
    def delete(self, request: Request, household_id: UUID, place_id: UUID) -> Response:
        places.remove(
            member=_member(request, household_id),
            place_id=place_id,
            now=datetime.now(UTC),
            move_items=request.query_params.get("moveItems") == "true",
        )
        return _nothing()


def _account(request: Request) -> UUID:
    return cast(UUID, cast(EdgeRequest, request._request).account_id)


def _member(request: Request, household_id: UUID) -> Membership:
    """Who asks, in the household of the address. Raises HouseholdNotFound for any but the own one."""
    member = households.find(account_id=_account(request))
    if member is None or member.household_id != household_id:
        raise HouseholdNotFound
    return member


def _body(kind: type[Strict], request: Request) -> Mapping[str, Any]:
    body = kind(data=request.data)
    body.is_valid(raise_exception=True)
    return cast(Mapping[str, Any], body.validated_data)


def _document(member: Membership) -> dict[str, Any]:
    return {
        "id": str(member.household_id),
        "name": member.household_name,
        "timeZone": member.zone.key,
        "currency": member.currency,
        "role": member.role.value,
        "useSoonDays": member.use_soon_days,
        "members": [
            {
                "id": str(shown.reference),
                "name": shown.name,
                "role": shown.role.value,
                "joinedAt": shown.joined_at.isoformat(),
                "isMe": shown.reference == member.reference,
            }
            for shown in members.members(member=member)
        ],
        "places": [
            {"id": str(place.id), "kind": place.kind.value, "name": place.name} for place in member.places
        ],
    }


def _answer(document: Mapping[str, Any], *, status: int = 200) -> Response:
    return Response(document, status=status, headers=_NOT_STORED)


def _nothing() -> Response:
    return Response(status=204, headers=_NOT_STORED)
