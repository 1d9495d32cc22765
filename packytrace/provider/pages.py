"""The provider's few pages of its own, and what all of its pages know."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from packytrace.facts import correlation
from packytrace.provider import settings


def site(_request: HttpRequest) -> dict[str, object]:
    """Context processor: where both sides are, and the number that the log has of this request."""
    return {
        "public_url": settings.PUBLIC_URL,
        "issuer": settings.ISSUER,
        "mails_are_files": settings.MAILS_ARE_FILES,
        "correlation_id": correlation.get(),
    }


def home(_request: HttpRequest) -> HttpResponse:
    """Nobody has business here without having been sent: back to the application."""
    return HttpResponseRedirect(settings.PUBLIC_URL)


def to_account(_request: HttpRequest) -> HttpResponse:
    """Passkeys stand on the account's page."""
    return redirect("mfa_index")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return render(request, "provider/trouble.html", {"trouble": "bad_request"}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """handler403 and CSRF_FAILURE_VIEW."""
    return render(request, "provider/trouble.html", {"trouble": "forbidden"}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return render(request, "provider/trouble.html", {"trouble": "not_found"}, status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    """handler429: django-allauth's limits of sign-ins."""
    response = render(request, "provider/trouble.html", {"trouble": "too_many"}, status=429)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return render(request, "provider/trouble.html", {"trouble": "server_error"}, status=500)
