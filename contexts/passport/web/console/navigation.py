"""These pages in the console's sidebar."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def pages(_request: HttpRequest) -> list[dict[str, Any]]:
    """Entries as django-unfold wants them."""
    return [
        {"title": _("Catalogue"), "icon": "list", "link": reverse("brand_catalogue:catalogue")},
        {"title": _("Links"), "icon": "route", "link": reverse("brand_catalogue:links")},
        {
            "title": _("Unknown products"),
            "icon": "search",
            "link": reverse("brand_catalogue:unknown_products"),
        },
    ]
