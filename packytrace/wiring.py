"""The composition root: the only module that may import from several contexts. Binds ports to providers."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from contexts.brand_analytics import facts as brand_analytics_facts
from contexts.brand_analytics.application import ports as brand_analytics_ports
from contexts.identity import facts as identity_facts
from contexts.identity.application import accounts
from contexts.identity.application import demo as identity_demo
from contexts.identity.web import gates
from contexts.measurement import facts as measurement_facts
from contexts.passport import facts as passport_facts
from contexts.passport.application import demo_catalogue as passport_demo
from packytrace.edge import ports as edge_ports
from packytrace.facts.fact import Consumer
from packytrace.provider.demo import DEMO_PEOPLE

#: Importing these registers the facts that each context tells.
PUBLISHING = (identity_facts, measurement_facts, passport_facts)


def bind() -> None:
    """Bind every port of every context. Called once, when Django's apps are loaded."""
    edge_ports.bind(accounts=_Accounts(), consumers=consumers())
    brand_analytics_ports.bind(brand_gate=_BrandGate())


def consumers() -> tuple[Consumer, ...]:
    """Everything that some context listens to."""
    return (*measurement_facts.CONSUMERS, *brand_analytics_facts.CONSUMERS)


def load_demo_catalogue(*, now: datetime) -> None:
    """The demo's brands, the people who work for them, and what they make. Again changes nothing."""
    brand_ids = identity_demo.ensure_demo_brands(at=now)
    for person in DEMO_PEOPLE:
        if person.brand is not None:
            identity_demo.ensure_demo_brand_user(
                issuer=settings.OIDC_ISSUER,
                subject=str(person.subject),
                display_name=person.name,
                slug=person.brand,
            )
    passport_demo.load_demo_catalogue(brand_ids=brand_ids, now=now)


def demo_link(*, today: date) -> str:
    """Path of a Digital Link of a demo product: lot and use-by date of a pack bought today."""
    product = passport_demo.PRODUCTS[0]
    return f"/01/{product.gtin}/10/A{today:%y%j}?17={today + timedelta(days=9):%y%m%d}"


class _Accounts:
    """Whom a bearer token speaks for is identity's to say."""

    def recognise(self, *, issuer: str, subject: str, roles: Iterable[object]) -> UUID:
        return accounts.recognise(issuer=issuer, subject=subject, roles=roles)


class _BrandGate:
    """Which brand a signed-in person works for is identity's to say."""

    def brand_of(self, *, request: HttpRequest) -> brand_analytics_ports.BrandIdentity:
        scope = gates.brand_scope(request)
        return brand_analytics_ports.BrandIdentity(id=scope.brand_id, name=scope.name)
