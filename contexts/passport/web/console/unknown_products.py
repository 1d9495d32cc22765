"""What people look for among a brand's own numbers and do not find: "at least" so many, from ten on."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contexts.passport.application import company_prefixes, unknown_products
from packytrace.edge import console


@require_safe
def wanted(request: HttpRequest) -> HttpResponse:
    """Products under the brand's confirmed prefixes that the catalogue lacks, the most wanted first."""
    held = company_prefixes.claims_of(brand_id=console.brand_of(request).id)
    claims = [one.claim for one in held if one.state is company_prefixes.State.CONFIRMED]
    return console.page(
        request,
        "passport/console/unknown_products.html",
        {"wanted": unknown_products.wanted_of(claims=claims)},
        title=_("Unknown products"),
    )
