"""Nothing that rests on a consent is read, written or exported without asking for it.

PostgreSQL itself says what was touched: `pg_stat_xact_user_tables` counts every scan and every written row of
a table in the transaction at hand, whatever code or library sent the statement.
"""

import inspect
import io
import pkgutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import Any, Final
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections

from contexts.identity.application import consents, exports, notices
from contexts.identity.domain.consents import Purpose
from contexts.personalization import application
from contexts.personalization.application import ports, profiles, verdicts
from contexts.personalization.application.errors import ConsentRequired
from contexts.personalization.application.exporting import edition, export
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.models import HealthProfile as ProfileRow
from tests.test_every_address import METHODS, addresses, ask, undone
from tests.two_people import CONTEXTS, Person, Town, routes

pytestmark = pytest.mark.django_db(databases=CONTEXTS)

#: What asks for no consent, for all that it does is to destroy.
DESTROY: Final = frozenset(
    {
        "delete_profile",
        "forget_withdrawn",
        "forget_measured",
        "forget_taken_back",
        "forget_told",
        "forget_sharing",
        "forget",
        "erase",
    }
)
#: What computes a name and looks at no table.
COMPUTE: Final = frozenset({"pseudonym_of", "pseudonyms_of", "digest_of"})
DESTROYING_ADDRESSES: Final = frozenset(
    {
        ("POST", "profile/delete"),
        ("POST", "profile/withdraw"),
        ("DELETE", "api/v1/me/profile"),
        # Agreeing anew is a consent: what was saved under the one before it is destroyed then.
        ("POST", "setup"),
    }
)


def dependent_tables() -> list[str]:
    """The tables whose rows rest on a consent: those that say on which, and those that must not say it."""
    models = apps.get_app_config("personalization").get_models()
    found = {
        model._meta.db_table
        for model in models
        if any(field.name == "consented_at" for field in model._meta.get_fields())
    }
    return sorted(found | {"person_key", "reason_shared"})


def touched() -> dict[str, int]:
    """How often each of these tables was looked at or written so far in this transaction."""
    with connections["personalization"].cursor() as cursor:
        cursor.execute(
            "SELECT relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd"
            " FROM pg_stat_xact_user_tables WHERE schemaname = current_schema() AND relname = ANY (%s)",
            [dependent_tables()],
        )
        return dict(cursor.fetchall())


def touches(do: Callable[[], object]) -> list[str]:
    """The tables that a piece of work touches."""
    before = touched()
    do()
    return sorted(table for table, count in touched().items() if count != before.get(table, 0))


@pytest.fixture
def withdrawn(town: Town) -> Person:
    """Luca has taken the consent back a moment ago: the fact has not arrived, so that all of it is there."""
    for purpose in Purpose:
        consents.withdraw(
            person_id=town.luca.account_id, purpose=purpose, channel="web", at=datetime.now(UTC)
        )
    assert ProfileRow.objects.filter(person_id=town.luca.account_id).exists()
    return town.luca


def calls(person: Person) -> Mapping[str, Callable[[], object]]:
    """Every use case of personalization that is about a person, with what it is asked."""
    account_id, now = person.account_id, datetime.now(UTC)
    product = ports.Product(gtin="09520123456788", brand_id=None, label=ports.Label(), name="Muesli")
    return {
        "read_profile": lambda: profiles.read_profile(account_id=account_id),
        "check_consent": lambda: profiles.check_consent(account_id=account_id),
        "save_profile": lambda: profiles.save_profile(
            account_id=account_id, profile=HealthProfile(), edition=None, at=now
        ),
        "verdict_of": lambda: verdicts.verdict_of(account_id=account_id, product=product, at=now),
        "export": lambda: export(person_ids=[account_id, person.visitor_id]),
        "edition": lambda: edition(account_id=account_id),
    }


def use_cases_about_people() -> dict[str, Callable[..., object]]:
    """The public functions of personalization's application layer that take a person's id.

    Whoever needs the moment of the grant as well cannot be called without having asked for it.
    """
    found: dict[str, Callable[..., object]] = {}
    for module in pkgutil.iter_modules(application.__path__, f"{application.__name__}."):
        for name, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            takes = inspect.signature(function).parameters
            about_people = {"account_id", "person_id", "person_ids"} & set(takes)
            if (
                function.__module__ == module.name
                and not name.startswith("_")
                and about_people
                and "consented_at" not in takes
            ):
                found[name] = function
    return found


def test_the_tables_are_known() -> None:
    assert dependent_tables() == ["health_profile", "person_key", "reason_shared", "verdict_told"]


def test_every_use_case_is_known(town: Town) -> None:
    """A new one says here how it is called, or that it only destroys or looks at nothing."""
    assert set(use_cases_about_people()) == {*calls(town.luca), *DESTROY, *COMPUTE}


def test_with_the_consent_they_do_touch_it(town: Town) -> None:
    """Without this, the next test would prove nothing."""
    for name, call in calls(town.luca).items():
        if name not in {"check_consent", "save_profile"}:
            assert touches(call), name


def test_no_use_case_touches_it_without(withdrawn: Person) -> None:
    for name, call in calls(withdrawn).items():
        assert touches(partial(_refused, call)) == [], name


def _refused(call: Callable[[], Any]) -> None:
    try:
        told = call()
    except ConsentRequired:
        return
    assert not told or not any(told.values()), "an export has nothing of it"


def unchecked_addresses(person: Person, town: Town) -> list[str]:
    """The addresses that touch what rests on a consent that the person has taken back."""
    client, found = person.client(), []
    for route in routes():
        for address in addresses(route, of=person, town=town):
            for method in METHODS:
                if (method, route) in DESTROYING_ADDRESSES:
                    continue
                with undone():
                    if touches(partial(ask, client, method, address)):
                        found.append(f"{method} {route}")
    return found


def test_no_address_touches_it_without(withdrawn: Person, town: Town) -> None:
    assert unchecked_addresses(withdrawn, town) == []


def test_an_archive_is_made_without_it(withdrawn: Person) -> None:
    account_id, now = withdrawn.account_id, datetime.now(UTC)

    def prepare() -> None:
        asked = exports.request_export(account_id=account_id, at=now)
        exports.prepare_all(now=now)
        made = exports.export_of(account_id=account_id, export_id=asked.id, now=now)
        assert made.state is exports.State.READY

    assert touches(prepare) == []


class TestAFinishedArchive:
    """It was made while the consent stood, with the profile in it."""

    @pytest.fixture(params=["api/v1/me/export/{}/file", "preferences/export/{}"])
    def fetch(self, town: Town, request: pytest.FixtureRequest) -> Callable[[], bytes]:
        """What the person is handed at that address."""
        client, address = town.luca.client(), "/" + request.param.format(town.luca.export_id)

        def fetched() -> bytes:
            answer = client.get(address)
            if answer.status_code != 200:
                return b""
            with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as packed:
                return b"".join(map(packed.read, packed.namelist()))

        assert town.luca.word.encode() in fetched()
        return fetched

    def test_is_gone_with_the_consent(self, town: Town, fetch: Callable[[], bytes]) -> None:
        town.luca.client().delete("/api/v1/me/consents/health_profile")
        assert fetch() == b""
        consents.grant(
            person_id=town.luca.account_id,
            purpose=Purpose.HEALTH_PROFILE,
            notice_version=notices.current(Purpose.HEALTH_PROFILE).version,
            channel="web",
            at=datetime.now(UTC),
        )
        assert fetch() == b"", "agreeing anew does not bring it back"

    def test_is_gone_with_the_profile(self, town: Town, fetch: Callable[[], bytes]) -> None:
        town.luca.client().delete("/api/v1/me/profile")
        assert fetch() == b""


class TestTheTestWouldNotice:
    """A check that is left out is found, at the use case and at the addresses."""

    @pytest.fixture
    def _forgotten_check(self, withdrawn: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        def unasked(*, account_id: UUID) -> profiles.Allowed:
            return profiles.Allowed(consented_at=withdrawn.consented_at, measured_since=None)

        monkeypatch.setattr(profiles, "check_consent", unasked)

    @pytest.mark.usefixtures("_forgotten_check")
    def test_at_addresses(self, withdrawn: Person, town: Town) -> None:
        found = unchecked_addresses(withdrawn, town)
        assert {
            "GET profile",
            "GET passport/<str:gtin>",
            "GET api/v1/me/profile",
            "GET api/v1/me/verdicts/<str:gtin>",
        } <= set(found)

    @pytest.mark.usefixtures("_forgotten_check")
    def test_at_use_cases(self, withdrawn: Person) -> None:
        assert touches(calls(withdrawn)["read_profile"]) == ["health_profile", "person_key"]

    def test_beneath_djangos_cursor(self, town: Town) -> None:
        def peek() -> None:
            connections["personalization"].connection.execute("SELECT sealed FROM health_profile LIMIT 1")

        assert touches(peek) == ["health_profile"]

    def test_a_new_use_case(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        def peek(*, account_id: UUID) -> bool:
            return ProfileRow.objects.filter(person_id=account_id).exists()

        peek.__module__ = profiles.__name__
        monkeypatch.setattr(profiles, "peek", peek, raising=False)
        assert set(use_cases_about_people()) - {*calls(town.luca), *DESTROY, *COMPUTE} == {"peek"}
