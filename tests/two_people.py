"""pytest plugin: people with data of their own in every context, and every address that there is."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import limits
import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from contexts.fridge.application import calendar_feed, households, invitations, items, members, places
from contexts.fridge.application.items import Adding
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.models import Action, PushSubscription
from contexts.identity.application import accounts, consents, erasures, exports, notices, visitors
from contexts.identity.domain.consents import Purpose
from contexts.passport.application.links import link_visitor
from contexts.passport.models import Scan
from contexts.passport.tests.entries import MUESLI, muesli, stock
from contexts.passport.web.pages import PAGES
from contexts.personalization.application.profiles import save_profile
from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import HealthProfile, Sensitivity
from packytrace.openid import issuer as issuers
from tests.openid_issuer import TestIssuer, running_issuer

#: The databases in which people leave something.
CONTEXTS: Final = ("passport", "identity", "personalization", "measurement", "fridge", "brand_analytics")
UNKNOWN: Final = "00000096385074"
#: Addresses of consoles: who comes in there is tested with them.
CONSOLES: Final = ("admin/", "brand/")

_AUDIENCE: Final = "packytrace-api"


@dataclass(kw_only=True)
class Person:
    """Somebody with an account, a browser, a token, and something everywhere."""

    account_id: UUID
    name: str
    word: str
    """Stands in the health profile, and nowhere else."""
    lot: str
    """Stands on the packs that were scanned, and nowhere else."""
    food: str
    """Stands in the fridge, and nowhere else."""
    at_home: dict[str, str]
    """Ids of what the person's household has, by their names in addresses."""
    cookies: dict[str, str]
    token: str
    visitor_id: UUID
    scan_ids: list[UUID]
    export_id: UUID
    consented_at: datetime

    @property
    def marks(self) -> tuple[str, ...]:
        """What nobody else may be shown."""
        return (self.name, self.word, self.lot, self.food, str(self.account_id), str(self.visitor_id))

    @property
    def ids(self) -> tuple[str, ...]:
        """What the person's rows are found by."""
        household_id = self.at_home["household_id"]
        return (str(self.account_id), str(self.visitor_id), household_id, *map(str, self.scan_ids))

    def client(self, *, session: bool = True, token: bool = True, strict: bool = False) -> Client:
        """The person's browser, which is a program at the same time."""
        client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
        if session:
            client.cookies.load(self.cookies)
        if token:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        return client


@dataclass(kw_only=True)
class Town:
    """Where these people live."""

    issuer: TestIssuer
    luca: Person
    sara: Person
    receipt: UUID
    """Number of the erasure of somebody who has left."""


@pytest.fixture(scope="session")
def token_issuer() -> Iterator[TestIssuer]:
    with running_issuer() as running:
        yield running


@pytest.fixture
def town(token_issuer: TestIssuer, settings: Settings) -> Iterator[Town]:
    """Luca and Sara, with everything, and the receipt of somebody who has left."""
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.RATE_LIMITS = dict.fromkeys(django_settings.RATE_LIMITS, limits.parse("100000/minute"))
    settings.OIDC_ISSUER = token_issuer.url
    settings.OIDC_AUDIENCE = _AUDIENCE
    settings.PUBLIC_URL = "http://testserver"
    stock(muesli())
    PAGES.clear()
    now = datetime.now(UTC)
    luca = _person(token_issuer, "luca", now=now)
    # Sara was in his household once.
    token = invitations.invite(member=households.of(account_id=luca.account_id, now=now), now=now).token
    sara = _person(token_issuer, "sara", invited=token, now=now)
    exports.prepare_all(now=now)
    left = accounts.sign_in(issuer=token_issuer.url, subject="tom", display_name="Tom", roles=[])
    receipt = erasures.request_erasure(account_id=left.pk, at=now)
    yield Town(issuer=token_issuer, luca=luca, sara=sara, receipt=receipt)
    token_issuer.down = False
    issuers.issuer_at.cache_clear()


def _person(issuer: TestIssuer, name: str, *, invited: str | None = None, now: datetime) -> Person:
    account = accounts.sign_in(
        issuer=issuer.url, subject=name, display_name=f"{name}-called", roles=["consumer"]
    )
    token = issuer.id_token(aud=_AUDIENCE, sub=name, roles=["consumer"])
    browser, lot = Client(), f"{name}-lot"
    browser.get(f"/01/{MUESLI}/10/{lot}-1")
    browser.get(f"/01/{UNKNOWN}/10/{lot}-2")
    browser.post(
        "/api/v1/scans",
        {"code": f"(01){UNKNOWN}(10){lot}-3"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    scans = list(Scan.objects.filter(lot__startswith=lot).order_by("lot"))
    assert len(scans) == 3
    visitors.link(visitor_id=scans[0].visitor_id, account_id=account.pk, at=now)
    link_visitor(visitor_id=scans[0].visitor_id, account_id=account.pk, linked_at=now)
    consented_at = consents.grant(
        person_id=account.pk,
        purpose=Purpose.HEALTH_PROFILE,
        notice_version=notices.current(Purpose.HEALTH_PROFILE).version,
        channel="web",
        at=now - timedelta(days=1),
    )
    word = f"{name}berry"
    profile = HealthProfile(allergens={Allergen.MILK: Sensitivity.CONTAINS}, avoided=(word,))
    save_profile(account_id=account.pk, profile=profile, edition=None, at=now)
    if invited is not None:
        members.leave(member=invitations.accept(account_id=account.pk, token=invited, now=now))
    food = f"{name}soup"
    at_home = _at_home(account.pk, food=food, now=now)
    export = exports.request_export(account_id=account.pk, at=now)
    browser.force_login(account)
    session = browser.session
    session["oidc_id_token_expiration"] = time.time() + 3600
    session.save()
    return Person(
        account_id=account.pk,
        name=f"{name}-called",
        word=word,
        lot=lot,
        food=food,
        at_home=at_home,
        cookies={key: morsel.value for key, morsel in browser.cookies.items()},
        token=token,
        visitor_id=scans[0].visitor_id,
        scan_ids=[scan.id for scan in scans],
        export_id=export.id,
        consented_at=consented_at,
    )


def _at_home(account_id: UUID, *, food: str, now: datetime) -> dict[str, str]:
    """Something of everything that a household can have, and somebody who shares it."""
    owner = households.of(account_id=account_id, now=now)
    token = invitations.invite(member=owner, now=now).token
    guest = invitations.accept(account_id=uuid4(), token=token, now=now)
    action_id = uuid4()
    done = items.add(member=owner, adding=Adding(name=food), action_id=action_id, now=now)
    calendar_feed.make(member=owner, language="en", now=now)
    browser = PushSubscription.objects.create(
        id=uuid4(), account_id=account_id, endpoint=f"https://{food}.example", created_at=now
    )
    return {
        "household_id": str(owner.household_id),
        "item_id": str(done.items[0].item.id),
        "action_id": str(Action.objects.get(pk=action_id).pk),
        "reference": str(guest.reference),
        "place_id": str(places.add(member=owner, kind=PlaceKind.PANTRY, name=f"{food} shelf").id),
        "invitation_id": str(invitations.invite(member=owner, now=now).id),
        "subscription_id": str(browser.id),
        "browser_id": str(browser.id),
    }


def routes(*, consoles: bool = False) -> list[str]:
    """Every address as the URL configuration has it, such as `scan/<uuid:scan_id>/report`."""
    found = sorted(set(_routes(get_resolver().url_patterns)))
    return [route for route in found if consoles or not route.startswith(CONSOLES)]


def _routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route
