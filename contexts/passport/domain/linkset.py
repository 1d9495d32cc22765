"""The list of a code's links (linkset, RFC 9264), as GS1's schema of the Resolver standard 1.2 has it.

The union of what is registered for the code's entities, the most specific first, each under its own anchor in
uncompressed form (section 2.5.9); the default once without attributes, once under what it leads to (2.5.8).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contexts.passport.domain.choosing import variants
from contexts.passport.domain.link_types import DEFAULT, DEFAULT_MULTI, uri_of
from contexts.passport.domain.links import Link

#: Where GS1 keeps the context that makes a linkset JSON-LD.
CONTEXT_ADDRESS: Final = "https://ref.gs1.org/standards/resolver/linkset-context"

#: The same said in place, for who cannot fetch it: names as RFC 9264, appendix A, has them; what no
#: vocabulary has a name for is left to who reads JSON.
CONTEXT: Final[Mapping[str, Any]] = {
    "@version": 1.1,
    "@vocab": "http://www.iana.org/assignments/relation/",
    "linkset": "@graph",
    "anchor": "@id",
    "href": "@id",
    "itemDescription": "http://purl.org/dc/terms/description",
    "title": "http://purl.org/dc/terms/title",
    "type": "http://purl.org/dc/terms/format",
    "hreflang": {"@id": "http://purl.org/dc/terms/language", "@container": "@set"},
    "context": None,
    "fwqs": None,
}


def linkset(links: Sequence[Link], *, origin: str, name: str = "") -> dict[str, Any]:
    """The list of links that `choosing.offered` gave, or some of them; `origin` is where our codes lead.

    `name`, the product's, describes the item where it is known.
    """
    by_anchor: dict[str, dict[str, Any]] = {}
    for link in links:
        entity = by_anchor.get(link.anchor)
        if entity is None:
            entity = by_anchor[link.anchor] = {"anchor": f"{origin}{link.anchor}"}
            if name:
                entity["itemDescription"] = name
        entity.setdefault(uri_of(link.link_type), []).append(_target(link))
        if link.is_default:
            entity[uri_of(DEFAULT)] = [{"href": link.href, "title": link.title}]
            fitting = variants(links, of=link)
            if len(fitting) > 1:
                entity[uri_of(DEFAULT_MULTI)] = [_target(other) for other in fitting]
    return {"linkset": list(by_anchor.values())}


def json_ld(document: Mapping[str, Any]) -> dict[str, Any]:
    """A linkset as JSON-LD, its context in it."""
    return {"@context": CONTEXT, **document}


def _target(link: Link) -> dict[str, Any]:
    target: dict[str, Any] = {"href": link.href, "title": link.title}
    if link.hreflang:
        target["hreflang"] = list(link.hreflang)
    if link.media_type:
        target["type"] = link.media_type
    if link.context:
        target["context"] = list(link.context)
    if not link.passes_query:
        target["fwqs"] = False
    return target
