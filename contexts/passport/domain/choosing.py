"""Which link answers a code: what was asked for, what is offered, and what is chosen.

After the GS1-Conformant Resolver Standard 1.2, sections 2.5.9 (whose links a code gets) and 2.6 (which of
them it is led to). Total and deterministic: the same links and the same wish are always answered alike.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_plus

from contexts.passport.domain.application_identifiers import GTIN
from contexts.passport.domain.digital_link import Identified
from contexts.passport.domain.link_targets import filled
from contexts.passport.domain.link_types import DEFAULT, DEFAULT_MULTI, LINKSET, link_type
from contexts.passport.domain.links import PASSPORT_ID, Link, is_limited

#: Of a header that are read; no browser's is longer.
_LOOKED_AT: Final = 1_024
_PARAMETER: Final = re.compile(r"(?:^|[&;])(linkType|context)=([^&;]*)")
_QUALITY: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
#: A link that does not say its media type may be what is wanted; less likely so than one that does.
_PERHAPS: Final = 0.0005
#: Keys whose serial number names one thing, so that lot and variant say nothing more.
_ITEMS: Final = frozenset({GTIN, "8006"})

#: Media types in which the list of links can be had; GS1's standard recommends the second one, too.
LINKSET_JSON: Final = "application/linkset+json"
JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
_LISTS: Final = frozenset({LINKSET_JSON, JSON, JSON_LD, "application/linkset"})
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})

Preferences = tuple[tuple[str, float], ...]
"""What a header asks for, in lower case, each with its weight: as they are listed, equal ones in order."""

#: An Accept header that is absent, or that takes everything alike.
_ANYTHING: Final[frozenset[Preferences]] = frozenset({(), (("*/*", 1.0),)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a request asks of the links of a code."""

    link_type: str | None = None
    """In the spelling of `link_types`, or as it was asked where there is none such; None: the default."""
    linkset: bool = False
    """The list of all links."""
    media_types: Preferences = ()
    languages: Preferences = ()
    context: str | None = None

    @property
    def prefers_nothing(self) -> bool:
        """Whether no link of a type is more wanted than another."""
        return not self.languages and self.context is None and self.media_types in _ANYTHING


class Outcome(StrEnum):
    """How a choice ended."""

    ONE = "one"
    SEVERAL = "several"
    """Nothing that was said tells these links apart."""
    NONE = "none"
    """There is none of the type that was asked for, or nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which link answers."""

    outcome: Outcome
    links: tuple[Link, ...]
    """The one; those that stand equal; or, for none, all that there are instead."""

    @property
    def link(self) -> Link | None:
        """The one that answers, if one does."""
        return self.links[0] if self.outcome is Outcome.ONE else None


def wish_of(*, query: str, accept: str, accept_language: str) -> Wish:
    """What a request asks for: by its raw query, its Accept and its Accept-Language header."""
    asked = context = None
    if "linkType=" in query or "context=" in query:
        for name, value in _PARAMETER.findall(query):
            said = unquote_plus(value).strip()
            if name == "linkType":
                asked = asked or said or None
            else:
                context = context or said or None
    media_types = preferences(accept[:_LOOKED_AT])
    linkset = asked in LINKSET or (asked is None and _prefers_list(media_types))
    known = None
    if asked is not None and not linkset:
        known = link_type(asked) or asked
    return Wish(
        link_type=None if known in {DEFAULT, DEFAULT_MULTI} else known,
        linkset=linkset,
        media_types=media_types,
        languages=preferences(accept_language[:_LOOKED_AT]),
        context=context,
    )


@lru_cache(maxsize=1024)  # the same few browsers ask again and again
def preferences(header: str) -> Preferences:
    """What an Accept or Accept-Language header asks for (RFC 9110, section 12.4.2), the most wanted first.

    What cannot be read is left out, and of parameters everything but the weight.
    """
    found: list[tuple[str, float]] = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if quality := _QUALITY.fullmatch(parameter):
                weight = float(quality[1])
        if name:
            found.append((name.lower(), weight))
    return tuple(sorted(found, key=lambda preference: -preference[1]))


@lru_cache(maxsize=1024)
def _prefers_list(media_types: Preferences) -> bool:
    """Whether the list of links is wanted rather than a page; who would rather have the page is led to it."""
    for name, weight in media_types:
        if weight and (name in _LISTS or name in _PAGES):
            return name in _LISTS
    return False


def form_of_list(wish: Wish) -> str | None:
    """The media type in which a list of links is answered; None: as a page, also to who says nothing
    (2.10)."""
    for name, weight in wish.media_types:
        if weight and name in _PAGES:
            return None
        if weight and name in _LISTS:
            return name if name in {JSON, JSON_LD} else LINKSET_JSON
    return None


def entities(identified: Identified) -> tuple[str, ...]:
    """The anchors whose links a code gets, the most specific first (section 2.5.9, rule 4).

    One item's own, by its serial or (235), then those of its variant and lot, of its lot, of its variant, of
    its key. No HTTP redirect leads from one to the next: they are asked at once.
    """
    if identified.key not in _ITEMS or len(identified.qualifiers) < 2:
        return identified.levels
    said = dict(identified.qualifiers)
    root = identified.levels[-1]
    part = {ai: replace(identified, qualifiers=((ai, value),)).path for ai, value in said.items()}
    found = [part["21"]] if "21" in said else []
    if "22" in said and "10" in said:
        found.append(part["22"] + part["10"].removeprefix(root))
    found += [part[ai] for ai in ("10", "22") if ai in said]
    return (*found, root)


def offered(links: Iterable[Link], *, identified: Identified, at: datetime) -> tuple[Link, ...]:
    """The links that a code gets at a moment, their targets filled with what it says.

    The most specific entity first, in each its default, then the others as they were registered. A link that
    is not valid at the moment, or that needs what the code does not say, is not among them. A default that is
    limited in time is the only one of its entity while it lasts.
    """
    rank = {anchor: number for number, anchor in enumerate(entities(identified))}
    found: list[Link] = []
    for link in links:
        if link.anchor not in rank:
            continue
        if (link.valid_from is not None and at < link.valid_from) or (
            link.valid_to is not None and at >= link.valid_to
        ):
            continue
        if (target := filled(link.href, identified=identified)) is not None:
            found.append(link if target is link.href else replace(link, href=target))
    limited = {link.anchor for link in found if link.is_default and is_limited(link)}
    if limited:
        found = [
            replace(link, is_default=False) if link.anchor in limited and not is_limited(link) else link
            for link in found
        ]
    return tuple(sorted(found, key=lambda link: (rank[link.anchor], not link.is_default, link.id.int)))


def choose(links: Sequence[Link], wish: Wish) -> Choice:
    """The link that answers, of those that `offered` gave.

    The most specific entity that has what is asked for answers. Who asks for no link type is led to its
    default, or to another link of the default's type where the request says that it fits better (2.6.1,
    `defaultLinkMulti` in 2.5.8). Among links of one type the media type decides first, then the language,
    then the context (2.6.3); that a language is not there is no reason to answer with several.
    """
    if wish.link_type is None:
        default = next((link for link in links if link.is_default), None)
        if default is None:
            return Choice(outcome=Outcome.NONE, links=tuple(links))
        if wish.prefers_nothing:
            return Choice(outcome=Outcome.ONE, links=(default,))
        best = _fitting(
            [link for link in variants(links, of=default) if link is default or _in_context(link, wish)], wish
        )
        return Choice(outcome=Outcome.ONE, links=tuple(best) if len(best) == 1 else (default,))
    of_type = [link for link in links if link.link_type == wish.link_type]
    if not of_type:
        return Choice(outcome=Outcome.NONE, links=tuple(links))
    best = _fitting(_of_one_entity(of_type), wish)
    best = [link for link in best if _in_context(link, wish)] or best
    if len(best) > 1 and not _in_language(best, wish):
        neutral = [link for link in best if not link.hreflang]
        first = best[0] if best[0].is_default or not neutral else neutral[0]
        best = [link for link in best if link.hreflang == first.hreflang]
    return Choice(outcome=Outcome.ONE if len(best) == 1 else Outcome.SEVERAL, links=tuple(best))


def variants(links: Iterable[Link], *, of: Link) -> list[Link]:
    """The default and what may stand in for it: the other links of its entity and type.

    Our page has none: what a brand registers beside it becomes the default when the brand says so.
    """
    if of.id == PASSPORT_ID:
        return [of]
    return [
        link
        for link in links
        if link.anchor == of.anchor and link.link_type == of.link_type and link.id != PASSPORT_ID
    ]


def _of_one_entity(links: Sequence[Link]) -> list[Link]:
    """Those of the most specific entity; a brand's own before the page that we add."""
    of_entity = [link for link in links if link.anchor == links[0].anchor]
    return [link for link in of_entity if link.id != PASSPORT_ID] or of_entity


def _fitting(links: list[Link], wish: Wish) -> list[Link]:
    """Those that fit best what the request says; all of them where it says nothing that tells them apart."""
    if len(links) == 1:
        return links
    if wish.media_types:
        asked = dict(reversed(wish.media_types))
        weights = [_media_weight(link, asked) for link in links]
        best = max(weights)
        links = [link for link, weight in zip(links, weights, strict=True) if best in (weight, 0)]
    links = _in_language(links, wish) or links
    return [link for link in links if link.context and _in_context(link, wish)] or links


def _in_context(link: Link, wish: Wish) -> bool:
    """Whether nothing else than what is asked for is the link's context."""
    return not link.context or (wish.context or "").casefold() in map(str.casefold, link.context)


def _media_weight(link: Link, weights: Mapping[str, float]) -> float:
    """How much a link's media type is wanted: what names it most closely says so (RFC 9110, section
    12.5.1)."""
    if not link.media_type:
        return weights.get("*/*", 0) or _PERHAPS
    ranges = (link.media_type, f"{link.media_type.partition('/')[0]}/*", "*/*")
    return next((weights[name] for name in ranges if name in weights), 0)


def _in_language(links: Sequence[Link], wish: Wish) -> list[Link]:
    """Those in the language that is wanted most; none where none is in a wanted language.

    RFC 4647: lookup (section 3.4), which takes `de` for `de-CH`; then, so that `de` finds `de-CH`, basic
    filtering (section 3.3.1).
    """
    for wanted, weight in wish.languages:
        if not weight or wanted == "*":
            continue
        shorter = wanted
        while shorter:
            if found := [link for link in links if shorter in map(str.lower, link.hreflang)]:
                return found
            shorter = shorter.rpartition("-")[0]
            if len(shorter) > 1 and shorter[-2] == "-":  # a single letter begins an extension: it goes, too
                shorter = shorter[:-2]
        if found := [
            link for link in links if any(tag.lower().startswith(f"{wanted}-") for tag in link.hreflang)
        ]:
            return found
    return []
