"""Registering, and confirming the address in the browser where that began."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.views import ConfirmEmailView, SignupView
from django.http import Http404, HttpRequest, HttpResponse

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
    """The page on which somebody registers; takes the same time for every address."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with uniform_time():
            response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class Confirmation(ConfirmEmailView):
    """Where the link of the mail leads.

    In the browser that registered the address, opening it is the answer. Anywhere else the page asks first:
    there it may be a program that looks into mails, or somebody whose address another person has given.
    """

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post if self._began_here() else super().get
        response: HttpResponse = answer(*args, **kwargs)
        return response

    def _began_here(self) -> bool:
        waiting = LoginStageController.enter(self.request, EmailVerificationStage.key)
        if waiting is None or self.request.user.is_authenticated:
            return False
        view: Any = self  # the library's class has no types
        try:
            return bool(waiting.login.user.pk == view.get_object().email_address.user_id)
        except Http404:
            return False
