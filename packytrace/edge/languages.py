"""In which language somebody is answered: the one they chose, else the first that their browser asks for and
we speak, else English.

What programs ask for follows `Accept-Language` (RFC 9110 section 12.5.4) alone, so that a cache in front may
keep it for everyone. Logs and commands stay English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from packytrace.edge.addresses import FOR_PROGRAMS, RESOLVER

COOKIE: Final = "packytrace_language"
LANGUAGES: Final = frozenset(code for code, _ in settings.LANGUAGES)
DEFAULT: Final[str] = settings.LANGUAGE_CODE


def chosen_language(request: HttpRequest) -> str | None:
    """The language that a person chose here, in the browser that asks."""
    choice = request.COOKIES.get(COOKIE)
    return choice if choice in LANGUAGES else None


def language_of(request: HttpRequest) -> str:
    """The language to answer a request in."""
    if not request.path.startswith(FOR_PROGRAMS) and (choice := chosen_language(request)):
        return choice
    return _wished(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def our_language(language: str) -> str:
    """The language of our own words beside a text in a language: the same if we speak it, else English."""
    return language if language in LANGUAGES else DEFAULT


@contextmanager
def speaking_to(request: HttpRequest) -> Iterator[None]:
    """Translate into the language of who asks: for what is said where LanguageMiddleware does not reach."""
    with translation.override(language_of(request)):
        yield


class LanguageMiddleware:
    """Translates for every request, and says in the answer which language it is and what that depends on.

    Not for the Resolver's, which mostly lead on without a word: where it says something, it uses
    `speaking_to`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(RESOLVER):
            return self._get_response(request)
        language = language_of(request)
        translation.activate(language)
        try:
            response = self._get_response(request)
        finally:
            # The thread's next request may be the Resolver's, which activates nothing.
            translation.deactivate()
        told(response, request=request, language=language)
        return response


def told(response: HttpResponse, *, request: HttpRequest, language: str) -> None:
    """Name an answer's language. Who has named it already has also said what it varies by."""
    if "Content-Language" in response.headers:
        return
    response.headers["Content-Language"] = language
    by_program = request.path.startswith(FOR_PROGRAMS)
    patch_vary_headers(response, ("Accept-Language",) if by_program else ("Accept-Language", "Cookie"))


@lru_cache(maxsize=1024)
def _wished(accept_language: str) -> str:
    for wish, _weight in parse_accept_lang_header(accept_language):
        if (primary := wish.partition("-")[0]) in LANGUAGES:
            return primary
    return DEFAULT
