"""The composition root: the only module that may import from several contexts. Binds ports to providers."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from packytrace.edge import ports as edge_ports
from packytrace.facts.fact import Consumer
from packytrace.provider.demo import DEMO_PEOPLE


def bind() -> None:
    """Bind every port of every context, and load what each context tells and listens to.

    Called once, when Django's apps are loaded.
    """
    from contexts.brand_analytics.application import ports as brand_analytics_ports

    edge_ports.bind(accounts=_Accounts(), consumers=consumers())
    brand_analytics_ports.bind(brand_gate=_BrandGate())


def consumers() -> tuple[Consumer, ...]:
    """Everything that some context listens to."""
    from contexts.brand_analytics import facts as brand_analytics
    from contexts.identity import facts as identity
    from contexts.measurement import facts as measurement
    from contexts.passport import facts as passport

    del identity, passport  # loaded for the facts that they register; they listen to none yet
    return (*measurement.CONSUMERS, *brand_analytics.CONSUMERS)


def demo_catalogue(*, now: datetime) -> None:
    """The demo's brands, the people who work for them, and what they make. Again changes nothing."""
    from contexts.identity.application import demo
    from contexts.passport.application.demo_catalogue import load_demo_catalogue

    brand_ids = demo.ensure_demo_brands(at=now)
    for person in DEMO_PEOPLE:
        if person.brand is not None:
            demo.ensure_demo_brand_user(
                issuer=settings.OIDC_ISSUER,
                subject=str(person.subject),
                display_name=person.name,
                slug=person.brand,
            )
    load_demo_catalogue(brand_ids=brand_ids, now=now)


def demo_link(*, today: date) -> str:
    """Path of a Digital Link of a demo product: lot and use-by date of a pack bought today."""
    from contexts.passport.application.demo_catalogue import PRODUCTS

    return f"/01/{PRODUCTS[0].gtin}/10/A{today:%y%j}?17={today + timedelta(days=9):%y%m%d}"


class _Accounts:
    """Whom a bearer token speaks for is identity's to say."""

    def recognise(self, *, issuer: str, subject: str, roles: Iterable[object]) -> UUID:
        from contexts.identity.application import accounts

        return accounts.recognise(issuer=issuer, subject=subject, roles=roles)


class _BrandGate:
    """Which brand a signed-in person works for is identity's to say."""

    def brand_of(self, *, request: HttpRequest) -> object:
        from contexts.brand_analytics.application.ports import BrandIdentity
        from contexts.identity.web import gates

        scope = gates.brand_scope(request)
        return BrandIdentity(id=scope.brand_id, name=scope.name)
