"""The Catalogue Entry: what we hold about one GTIN, and where each value of it comes from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.sections import Eco, Journey


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where some of an entry's values come from. Every known value has exactly one source."""

    name: str
    """Whom to thank: the attribution that the licence asks for."""
    licence: str
    fields: tuple[str, ...]
    """Names of the values it gave."""
    fetched: date
    """When these values were read from it."""
    verified: bool
    """Whether somebody who answers for the values has confirmed them."""
    licence_url: str | None = None
    url: str | None = None
    """Where the source shows this product."""
    modified: datetime | None = None
    """When the source says that it last changed them."""
    record: str = ""
    """The source's own key of the product."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntry:
    """All that is known of one product."""

    gtin: str
    """GTIN-14 with a right check digit."""
    label: DigitalLabel
    sources: tuple[Source, ...]
    brand_name: str = ""
    """The brand as printed on the pack, which need not be a tenant's name."""
    brand_id: UUID | None = None
    """The brand that owns the entry; None while no tenant does."""
    picture: str | None = None
    """Path of a picture among our own static files: none is fetched from others, who would learn who
    looks."""
    categories: tuple[str, ...] = ()
    """What kind of food it is: tags of Open Food Facts' taxonomy such as `en:yogurts`, from general to
    special."""
    journey: Journey = ()
    eco: Eco | None = None
    is_demo: bool = False

    @property
    def name(self) -> str:
        """The name in the product's main language; empty if there is none."""
        found = self.label.in_language(self.label.names, self.label.language)
        return found[1] if found else ""

    @property
    def is_verified(self) -> bool:
        """Whether somebody answers for each value; not so where nobody is named at all."""
        return bool(self.sources) and all(source.verified for source in self.sources)

    def known(self) -> frozenset[str]:
        """Names of all values that are known, sections included."""
        own = ("brand_name", "picture", "categories", "journey", "eco")
        return frozenset((*self.label.known(), *(name for name in own if getattr(self, name))))

    def unsourced(self) -> frozenset[str]:
        """Known values that no source answers for: there must be none."""
        return self.known() - {name for source in self.sources for name in source.fields}


class ChangeKind(Enum):
    """What happened to an entry."""

    CREATED = "created"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class CatalogueEntryChanged:
    """An entry was created, changed or withdrawn."""

    gtin: str
    brand_id: UUID | None
    name: str | None
    brand_name: str | None
    kind: ChangeKind
    data_version: int
    at: datetime
