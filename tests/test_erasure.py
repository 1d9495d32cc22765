"""A person with something in every place is forgotten in all of them, while everything else goes on."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.test import Client
from pytest_django import Settings

from contexts.fridge.application import calendar_feed, households, items
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.domain.commands import Use
from contexts.fridge.models import PushSubscription
from contexts.identity.application import accounts, consents, erasures, exports, notices, visitors
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Account, BrowserSession, Consent
from contexts.measurement.models import DeadLetter, RawScan
from contexts.passport.application import demo_catalogue
from contexts.passport.application.errors import VisitorErased
from contexts.passport.application.reports import report_unknown_product
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import Scan
from contexts.personalization.application.profiles import read_profile, save_profile
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.models import VerdictTold
from packytrace import wiring
from packytrace.databases import roles
from packytrace.facts import topics
from packytrace.facts.tests.logs import Kafka, Postgres, Subject, running
from packytrace.facts.tests.work import until
from packytrace.openid import issuer as issuers
from packytrace.people.finding import Needles, find
from packytrace.provider.tests.visitor import Visitor
from tests import parts
from tests.embedded_provider import EmbeddedProvider

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True)

ISSUER: Final = "https://id.example"
CANARY: Final = "Zephyrine-Quetzal-Okapi"
UNKNOWN_GTIN: Final = "09520123456788"
PROFILE: Final = HealthProfile(
    allergens={}, intolerances=frozenset(), diets=frozenset(), goals=frozenset(), avoided=(CANARY,)
)
PATIENCE: Final = 90.0
"""Seconds within which all contexts have erased, killed processes included."""


@pytest.fixture(params=["postgres", pytest.param("kafka", marks=pytest.mark.kafka)])
def log(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Subject]:
    if request.param == "postgres":
        yield Postgres()
        return
    parts.require_kafka()
    kafka = Kafka(folder=tmp_path / "kafka")
    settings.KAFKA_BOOTSTRAP_SERVERS = kafka.broker.bootstrap_servers
    yield kafka
    kafka.close()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[str]:
    """Subjects that the provider was told to delete."""
    settings.OIDC_ISSUER = ISSUER
    deleted: list[str] = []

    class Provider:
        def delete(self, *, subject: str) -> None:
            deleted.append(subject)

    monkeypatch.setattr(erasures, "provider_accounts", Provider)
    return deleted


class Person:
    """Somebody who has used everything: two browsers, the API, a profile, consents, a session, an export."""

    def __init__(self, *, gtin: str, name: str) -> None:
        now = datetime.now(UTC)
        self.gtin = gtin
        self.subject = f"{name}-at-the-provider"
        self.id = accounts.sign_in(issuer=ISSUER, subject=self.subject, display_name=name, roles=[]).pk
        self.phone, self.tablet = uuid4(), uuid4()
        for visitor_id in (self.phone, self.tablet):
            scan(gtin, visitor_id=visitor_id)
            visitors.link(visitor_id=visitor_id, account_id=self.id, at=now)
        for purpose in Purpose:
            version = notices.current(purpose).version
            consents.grant(person_id=self.id, purpose=purpose, notice_version=version, channel="web", at=now)
        scan(gtin, visitor_id=uuid4(), account_id=self.id)
        missing = scan(UNKNOWN_GTIN, visitor_id=self.phone)
        report_unknown_product(scan_id=missing, visitor_id=self.phone, account_id=None, at=now)
        save_profile(account_id=self.id, profile=replace(PROFILE, avoided=(name,)), edition=None, at=now)
        VerdictTold.objects.create(
            person_id=self.id,
            gtin=gtin,
            day=now.date(),
            consented_at=consents.in_force(person_id=self.id, purpose=Purpose.HEALTH_PROFILE),
            measured_since=consents.in_force(person_id=self.id, purpose=Purpose.MEASUREMENT),
        )
        BrowserSession.objects.create(
            session_key=uuid4().hex,
            session_data="x",
            expire_date=now + timedelta(days=1),
            account_id=self.id,
        )
        self.household = self._keep_house(name, now=now)
        exports.request_export(account_id=self.id, at=now)
        DeadLetter.objects.create(
            consumer="measurement",
            event_id=uuid4(),
            topic="passport.scans.v1",
            key="key",
            message=f'{{"visitorId": "{self.phone}"}}'.encode(),
            reason="could not be handled",
            set_aside_at=now,
        )
        with psycopg.connect(django_settings.DATABASE_ADMIN_CONNINFO) as admin:
            # As the relay does, which alone may.
            admin.execute(
                "INSERT INTO passport.outbox_dead (id, event_id, aggregate_type, aggregate_id, type, version,"
                " payload, occurred_at, headers, reason, set_aside_at) VALUES (%s, gen_random_uuid(), 'scan',"
                " 'one', 'ProductScanned', 1, jsonb_build_object('visitorId', %s::text), now(), '{}',"
                " 'refused', now())",
                [self.id.int % 2**62, str(self.tablet)],
            )

    def _keep_house(self, name: str, *, now: datetime) -> Membership:
        """Food in a household of one, with everything that comes with it."""
        member = households.of(account_id=self.id, now=now)
        households.describe(member=member, name=f"{name}'s")
        adding = Adding(name=f"Soup of {name}")
        soup = items.add(member=member, adding=adding, action_id=uuid4(), now=now).items[0]
        items.act(
            member=member,
            item_ids=[soup.item.id],
            command=Use(share=Decimal("0.5")),
            action_id=uuid4(),
            now=now,
        )
        calendar_feed.make(member=member, language="en", now=now)
        browser = PushSubscription(
            id=uuid4(), account_id=self.id, endpoint=f"https://{name}.example", created_at=now
        )
        browser.save()
        return member

    @property
    def needles(self) -> Needles:
        """What betrays this person."""
        at_home = (self.household.household_id, self.household.reference)
        return Needles([*map(str, (self.id, self.phone, self.tablet, *at_home)), self.subject])


def scan(gtin: str, *, visitor_id: UUID, account_id: UUID | None = None) -> UUID:
    return record_scan(
        item=ScannedItem(gtin=gtin, raw=gtin),
        visitor_id=visitor_id,
        account_id=account_id,
        channel="link",
        at=datetime.now(UTC),
    ).scan_id


def places(*needles: Needles) -> set[str]:
    return {place.name for one in needles for place in find(one) if place.hits}


@contextmanager
def traffic(*, of: Person, erased: Person) -> Iterator[list[UUID]]:
    """Scans of another person, and of the erased one's own browser; yields the other's scans."""
    stop, done, troubles = threading.Event(), list[UUID](), list[BaseException]()

    def run() -> None:
        try:
            while not stop.wait(0.02):
                done.append(scan(of.gtin, visitor_id=of.phone))
                try:
                    scan(erased.gtin, visitor_id=erased.phone)
                except VisitorErased:
                    continue
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            troubles.append(error)
        finally:
            connections["passport"].close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()
    if troubles:
        raise troubles[0]


def waits_for_the_end() -> int:
    """Contexts that have not yet swept a second time."""
    left = 0
    for context in ("passport", "personalization", "fridge", "measurement"):
        with connections[context].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM erasure")
            left += cursor.fetchone()[0]
    return left


def test_nothing_is_left_anywhere_but_what_is_said_to_stay(log: Subject, provider: list[str]) -> None:
    wiring.load_demo_catalogue(now=datetime.now(UTC))
    gtin = demo_catalogue.PRODUCTS[0].gtin
    sara, tom = Person(gtin=gtin, name=CANARY), Person(gtin=gtin, name="Tom")
    exports.prepare_all(now=datetime.now(UTC))
    ledger = Consent.objects.count()
    with ExitStack() as processes:
        processes.enter_context(running(log, "manage.py", "relay"))
        consumers = processes.enter_context(running(log, "manage.py", "consume"))
        until(lambda: RawScan.objects.count() >= 6, seconds=PATIENCE)
        before = places(sara.needles, Needles([CANARY]))
        expected = {
            "table identity.account",
            "table identity.visitor_link",
            "table identity.browser_session",
            "table identity.consent_reference",
            "table identity.export",
            "table passport.scan",
            "table passport.unknown_product_report",
            "table passport.visitor_link",
            "table passport.outbox_dead",
            "table personalization.health_profile",
            "table personalization.person_key",
            "table personalization.verdict_told",
            "table measurement.dead_letter",
            "table fridge.fridge_event",
            "table fridge.household",
            "table fridge.member",
            "table fridge.item",
            "table fridge.item_name",
            "table fridge.portion",
            "table fridge.action",
            "table fridge.calendar_feed",
            "table fridge.untold",
        }
        assert expected <= before
        assert before & {"table log.identity_people_v1", "topic identity.people.v1"}

        with traffic(of=tom, erased=sara) as toms_scans:
            time.sleep(0.2)
            began = time.monotonic()
            erasure_id = erasures.request_erasure(account_id=sara.id, at=datetime.now(UTC))
            consumers.kill()
            consumers.wait()
            processes.enter_context(running(log, "manage.py", "consume"))
            erasures.advance(now=datetime.now(UTC))
            until(lambda: bool(erasures.receipt(erasure_id=erasure_id).completed_at), seconds=PATIENCE)
            until(lambda: not waits_for_the_end(), seconds=PATIENCE)
            erasures.advance(now=datetime.now(UTC) + timedelta(seconds=61))
            took = time.monotonic() - began
        receipt = erasures.receipt(erasure_id=erasure_id)
        assert receipt.forgotten_at
        assert not receipt.waiting
        assert provider == [sara.subject]
        left = places(sara.needles, Needles([CANARY]))
        if log.name == "postgres":
            assert left == set()
        else:
            consumer_side = {f"topic {t.name}" for t in topics.TOPICS if t.side is topics.Side.CONSUMER}
            assert left <= consumer_side
        assert took + 61 < 180, "the pages promise three minutes"

        # Everybody else has what they had.
        assert set(toms_scans) <= set(Scan.objects.values_list("id", flat=True))
        assert Scan.objects.filter(account_id=tom.id).count() == 1
        assert read_profile(account_id=tom.id).profile.avoided == ("Tom",)
        assert exports.latest(account_id=tom.id, now=datetime.now(UTC)).state is exports.State.READY
        assert Consent.objects.count() == ledger
        assert expected <= places(tom.needles)
        until(lambda: RawScan.objects.count() >= 3 + len(toms_scans), seconds=PATIENCE)

        # Whoever comes back is somebody else.
        again = accounts.sign_in(issuer=ISSUER, subject="anew", display_name="", roles=[]).pk
        assert not any(consents.history(person_id=again))
        with transaction.atomic(using="identity"):
            assert not visitors.link(visitor_id=sara.phone, account_id=again, at=datetime.now(UTC))


class Program:
    """A client of the API, and the mail program of who uses it."""

    def __init__(self, provider: EmbeddedProvider, *, email: str) -> None:
        self._provider = provider
        self._email = email
        self._password = secrets.token_urlsafe(16)
        self._client = Client(headers={"host": "127.0.0.1"})
        self.headers: dict[str, str] = {}

    def register(self) -> None:
        self._post("accounts", email=self._email, password=self._password, status=202)
        Visitor(self._provider).fill_in(urlsplit(self._provider.link(self._email)).path)

    def sign_in(self, *, status: int = 201) -> None:
        answer = self._post("sessions", email=self._email, password=self._password, status=status)
        if status == 201:
            self.headers = {"authorization": f"Bearer {answer['accessToken']}"}

    def _post(self, path: str, *, status: int, **body: str) -> Any:
        answer = self._client.post(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def call(self, method: str, path: str) -> Any:
        return self._client.generic(method, f"/api/v1/{path}", headers=self.headers)


@pytest.fixture
def real_provider(embedded_provider: EmbeddedProvider, settings: Settings) -> Iterator[EmbeddedProvider]:
    """The embedded provider, where this site signs in."""
    settings.OIDC_EMBEDDED = True
    settings.OIDC_ISSUER = embedded_provider.issuer
    settings.PUBLIC_URL = embedded_provider.public_url
    issuers.issuer_at.cache_clear()
    yield embedded_provider
    issuers.issuer_at.cache_clear()


@pytest.mark.provider
def test_at_the_real_provider_the_account_goes_too_and_its_token_with_it(
    real_provider: EmbeddedProvider,
) -> None:
    email = f"nina-{secrets.token_hex(6)}@shop.example"
    nina = Program(real_provider, email=email)
    nina.register()
    nina.sign_in()
    assert nina.call("GET", "me/consents").status_code == 200
    account_id = Account.objects.get().pk
    scan(UNKNOWN_GTIN, visitor_id=uuid4(), account_id=account_id)
    assert any(place.startswith("files in mail") for place in places(Needles([email])))

    assert nina.call("DELETE", "me").status_code == 202
    assert nina.call("GET", "me/consents").status_code == 401, "a token that has not expired"
    erasures.advance(now=datetime.now(UTC))
    assert places(Needles([email])) == set()
    nina.sign_in(status=403)

    nina.register()
    nina.sign_in()
    assert nina.call("GET", "me/scans").json()["scans"] == []
    assert Account.objects.get().pk != account_id
