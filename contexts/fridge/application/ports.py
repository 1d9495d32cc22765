"""What fridge needs from others, in its own words. The wiring binds it when the apps are loaded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol, TypeVar
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True, kw_only=True)
class CatalogueProduct:
    """What the catalogue says of a product, as far as it matters at home."""

    gtin: str
    """GTIN-14."""
    name: str
    brand_name: str
    brand_id: UUID | None
    """The brand that owns the product, where that brand is a tenant."""
    categories: tuple[str, ...]
    """Open Food Facts tags such as `en:yogurts`, from general to special."""
    quantity: str | None
    """Net quantity in the label's words."""
    date_kind: str | None
    """`use_by` or `best_before`: which date its packs carry."""
    storage: Mapping[str, str]
    """Storage conditions by language (ISO 639-1)."""
    instructions: Mapping[str, str]
    """Instructions for use by language."""
    picture: str | None
    """Path among our static files."""
    data_version: int


class Products(Protocol):
    """The catalogue."""

    def product(self, *, gtin: str) -> CatalogueProduct | None:
        """The product with a GTIN in any of its lengths; None if it is not known or is no GTIN."""


@dataclass(frozen=True, kw_only=True)
class Pack:
    """What a code says of one pack."""

    gtin: str
    """GTIN-14."""
    lot: str | None
    serial: str | None
    use_by: date | None
    best_before: date | None
    net_weight: Decimal | None
    """Kilograms."""


class Packs(Protocol):
    """Codes on packs."""

    def of_code(self, *, code: str, today: date) -> Pack:
        """A Digital Link, GS1 element string, DataMatrix text or bare GTIN, read strictly.

        What it raises for any other text is a DomainError that says what is wrong with it.
        """


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Since when a person's consents stand; None where there is none."""

    notifications: datetime | None
    measurement: datetime | None


class Consents(Protocol):
    """What people allow."""

    def notifications(self, *, account_id: UUID) -> datetime | None:
        """Moment of the grant to send notices that is in force now; None means no. Asked anew each time."""

    def all_measured(self, *, account_ids: Collection[UUID]) -> bool:
        """Whether every one of these people allows to be counted, now; nobody at all does not."""

    def never_withdrawn(self, *, account_id: UUID) -> Standing:
        """The grants that were not taken back, though they may not be in force: the notice has changed since,
        or the account is closed. Nothing that rests on one of them is to be destroyed."""


@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """What a person reads before agreeing to be written to: one version of the text in one language."""

    version: str
    html: str
    """Safe to stand in a page."""


class ConsentDesk(Protocol):
    """Where a person gives and withdraws the consent to be written to, on our pages."""

    def notice(self, *, language: str) -> ConsentText:
        """The current text in the page's language."""

    def grant(self, *, account_id: UUID, notice_version: str, at: datetime) -> None:
        """Record the consent; again changes nothing."""

    def withdraw(self, *, account_id: UUID, at: datetime) -> None:
        """Record the withdrawal; again changes nothing."""


class Mailboxes(Protocol):
    """Where people get their mail."""

    def address(self, *, account_id: UUID) -> str | None:
        """The confirmed e-mail address that the provider of the account knows; it is kept nowhere here.

        None where the provider tells none. Raises a DomainError of kind UNAVAILABLE while it does not answer.
        """


class Who(Protocol):
    """Who uses this browser."""

    def signed_in(self, request: HttpRequest) -> UUID:
        """The account of this browser. For nobody it does not come back: what it raises passes through every
        view and is answered by its provider, with the sign-in page and the way back."""

    def known(self, request: HttpRequest) -> UUID | None:
        """The same without insisting."""


class NotBound(RuntimeError):
    """The wiring forgot a port."""


@dataclass(kw_only=True)
class _Bound:
    products: Products | None = None
    packs: Packs | None = None
    consents: Consents | None = None
    mailboxes: Mailboxes | None = None
    desk: ConsentDesk | None = None
    who: Who | None = None


_BOUND: Final = _Bound()
P = TypeVar("P")


def bind(
    *,
    products: Products,
    packs: Packs,
    consents: Consents,
    mailboxes: Mailboxes,
    desk: ConsentDesk,
    who: Who,
) -> None:
    """Say who provides each port."""
    _BOUND.products, _BOUND.packs, _BOUND.consents = products, packs, consents
    _BOUND.mailboxes, _BOUND.desk, _BOUND.who = mailboxes, desk, who


def products() -> Products:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.products, "products")


def packs() -> Packs:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.packs, "packs")


def consents() -> Consents:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.consents, "consents")


def desk() -> ConsentDesk:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.desk, "desk")


def mailboxes() -> Mailboxes:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.mailboxes, "mailboxes")


def who() -> Who:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.who, "who")


def _present(bound: P | None, name: str) -> P:
    if bound is None:
        raise NotBound(f"packytrace/wiring.py must call fridge's ports.bind({name}=...).")
    return bound
