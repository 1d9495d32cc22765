"""Under which name we are asked: ours, or one that Django finds among ALLOWED_HOSTS."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.response import HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware


class HostMiddleware(CommonMiddleware):
    """Django's CommonMiddleware, which takes the name in PUBLIC_URL for right without taking it apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._public: Final = urlsplit(settings.PUBLIC_URL).netloc

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Refuse a name that is not ours. Raises DisallowedHost."""
        if request.META.get("HTTP_HOST") == self._public:
            return None
        return super().process_request(request)
