"""Links for tests."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from contexts.passport.domain.links import Link, registered
from contexts.passport.models import BrandProduct
from contexts.passport.models import Link as StoredLink
from packytrace.databases.scope import brand_scope

GTIN: Final = "09520123456788"
ANCHOR: Final = f"/01/{GTIN}"
ORIGIN: Final = "https://packy.example"
BRAND: Final = UUID("3fa85f64-5717-4562-b3fc-2c963f66afa6")
NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)


def link(number: int = 1, **said: Any) -> Link:
    """A link as it may be registered; its number orders it among others."""
    return registered(
        **{
            "link_id": UUID(int=number),
            "anchor": ANCHOR,
            "link_type": "gs1:pip",
            "href": f"https://brand.example/{number}",
            "title": f"Page {number}",
            "own_origin": ORIGIN,
            **said,
        }
    )


def store(number: int = 1, **said: Any) -> Link:
    """Register a link in the database, as its brand."""
    made = link(number, **said)
    with brand_scope(brand_id=BRAND, using="passport"):
        BrandProduct.objects.get_or_create(
            gtin=GTIN, defaults={"brand_id": BRAND, "created_at": NOW, "updated_at": NOW}
        )
        StoredLink.objects.create(
            brand_id=BRAND,
            gtin=GTIN,
            created_at=NOW,
            updated_at=NOW,
            **{name: getattr(made, name) for name in Link.__slots__ if name not in {"hreflang", "context"}},
            hreflang=list(made.hreflang),
            context=list(made.context),
        )
    return made
