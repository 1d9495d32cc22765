"""The composition root: the only module that may import from several contexts. Binds ports to providers."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from contexts.brand_analytics import facts as brand_analytics_facts
from contexts.brand_analytics.application import ports as brand_analytics_ports
from contexts.fridge import facts as fridge_facts
from contexts.identity import facts as identity_facts
from contexts.identity.application import accounts, measuring
from contexts.identity.application import demo as identity_demo
from contexts.identity.web import gates
from contexts.measurement import facts as measurement_facts
from contexts.measurement.application import closing, progress
from contexts.measurement.application import ports as measurement_ports
from contexts.measurement.domain import windows
from contexts.passport import facts as passport_facts
from contexts.passport.application import demo_catalogue as passport_demo
from contexts.passport.application import demo_scans as passport_demo_scans
from contexts.personalization import facts as personalization_facts
from packytrace.edge import ports as edge_ports
from packytrace.facts.fact import Consumer
from packytrace.provider.demo import DEMO_PEOPLE

#: Importing these registers the facts that each context tells.
PUBLISHING = (identity_facts, measurement_facts, passport_facts)


def bind() -> None:
    """Bind every port of every context. Called once, when Django's apps are loaded."""
    edge_ports.bind(accounts=_Accounts(), consumers=consumers())
    brand_analytics_ports.bind(brand_gate=_BrandGate())
    measurement_ports.bind(consents=_MeasurementConsents())


def consumers() -> tuple[Consumer, ...]:
    """Everything that some context listens to."""
    return (
        *personalization_facts.CONSUMERS,
        *fridge_facts.CONSUMERS,
        *measurement_facts.CONSUMERS,
        *brand_analytics_facts.CONSUMERS,
    )


def load_demo_catalogue(*, now: datetime) -> None:
    """The demo's brands, the people who work for them, and what they make. Again changes nothing."""
    brand_ids = identity_demo.ensure_demo_brands(at=now)
    for person in DEMO_PEOPLE:
        if person.brand is not None and settings.OIDC_EMBEDDED:
            identity_demo.ensure_demo_brand_user(
                issuer=settings.OIDC_ISSUER,
                subject=str(person.subject),
                display_name=person.name,
                slug=person.brand,
            )
    passport_demo.load_demo_catalogue(brand_ids=brand_ids, now=now)


def demo_link(*, today: date) -> str:
    """Path of a Digital Link of a demo product with lot and best-before date, long after today."""
    product = next(product for product in passport_demo.PRODUCTS if product.brand == "campo-vivo")
    return f"/01/{product.gtin}/10/L6041?15={today + timedelta(days=400):%y%m%d}"


def demo_history_start() -> date | None:
    """The first day of the demo's history, if a run has begun one."""
    return passport_demo_scans.demo_history_start()


def scan_demo_days(*, start: date, days: int) -> Iterator[passport_demo_scans.DemoDay]:
    """Let the demo's shoppers scan, day by day; days that are there stay as they are."""
    return passport_demo_scans.scan_demo_days(start=start, days=days, stem=settings.PUBLIC_URL)


def close_windows_up_to(day: date) -> None:
    """Close the windows up to a day, as on the morning after it."""
    closing.close_windows(now=windows.due_at(day), k=settings.MEASUREMENT_K)


def window_is_closed(day: date) -> bool:
    """Whether a day's numbers are released."""
    return progress.is_closed(day=day)


def last_closed_window() -> date | None:
    """The last day whose numbers are released."""
    return progress.last_closed_day()


def oldest_overdue_window(*, now: datetime) -> date | None:
    """The oldest day whose numbers should have been released by now."""
    return progress.oldest_overdue_day(now=now)


class _Accounts:
    """Whom a bearer token speaks for is identity's to say."""

    def recognise(self, *, issuer: str, subject: str, roles: Iterable[object]) -> UUID:
        return accounts.recognise(issuer=issuer, subject=subject, roles=roles)


class _BrandGate:
    """Which brand a signed-in person works for is identity's to say."""

    def brand_of(self, *, request: HttpRequest) -> brand_analytics_ports.BrandIdentity:
        scope = gates.brand_scope(request)
        return brand_analytics_ports.BrandIdentity(id=scope.brand_id, name=scope.name)


class _MeasurementConsents:
    """Who may be counted is identity's to say."""

    def counted_as(self, *, visitor_id: UUID | None, account_id: UUID | None) -> UUID | None:
        return measuring.may_measure(visitor_id=visitor_id, account_id=account_id)
