"""/fridge/household: who shares the fridge, where its days are, what its places are called."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.fridge.application import households, invitations, members, places, ports
from contexts.fridge.application.errors import (
    AlreadyInHousehold,
    HouseholdFull,
    HouseholdNotAccepted,
    InvitationNotFound,
    MemberNotFound,
    NotTheOwner,
    OwnFoodAtStake,
    PlaceNameTaken,
    PlaceNotEmpty,
    TooManyInvitations,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.application.invitations import Invited
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.households import (
    CURRENCIES,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_WINDOW,
    time_zones,
)
from contexts.fridge.web.not_here import told_kindly

#: What `/fridge/household?done=` may say, once something was done.
_DONE: Final = frozenset(
    {
        "saved",
        "revoked",
        "removed",
        "handed_over",
        "place_added",
        "place_renamed",
        "place_removed",
        "joined",
        "left",
    }
)
#: What a person can set right on this page, and how it is answered.
_TO_BE_SET_RIGHT: Final[Mapping[type[Exception], int]] = {
    HouseholdNotAccepted: 400,
    PlaceNameTaken: 409,
    PlaceNotEmpty: 409,
    TooManyInvitations: 409,
}
_FIELDS: Final[Mapping[str, Promise]] = {
    "name": gettext_lazy("Name"),
    "memberName": gettext_lazy("Your name"),
    "useSoonDays": gettext_lazy("Use soon"),
    "timeZone": gettext_lazy("Time zone"),
    "currency": gettext_lazy("Currency"),
    "places": gettext_lazy("Places"),
    "kind": gettext_lazy("Kind"),
}
_KINDS: Final[Mapping[PlaceKind, Promise]] = {
    PlaceKind.FRIDGE: gettext_lazy("Like a fridge"),
    PlaceKind.FREEZER: gettext_lazy("Like a freezer"),
    PlaceKind.PANTRY: gettext_lazy("Like a pantry"),
}


@never_cache
@require_safe
@told_kindly
def household(request: HttpRequest) -> HttpResponse:
    """The household as its members see it."""
    return _show(request, _member(request))


@never_cache
@require_POST
@told_kindly
def describe(request: HttpRequest) -> HttpResponse:
    """What it is called, where its days are, in what it pays: its owner says."""
    member, typed = _member(request), request.POST

    def do() -> None:
        households.describe(
            member=member,
            name=typed.get("name"),
            time_zone=typed.get("timeZone"),
            currency=typed.get("currency"),
        )

    return _do(request, member, do, done="saved")


@never_cache
@require_POST
@told_kindly
def introduce(request: HttpRequest) -> HttpResponse:
    """How the others read one's name, and from how many days on things are to be used soon."""
    member, typed = _member(request), request.POST

    def do() -> None:
        members.introduce(
            member=member,
            name=typed.get("memberName"),
            use_soon_days=_number(typed["useSoonDays"]) if typed.get("useSoonDays") else None,
        )

    return _do(request, member, do, done="saved")


@never_cache
@require_POST
@told_kindly
def invite(request: HttpRequest) -> HttpResponse:
    """Make a link. It stands in this answer alone: nobody can show it again.

    Whoever has no name yet may say one along with it: the invitation tells who invites.
    """
    member = _member(request)
    try:
        members.introduce(member=member, name=request.POST.get("memberName") or None)
        made = invitations.invite(member=member, now=datetime.now(UTC))
    except (HouseholdNotAccepted, TooManyInvitations) as error:
        return _not_taken(request, member, error)
    return _show(request, _member(request), invited=made, status=201)


@never_cache
@require_POST
@told_kindly
def revoke(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    member = _member(request)
    return _do(
        request,
        member,
        lambda: invitations.revoke(member=member, invitation_id=invitation_id),
        done="revoked",
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation offers, what happens to the own food, and the one button that says yes."""
    account_id, now = ports.who().signed_in(request), datetime.now(UTC)
    wrong, status, typed = "", 200, request.POST.get("memberName")
    if request.method == "POST":
        try:
            invitations.accept(
                account_id=account_id,
                token=token,
                now=now,
                leave_behind=request.POST.get("leaveBehind") == "yes",
                name=typed,
            )
        except InvitationNotFound:
            pass  # told below
        except HouseholdNotAccepted as error:
            wrong, status = f"{_FIELDS['memberName']}: {error.said}", 400
        except (AlreadyInHousehold, HouseholdFull, OwnFoodAtStake) as error:
            wrong, status = str(error), 409
        else:
            return HttpResponseRedirect(_address(done="joined"), status=303)
    try:
        offer = invitations.look(account_id=account_id, token=token, now=now)
    except InvitationNotFound:
        return render(request, "fridge/household_no_invitation.html", status=404)
    context = {
        "offer": offer,
        "wrong": wrong,
        "here": request.path,
        "name": offer.my_name if typed is None else typed,
        "longest_name": LONGEST_NAME,
    }
    return render(request, "fridge/household_join.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@told_kindly
def remove_member(request: HttpRequest, reference: UUID) -> HttpResponse:
    """What sending somebody away means, and doing it."""
    member = _member(request)
    if not _is_sure(request):
        return _ask_once_more(request, member, template="household_remove", reference=reference)
    members.remove(member=member, reference=reference)
    return HttpResponseRedirect(_address(done="removed"), status=303)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@told_kindly
def hand_over(request: HttpRequest, reference: UUID) -> HttpResponse:
    """What making somebody else the owner means, and doing it."""
    member = _member(request)
    if not _is_sure(request):
        return _ask_once_more(request, member, template="household_hand_over", reference=reference)
    members.hand_over(member=member, to=reference)
    return HttpResponseRedirect(_address(done="handed_over"), status=303)


@never_cache
@require_POST
@told_kindly
def add_place(request: HttpRequest) -> HttpResponse:
    """Give the household a place of its own."""
    member = _member(request)

    def do() -> None:
        places.add(member=member, kind=_kind(request), name=request.POST.get("placeName", ""))

    return _do(request, member, do, done="place_added")


@never_cache
@require_POST
@told_kindly
def rename_place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Call a place something else."""
    member = _member(request)

    def do() -> None:
        places.rename(member=member, place_id=place_id, name=request.POST.get("placeName", ""))

    return _do(request, member, do, done="place_renamed")


@never_cache
@require_POST
@told_kindly
def remove_place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Take a place away; what is in it goes to the plain one where that is wished."""
    member = _member(request)

    def do() -> None:
        places.remove(
            member=member,
            place_id=place_id,
            now=datetime.now(UTC),
            move_items=request.POST.get("moveItems") == "yes",
        )

    return _do(request, member, do, done="place_removed")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@told_kindly
def leave(request: HttpRequest) -> HttpResponse:
    """What leaving means, and leaving."""
    member = _member(request)
    if _is_sure(request):
        chosen = request.POST.get("successor", "")
        try:
            successor = UUID(chosen) if chosen else None
        except ValueError as error:
            raise MemberNotFound from error
        members.leave(member=member, successor=successor)
        return HttpResponseRedirect(_address(done="left"), status=303)
    return _ask_once_more(request, member, template="household_leave")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@told_kindly
def dissolve(request: HttpRequest) -> HttpResponse:
    """What is gone when the household ends, and ending it."""
    member = _member(request)
    if not member.is_owner:
        raise NotTheOwner
    if _is_sure(request):
        members.dissolve(member=member)
        return HttpResponseRedirect(_address(done="left"), status=303)
    return _ask_once_more(request, member, template="household_dissolve")


def _member(request: HttpRequest) -> Membership:
    account_id = ports.who().signed_in(request)
    return households.of(account_id=account_id, now=datetime.now(UTC), zone=request.POST.get("zone") or None)


def _do(request: HttpRequest, member: Membership, do: Callable[[], None], *, done: str) -> HttpResponse:
    """Do it, then show the household; what a person can set right is said there, with what was typed."""
    try:
        do()
    except tuple(_TO_BE_SET_RIGHT) as error:
        return _not_taken(request, member, error)
    return HttpResponseRedirect(_address(done=done), status=303)


def _not_taken(request: HttpRequest, member: Membership, error: Exception) -> HttpResponse:
    typed, status = request.POST.dict(), _TO_BE_SET_RIGHT[type(error)]
    return _show(request, member, wrong=_in_words(error), typed=typed, status=status)


def _in_words(error: Exception) -> str:
    if isinstance(error, HouseholdNotAccepted):
        return f"{_FIELDS.get(error.field, error.field)}: {error.said}"
    return str(error)


def _show(
    request: HttpRequest,
    member: Membership,
    *,
    wrong: str = "",
    typed: Mapping[str, str] | None = None,
    invited: Invited | None = None,
    status: int = 200,
) -> HttpResponse:
    inside = places.count_items(member=member)
    done = request.GET.get("done", "")
    link = "" if invited is None else _link(invited)
    context = {
        "member": member,
        "everybody": members.members(member=member),
        "invitations": invitations.open_invitations(member=member, now=datetime.now(UTC)),
        "invited": invited,
        "link": link,
        "places": [(place, inside.get(place.id, 0), _KINDS[place.kind]) for place in member.places],
        "kinds": [(kind.value, said) for kind, said in _KINDS.items()],
        "zones": time_zones(),
        "currencies": CURRENCIES,
        "longest_name": LONGEST_NAME,
        "longest_place": LONGEST_PLACE,
        "longest_window": LONGEST_WINDOW,
        "done": done if done in _DONE and request.method != "POST" else "",
        "wrong": wrong,
        "typed": typed or {},
    }
    return render(request, "fridge/household.html", context, status=status)


def _is_sure(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("understood") == "yes"


def _ask_once_more(
    request: HttpRequest, member: Membership, *, template: str, reference: UUID | None = None
) -> HttpResponse:
    """Say what something means that cannot be taken back; with `reference`, for this other member."""
    others = [shown for shown in members.members(member=member) if shown.reference != member.reference]
    context = {"member": member, "others": others, "not_ticked": request.method == "POST"}
    if reference is not None:
        if not member.is_owner:
            raise NotTheOwner
        context["other"] = next((shown for shown in others if shown.reference == reference), None)
        if context["other"] is None:
            raise MemberNotFound
    return render(
        request, f"fridge/{template}.html", context, status=400 if request.method == "POST" else 200
    )


def _link(invited: Invited) -> str:
    return settings.PUBLIC_URL + reverse("fridge:join", args=[invited.token])


def _address(*, done: str) -> str:
    return f"{reverse('fridge:household')}?done={done}"


def _kind(request: HttpRequest) -> PlaceKind:
    typed = request.POST.get("kind", "")
    if typed not in set(PlaceKind):
        raise HouseholdNotAccepted(field="kind", rule="must be of %(values)s", values=", ".join(PlaceKind))
    return PlaceKind(typed)


def _number(typed: str) -> int:
    """What was typed, or a number that is refused."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0
