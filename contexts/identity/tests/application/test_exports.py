"""A person's copy: whole, sealed, for its owner alone, and not for long."""

import io
import json
import zipfile
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.utils.translation import override

from contexts.identity.application import accounts, consents, exports, notices, ports, visitors
from contexts.identity.application.errors import ExportNotReady, ExportUnreadable, UnknownExport
from contexts.identity.application.exports import State
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Export
from packytrace.errors import DomainError, Kind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CANARY = "4006381333931-canary"

pytestmark = pytest.mark.django_db(databases=["identity"])


class Locked(DomainError):
    code = "locked_for_the_test"
    kind = Kind.UNAVAILABLE


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[UUID]]:
    """Contexts that have one document; what they were asked."""
    asked: list[list[UUID]] = []

    def scans(person_ids: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
        asked.append(list(person_ids))
        return {"scans.json": [{"code": f"<{CANARY}>", "lot": None, "diets": ["vegan", "halal"]}]}

    monkeypatch.setattr(ports, "exporters", lambda: {"passport": scans})
    monkeypatch.setattr(ports, "editions", dict)
    monkeypatch.setattr(ports, "soon", lambda _task: None)
    return asked


@pytest.fixture
def sara() -> UUID:
    return accounts.sign_in(issuer="https://id.example", subject="sara", display_name="Sara", roles=[]).pk


def _packed(account_id: UUID, export_id: UUID) -> zipfile.ZipFile:
    plain = exports.open_export(account_id=account_id, export_id=export_id, now=NOW)
    return zipfile.ZipFile(io.BytesIO(plain.reveal()))


def test_it_has_what_every_context_holds_as_json_and_as_a_page_in_the_persons_language(
    sara: UUID, asked: list[list[UUID]]
) -> None:
    visitor_id = uuid4()
    visitors.link(visitor_id=visitor_id, account_id=sara, at=NOW)
    _say(sara, Purpose.MEASUREMENT)
    with override("it"):
        made = exports.request_export(account_id=sara, at=NOW)
    exports.prepare_all(now=NOW)
    assert asked == [[sara, visitor_id]]
    packed = _packed(sara, made.id)
    assert json.loads(packed.read("passport/scans.json"))[0]["code"] == f"<{CANARY}>"
    assert json.loads(packed.read("identity/account.json"))[0]["name"] == "Sara"
    assert json.loads(packed.read("identity/linked_browsers.json"))[0]["visitorId"] == str(visitor_id)
    assert json.loads(packed.read("identity/consents.json"))[0]["purpose"] == "measurement"
    (shown,) = json.loads(packed.read("identity/notices.json"))
    assert shown["language"] == "en", "as it was shown, whatever language the copy is in"
    assert "The operator of this installation" in shown["text"]
    page = packed.read("index.html").decode()
    assert '<html lang="it">' in page
    assert f"&lt;{CANARY}&gt;" in page
    assert "vegan, halal" in page
    assert "<script" not in page
    address = f"{settings.OIDC_ISSUER}/account"
    assert f": {address}</p>" in page, "where the e-mail address is"
    assert "http" not in page.replace("https://id.example", "").replace(address, "")


def test_several_clicks_are_one_and_a_newer_one_takes_the_place_of_one_that_is_ready(sara: UUID) -> None:
    first = exports.request_export(account_id=sara, at=NOW)
    assert exports.request_export(account_id=sara, at=NOW).id == first.id
    exports.prepare_all(now=NOW)
    assert exports.latest(account_id=sara, now=NOW).state is State.READY
    newer = exports.request_export(account_id=sara, at=NOW)
    assert newer.state is State.PREPARING
    with pytest.raises(UnknownExport):
        exports.open_export(account_id=sara, export_id=first.id, now=NOW)
    with pytest.raises(ExportNotReady):
        exports.open_export(account_id=sara, export_id=newer.id, now=NOW)


def test_it_is_its_owners_alone_and_gone_after_a_day(sara: UUID) -> None:
    made = exports.request_export(account_id=sara, at=NOW)
    exports.prepare_all(now=NOW)
    later = NOW + timedelta(hours=24)
    for account_id, now in ((uuid4(), NOW), (sara, later)):
        with pytest.raises(UnknownExport):
            exports.export_of(account_id=account_id, export_id=made.id, now=now)
        with pytest.raises(UnknownExport):
            exports.open_export(account_id=account_id, export_id=made.id, now=now)
    exports.forget_expired(now=later)
    assert not Export.objects.exists()


def test_what_is_stored_tells_nothing_and_opens_nowhere_else(sara: UUID) -> None:
    made = exports.request_export(account_id=sara, at=NOW)
    exports.prepare_all(now=NOW)
    stored = bytes(Export.objects.get().sealed)
    assert not stored.startswith(b"PK")
    assert b"index.html" not in stored
    Export.objects.update(sealed=stored[:-1] + bytes([stored[-1] ^ 1]))
    with pytest.raises(ExportUnreadable):
        exports.open_export(account_id=sara, export_id=made.id, now=NOW)


def _raising(error: Exception) -> Callable[[Collection[UUID]], Any]:
    def exporter(_person_ids: Collection[UUID]) -> Any:
        raise error

    return exporter


def test_a_part_that_cannot_be_read_is_said_and_nobody_waits_in_vain(
    sara: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports.request_export(account_id=sara, at=NOW)
    monkeypatch.setattr(ports, "exporters", lambda: {"passport": _raising(RuntimeError("a bug"))})
    exports.prepare_all(now=NOW)
    assert exports.latest(account_id=sara, now=NOW).state is State.PREPARING, "the next tick tries again"
    monkeypatch.setattr(ports, "exporters", lambda: {"passport": _raising(Locked("locked"))})
    exports.prepare_all(now=NOW)
    assert Export.objects.get().failed_reason == "locked_for_the_test"
    assert exports.request_export(account_id=sara, at=NOW).state is State.PREPARING
    exports.prepare_all(now=NOW + timedelta(hours=2))
    assert exports.latest(account_id=sara, now=NOW).state is State.FAILED


class TestNoCopyOutlivesWhatWasCopied:
    """What was withdrawn, deleted or changed is not handed out by a copy that was made before."""

    @pytest.fixture
    def held(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        """What a context says it holds."""
        held = {"edition": "1-5f"}
        monkeypatch.setattr(ports, "editions", lambda: {"personalization": lambda _account: held["edition"]})
        return held

    @pytest.fixture
    def made(self, sara: UUID, held: dict[str, str]) -> UUID:
        _say(sara, Purpose.HEALTH_PROFILE)
        made = exports.request_export(account_id=sara, at=NOW)
        exports.prepare_all(now=NOW)
        return made.id

    def test_a_withdrawal_deletes_it(self, sara: UUID, made: UUID) -> None:
        _take_back(sara, Purpose.HEALTH_PROFILE)
        assert not Export.objects.exists()
        _say(sara, Purpose.HEALTH_PROFILE)
        with pytest.raises(UnknownExport):
            exports.open_export(account_id=sara, export_id=made, now=NOW)

    def test_agreeing_to_more_leaves_it(self, sara: UUID, made: UUID) -> None:
        _say(sara, Purpose.MEASUREMENT)
        assert _packed(sara, made).namelist()

    @pytest.mark.parametrize("edition", ["", "2-60"])
    def test_what_a_context_deletes_or_changes_takes_it_along(
        self, sara: UUID, made: UUID, held: dict[str, str], edition: str
    ) -> None:
        held["edition"] = edition
        with pytest.raises(UnknownExport):
            exports.open_export(account_id=sara, export_id=made, now=NOW)
        assert not Export.objects.exists()

    @pytest.mark.parametrize("when", ["before it is stored", "after it is stored"])
    def test_a_withdrawal_while_it_is_made(
        self, sara: UUID, monkeypatch: pytest.MonkeyPatch, held: dict[str, str], when: str
    ) -> None:
        """The second is a withdrawal that is committed together with the copy: neither saw the other."""
        _say(sara, Purpose.HEALTH_PROFILE)
        made = exports.request_export(account_id=sara, at=NOW)

        def withdrawing(_person_ids: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
            _take_back(sara, Purpose.HEALTH_PROFILE)
            return {"health_profile.json": [{"avoided": [CANARY]}]}

        monkeypatch.setattr(ports, "exporters", lambda: {"personalization": withdrawing})
        if when == "after it is stored":
            before = exports._rests_on(sara)
            monkeypatch.setattr(exports, "_rests_on", lambda _account_id: before)
        exports.prepare_all(now=NOW)
        monkeypatch.undo()
        monkeypatch.setattr(ports, "editions", lambda: {"personalization": lambda _account: held["edition"]})
        if when == "after it is stored":
            with pytest.raises(UnknownExport):
                exports.open_export(account_id=sara, export_id=made.id, now=NOW)
            return
        assert exports.latest(account_id=sara, now=NOW).state is State.PREPARING
        monkeypatch.setattr(ports, "exporters", lambda: {"personalization": lambda _ids: {}})
        exports.prepare_all(now=NOW)
        assert "personalization/health_profile.json" not in _packed(sara, made.id).namelist()


def _say(account_id: UUID, purpose: Purpose) -> None:
    version = notices.current(purpose).version
    consents.grant(person_id=account_id, purpose=purpose, notice_version=version, channel="web", at=NOW)


def _take_back(account_id: UUID, purpose: Purpose) -> None:
    assert consents.withdraw(person_id=account_id, purpose=purpose, channel="web", at=NOW)
