"""A copy of everything that is kept about somebody, and an end to it, with a receipt."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import time
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contexts.identity.application import erasures, exports
from contexts.identity.application.errors import (
    ExportNotReady,
    ExportUnreadable,
    UnknownErasure,
    UnknownExport,
)
from contexts.identity.web import gates
from packytrace.edge.request import EdgeRequest
from packytrace.openid.accounts import account_page

#: Seconds since the provider last confirmed who this is, within which an account may be erased.
FRESH: Final = 15 * 60.0

_PARTS: Final = (
    ("account", _("Your account here, with your sign-ins and the browsers that belong to it")),
    ("provider", _("Your account at the sign-in service, with e-mail address and password")),
    ("passport", _("Your scans and reports")),
    ("personalization", _("Your health profile and its key")),
    ("fridge", _("Your fridge")),
    ("measurement", _("What was counted of you in days that are still open")),
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A line of the receipt."""

    title: str | Promise
    done: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export_page(request: HttpRequest) -> HttpResponse:
    """Ask for a copy, see how far it is, fetch it."""
    account_id = gates.signed_in_account(request)
    now = datetime.now(UTC)
    if request.method == "POST":
        exports.request_export(account_id=account_id, at=now)
        return HttpResponseRedirect(reverse("identity:export"), status=303)
    found = exports.latest(account_id=account_id, now=now)
    if _asks_for_news(request) and found and found.state == request.GET.get("seen"):
        return _no_news()
    return render(request, "identity/export.html", {"export": found, "account_page": account_page()})


@never_cache
@require_safe
def export_file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The archive, for its owner alone."""
    account_id = gates.signed_in_account(request)
    try:
        packed = exports.open_export(account_id=account_id, export_id=export_id, now=datetime.now(UTC))
    except UnknownExport as error:
        raise Http404 from error
    except ExportNotReady:
        return HttpResponseRedirect(reverse("identity:export"), status=303)
    except ExportUnreadable:
        export = exports.export_of(account_id=account_id, export_id=export_id, now=datetime.now(UTC))
        return render(
            request,
            "identity/export.html",
            {"export": replace(export, state=exports.State.FAILED), "account_page": account_page()},
            status=503,
        )
    return attachment(packed.reveal())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase_page(request: EdgeRequest) -> HttpResponse:
    """Say what happens, ask once more, and do it."""
    account_id = _freshly_signed_in(request)
    if request.method != "POST":
        return render(request, "identity/erase.html", {})
    if request.POST.get("understood") != "yes":
        return render(request, "identity/erase.html", {"not_ticked": True}, status=400)
    erasure_id = erasures.request_erasure(account_id=account_id, at=datetime.now(UTC))
    auth.logout(request)
    # Whoever uses this browser next is nobody whom we know.
    request.visitor.forget()
    return HttpResponseRedirect(reverse("identity:erasure", args=[erasure_id]), status=303)


@never_cache
@require_safe
def receipt_page(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """How far an erasure is, for whoever has its number: there is nobody left to sign in."""
    try:
        receipt = erasures.receipt(erasure_id=erasure_id)
    except UnknownErasure as error:
        raise Http404 from error
    parts = [Part(title=title, done=name in receipt.done) for name, title in _PARTS]
    seen = "-".join([*sorted(receipt.done), *(["completed"] if receipt.completed_at else [])])
    if _asks_for_news(request) and not receipt.forgotten_at and seen == request.GET.get("seen"):
        return _no_news()
    response = render(request, "identity/erasure.html", {"receipt": receipt, "parts": parts, "seen": seen})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def attachment(packed: bytes) -> HttpResponse:
    """The archive as a file to keep."""
    return HttpResponse(
        packed,
        content_type="application/zip",
        headers={
            "Content-Disposition": 'attachment; filename="packytrace-data.zip"',
            "Cache-Control": "no-store, private",
        },
    )


def _asks_for_news(request: HttpRequest) -> bool:
    """Whether a page that is open looks whether it has changed."""
    return request.headers.get("HX-Request") == "true"


def _no_news() -> HttpResponse:
    """The page stays as it is, and whoever reads or listens is not disturbed."""
    return HttpResponse(status=204)


def _freshly_signed_in(request: HttpRequest) -> UUID:
    """The account, if the provider has confirmed it a moment ago; a form that was open has a bit longer.

    Raises SignInRequired.
    """
    account_id = gates.signed_in_account(request)
    confirmed_at = (
        request.session.get("oidc_id_token_expiration", 0) - settings.OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS
    )
    if confirmed_at + FRESH + (0 if request.method in gates.READING else gates.GRACE) < time():
        raise gates.SignInRequired
    return account_id
