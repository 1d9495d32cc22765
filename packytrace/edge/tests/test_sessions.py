"""Sessions: pages have them, the Resolver has none."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from packytrace.edge.sessions import SessionsMiddleware, SignedInMiddleware


def answer_to(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{hasattr(request, 'session')} {hasattr(request, 'user')}")


@pytest.mark.parametrize(
    ("path", "has_them"),
    [("/", "True True"), ("/admin/", "True True"), ("/01/09520123456788/10/L1", "False False")],
)
def test_only_who_scans_has_neither_session_nor_account(rf: RequestFactory, path: str, has_them: str) -> None:
    response = SessionsMiddleware(SignedInMiddleware(answer_to))(rf.get(path))
    assert response.content.decode() == has_them
