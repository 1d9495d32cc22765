"""These pages in the console's sidebar."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from contexts.brand_analytics.web.choices import chosen_days


def pages(request: HttpRequest) -> list[dict[str, Any]]:
    """Entries as django-unfold wants them; the chosen period travels along."""
    period = f"?{urlencode({'days': chosen_days(request)})}" if "days" in request.GET else ""
    return [
        {"title": _("Overview"), "icon": "chart", "link": reverse("brand:index") + period},
        {"title": _("Scans by product"), "icon": "pack", "link": reverse("brand:products") + period},
    ]
