"""Which language a label is read in: the reader's first wish of those that labels are written in."""

from functools import lru_cache
from typing import Final

from django.http import HttpRequest

from packytrace.edge.languages import chosen_language

#: Languages of labels on the European market. A closed list: a page is kept once for each of them, so that
#: nobody fills the memory by asking in invented ones.
LANGUAGES: Final = frozenset({
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lb",
    "lt", "lv", "mt", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tr", "uk",
})  # fmt: skip
DEFAULT: Final = "en"
_NORWEGIAN: Final = {"nb": "no", "nn": "no"}


def reading_language(request: HttpRequest) -> str:
    """The language that a person reads labels in: the one they chose for our pages, or else wish for."""
    return chosen_language(request) or wished_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=1024)
def wished_language(accept_language: str) -> str:
    """The language that a header `Accept-Language` (RFC 9110 section 12.5.4) prefers among LANGUAGES.

    English when it prefers none of them, cannot be read or is missing.
    """
    best, best_weight = DEFAULT, 0.0
    for choice in accept_language.lower().split(",")[:20]:
        tag, _, parameters = choice.strip().partition(";")
        primary = tag.partition("-")[0]
        language = _NORWEGIAN.get(primary, primary)
        weight = _weight(parameters)
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0.0 <= weight <= 1.0 else 0.0
