"""Forgetting people: once, whoever asks how often, and whatever stops in the middle."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from pytest_django import Settings

from contexts.identity.application import accounts, consents, erasures, notices, visitors
from contexts.identity.application.errors import AccountErased, UnknownAccount, UnknownErasure
from contexts.identity.domain.consents import Purpose
from contexts.identity.domain.erasures import HOLDERS
from contexts.identity.models import (
    Account,
    Brand,
    BrandUser,
    BrowserSession,
    Consent,
    ConsentReference,
    ErasedPerson,
    Erasure,
    OutboxFact,
    VisitorLink,
)
from packytrace.edge.visitors import LIFETIME_DAYS
from packytrace.openid.errors import ProviderUnreachable

ISSUER = "https://id.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT_ONCE = 5


class Provider:
    """A provider that deletes what it is told, or does not answer."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.reachable = True

    def delete(self, *, subject: str) -> None:
        if not self.reachable:
            raise ProviderUnreachable
        self.deleted.append(subject)


class Log:
    """A log that says whom it was told to forget."""

    def __init__(self) -> None:
        self.forgotten: list[list[UUID]] = []

    def forget(self, *, person_ids: list[UUID]) -> int:
        self.forgotten.append(list(person_ids))
        return 0


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Provider:
    settings.OIDC_ISSUER = ISSUER
    provider = Provider()
    monkeypatch.setattr(erasures, "provider_accounts", lambda: provider)
    monkeypatch.setattr(erasures.ports, "soon", lambda _task: None)
    return provider


@pytest.fixture(autouse=True)
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    log = Log()
    monkeypatch.setattr(erasures, "configured_log", lambda: log)
    return log


def _account(subject: str = "sara") -> UUID:
    return accounts.sign_in(issuer=ISSUER, subject=subject, display_name="Sara", roles=[]).pk


def _settled(account_id: UUID) -> UUID:
    """Give an account something in every table; answers its visitor."""
    visitor_id = uuid4()
    visitors.link(visitor_id=visitor_id, account_id=account_id, at=NOW)
    consents.grant(
        person_id=account_id,
        purpose=Purpose.HEALTH_PROFILE,
        notice_version=notices.current(Purpose.HEALTH_PROFILE).version,
        channel="web",
        at=NOW,
    )
    BrowserSession.objects.create(
        session_key=uuid4().hex, session_data="x", expire_date=NOW + timedelta(days=1), account_id=account_id
    )
    brand_user = BrandUser.objects.create(
        account_id=account_id, brand=Brand.objects.create(slug=uuid4().hex[:12], name="Brand")
    )
    for actor, thing in ((account_id, Brand.objects.first()), (None, brand_user)):
        LogEntry.objects.create(
            user_id=actor or _account("operator"),
            content_type=ContentType.objects.get_for_model(type(thing)),
            object_id=str(thing.pk),
            object_repr=str(thing),
            action_flag=CHANGE,
        )
    return visitor_id


def _acknowledge(erasure_id: UUID, *, contexts: frozenset[str] = HOLDERS) -> None:
    for context in sorted(contexts):
        with transaction.atomic(using="identity"):
            erasures.acknowledge(erasure_id=erasure_id, context=context, now=NOW)


def _published(kind: str) -> list[dict[str, object]]:
    return list(OutboxFact.objects.filter(type=kind).order_by("id").values_list("payload", flat=True))


@pytest.mark.django_db(databases=["identity"])
class TestRequest:
    def test_nothing_of_the_person_is_left_but_a_proof_that_names_nobody(self) -> None:
        sara, tom = _account(), _account("tom")
        visitor_id, toms = _settled(sara), _settled(tom)
        entries = Consent.objects.count()
        erasure_id = erasures.request_erasure(account_id=sara, at=NOW)
        assert not Account.objects.filter(pk=sara).exists()
        assert set(VisitorLink.objects.values_list("visitor_id", flat=True)) == {toms}
        assert set(ConsentReference.objects.values_list("person_id", flat=True)) == {tom}
        assert set(BrowserSession.objects.values_list("account_id", flat=True)) == {tom}
        assert LogEntry.objects.count() == 2
        assert Consent.objects.count() == entries
        assert {str(sara), str(visitor_id)} == set(_published("ErasureRequested")[0]["personIds"])
        told = [fact.payload for fact in OutboxFact.objects.exclude(type="ErasureRequested")]
        assert not any(str(sara) in str(payload) or str(visitor_id) in str(payload) for payload in told)
        assert any(str(tom) in str(payload) for payload in told)
        assert erasures.receipt(erasure_id=erasure_id).done == {"account"}

    def test_asked_again_it_is_the_same_and_afterwards_nobody_is_known(self) -> None:
        sara = _account()
        erasure_id = erasures.request_erasure(account_id=sara, at=NOW)
        assert erasures.request_erasure(account_id=sara, at=NOW) == erasure_id
        assert len(_published("ErasureRequested")) == 1
        with pytest.raises(UnknownAccount):
            erasures.request_erasure(account_id=uuid4(), at=NOW)
        with pytest.raises(UnknownErasure):
            erasures.receipt(erasure_id=uuid4())

    def test_very_many_browsers_are_several_facts(self) -> None:
        sara = _account()
        VisitorLink.objects.bulk_create(
            VisitorLink(visitor_id=uuid4(), account_id=sara, linked_at=NOW) for _ in range(1500)
        )
        erasure_id = erasures.request_erasure(account_id=sara, at=NOW)
        first, second = _published("ErasureRequested")
        assert first["erasureId"] == str(erasure_id)
        assert first["personIds"][0] == str(sara)
        assert len({*first["personIds"], *second["personIds"]}) == 1501
        _acknowledge(UUID(second["erasureId"]))
        assert not Erasure.objects.get(pk=second["erasureId"]).subject
        assert Erasure.objects.filter(completed_at__isnull=False).count() == 1

    def test_no_token_and_no_sign_in_brings_the_account_back(self) -> None:
        sara = _account()
        visitor_id = _settled(sara)
        erasures.request_erasure(account_id=sara, at=datetime.now(UTC))
        with pytest.raises(AccountErased):
            accounts.recognise(issuer=ISSUER, subject="sara", roles=[], token_digest=b"its digest")
        with pytest.raises(AccountErased):
            accounts.sign_in(issuer=ISSUER, subject="sara", display_name="Sara", roles=[])
        with pytest.raises(AccountErased):
            visitors.link(visitor_id=uuid4(), account_id=sara, at=NOW)
        assert not Account.objects.filter(subject="sara").exists()
        again = _account("sara-registered-again")
        assert not visitors.link(visitor_id=visitor_id, account_id=again, at=NOW), "an erased browser"
        assert not VisitorLink.objects.filter(account_id=again).exists()
        assert not consents.history(person_id=again)


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_of_many_requests_at_once_one_is_made() -> None:
    sara = _account()
    barrier = threading.Barrier(AT_ONCE)

    def ask(_number: int) -> UUID:
        barrier.wait()
        try:
            return erasures.request_erasure(account_id=sara, at=NOW)
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert len(set(pool.map(ask, range(AT_ONCE)))) == 1
    assert Erasure.objects.count() == len(_published("ErasureRequested")) == 1


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_a_link_and_a_sign_in_that_meet_an_erasure_leave_nothing() -> None:
    sara = _account()
    barrier = threading.Barrier(3)

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
        except AccountErased:
            pass
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(3) as pool:
        list(
            pool.map(
                run,
                [
                    lambda: erasures.request_erasure(account_id=sara, at=datetime.now(UTC)),
                    lambda: visitors.link(visitor_id=uuid4(), account_id=sara, at=NOW),
                    lambda: accounts.sign_in(issuer=ISSUER, subject="sara", display_name="", roles=[]),
                ],
            )
        )
    assert not Account.objects.exists()
    assert not VisitorLink.objects.exists()
    linked = {fact["visitorId"] for fact in _published("VisitorLinkedToAccount")}
    assert linked <= set(_published("ErasureRequested")[0]["personIds"])


@pytest.mark.django_db(databases=["identity"])
class TestAdvance:
    def test_it_ends_once_all_have_answered_and_the_provider_is_done(
        self, provider: Provider, log: Log
    ) -> None:
        sara = _account()
        erasure_id = erasures.request_erasure(account_id=sara, at=NOW)
        erasures.advance(now=NOW)
        assert provider.deleted == ["sara"]
        assert not Erasure.objects.get().subject
        _acknowledge(erasure_id, contexts=HOLDERS - {"fridge"})
        assert not _published("ErasureCompleted")
        _acknowledge(erasure_id)
        _acknowledge(erasure_id)
        assert len(_published("ErasureCompleted")) == 1
        assert not log.forgotten
        erasures.advance(now=NOW)
        erasures.advance(now=NOW + timedelta(seconds=61))
        erasures.advance(now=NOW + timedelta(seconds=91))
        assert log.forgotten == [[sara], [sara]]
        row = Erasure.objects.get()
        assert (row.person_ids, row.subject) == ([], "")
        receipt = erasures.receipt(erasure_id=erasure_id)
        assert not receipt.waiting
        assert receipt.forgotten_at == NOW + timedelta(seconds=61)

    def test_a_provider_that_is_down_is_asked_again(self, provider: Provider) -> None:
        erasure_id = erasures.request_erasure(account_id=_account(), at=NOW)
        provider.reachable = False
        _acknowledge(erasure_id)
        erasures.advance(now=NOW)
        assert erasures.receipt(erasure_id=erasure_id).waiting == {"provider"}
        assert erasures.overdue(now=NOW + timedelta(hours=2)) == 1
        assert erasures.oldest_request() == NOW
        provider.reachable = True
        erasures.advance(now=NOW)
        assert erasures.receipt(erasure_id=erasure_id).completed_at == NOW

    @pytest.mark.parametrize("step", ["provider_accounts", "_complete", "_forget", "configured_log"])
    def test_stopped_anywhere_it_goes_on(self, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        sara, tom = _account(), _account("tom")
        ids = [erasures.request_erasure(account_id=account_id, at=NOW) for account_id in (sara, tom)]
        Erasure.objects.update(acknowledged=sorted(HOLDERS))
        working, stops = getattr(erasures, step), [2]

        def stop(*args: object, **kwargs: object) -> object:
            stops[0] -= 1
            if stops[0] >= 0:
                raise RuntimeError("stopped")
            return working(*args, **kwargs)

        monkeypatch.setattr(erasures, step, stop)
        for seconds in (0, 30, 61, 91):
            erasures.advance(now=NOW + timedelta(seconds=seconds))
        assert all(erasures.receipt(erasure_id=one).forgotten_at for one in ids)
        assert len(_published("ErasureCompleted")) == 2

    def test_what_has_come_in_meanwhile_is_swept_up(self) -> None:
        sara = _account()
        erasure_id = erasures.request_erasure(account_id=sara, at=NOW)
        BrowserSession.objects.create(
            session_key="late", session_data="x", expire_date=NOW + timedelta(days=1), account_id=sara
        )
        _acknowledge(erasure_id)
        erasures.advance(now=NOW)
        assert not BrowserSession.objects.exists()

    def test_a_context_that_nobody_waits_for_is_noted_and_an_unknown_erasure_is_nothing(self) -> None:
        erasure_id = erasures.request_erasure(account_id=_account(), at=NOW)
        _acknowledge(uuid4())
        _acknowledge(erasure_id, contexts=HOLDERS | {"library"})
        assert "library" in erasures.receipt(erasure_id=erasure_id).done

    def test_a_tombstone_of_a_visitor_outlives_every_cookie(self) -> None:
        sara = _account()
        visitors.link(visitor_id=uuid4(), account_id=sara, at=NOW)
        erasures.request_erasure(account_id=sara, at=datetime.now(UTC))
        today = datetime.now(UTC).date()
        kept = sorted((one.until - today).days for one in ErasedPerson.objects.all())
        assert kept == [15, LIFETIME_DAYS + 1]

    def test_a_tombstone_is_let_go_when_no_token_can_be_valid_any_more(self) -> None:
        ErasedPerson.objects.create(digest=b"x" * 32, until=date(2020, 1, 1))
        erasures.request_erasure(account_id=_account(), at=NOW)
        (kept,) = ErasedPerson.objects.all()
        assert kept.until == (NOW + timedelta(days=15)).date()
