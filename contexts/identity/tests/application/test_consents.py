"""The Consent Ledger in the database: asked by one query, appended to by many at once, changed by nobody."""

import shutil
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connections, transaction
from psycopg import sql
from pytest_django import DjangoAssertNumQueries, Settings

from contexts.identity.application import consents, notices
from contexts.identity.application.accounts import set_active, sign_in
from contexts.identity.application.errors import AccountDeactivated, NoticeOutdated, UnknownAccount
from contexts.identity.domain.consents import Action, Purpose, first_break
from contexts.identity.models import Consent, ConsentReference, OutboxFact

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEALTH = Purpose.HEALTH_PROFILE
MEASUREMENT = Purpose.MEASUREMENT
AT_ONCE = 4

one_database = pytest.mark.django_db(databases=["identity"])


def account(subject: str = "sara") -> uuid.UUID:
    return sign_in(issuer="https://id.example", subject=subject, display_name="Sara", roles=[]).pk


def grant(person_id: uuid.UUID, purpose: Purpose = HEALTH, at: datetime = NOW, **given: Any) -> datetime:
    version = given.pop("notice_version", notices.current(purpose).version)
    return consents.grant(
        person_id=person_id, purpose=purpose, notice_version=version, channel="web", at=at, **given
    )


def withdraw(person_id: uuid.UUID, purpose: Purpose = HEALTH, at: datetime = NOW) -> bool:
    return consents.withdraw(person_id=person_id, purpose=purpose, channel="web", at=at)


def in_force(person_id: uuid.UUID, purpose: Purpose = HEALTH) -> datetime | None:
    return consents.in_force(person_id=person_id, purpose=purpose)


def told() -> list[tuple[str, str]]:
    return [(fact.type, fact.payload["purpose"]) for fact in OutboxFact.objects.order_by("id")]


@one_database
class TestInForce:
    def test_nobody_was_asked(self) -> None:
        assert in_force(account()) is None

    def test_whoever_agreed_did_so_for_one_purpose(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        person = account()
        grant(person)
        with django_assert_num_queries(1, using="identity"):
            assert in_force(person) == NOW
        assert in_force(person, MEASUREMENT) is None
        assert in_force(account("somebody else")) is None

    def test_a_withdrawal_holds_at_once(self) -> None:
        person = account()
        grant(person)
        assert withdraw(person)
        assert in_force(person) is None

    def test_a_new_consent_never_begins_before_the_withdrawal(self) -> None:
        """Not even where the clock of the machine that takes it is behind."""
        person = account()
        first = grant(person)
        withdraw(person, at=NOW + timedelta(seconds=5))
        second = grant(person, at=NOW)
        assert first < NOW + timedelta(seconds=5) < second == in_force(person)

    def test_a_closed_account_consents_to_nothing(self) -> None:
        person = account()
        grant(person)
        set_active(account_id=person, active=False)
        assert in_force(person) is None
        with pytest.raises(AccountDeactivated):
            grant(person)

    def test_another_version_of_the_notice_asks_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        person = account()
        grant(person)
        newer = notices.CurrentNotice(version="2", controller="us", texts=notices.current(HEALTH).texts)
        monkeypatch.setattr(notices, "current", lambda _purpose: newer)
        assert in_force(person) is None
        assert [line.asked_again for line in consents.standing(person_id=person)] == [True, False, False]
        with pytest.raises(NoticeOutdated):
            grant(person, notice_version="1")
        assert grant(person, at=NOW + timedelta(days=1)) == NOW, "nothing was withdrawn in between"

    def test_a_visitor_is_asked_about_measurement_only(self) -> None:
        visitor = uuid.uuid4()
        grant(visitor, MEASUREMENT)
        assert in_force(visitor, MEASUREMENT) == NOW
        with pytest.raises(UnknownAccount):
            grant(visitor, HEALTH)


@one_database
class TestLedger:
    def test_an_entry_has_what_was_shown(self) -> None:
        person = account()
        grant(person, language="de-AT")
        (entry,) = consents.history(person_id=person)
        assert (entry.notice.language, entry.notice.version, entry.channel) == ("de", "1", "web")
        assert entry.notice.hash == notices.current(HEALTH).texts["de"].hash
        assert entry.reference != person

    def test_saying_it_twice_changes_and_tells_nothing(self) -> None:
        person = account()
        assert not withdraw(person)
        for seconds in range(2):
            assert grant(person, at=NOW + timedelta(seconds=seconds)) == NOW
        assert [withdraw(person), withdraw(person)] == [True, False]
        assert [entry.action for entry in consents.history(person_id=person)] == [
            Action.WITHDRAWN,
            Action.GRANTED,
        ]
        assert told() == [("ConsentGranted", "health_profile"), ("ConsentWithdrawn", "health_profile")]
        assert all(
            (fact.aggregate_id, fact.payload["personId"]) == (str(person), str(person))
            for fact in OutboxFact.objects.all()
        )

    @pytest.mark.parametrize("statement", ["UPDATE consent SET channel = 'x'", "DELETE FROM consent"])
    def test_nobody_changes_it(self, statement: str) -> None:
        grant(account())
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(using="identity"),
            connections["identity"].cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_what_is_left_after_an_erasure_names_nobody(self) -> None:
        person = account()
        grant(person)
        ConsentReference.objects.filter(person_id=person).delete()
        assert in_force(person) is None
        assert consents.history(person_id=person) == []
        assert str(person) not in str(list(Consent.objects.values()))


def at_once(work: Callable[[int], object]) -> list[object]:
    barrier = threading.Barrier(AT_ONCE)

    def run(number: int) -> object:
        barrier.wait()
        try:
            return work(number)
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def chains() -> list[list[Any]]:
    return [list(entries) for _reference, entries in consents.chains()]


@pytest.mark.django_db(databases=["identity"], transaction=True)
class TestAtOnce:
    def test_many_grants_are_one(self) -> None:
        person = account()
        assert set(at_once(lambda number: grant(person, at=NOW + timedelta(seconds=number)))) == {
            in_force(person)
        }
        ((entry,),) = chains()
        assert entry.action is Action.GRANTED
        assert told() == [("ConsentGranted", "health_profile")]

    def test_a_chain_that_everybody_adds_to_stays_whole(self) -> None:
        person = account()

        def work(number: int) -> None:
            for purpose in list(Purpose)[number % 2 :]:
                grant(person, purpose)
                withdraw(person, purpose)

        at_once(work)
        (entries,) = chains()
        assert first_break(entries) is None
        assert len(entries) == OutboxFact.objects.count()
        assert all(in_force(person, purpose) is None for purpose in Purpose)


@pytest.mark.django_db(databases=["identity"], transaction=True)
class TestVerify:
    def test_a_whole_ledger(self, capsys: pytest.CaptureFixture[str]) -> None:
        for number, subject in enumerate(("one", "two")):
            grant(account(subject), at=NOW + timedelta(seconds=number))
        call_command("consents", "verify")
        told = capsys.readouterr().out
        assert "2 chains with 2 entries are whole" in told
        assert Consent.objects.latest("at").hash in told, "a ledger that lacks it later was cut"

    def test_the_first_break_is_named(self) -> None:
        person = account()
        grant(person)
        grant(person, MEASUREMENT)
        reference = ConsentReference.objects.get(person_id=person).reference
        _as_administrator(
            "UPDATE identity.consent SET notice_version = '9' WHERE reference = {} AND sequence = 2",
            reference,
        )
        with pytest.raises(CommandError, match=f"{reference}.* entry 2: it was changed"):
            call_command("consents", "verify")

    def test_the_words_are_those_that_were_shown_whoever_runs_the_site_now(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        person = account()
        settings.SITE_OPERATOR = "Nordkorn AG, Kiel"
        grant(person, language="it")
        settings.SITE_OPERATOR = "Somebody else"
        (entry,) = consents.history(person_id=person)
        words = notices.text_shown(purpose=HEALTH, notice=entry.notice)
        assert words is not None
        assert "Nordkorn AG, Kiel" in [line for block in words.blocks for line in block.lines]
        call_command("consents", "verify")

        folder = Path(shutil.copytree(notices.FOLDER, tmp_path / "notices"))
        file = folder / "health_profile/1/it.md"
        file.write_text(file.read_text(encoding="utf-8").replace("dati", "datti", 1), encoding="utf-8")
        assert notices.text_shown(purpose=HEALTH, notice=entry.notice, folder=folder) is None
        file.unlink()
        monkeypatch.setattr(notices, "text_shown", partial(notices.text_shown, folder=folder))
        with pytest.raises(CommandError, match=r"entry 1 in chain .* health_profile/1/it\.md is not what"):
            call_command("consents", "verify")


def _as_administrator(statement: str, reference: uuid.UUID) -> None:
    with psycopg.connect(django_settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute(sql.SQL(statement).format(sql.Literal(reference)))
