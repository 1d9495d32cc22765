"""The brand console as a site of django-unfold, with a gate of its own instead of Django's staff flag.

Contexts add their pages below /brand/; the wiring names them in the sidebar. A page's template extends
`console/frame.html`.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from packytrace.edge.ports import BrandIdentity, brand_gate
from packytrace.edge.request import EdgeRequest


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


console: Final = BrandSite(name="brand")


def brand_of(request: HttpRequest) -> BrandIdentity:
    """The brand that the site's gate has left on a request."""
    return cast("ConsoleRequest", request).brand


def brand_of_bearer(request: EdgeRequest) -> BrandIdentity:
    """The brand of the person whom a request's token speaks for. Raises what the gate raises."""
    if request.account_id is None:
        raise PermissionDenied
    return brand_gate().brand_of_account(account_id=request.account_id)


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, title: str, status: int = 200
) -> TemplateResponse:
    """A page of the console; nothing may store it."""
    request.current_app = console.name
    return TemplateResponse(
        request,
        template,
        {**console.each_context(request), "brand": brand_of(request), "title": title, **context},
        status=status,
        headers={"Cache-Control": "private, no-store"},
    )
