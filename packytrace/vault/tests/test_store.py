"""A person has one data key, whoever asks for it first; where it is gone, what it sealed is gone."""

import threading
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connections, transaction
from pytest_django import DjangoAssertNumQueries
from pytest_django import Settings as SettingsWrapper

from packytrace.vault.errors import KeyErased, KeyUnavailable, Tampered
from packytrace.vault.store import key_for_writing, key_of
from packytrace.vault.tests.keys import entry
from packytrace.vault.tests.people import all_open, opens, people, table

T = TypeVar("T")

ALIAS = "personalization"


def _at_once(number: int, do: Callable[[], T]) -> list[T]:
    """What each of several threads gets that start together."""
    barrier, results = threading.Barrier(number), list[T]()

    def run() -> None:
        try:
            barrier.wait()
            results.append(do())
        finally:
            connections[ALIAS].close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(databases=[ALIAS], transaction=True)
def test_several_at_once_get_the_same_key() -> None:
    person = uuid4()

    def ask() -> bytes:
        with transaction.atomic(using=ALIAS):
            return key_for_writing(table(), person_id=person).reveal()

    secrets = _at_once(4, ask)
    assert len(secrets) == 4
    assert len(set(secrets)) == 1
    assert table()._default_manager.filter(person_id=person).count() == 1


@pytest.mark.django_db(databases=[ALIAS])
def test_a_key_that_is_gone_opens_nothing_and_the_next_one_neither() -> None:
    ((person, sealed),) = people(1).items()
    table()._default_manager.filter(person_id=person).delete()
    with pytest.raises(KeyErased):
        key_of(table()._default_manager.filter(person_id=person).first())
    another = key_for_writing(table(), person_id=person)
    with pytest.raises(Tampered):
        opens(sealed, key=another, person=person)


@pytest.mark.django_db(databases=[ALIAS])
def test_without_keys_nothing_is_written(settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = ""
    person = uuid4()
    with pytest.raises(KeyUnavailable):
        key_for_writing(table(), person_id=person)
    assert not table()._default_manager.filter(person_id=person).exists()


@pytest.mark.django_db(databases=[ALIAS])
def test_a_key_is_asked_for_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    (person,) = people(1)
    with django_assert_num_queries(1, connection=connections[ALIAS]):
        key_for_writing(table(), person_id=person)


@pytest.mark.django_db(databases=[ALIAS])
def test_keys_swapped_in_the_table_are_both_refused(settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = entry("a")
    sealed = people(2)
    assert all_open(sealed)
    one, other = table()._default_manager.filter(person_id__in=sealed)
    one.wrapped, other.wrapped = other.wrapped, one.wrapped
    table()._default_manager.bulk_update([one, other], ["wrapped"])
    for person in sealed:
        _refused(person)


def _refused(person: UUID) -> None:
    with pytest.raises(Tampered):
        key_of(table()._default_manager.get(person_id=person))


@pytest.mark.django_db(databases=[ALIAS], transaction=True)
def test_a_key_that_something_is_sealed_with_stays_until_the_transaction_ends() -> None:
    (person,) = people(1)

    def can_be_deleted() -> bool:
        try:
            with transaction.atomic(using=ALIAS):
                return bool(table()._default_manager.select_for_update(nowait=True).get(person_id=person))
        except OperationalError:
            return False

    with transaction.atomic(using=ALIAS):
        key_for_writing(table(), person_id=person)
        assert _at_once(1, can_be_deleted) == [False]
    assert _at_once(1, can_be_deleted) == [True]
