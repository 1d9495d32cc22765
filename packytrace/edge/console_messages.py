"""Django's messages, for the consoles alone."""

from typing import Final

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest

#: Below these addresses Django's admin tells what it has done ("The brand was changed").
CONSOLES: Final = ("/admin/", "/brand/")


class ConsoleMessageMiddleware(MessageMiddleware):
    """Opens the storage of messages only where somebody writes or shows one.

    Anywhere else `messages.add_message` raises MessageFailure: our own pages say what happened themselves.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Give a console's request its storage; Django's own code takes care of requests without one."""
        if request.path.startswith(CONSOLES):
            super().process_request(request)
