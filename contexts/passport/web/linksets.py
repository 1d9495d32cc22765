"""Answers that list a code's links: the list itself, the links that stand equal, and those that there are
instead.

For programs as a linkset (RFC 9264; GS1-Conformant Resolver Standard 1.2, section 2.10), for people as a page
with the same list in it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.passport.application.errors import LinkTypeNotThere
from contexts.passport.domain.application_identifiers import GTIN
from contexts.passport.domain.choosing import JSON, JSON_LD, LINKSET_JSON, Choice, Outcome, Wish, form_of_list
from contexts.passport.domain.digital_link import Identified
from contexts.passport.domain.link_types import LINK_TYPES
from contexts.passport.domain.links import PASSPORT_ID, Link
from contexts.passport.domain.linkset import CONTEXT_ADDRESS, json_ld, linkset
from contexts.passport.web.public_copy import MAX_AGE, STALE, matches
from packytrace.edge import problems
from packytrace.edge.languages import language_of, speaking_to, told
from packytrace.facts import correlation

#: What `application.resolving` calls the links that are ours: named here for the lists of messages.
_OURS: Final = (gettext_noop("Product passport"), gettext_noop("Recall"))
#: What every answer to a code depends on.
VARY: Final = "Accept, Accept-Language"
#: The same bytes in another media type are another representation (RFC 9110, section 8.8.1).
_PERSONS: Final[Mapping[str, bytes]] = {LINKSET_JSON: b"linkset", JSON: b"json", JSON_LD: b"json-ld"}
_CONTEXT_LINK: Final = f'<{CONTEXT_ADDRESS}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD}"'


def point_to_list(response: HttpResponse, *, identified: Identified) -> None:
    """Say where the list of a code's links is, and what the answer depends on."""
    headers = response.headers
    link = f'<{settings.PUBLIC_URL}{identified.path}?linkType=linkset>; rel="linkset"; type="{LINKSET_JSON}"'
    headers["Link"] = f"{headers['Link']}, {link}" if "Link" in headers else link
    vary(response)


def vary(response: HttpResponse) -> None:
    """Say what an answer depends on: a page also on the language that was chosen here."""
    headers = response.headers
    headers["Vary"] = f"{VARY}, Cookie" if "Cookie" in headers.get("Vary", "") else VARY


def list_links(
    request: HttpRequest, links: Sequence[Link], *, wish: Wish, name: str, identified: Identified
) -> HttpResponse:
    """All links of a code, in the form that is asked for: 200, or 304 to whoever has these very bytes."""
    form = form_of_list(wish)
    document = linkset(links, origin=settings.PUBLIC_URL, name=name)
    if form is None:
        return _page(
            request, "passport/linkset.html", links, document=document, name=name, identified=identified
        )
    body = orjson.dumps(json_ld(document) if form == JSON_LD else document)
    etag = f'"{hashlib.blake2b(body, digest_size=16, person=_PERSONS[form]).hexdigest()}"'
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={MAX_AGE}, stale-while-revalidate={STALE}",
        "Link": _CONTEXT_LINK,
    }
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known is not None and matches(known, etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type=form, headers=headers)


def offer(
    request: HttpRequest, choice: Choice, *, wish: Wish, name: str, identified: Identified
) -> HttpResponse:
    """The links to choose from: 300 where several stand equal, 404 where none is of the type that was asked
    for.

    Nothing may store it: it may be a scan's.
    """
    none_of_type = choice.outcome is Outcome.NONE and wish.link_type is not None
    status = 404 if none_of_type else 300
    document = linkset(choice.links, origin=settings.PUBLIC_URL, name=name)
    if "html" in request.META.get("HTTP_ACCEPT", ""):
        return _page(
            request,
            "passport/choose.html",
            choice.links,
            document=document,
            name=name,
            identified=identified,
            status=status,
        )
    if none_of_type:
        with speaking_to(request):
            problem = problems.problem_of(LinkTypeNotThere())
            body = {
                "code": problem.code,
                "message": str(problem.message),
                "correlationId": correlation.get(),
                **document,
            }
        response = HttpResponse(orjson.dumps(body), status=status, content_type=JSON)
    else:
        response = HttpResponse(orjson.dumps(document), status=status, content_type=LINKSET_JSON)
        response.headers["Link"] = _CONTEXT_LINK
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(
    request: HttpRequest,
    template: str,
    links: Sequence[Link],
    *,
    document: Mapping[str, Any],
    name: str,
    identified: Identified,
    status: int = 200,
) -> HttpResponse:
    with speaking_to(request):
        context = {
            "none_of_type": status == 404,
            "name": name,
            "code": f"{settings.PUBLIC_URL}{identified.path}",
            "groups": _by_entity(links),
            "json_ld": _in_a_page(json_ld(document)),
            "correlation_id": correlation.get(),
        }
        response = render(request, template, context, status=status)
    told(response, request=request, language=language_of(request))
    response.headers["Cache-Control"] = "no-store"
    return response


def _in_a_page(document: Mapping[str, Any]) -> str:
    """JSON for a script element: no text in it can end it, as `django.utils.html.json_script` has it."""
    text = orjson.dumps(document).decode()
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _by_entity(links: Sequence[Link]) -> list[dict[str, Any]]:
    """The links as a page shows them: by what they belong to, the most specific first."""
    groups: list[dict[str, Any]] = []
    for link in links:
        if not groups or groups[-1]["anchor"] != link.anchor:
            groups.append({"anchor": link.anchor, "says": _says(link.anchor), "links": []})
        groups[-1]["links"].append(
            {
                "link": link,
                "title": _(link.title) if link.id == PASSPORT_ID else link.title,
                "kind": _kind(link.link_type),
                "host": urlsplit(link.href).hostname,
            }
        )
    return groups


def _says(anchor: str) -> str:
    """What an entity is, in words."""
    segments = anchor.split("/")[1:]
    said = {ai: unquote(value) for ai, value in zip(segments[2::2], segments[3::2], strict=True)}
    if not said:
        return _("For every pack") if segments[0] == GTIN else f"({segments[0]}) {unquote(segments[1])}"
    words = {
        "22": _("variant %(variant)s") % {"variant": said.get("22")},
        "10": _("lot %(lot)s") % {"lot": said.get("10")},
        "21": _("serial number %(serial)s") % {"serial": said.get("21")},
    }
    listed = ", ".join(words.get(ai, f"({ai}) {value}") for ai, value in said.items())
    return _("For %(packs)s") % {"packs": listed}


def _kind(link_type: str) -> str:
    """What a link leads to, in words."""
    return _(LINK_TYPES[link_type]) if link_type in LINK_TYPES else link_type
