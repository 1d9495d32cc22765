"""What kind of resolver this is, for machines: `/.well-known/gs1resolver` (RFC 8615).

After the GS1-Conformant Resolver Standard 1.2, section 3; valid against GS1's schema of such files.
"""

from functools import cache

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from contexts.passport.domain.application_identifiers import GTIN
from contexts.passport.domain.link_types import NAMESPACE, PREFIX
from contexts.passport.domain.linkset import CONTEXT_ADDRESS
from contexts.passport.web.resolver import options, wrong_method
from packytrace.edge.request import EdgeRequest


@csrf_exempt  # a POST is refused as what it is, not for a missing token
def describe(request: EdgeRequest) -> HttpResponse:
    """Who may ask what here. The same for everyone."""
    if request.method == "OPTIONS":
        return options()
    if request.method not in {"GET", "HEAD"}:
        return wrong_method(request)
    return HttpResponse(
        _description(settings.PUBLIC_URL),
        content_type="application/json",
        headers={
            "Cache-Control": "public, max-age=3600",
            "Access-Control-Allow-Origin": "*",
            "Content-Language": "en",  # so that it is not said to vary by who asks
        },
    )


@cache
def _description(root: str) -> bytes:
    return orjson.dumps(
        {
            "name": "PackyTrace",
            "resolverRoot": root,
            "supportedPrimaryKeys": [GTIN],  # brands register links for products alone
            "supportedLinkType": [{"namespace": NAMESPACE, "prefix": PREFIX}],
            "linkTypeDefaultCanBeLinkset": False,
            "jsonLdContextLocation": CONTEXT_ADDRESS,
        }
    )
