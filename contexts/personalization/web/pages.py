"""/setup and /profile: what a person tells about health and diet, where it is kept, how to take it back."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.personalization.application import ports
from contexts.personalization.application.errors import (
    ConsentRequired,
    NoProfile,
    ProfileChanged,
    ProfileErased,
    ProfileUnreadable,
)
from contexts.personalization.application.profiles import (
    StoredProfile,
    delete_profile,
    read_profile,
    save_profile,
)
from contexts.personalization.web.profile_form import (
    ALL,
    WHAT_HARMS,
    WHAT_IS_WANTED,
    ProfileForm,
    differences,
    form_of,
    in_words,
    typed_form,
)
from packytrace.openid.accounts import account_page

#: What `/profile?done=` may say, once something was done.
_DONE: Final = frozenset({"saved", "deleted", "withdrawn"})
_STEPS: Final = 3


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Step 1: what is stored and why, and the consent.

    Whoever has agreed already goes on to step 2; who has a profile, too, goes on where they were going.
    """
    account_id = ports.who().signed_in(request)
    desk, wanted = ports.desk(), _wanted(request)
    following = _address("setup_allergens", wanted)
    try:
        has_profile = _stored(account_id) is not None
    except (ProfileErased, ProfileUnreadable):
        return HttpResponseRedirect(reverse("personalization:profile"), status=303)
    except ConsentRequired:
        pass
    else:
        onwards = (wanted or reverse("personalization:profile")) if has_profile else following
        return HttpResponseRedirect(onwards, status=303)
    notice = desk.notice(language=get_language() or "en")
    changed = False
    if request.method == "POST":
        if request.POST.get("version") == notice.version:
            desk.grant(account_id=account_id, notice_version=notice.version, at=datetime.now(UTC))
            return HttpResponseRedirect(following, status=303)
        changed = True
    return render(
        request,
        "personalization/setup_consent.html",
        {
            "notice": notice,
            "changed": changed,
            "not_saved": request.method != "POST" and "not_saved" in request.GET,
            "step": 1,
            "steps": _STEPS,
            "wanted": wanted,
            "skip_address": wanted or "/",
        },
        status=409 if changed else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup_allergens(request: HttpRequest) -> HttpResponse:
    """Step 2: allergens and intolerances."""
    return _edit(
        request,
        fields=WHAT_HARMS,
        template="setup_allergens",
        following=_address("setup_wishes", _wanted(request)),
        skipped=_address("setup_wishes", _wanted(request)),
        step=2,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup_wishes(request: HttpRequest) -> HttpResponse:
    """Step 3: diets, goals and ingredients to avoid."""
    return _edit(request, fields=WHAT_IS_WANTED, template="setup_wishes", step=3)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The whole profile on one page."""
    return _edit(request, fields=ALL, template="change")


@never_cache
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """The profile as it is kept, what is done with it, and how to change and delete it."""
    account_id = ports.who().signed_in(request)
    context: dict[str, object] = {
        "done": request.GET.get("done") if request.GET.get("done") in _DONE else "",
        "account_page": account_page(),
    }
    status = 200
    try:
        stored = read_profile(account_id=account_id)
    except ConsentRequired:
        context["state"] = "no_consent"
    except NoProfile:
        context["state"] = "none"
    except ProfileErased:
        context["state"] = "erased"
    except ProfileUnreadable:
        context["state"], status = "unreadable", 503
    else:
        context |= {"state": "kept", "stored": stored, "groups": in_words(stored.profile)}
    return render(request, "personalization/profile.html", context, status=status)


@never_cache
@require_POST
def delete(request: HttpRequest) -> HttpResponse:
    """One tap: profile, key and what was told of its verdicts are gone; the consent stays."""
    delete_profile(account_id=ports.who().signed_in(request))
    return HttpResponseRedirect(_after("", done="deleted"), status=303)


@never_cache
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the consent back, which deletes everything that rests on it; not only once the fact has come."""
    account_id = ports.who().signed_in(request)
    ports.desk().withdraw(account_id=account_id, at=datetime.now(UTC))
    delete_profile(account_id=account_id)
    return HttpResponseRedirect(_after("", done="withdrawn"), status=303)


def _edit(
    request: HttpRequest,
    *,
    fields: tuple[str, ...],
    template: str,
    following: str | None = None,
    skipped: str | None = None,
    step: int | None = None,
) -> HttpResponse:
    """Show and take a form; after the last one, back to where the person came from, else to the profile."""
    account_id, wanted = ports.who().signed_in(request), _wanted(request)
    try:
        stored = _stored(account_id)
    except ConsentRequired:
        lost = {"not_saved": "1"} if request.method == "POST" else {}
        return HttpResponseRedirect(_address("setup", wanted, **lost), status=303)
    except (ProfileErased, ProfileUnreadable):
        # Only the profile's own page can say what to do about it.
        return HttpResponseRedirect(reverse("personalization:profile"), status=303)
    status = 200
    if request.method == "POST":
        form = typed_form(request.POST, stored=stored, fields=fields)
        status = _save(account_id, form, stored=stored)
        if status == 303:
            return HttpResponseRedirect(following or _after(wanted), status=303)
    else:
        form = form_of(stored, fields=fields)
    context = {
        "form": form,
        "step": step,
        "steps": _STEPS,
        "wanted": wanted,
        "skip_address": skipped or wanted or reverse("personalization:profile"),
    }
    return render(request, f"personalization/{template}.html", context, status=status)


def _save(account_id: UUID, form: ProfileForm, *, stored: StoredProfile | None) -> int:
    """Save what was typed; answers the status: 303 where it is saved, else the form says what is wrong."""
    typed = form.profile()
    if typed is None:
        return 400
    if stored is None and not form.edition and typed.is_empty:
        return 303  # nothing was told: there is nothing to keep
    try:
        save_profile(account_id=account_id, profile=typed, edition=form.edition or None, at=datetime.now(UTC))
    except ProfileChanged:
        now = _stored(account_id)
        form.differences = differences(saved=now.profile if now else None, typed=typed)
        form.edition = now.edition if now else ""
        return 409
    return 303


def _stored(account_id: UUID) -> StoredProfile | None:
    try:
        return read_profile(account_id=account_id)
    except NoProfile:
        return None


def _wanted(request: HttpRequest) -> str:
    """The page of ours to go back to; empty where none, or another site's, was named."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and not urlsplit(wanted).netloc
    return wanted if wanted.startswith("/") and is_ours else ""


def _address(name: str, wanted: str, **said: str) -> str:
    path, query = reverse(f"personalization:{name}"), said | ({"next": wanted} if wanted else {})
    return f"{path}?{urlencode(query)}" if query else path


def _after(wanted: str, *, done: str = "saved") -> str:
    return wanted or f"{reverse('personalization:profile')}?done={done}"
