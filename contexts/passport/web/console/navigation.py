"""These pages in the console's sidebar."""

from typing import Any

from django.http import HttpRequest


def pages(_request: HttpRequest) -> list[dict[str, Any]]:
    """Entries as django-unfold wants them."""
    return []
