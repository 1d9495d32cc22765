"""A backup that is restored revives neither a consent nor a person."""

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from contexts.identity.application import accounts, consents, erasures, notices, restoring
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Account, ErasedPerson, OutboxFact

pytestmark = pytest.mark.django_db(databases=["identity"])

ISSUER = "https://id.example"
#: Of today: what is kept of an erasure is let go after 15 days.
BACKUP = datetime.now(UTC) - timedelta(hours=6)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures.ports, "soon", lambda _task: None)


def account(subject: str, *, created_at: datetime = BACKUP - HOUR) -> UUID:
    found = accounts.sign_in(issuer=ISSUER, subject=subject, display_name=subject, roles=[])
    Account.objects.filter(pk=found.pk).update(created_at=created_at)
    return found.pk


def grant(person_id: UUID, purpose: Purpose, *, at: datetime) -> None:
    version = notices.current(purpose).version
    consents.grant(person_id=person_id, purpose=purpose, notice_version=version, channel="web", at=at)


class TestConsents:
    def test_what_stood_at_the_backup_is_taken_back_and_what_came_later_stays(self) -> None:
        sara, tom = account("sara"), account("tom")
        grant(sara, Purpose.HEALTH_PROFILE, at=BACKUP - HOUR)
        grant(tom, Purpose.HEALTH_PROFILE, at=BACKUP - 2 * HOUR)
        consents.withdraw(person_id=tom, purpose=Purpose.HEALTH_PROFILE, channel="api", at=BACKUP - HOUR)
        grant(sara, Purpose.MEASUREMENT, at=BACKUP + HOUR)
        OutboxFact.objects.all().delete()
        out = io.StringIO()
        for _again in range(2):
            call_command("consents", "ask-again", "--since", BACKUP.isoformat(), stdout=out)
        assert [line.split()[0] for line in out.getvalue().splitlines()] == ["1", "0"]
        assert consents.in_force(person_id=sara, purpose=Purpose.HEALTH_PROFILE) is None
        assert consents.in_force(person_id=sara, purpose=Purpose.MEASUREMENT) == BACKUP + HOUR
        assert consents.history(person_id=sara)[0].channel == restoring.CHANNEL
        (fact,) = OutboxFact.objects.all()
        assert (fact.type, fact.payload["personId"]) == ("ConsentWithdrawn", str(sara))

    @pytest.mark.parametrize("moment", ["yesterday", "2026-03-01T12:00:00", "2999-01-01T00:00:00+00:00"])
    def test_a_moment_that_cannot_be_the_backups_is_refused(self, moment: str) -> None:
        with pytest.raises(CommandError, match="--since"):
            call_command("consents", "ask-again", "--since", moment)


class TestPeople:
    def endings(self) -> str:
        out = io.StringIO()
        call_command("erasures", "endings", stdout=out)
        return out.getvalue()

    def again(self, monkeypatch: pytest.MonkeyPatch, known: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(known))
        out = io.StringIO()
        call_command("erasures", "again", stdout=out)
        return out.getvalue()

    def test_whoever_was_erased_is_erased_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        erasures.request_erasure(account_id=account("sara"), at=BACKUP + HOUR)
        erasures.request_erasure(account_id=account("nina"), at=BACKUP + HOUR)
        known = self.endings()
        assert known.count("\n") == 2
        assert "sara" not in known
        # The database is the backup's again; Tom has never left, and Nina came back as a new account.
        ErasedPerson.objects.all().delete()
        for subject, created_at in (("sara", BACKUP), ("tom", BACKUP), ("nina", BACKUP + 2 * HOUR)):
            account(subject, created_at=created_at)
        told = [self.again(monkeypatch, known + known) for _twice in range(2)]
        assert [line.split()[0] for line in told] == ["1", "0"]
        assert set(Account.objects.values_list("subject", flat=True)) == {"tom", "nina"}
        assert OutboxFact.objects.filter(type="ErasureRequested").count() == 3

    @pytest.mark.parametrize("line", ["sara", "ab 2026-03-01T12:00:00+00:00", f"{'ab' * 32} 2026-03-01"])
    def test_a_list_that_cannot_be_read_erases_nobody(
        self, monkeypatch: pytest.MonkeyPatch, line: str
    ) -> None:
        erasures.request_erasure(account_id=account("sara"), at=BACKUP + HOUR)
        known = self.endings()
        ErasedPerson.objects.all().delete()
        account("sara")
        with pytest.raises(CommandError, match="Line 2 is none"):
            self.again(monkeypatch, f"{known}{line}\n")
        assert Account.objects.count() == 1
