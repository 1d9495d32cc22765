"""Messages: the consoles have them, nobody else pays for them."""

import pytest
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from packytrace.edge.console_messages import ConsoleMessageMiddleware


def leave_word(request: HttpRequest) -> HttpResponse:
    messages.success(request, "The brand was changed.")
    return HttpResponse()


@pytest.mark.parametrize("path", ["/admin/identity/brand/", "/brand/insights"])
def test_a_console_keeps_one_for_its_next_page(rf: RequestFactory, path: str) -> None:
    request = rf.get(path)
    request.session = {}  # type: ignore[assignment] # the storage asks whether there is one, and uses the cookie
    response = ConsoleMessageMiddleware(leave_word)(request)
    assert "messages" in response.cookies


def test_elsewhere_one_is_refused_loudly(rf: RequestFactory) -> None:
    with pytest.raises(messages.MessageFailure):
        ConsoleMessageMiddleware(leave_word)(rf.get("/passport/09520123456788"))


def test_elsewhere_nothing_is_opened(rf: RequestFactory) -> None:
    seen = []

    def look(request: HttpRequest) -> HttpResponse:
        seen.append(messages.get_messages(request))
        return HttpResponse()

    ConsoleMessageMiddleware(look)(rf.get("/01/09520123456788"))
    assert [list(storage) for storage in seen] == [[]]
