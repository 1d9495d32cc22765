"""Provisioning and migrating again change nothing, repair what was changed, and run side by side."""

import threading

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from packytrace.databases import audit, provisioning, roles
from packytrace.databases.connections import connect
from packytrace.databases.router import ContextRouter, UnroutedApp

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True)


def _deviations() -> list[str]:
    with connect(roles.RELAY) as connection:
        return audit.deviations(connection)


def test_again_changes_nothing() -> None:
    assert _deviations() == []
    call_command("provision", verbosity=0)
    call_command("migrate", verbosity=0, interactive=False)
    assert _deviations() == []


def test_two_provisioners_do_not_trip_over_each_other() -> None:
    barrier = threading.Barrier(3)
    failures: list[Exception] = []

    def run() -> None:
        with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as connection:
            barrier.wait()
            try:
                provisioning.provision(connection, password=settings.DATABASE_PASSWORD)
            except psycopg.Error as error:
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_migrations_run_as_the_owner_and_the_alias_comes_back_as_the_app() -> None:
    call_command("migrate", "passport", verbosity=0, interactive=False)
    with connections["passport"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("passport_app",)
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'passport'")
        assert cursor.fetchall() == [("passport_owner",)]


def test_every_model_has_a_database_and_nothing_goes_to_default() -> None:
    router = ContextRouter()
    for model in apps.get_models(include_auto_created=True):
        assert router.db_for_write(model) in roles.CONTEXTS
    with pytest.raises(UnroutedApp, match="DATABASE_OF_APP"):
        router.allow_migrate("default", "stray")
