"""What personalization needs from others, in its own words. The wiring binds it when the apps are loaded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar
from uuid import UUID

from django.http import HttpRequest

from contexts.personalization.domain.label import Label


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a person allows: the moment of each grant; None means no."""

    health_profile: datetime | None
    """To hold a Health Profile. A profile is bound to the grant it was saved under."""
    measurement: datetime | None
    """To be counted: without it nobody is told of the person's verdicts."""


class Consents(Protocol):
    """What people allow."""

    def standing(self, *, account_id: UUID) -> Standing:
        """The grants that are in force now: one query. Asked anew for every read, write and export."""

    def never_withdrawn(self, *, account_id: UUID) -> Standing:
        """The grants that were not taken back, though they may not be in force: the notice has changed since,
        or the account is closed. Nothing that rests on one of them is to be destroyed."""


@dataclass(frozen=True, kw_only=True)
class Product:
    """What is screened."""

    gtin: str
    """GTIN-14."""
    brand_id: UUID | None
    """The brand that owns the product, where that brand is a tenant."""
    label: Label
    name: str


class Products(Protocol):
    """The catalogue."""

    def product(self, *, gtin: str) -> Product | None:
        """The product with a GTIN in any of its lengths; None if it is not known or is no GTIN."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a person reads before the consent: one version of the text in one language."""

    version: str
    html: str
    """Safe to stand in a page."""
    text: str


class ConsentDesk(Protocol):
    """Where a person gives and withdraws the consent to a Health Profile, on our pages."""

    def notice(self, *, language: str) -> Notice:
        """The current notice in the page's language."""

    def grant(self, *, account_id: UUID, notice_version: str, at: datetime) -> None:
        """Record the consent; again changes nothing."""

    def withdraw(self, *, account_id: UUID, at: datetime) -> None:
        """Record the withdrawal; again changes nothing."""


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
    consents: Consents | None = None
    products: Products | None = None
    desk: ConsentDesk | None = None
    who: Who | None = None


_BOUND: Final = _Bound()
P = TypeVar("P")


def bind(*, consents: Consents, products: Products, desk: ConsentDesk, who: Who) -> None:
    """Say who provides each port."""
    _BOUND.consents, _BOUND.products, _BOUND.desk, _BOUND.who = consents, products, desk, who


def consents() -> Consents:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.consents, "consents")


def products() -> Products:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.products, "products")


def desk() -> ConsentDesk:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.desk, "desk")


def who() -> Who:
    """The bound provider. Raises NotBound."""
    return _present(_BOUND.who, "who")


def _present(bound: P | None, name: str) -> P:
    if bound is None:
        raise NotBound(f"packytrace/wiring.py must call personalization's ports.bind({name}=...).")
    return bound
