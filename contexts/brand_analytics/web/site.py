"""The console as a site of django-unfold, with a gate of its own instead of Django's staff flag."""

from typing import Any, cast

from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite

from contexts.brand_analytics.application.ports import BrandIdentity, brand_gate


class ConsoleRequest(HttpRequest):
    """Never instantiated: names, for the type checker, what the site adds to Django's request."""

    brand: BrandIdentity


class BrandSite(UnfoldAdminSite):
    """Django's admin without models: pages for the people of one brand, each inside that brand's scope.

    Its addresses are our own pages and nothing of the admin's: no model, password or search has one.
    """

    settings_name = "UNFOLD_BRANDS"

    def has_permission(self, request: HttpRequest) -> bool:
        """True for a person who works for an active brand. Raises what the gate raises.

        Leaves the brand on the request, so that the gate is asked once, however often the admin asks here.
        """
        if not hasattr(request, "brand"):
            cast("ConsoleRequest", request).brand = brand_gate().brand_of(request=request)
        return True

    def get_app_list(self, _request: HttpRequest, _app_label: str | None = None) -> list[Any]:
        """No models, hence nothing to look up."""
        return []


console = BrandSite(name="brand")
