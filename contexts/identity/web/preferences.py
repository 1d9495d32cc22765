"""/preferences: what a person has agreed to, and how to take it back as easily as it was given."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contexts.identity.application import consents, notices, visitors
from contexts.identity.application.consents import Standing
from contexts.identity.application.errors import NoticeOutdated
from contexts.identity.domain.consents import Entry, Purpose
from contexts.identity.domain.notices import NoticeText
from contexts.identity.web import gates
from packytrace.edge.request import EdgeRequest
from packytrace.openid.accounts import account_page

_CHANNEL: Final = "web"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One purpose on the page: how the person stands to it, and the notice in the page's language."""

    standing: Standing
    notice: NoticeText
    just_said: str
    """`yes` or `no` right after it was said; empty on every other visit."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the history: what was said, and about what."""

    entry: Entry
    title: str


@never_cache
@require_safe
def preferences(request: EdgeRequest) -> HttpResponse:
    """The page; without an account it has only what a browser alone can choose."""
    return _page(request)


@never_cache
@require_POST
def consent(request: EdgeRequest, purpose: str) -> HttpResponse:
    """Agree to a purpose (`answer=yes`), or take that back (anything else): the same form, the same way."""
    if purpose not in set(Purpose):
        raise Http404
    asked, now = Purpose(purpose), datetime.now(UTC)
    if request.POST.get("answer") == "yes":
        try:
            consents.grant(
                person_id=_who_agrees(request, asked),
                purpose=asked,
                notice_version=request.POST.get("version", ""),
                channel=_CHANNEL,
                at=now,
            )
        except NoticeOutdated:
            return _page(request, outdated=asked)
    elif (person_id := _who_withdraws(request, asked)) is not None:
        consents.withdraw(person_id=person_id, purpose=asked, channel=_CHANNEL, at=now)
    said = urlencode({"said": "yes" if request.POST.get("answer") == "yes" else "no", "purpose": asked})
    return HttpResponseRedirect(f"{reverse('identity:preferences')}?{said}#{asked}", status=303)


def _page(request: EdgeRequest, *, outdated: Purpose | None = None) -> HttpResponse:
    account_id = gates.signed_in_account(request) if request.user.is_authenticated else None
    person_id = account_id or _visitor_asked(request)
    history = consents.history(person_id=person_id) if person_id else []
    asked = _asked(account_id)
    context = {
        "choices": [
            Choice(
                standing=line,
                notice=notices.current(line.purpose).shown()[1],
                just_said=_just_said(request, line),
            )
            for line in consents.standing_after(history)
            if line.purpose in asked
        ],
        "history": [
            Line(entry=entry, title=notices.current(entry.purpose).shown()[1].title) for entry in history
        ],
        "signed_in": account_id is not None,
        # Whom the account's consent decides about: what the browser alone chooses would mean nothing.
        "belongs_to_account": account_id is None and bool(asked) and _linked(request),
        "visitors_counted": settings.MEASUREMENT_OF_VISITORS == "counted",
        "outdated": outdated,
        "account_page": account_page(),
    }
    return render(request, "identity/preferences.html", context, status=409 if outdated else 200)


def _just_said(request: EdgeRequest, standing: Standing) -> str:
    """What the form before this page was told, unless something else holds by now: addresses live long."""
    said = request.GET.get("said", "")
    if request.method == "POST" or request.GET.get("purpose") != standing.purpose:
        return ""
    return said if said == ("yes" if standing.since else "no") else ""


def _asked(account_id: UUID | None) -> frozenset[Purpose]:
    """What can be agreed to: an account is asked about everything, a visitor at most about being counted."""
    if account_id is not None:
        return frozenset(Purpose)
    return frozenset({Purpose.MEASUREMENT} if settings.MEASUREMENT_OF_VISITORS == "opt_in" else ())


def _who_agrees(request: EdgeRequest, purpose: Purpose) -> UUID:
    """The account, or the visitor, minted now if need be, for a choice needs somewhere to be kept.

    Raises SignInRequired.
    """
    if request.user.is_authenticated:
        return gates.signed_in_account(request)
    if purpose not in _asked(None) or _linked(request):
        raise gates.SignInRequired
    known = request.visitor.known_id
    if known is not None and visitors.erased(visitor_id=known):
        return request.visitor.replace()
    return request.visitor.id


def _who_withdraws(request: EdgeRequest, purpose: Purpose) -> UUID | None:
    """The same, but nobody becomes a visitor by saying no. Raises SignInRequired."""
    if request.user.is_authenticated:
        return gates.signed_in_account(request)
    if purpose is not Purpose.MEASUREMENT or _linked(request):
        raise gates.SignInRequired
    return request.visitor.known_id


def _visitor_asked(request: EdgeRequest) -> UUID | None:
    return request.visitor.known_id if _asked(None) and not _linked(request) else None


def _linked(request: EdgeRequest) -> bool:
    known = request.visitor.known_id
    return known is not None and visitors.account_of(visitor_id=known) is not None
