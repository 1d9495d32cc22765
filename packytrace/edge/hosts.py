"""Under which name we are asked: ours, or one that Django finds among ALLOWED_HOSTS."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.common import CommonMiddleware

from packytrace.edge import problems
from packytrace.edge.answers import answer


class HostMiddleware(CommonMiddleware):
    """Django's CommonMiddleware, which takes the name in PUBLIC_URL for right without taking it apart."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._public: Final = urlsplit(settings.PUBLIC_URL).netloc

    def process_request(  # type: ignore[override] # the stubs know only Django's own answer: a redirect
        self, request: HttpRequest
    ) -> HttpResponse | None:
        """Refuse a name that is not ours.

        Left to Django, each refusal would be an error in the log, and anybody could fill it with them.
        """
        if request.META.get("HTTP_HOST") == self._public:
            return None
        try:
            return super().process_request(request)
        except DisallowedHost:
            return answer(request, problems.BAD_HOST)
