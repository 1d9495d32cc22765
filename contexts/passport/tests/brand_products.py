"""Two brands with confirmed company prefixes, one product each, and links as they would type them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from contexts.passport.application import brand_links, company_prefixes
from contexts.passport.application.brand_links import BrandLink, Draft, Editor
from contexts.passport.application.brand_products import add_product
from contexts.passport.domain.company_prefixes import Kind

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
OURS, THEIRS = UUID(int=0xA), UUID(int=0xB)
MILK, BREAD = "09521001000017", "09521002000016"
PREFIXES: Final = {OURS: ("9521001", MILK), THEIRS: ("9521002", BREAD)}
EDITOR: Final = Editor(brand_id=OURS, account_id=UUID(int=0x10))
STRANGER: Final = Editor(brand_id=THEIRS, account_id=UUID(int=0x20))
DRAFT: Final = Draft(
    gtin=MILK, link_type="pip", href="https://example.com/milk", title="Milk", hreflang=("en",)
)


def own(brand_id: UUID = OURS) -> None:
    """Let a brand have its product."""
    prefix, gtin = PREFIXES[brand_id]
    claim = company_prefixes.claim(
        brand_id=brand_id, brand_name="Brand", text=prefix, kind=Kind.COMPANY_PREFIX, now=NOW
    )
    company_prefixes.confirm(claim_id=claim.id, now=NOW)
    add_product(brand_id=brand_id, gtin=gtin, now=NOW)


def added(**said: Any) -> BrandLink:
    """A link of ours."""
    return brand_links.add(editor=EDITOR, draft=replace(DRAFT, **said), now=NOW)
