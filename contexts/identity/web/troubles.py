"""Why a door stays shut: one page for all reasons, each with its status and what to do."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contexts.identity.web.addresses import consoles_of, is_console, sign_in_address
from packytrace.facts import correlation


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What a person is told: the status for programs, the words for people."""

    status: int
    heading: Promise
    what: Promise
    next: Promise
    may_retry: bool = False
    """Whether signing in again can help."""


UNREACHABLE: Final = Trouble(
    status=503,
    heading=_("Signing in is not possible right now"),
    what=_("The sign-in service does not answer."),
    next=_("Try again in a minute. Everything that needs no account goes on working."),
    may_retry=True,
)
STARTED_ELSEWHERE: Final = Trouble(
    status=400,
    heading=_("This sign-in cannot be finished"),
    what=_("It was started in another browser, or long ago, or it has already been used."),
    next=_("Start again from here. If this happens every time, allow cookies for this site."),
    may_retry=True,
)
CANCELLED: Final = Trouble(
    status=403,
    heading=_("You are not signed in"),
    what=_("The sign-in service did not confirm who you are: the sign-in was cancelled or not allowed."),
    next=_("Sign in again, or ask the people who run this site whether your account may be used here."),
    may_retry=True,
)
TOKEN_REFUSED: Final = Trouble(
    status=401,
    heading=_("We could not verify this sign-in"),
    what=_("The proof of who you are is not valid: forged, expired, or made for another site."),
    next=_(
        "Sign in again. If it happens again, check the clock of your device, and tell the number below to the"
        " people who run this site."
    ),
    may_retry=True,
)
NOT_SAVED: Final = Trouble(
    status=401,
    heading=_("Nothing was saved"),
    what=_("Your sign-in had run out before the form was sent, so we did not take it."),
    next=_(
        "If you typed something long, go back and copy it first. Then sign in again, and send the form once"
        " more."
    ),
    may_retry=True,
)
DEACTIVATED: Final = Trouble(
    status=403,
    heading=_("This account is closed"),
    what=_("The people who run this site have closed the account that you signed in with."),
    next=_("If you think that this is a mistake, ask them to open it again."),
)
ERASED: Final = Trouble(
    status=403,
    heading=_("This account has been erased"),
    what=_("What was known about it is gone, or will be in a few minutes, and nobody can bring it back."),
    next=_("You can create a new account at any time: it knows nothing of the old one."),
)
NOT_A_BRAND_USER: Final = Trouble(
    status=403,
    heading=_("This page is for brands"),
    what=_("You are signed in, but your account is not one of a brand's team."),
    next=_(
        "If you work for a brand, ask the people who run this site to give your account the role of a brand"
        " user, then sign out and in again."
    ),
)
NO_BRAND: Final = Trouble(
    status=403,
    heading=_("Your account has no brand yet"),
    what=_("You are signed in as a brand user, but nobody has said which brand you work for."),
    next=_(
        "Ask the people who run this site to assign your account to your brand, and tell them the account"
        " number below."
    ),
)
BRAND_SUSPENDED: Final = Trouble(
    status=403,
    heading=_("Your brand is suspended"),
    what=_("The data of your brand is kept, but nobody can work with it for the time being."),
    next=_("Ask the people who run this site why, and when it will be open again."),
)
NOT_AN_OPERATOR: Final = Trouble(
    status=403,
    heading=_("This page is for operators"),
    what=_("You are signed in, but your account is not an operator's."),
    next=_("If you run this site, sign out, then sign in with your operator account."),
)


def page(request: HttpRequest, trouble: Trouble, *, wanted: str | None = None) -> HttpResponse:
    """The page that tells a trouble; nothing may store it. A sign-in from it leads to `wanted`."""
    wanted = wanted or request.GET.get("next") or request.session.get("oidc_login_next") or "/"
    consoles = consoles_of(request.user) if request.user.is_authenticated else []
    refused = [console for console in consoles if request.path.startswith(console)]
    nobody_at_work = not request.user.is_authenticated and is_console(request.path)
    context = {
        "trouble": trouble,
        # Who works here is led to the console that is open, or may ask again for the one that is not yet.
        "home": next(
            (console for console in consoles if console not in refused),
            None if refused or nobody_at_work else "/",
        ),
        "refused": refused,
        "sign_in_again": sign_in_address(wanted=wanted) if trouble.may_retry else None,
        # Where nothing went wrong there is nothing to look for in the logs.
        "correlation_id": correlation.get() if trouble.may_retry else None,
    }
    response = render(request, "identity/trouble.html", context, status=trouble.status)
    response.headers["Cache-Control"] = "no-store"
    if trouble.status == 401:
        # RFC 9110, 11.6.1: a 401 names a challenge; this one makes no browser ask for a password.
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if trouble.status == UNREACHABLE.status:
        response.headers["Retry-After"] = "10"
    return response
