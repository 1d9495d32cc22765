"""Links: what a brand may register, and for which entity.

After the GS1-Conformant Resolver Standard 1.2: section 2.5 says what a link is, 2.5.9 which entities can have
one. Which link answers a code is `choosing`'s.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contexts.passport.domain import link_types
from contexts.passport.domain.digital_link import Identified
from contexts.passport.domain.link_targets import why_not
from contexts.passport.domain.refusals import gettext_noop
from contexts.passport.domain.text import cleaned

LONGEST_TITLE: Final = 200
MOST_LINKS: Final = 100
"""Of one entity."""
MOST_LANGUAGES: Final = 20
MOST_CONTEXTS: Final = 20
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2})(?:-([A-Za-z]{2}))?")
"""As GS1's schema of linksets has it, which is narrower than BCP 47."""
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9]+/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
_CONTEXT: Final = re.compile(r"[^\s,;&=?#]{1,100}")

#: The id of the passport among a code's links: no brand has registered it.
PASSPORT_ID: Final = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A typed target of one entity."""

    id: UUID
    anchor: str
    """The entity: a canonical path, one that `anchor_of` gives."""
    link_type: str
    """Of the GS1 Web Vocabulary as `gs1:pip`, or an absolute URI."""
    href: str
    """Target. As it is registered it may have places, `{lot}`; as it is offered they are filled."""
    title: str
    hreflang: tuple[str, ...] = ()
    """Languages of the target, as `de` or `de-CH`; none: any."""
    media_type: str = ""
    """IANA media type of the target; empty: not said."""
    context: tuple[str, ...] = ()
    """For whom or where it is, in the brand's words; none: for everybody."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    """The first moment at which it is no longer valid."""
    is_default: bool = False
    """Where a code leads that asks for nothing special; at most one of each entity at a moment: one that is
    limited in time counts while it lasts, one that is not before and after."""
    passes_query: bool = True
    """Whether the query of the code goes along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What there is for a code."""

    product_known: bool
    """Whether the catalogue has its product."""
    name: str = ""
    """The product's, in its main language; empty where it was not asked for."""
    links: tuple[Link, ...] = ()
    """Those that brands registered for the code's entities, valid or not."""
    recalled: bool = False
    """Whether a standing recall means the code's pack, or may mean it. False where there are no links: our
    page answers anyway, and tells of recalls itself."""


class LinkRefused(ValueError):
    """A link cannot be registered. `code` is stable, `field` names the attribute of Link at fault, `text`
    says what is demanded, English and marked for translation, with `%(name)s` places for `values`."""

    def __init__(self, code: str, **values: str) -> None:
        self.code = code
        self.field, self.text = REFUSALS[code]
        self.values = values
        super().__init__(self.text % values)


#: Why a link is refused: the field at fault and what is demanded, by code.
REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "serial_alone": (
        "anchor",
        gettext_noop(
            "A link of one pack is registered for its serial number alone: leave out the lot and the variant."
        ),
    ),
    "link_type_unknown": (
        "link_type",
        gettext_noop(
            "This link type is not known: choose one of the GS1 Web Vocabulary, such as gs1:pip, or"
            " write a whole web address."
        ),
    ),
    "link_type_reserved": (
        "link_type",
        gettext_noop(
            "This link type cannot be registered: choose what the link leads to, and mark the link"
            " as the default."
        ),
    ),
    "href_missing": (
        "href",
        gettext_noop("The target is missing: write the web address that the link leads to."),
    ),
    "href_too_long": (
        "href",
        gettext_noop("The target has more than %(limit)s characters: take a shorter address."),
    ),
    "href_malformed": (
        "href",
        gettext_noop(
            "The target is not a web address: write it as a whole, such as"
            " https://brand.example/milk, with special characters percent-encoded."
        ),
    ),
    "href_scheme": (
        "href",
        gettext_noop("The target begins with neither https:// nor http://: write the whole web address."),
    ),
    "href_user": ("href", gettext_noop("The target holds a user name or a password: leave them out.")),
    "href_host": (
        "href",
        gettext_noop(
            "The target is not on a public website: write the name of one, not the number of a"
            " computer or a name inside a network."
        ),
    ),
    "href_loop": (
        "href",
        gettext_noop("The target leads back to this site: take an address of another one."),
    ),
    "href_place": (
        "href",
        gettext_noop(
            "%(place)s cannot be filled with what was scanned: use {gtin}, {cpv}, {lot}, {serial} or an"
            " identifier of the code's path, such as {414}."
        ),
    ),
    "href_place_in_host": (
        "href",
        gettext_noop(
            "The name of the website cannot depend on what was scanned: put {gtin} and the like behind it."
        ),
    ),
    "title_missing": (
        "title",
        gettext_noop("The title is missing: write one in the language of the target."),
    ),
    "title_too_long": ("title", gettext_noop("The title has more than %(limit)s characters: shorten it.")),
    "hreflang_unknown": (
        "hreflang",
        gettext_noop(
            "%(language)s is not the code of a language: write two letters, such as de, or with a"
            " country, such as de-CH."
        ),
    ),
    "hreflang_too_many": (
        "hreflang",
        gettext_noop("A link has at most %(limit)s languages: leave some out."),
    ),
    "media_type_malformed": (
        "media_type",
        gettext_noop(
            "This is not a media type: write it as IANA has it, such as text/html or application/pdf."
        ),
    ),
    "context_malformed": (
        "context",
        gettext_noop(
            "A context is a word of at most 100 characters, and a link has at most %(limit)s:"
            " shorten it, or leave some out."
        ),
    ),
    "valid_never": (
        "valid_to",
        gettext_noop("The link would end before it begins: change one of the two moments."),
    ),
    "too_many": ("anchor", gettext_noop("One code has at most %(limit)s links: remove one first.")),
    "second_default": (
        "is_default",
        gettext_noop(
            "Another link is the default already: one code has one default that always counts, and one at a"
            " time that is limited in time."
        ),
    ),
}


def anchor_of(identified: Identified) -> str:
    """The entity that a link is registered for: the code's key and what qualifies it.

    Raises LinkRefused for what rule 2 of section 2.5.9 forbids. Rule 1, nothing beside (235), and rule 3,
    which leaves lot and variant free, are those of the code itself.
    """
    qualifiers = dict(identified.qualifiers)
    if "21" in qualifiers and len(qualifiers) > 1:
        raise LinkRefused("serial_alone")
    return identified.path


def registered(
    *,
    link_id: UUID,
    anchor: str,
    link_type: str,
    href: str,
    title: str,
    own_origin: str,
    hreflang: Iterable[str] = (),
    media_type: str = "",
    context: Iterable[str] = (),
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    is_default: bool = False,
    passes_query: bool = True,
) -> Link:
    """The link as it may be registered, each value in its one spelling. Raises LinkRefused.

    `anchor` is what `anchor_of` gave, `own_origin` where we are, as `https://id.example.com`. Nothing is
    looked up: whether the target answers, and where its name leads, somebody else asks.
    """
    href = href.strip()
    if reason := why_not(href, own_origin=own_origin):
        raise LinkRefused(reason[0], **reason[1])
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise LinkRefused("valid_never")
    return Link(
        id=link_id,
        anchor=anchor,
        link_type=_link_type(link_type),
        href=_target(href),
        title=_title(title),
        hreflang=_languages(hreflang),
        media_type=_media_type(media_type),
        context=_contexts(context),
        valid_from=valid_from,
        valid_to=valid_to,
        is_default=is_default,
        passes_query=passes_query,
    )


def check_beside(link: Link, *, others: Collection[Link]) -> None:
    """Whether a link may stand beside the other links of its entity. Raises LinkRefused."""
    beside = [other for other in others if other.id != link.id and other.anchor == link.anchor]
    if len(beside) >= MOST_LINKS:
        raise LinkRefused("too_many", limit=str(MOST_LINKS))
    if any(clash(link, other) for other in beside):
        raise LinkRefused("second_default")


def clash(first: Link, second: Link) -> bool:
    """Whether two links cannot both be defaults: of one entity, both limited in time and valid at once, or
    both not limited."""
    if not (first.is_default and second.is_default and first.anchor == second.anchor):
        return False
    if is_limited(first) != is_limited(second):
        return False
    return not _ends_before(first, second) and not _ends_before(second, first)


def is_limited(link: Link) -> bool:
    """Whether there are moments at which a link is not valid."""
    return link.valid_from is not None or link.valid_to is not None


def _ends_before(first: Link, second: Link) -> bool:
    return (
        first.valid_to is not None and second.valid_from is not None and first.valid_to <= second.valid_from
    )


def _target(href: str) -> str:
    """A target with its scheme in lower case, as RFC 3986, section 3.1, has it."""
    scheme, separator, rest = href.partition(":")
    return scheme.lower() + separator + rest


def _link_type(text: str) -> str:
    known = link_types.link_type(text)
    if known is None:
        raise LinkRefused("link_type_unknown")
    if known in link_types.RESERVED:
        raise LinkRefused("link_type_reserved")
    return known


def _title(text: str) -> str:
    title = cleaned(text)
    if not title:
        raise LinkRefused("title_missing")
    if len(title) > LONGEST_TITLE:
        raise LinkRefused("title_too_long", limit=str(LONGEST_TITLE))
    return title


def _languages(texts: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts:
        language = _LANGUAGE.fullmatch(text.strip().replace("_", "-"))
        if language is None:
            raise LinkRefused("hreflang_unknown", language=text)
        country = language[2]
        found[language[1].lower() + (f"-{country.upper()}" if country else "")] = None
    if len(found) > MOST_LANGUAGES:
        raise LinkRefused("hreflang_too_many", limit=str(MOST_LANGUAGES))
    return tuple(found)


def _media_type(text: str) -> str:
    media_type = text.strip().lower()
    if media_type and not _MEDIA_TYPE.fullmatch(media_type):
        raise LinkRefused("media_type_malformed")
    return media_type


def _contexts(texts: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(text.strip() for text in texts))
    if len(found) > MOST_CONTEXTS or not all(map(_CONTEXT.fullmatch, found)):
        raise LinkRefused("context_malformed", limit=str(MOST_CONTEXTS))
    return found
