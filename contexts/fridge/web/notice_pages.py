"""/fridge/notices: what a person wants to be told, and how; and the address that ends it with one click."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.fridge.application import households, notices, ports, wording
from contexts.fridge.application.errors import (
    BrowserNotAccepted,
    NoNoticeSettings,
    NoticeSettingsChanged,
    NoticesNeedConsent,
    NoticesNotOffered,
)
from contexts.fridge.application.notices import DEFAULTS, StoredSettings
from contexts.fridge.domain.freshness import State
from contexts.fridge.domain.notices import STATES, Channel, QuietHours, Wishes, WishesRefused
from packytrace.openid.accounts import account_page

#: What `/fridge/notices?done=` may say, once something was done.
_DONE: Final = frozenset({"saved", "agreed", "browser_added", "browser_removed", "withdrawn"})
_NEVER, _DIGEST, _INSTANT = "never", "digest", "instant"
#: Our own name for the worker that shows messages; its scope is the whole site.
_WORKER: Final = "push_worker.js"


@dataclass(frozen=True, kw_only=True, slots=True)
class StateChoice:
    """How a person hears of one state."""

    name: str
    label: str
    chosen: str
    """`never`, `digest` or `instant`."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    """What is told, shown and saved; before the consent, what it is about."""
    account_id = ports.who().signed_in(request)
    try:
        stored = _stored(account_id)
    except NoticesNeedConsent:
        return _ask(request, not_saved=request.method == "POST")
    if request.method == "POST":
        return _save(request, account_id, stored)
    return _show(request, account_id, stored)


@never_cache
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """Give the consent, to the text that was shown."""
    account_id = ports.who().signed_in(request)
    desk = ports.desk()
    version = desk.notice(language=_language()).version
    if request.POST.get("version") != version:
        return _ask(request, changed=True, status=409)
    desk.grant(account_id=account_id, notice_version=version, at=datetime.now(UTC))
    return _back("agreed")


@never_cache
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the consent back, which deletes everything that rests on it; not only once the fact has come."""
    account_id = ports.who().signed_in(request)
    ports.desk().withdraw(account_id=account_id, at=datetime.now(UTC))
    notices.delete_settings(account_id=account_id)
    return _back("withdrawn")


@never_cache
@require_POST
def add_browser(request: HttpRequest) -> HttpResponse:
    """Tell the browser that sent this; its script has asked it for an address at its push service."""
    account_id = ports.who().signed_in(request)
    typed = request.POST
    try:
        notices.add_browser(
            account_id=account_id,
            endpoint=typed.get("endpoint", ""),
            p256dh=typed.get("p256dh", ""),
            auth=typed.get("auth", ""),
            language=_language(),
            at=datetime.now(UTC),
        )
    except NoticesNeedConsent:
        return _ask(request, not_saved=True)
    except (BrowserNotAccepted, NoticesNotOffered) as error:
        return _show(request, account_id, _stored(account_id), wrong=str(error), status=400)
    return _back("browser_added")


@never_cache
@require_POST
def remove_browser(request: HttpRequest, browser_id: UUID) -> HttpResponse:
    """Tell one browser nothing more."""
    account_id = ports.who().signed_in(request)
    notices.remove_browser(account_id=account_id, browser_id=browser_id, at=datetime.now(UTC))
    return _back("browser_removed")


@csrf_exempt  # a mail program posts it, which has no cookie and needs none: the secret says for whom
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, secret: str) -> HttpResponse:
    """End the mails to whoever got this address (RFC 8058). Opening it asks; only a POST ends anything, for
    programs open what stands in a mail."""
    if request.method == "POST":
        notices.stop_mails(secret=secret, at=datetime.now(UTC))
    else:
        notices.holder_of(secret=secret)
    context = {"stopped": request.method == "POST"}
    return render(request, "fridge/notices_unsubscribe.html", context)


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that shows messages while no page is open. It stands at the root, and browsers ask for it
    anew: one that a release has replaced is not kept (W3C Service Workers)."""
    return HttpResponse(
        _worker(),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@cache
def _worker() -> bytes:
    if staticfiles_storage.exists(_WORKER):
        with staticfiles_storage.open(_WORKER) as file:
            content: bytes = file.read()
            return content
    if found := finders.find(_WORKER):
        return Path(found).read_bytes()
    raise Http404


def _stored(account_id: UUID) -> StoredSettings | None:
    """Raises NoticesNeedConsent."""
    try:
        return notices.read_settings(account_id=account_id)
    except NoNoticeSettings:
        return None


def _save(request: HttpRequest, account_id: UUID, stored: StoredSettings | None) -> HttpResponse:
    try:
        wishes = _typed(request.POST, stored=stored)
    except WishesRefused:
        wrong = _("The quiet hours must end at another hour than they begin.")
        return _show(request, account_id, stored, wrong=wrong, status=400)
    language = request.POST.get("language", "")
    try:
        notices.save_settings(
            account_id=account_id,
            wishes=wishes,
            language=language if language in dict(settings.LANGUAGES) else _language(),
            edition=request.POST.get("edition") or None,
            at=datetime.now(UTC),
        )
    except NoticeSettingsChanged as error:
        return _show(request, account_id, _stored(account_id), wrong=str(error), status=409)
    except NoticesNotOffered as error:
        return _show(request, account_id, stored, wrong=str(error), status=400)
    return _back("saved")


def _typed(typed: Mapping[str, str], *, stored: StoredSettings | None) -> Wishes:
    """What a form says. Whether browsers are told stays as it is. Raises WishesRefused."""
    channels = {Channel.PUSH} & (stored.wishes.channels if stored else frozenset())
    if typed.get("by_mail"):
        channels |= {Channel.MAIL}
    how = {state: typed.get(state.value) for state in STATES}
    return Wishes(
        channels=frozenset(channels),
        digest_hour=_hour(typed.get("digest_hour")) or 0,
        digest_states=frozenset(state for state in STATES if how[state] == _DIGEST),
        instant_states=frozenset(state for state in STATES if how[state] == _INSTANT),
        quiet=_quiet(typed),
    )


def _quiet(typed: Mapping[str, str]) -> QuietHours | None:
    begin, end = _hour(typed.get("quiet_from")), _hour(typed.get("quiet_to"))
    return None if begin is None or end is None else QuietHours(begin=begin, end=end)


def _hour(text: str | None) -> int | None:
    """None where none is chosen. Raises WishesRefused."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise WishesRefused("hour", "must be an hour from 0 to 23")
    return int(text)


def _ask(
    request: HttpRequest, *, changed: bool = False, not_saved: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "notice": ports.desk().notice(language=_language()),
        "changed": changed,
        "not_saved": not_saved,
        "done": _done(request),
    }
    return render(request, "fridge/notices_consent.html", context, status=403 if not_saved else status)


def _show(
    request: HttpRequest,
    account_id: UUID,
    stored: StoredSettings | None,
    *,
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    wishes = stored.wishes if stored else DEFAULTS
    member = households.find(account_id=account_id)
    offered = notices.offered()
    context = {
        "stored": stored,
        "edition": stored.edition if stored else "",
        "wishes": wishes,
        "by_mail": Channel.MAIL in wishes.channels,
        "states": list(_choices(wishes)),
        "hours": range(24),
        "language": stored.language if stored else _language(),
        "languages": settings.LANGUAGES,
        "zone": member.zone.key if member else "",
        "mail_offered": Channel.MAIL in offered,
        "push_key": notices.application_server_key() if Channel.PUSH in offered else "",
        "account_page": account_page(),
        "done": _done(request),
        "wrong": wrong,
    }
    return render(request, "fridge/notices.html", context, status=status)


def _choices(wishes: Wishes) -> Iterator[StateChoice]:
    for state in STATES:
        yield StateChoice(name=state.value, label=wording.state_name(state), chosen=_how(state, wishes))


def _how(state: State, wishes: Wishes) -> str:
    if state in wishes.instant_states:
        return _INSTANT
    return _DIGEST if state in wishes.digest_states else _NEVER


def _done(request: HttpRequest) -> str:
    done = request.GET.get("done", "")
    return done if request.method != "POST" and done in _DONE else ""


def _back(done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('fridge:notices')}?done={done}", status=303)


def _language() -> str:
    return get_language() or "en"
