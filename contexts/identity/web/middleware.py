"""What people see when a gate stays shut: the sign-in page, or the reason and what to do."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from contexts.identity.application import errors
from contexts.identity.web import troubles
from contexts.identity.web.addresses import sign_in_address
from contexts.identity.web.gates import SignInRequired
from contexts.identity.web.troubles import Trouble

_TROUBLE_OF: Final[Mapping[type[Exception], Trouble]] = {
    errors.NotABrandUser: troubles.NOT_A_BRAND_USER,
    errors.NoBrand: troubles.NO_BRAND,
    errors.BrandSuspended: troubles.BRAND_SUSPENDED,
    errors.NotAnOperator: troubles.NOT_AN_OPERATOR,
    errors.AccountDeactivated: troubles.DEACTIVATED,
}


class GateMiddleware:
    """Answers for the gates on pages; the API's errors are the edge's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a gate raised into an answer; everything else passes."""
        if request.path.startswith("/api/"):
            return None
        if isinstance(error, SignInRequired):
            wanted = request.get_full_path() if request.method == "GET" else request.path
            response = HttpResponseRedirect(sign_in_address(wanted=wanted))
            response.headers["Cache-Control"] = "no-store"
            return response
        trouble = _TROUBLE_OF.get(type(error))
        return troubles.page(request, trouble) if trouble else None
