"""What people see when a gate stays shut: the sign-in page, or the reason and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from contexts.identity.application import errors
from contexts.identity.web import troubles
from contexts.identity.web.addresses import sign_in_address
from contexts.identity.web.gates import READING, SignInRequired
from contexts.identity.web.troubles import Trouble
from packytrace.edge import problems
from packytrace.edge.answers import answer, asks_for_json

_TROUBLE_OF: Final[Mapping[type[Exception], Trouble]] = {
    errors.NotABrandUser: troubles.NOT_A_BRAND_USER,
    errors.NoBrand: troubles.NO_BRAND,
    errors.BrandSuspended: troubles.BRAND_SUSPENDED,
    errors.NotAnOperator: troubles.NOT_AN_OPERATOR,
    errors.AccountDeactivated: troubles.DEACTIVATED,
}

_SIGN_IN_AGAIN: Final = replace(
    problems.NOT_SIGNED_IN, message=_("You are not signed in, so nothing was done: sign in, then ask again.")
)


class GateMiddleware:
    """Answers for the gates on pages; the API's other errors are the edge's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a gate raised into an answer; everything else passes."""
        if isinstance(error, SignInRequired):
            return _sign_in_first(request)
        if request.path.startswith("/api/"):
            return None
        trouble = _TROUBLE_OF.get(type(error))
        return troubles.page(request, trouble) if trouble else None


def _page_of_form(request: HttpRequest) -> str:
    """The page of ours that the form stood on: an address that takes forms need not answer anything else."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return request.path
    return f"{page.path}?{page.query}" if page.query else page.path


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if asks_for_json(request):
        return answer(request, _SIGN_IN_AGAIN)
    if request.method not in READING:
        # A redirect would lose the form without a word.
        return troubles.page(request, troubles.NOT_SAVED, wanted=_page_of_form(request))
    response = HttpResponseRedirect(sign_in_address(wanted=request.get_full_path()))
    response.headers["Cache-Control"] = "no-store"
    return response
