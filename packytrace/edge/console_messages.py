"""Django's messages, for the consoles alone."""

from collections.abc import Awaitable
from typing import Final

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponseBase

#: Below these addresses Django's admin tells what it has done ("The brand was changed").
CONSOLES: Final = ("/admin/", "/brand/")


class ConsoleMessageMiddleware(MessageMiddleware):
    """Opens the storage of messages only where somebody writes or shows one.

    Anywhere else `messages.add_message` raises MessageFailure: our own pages say what happened themselves.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return super().__call__(request) if request.path.startswith(CONSOLES) else self.get_response(request)
