"""What a code leads to: the links that are registered for it, ours beside them, and the one that answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from contexts.passport.domain.application_identifiers import GTIN
from contexts.passport.domain.choosing import Choice, Wish, choose, entities, offered
from contexts.passport.domain.digital_link import Identified, parse_uri
from contexts.passport.domain.link_types import PRODUCT_PAGE, RECALL_STATUS
from contexts.passport.domain.links import PASSPORT_ID, Link, Registered
from contexts.passport.domain.recalls import Certainty, Reason, Recall
from contexts.passport.models.links import READ_LINKS

_DATABASE: Final = "passport"
_ANY_HOST: Final = "https://id.gs1.org"


def registered_for(identified: Identified) -> Registered:
    """What there is for a code, in one round trip."""
    connection = connections[_DATABASE]
    parameters = {
        "gtin": identified.value if identified.key == GTIN else "",
        "anchors": anchors(identified),
    }
    with connection.wrap_database_errors:
        answer = _asked(connection, parameters)
    if answer is None:
        raise AssertionError("unreachable: the statement has always one row")
    known, name, found = orjson.loads(answer)
    return read(found, identified=identified, product_known=known, name=name or "")


def _asked(connection: BaseDatabaseWrapper, parameters: Mapping[str, str]) -> str | None:
    """Run the statement; once more on a new connection where the old one turns out to be dead."""
    connection.ensure_connection()
    try:
        return READ_LINKS.run(connection.connection, parameters)
    except psycopg.OperationalError:
        if connection.in_atomic_block:
            raise
        connection.close()
        connection.ensure_connection()
        return READ_LINKS.run(connection.connection, parameters)


#: Of a code whose links nobody asks for.
NO_ANCHORS: Final = "{}"


def anchors(identified: Identified) -> str:
    """The entities of a code as PostgreSQL's array of texts. Nothing in a path would need to be quoted
    there."""
    return "{" + ",".join(entities(identified)) + "}"


def read(
    found: Sequence[Any] | None,
    *,
    identified: Identified,
    product_known: bool,
    name: str = "",
    default_alone: bool = False,
) -> Registered:
    """What `models.links.LINKS` gave.

    With `default_alone`, of a product that we know only those that can answer who asks for no link type: what
    else there is, nobody reads then.
    """
    if found is None:
        return Registered(product_known=product_known, name=name)
    links, recalls = found
    if default_alone and product_known:
        links = _near_a_default(links)
    return Registered(
        product_known=product_known,
        name=name,
        links=tuple(map(_link, links)),
        recalled=any(_means(recall, identified=identified) for recall in recalls),
    )


def _near_a_default(rows: Sequence[Any]) -> list[Any]:
    """The defaults, valid or not, and what `choosing.variants` lets stand in for them."""
    defaults = {(row[1], row[2]) for row in rows if row[-2]}
    return [row for row in rows if (row[1], row[2]) in defaults]


def answering(registered: Registered, *, identified: Identified, wish: Wish, at: datetime) -> Choice:
    """The link that a code is answered with: `choose` among all `offers`.

    A brand's default answers without our page beside it, unless a recall takes its place.
    """
    if wish.link_type is None and not registered.recalled:
        found = offered(registered.links, identified=identified, at=at)
        if any(link.is_default for link in found):
            return choose(found, wish)
    return choose(offers(registered, identified=identified, at=at), wish)


def offers(registered: Registered, *, identified: Identified, at: datetime) -> tuple[Link, ...]:
    """The links that a code gets at a moment: the registered ones, and the passport of a product that we
    know.

    The passport is where the code leads unless the brand has registered a default for the product. Where a
    recall means the pack, or may mean it, it leads there whatever is registered: a page that says nothing of
    the recall must not stand between a person and the warning. The list of links says the same.
    """
    found = offered(registered.links, identified=identified, at=at)
    if not registered.product_known:
        return found
    if registered.recalled:
        found = tuple(replace(link, is_default=False) for link in found)
    anchor = identified.levels[-1]
    specific = [link for link in found if link.anchor != anchor]
    of_product = found[len(specific) :]
    page = _page(identified.value, is_default=not any(link.is_default for link in of_product))
    if registered.recalled:
        warning = replace(page, link_type=RECALL_STATUS, title="Recall", is_default=False)
        return (*specific, page, warning, *of_product)
    return (*specific, page, *of_product) if page.is_default else (*specific, *of_product, page)


def passport_address(gtin: str) -> str:
    """The absolute address of a product's passport, the same for every pack."""
    return f"{settings.PUBLIC_URL}/passport/{gtin}"


def preview(*, anchor: str, wish: Wish, at: datetime) -> Choice:
    """What a code (its path, `/01/...`, lot and serial included) would be answered at a moment. Raises
    CodeRefused."""
    identified = parse_uri(_ANY_HOST + anchor, today=at.date())
    return answering(registered_for(identified), identified=identified, wish=wish, at=at)


def _page(gtin: str, *, is_default: bool) -> Link:
    return Link(
        id=PASSPORT_ID,
        anchor=f"/{GTIN}/{gtin}",
        link_type=PRODUCT_PAGE,
        href=passport_address(gtin),
        title="Product passport",
        hreflang=_our_languages(),
        media_type="text/html",
        is_default=is_default,
    )


@cache
def _our_languages() -> tuple[str, ...]:
    return tuple(code for code, _ in settings.LANGUAGES)


def _link(row: Sequence[Any]) -> Link:
    """A link as `models.links.LINKS` writes it down."""
    key, anchor, link_type, href, title, hreflang, media_type, context, since, until, *said = row
    is_default, passes_query = said
    return Link(
        id=UUID(key),
        anchor=anchor,
        link_type=link_type,
        href=href,
        title=title,
        hreflang=tuple(hreflang),
        media_type=media_type,
        context=tuple(context),
        valid_from=since and datetime.fromisoformat(since),
        valid_to=until and datetime.fromisoformat(until),
        is_default=is_default,
        passes_query=passes_query,
    )


def _means(row: Sequence[Any], *, identified: Identified) -> bool:
    """Whether a standing recall means a code's pack, or may mean it."""
    lots, first, last, reason = row
    recall = Recall(
        gtin=identified.value,
        lots=tuple(lots),
        serial_from=first,
        serial_to=last,
        reason=Reason(reason),
        text="",  # which packs it means, it says without
    )
    said = dict(identified.qualifiers)
    return recall.means(lot=said.get("10"), serial=said.get("21")) is not Certainty.NOT_MEANT
