"""Registering takes the same time for every address."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from allauth.account.views import SignupView
from django.http import HttpRequest, HttpResponse

#: Seconds: well above what making an account takes, which is more than finding one.
_UNIFORM: Final = 0.5


@contextmanager
def uniform_time() -> Iterator[None]:
    """Let whatever happens inside end no sooner than anything that could have happened."""
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(max(0.0, began + _UNIFORM - time.monotonic()))


class Registration(SignupView):
    """The page on which somebody registers."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with uniform_time():
            response: HttpResponse = super().post(request, *args, **kwargs)
        return response
