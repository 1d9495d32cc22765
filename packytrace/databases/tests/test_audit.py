"""Whatever an administrator changes by hand is told in words, and provisioning takes it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from packytrace.databases import audit, provisioning, roles
from packytrace.databases.connections import connect

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True)

A_BRAND: Final = UUID("0198b1a0-0000-7000-8000-000000000001")

#: What is done by hand, and everything that is told of it.
BY_HAND = [
    # Tables, columns, sequences, functions, schemas, the database.
    ("GRANT SELECT ON passport.scan TO relay", ["relay may SELECT passport.scan"]),
    ("GRANT SELECT ON passport.scan TO measurement_app", ["measurement_app may SELECT passport.scan"]),
    (
        "GRANT SELECT ON identity.account TO PUBLIC",
        ["everybody (PUBLIC) may SELECT identity.account"],
    ),
    ("GRANT TRUNCATE ON fridge.inbox TO fridge_app", ["fridge_app may TRUNCATE fridge.inbox"]),
    ("GRANT TRIGGER ON fridge.inbox TO fridge_app", ["fridge_app may TRIGGER fridge.inbox"]),
    (
        "REVOKE INSERT ON passport.scan FROM passport_app",
        ["passport_app may not INSERT passport.scan"],
    ),
    (
        "GRANT INSERT ON passport.scan TO passport_app WITH GRANT OPTION",
        ["passport_app may INSERT passport.scan and pass that on"],
    ),
    (
        "GRANT SELECT (lot) ON passport.scan TO brand_analytics_app",
        ["brand_analytics_app may SELECT passport.scan (lot)"],
    ),
    (
        "GRANT UPDATE (lot) ON passport.scan TO PUBLIC",
        ["everybody (PUBLIC) may UPDATE passport.scan (lot)"],
    ),
    (
        "GRANT SELECT ON log.passport_scans_v1 TO brand_analytics_app",
        ["brand_analytics_app may SELECT log.passport_scans_v1"],
    ),
    (
        "GRANT SELECT ON log.measurement_aggregates_v1 TO brand_analytics_app",
        ["brand_analytics_app may SELECT log.measurement_aggregates_v1"],
    ),
    (
        "REVOKE SELECT ON log.measurement_aggregates_v1 FROM brand_analytics_reader",
        ["brand_analytics_reader may not SELECT log.measurement_aggregates_v1"],
    ),
    (
        "GRANT USAGE ON SCHEMA brand_analytics TO brand_analytics_reader",
        ["brand_analytics_reader may use schema brand_analytics"],
    ),
    (
        "GRANT SELECT (message) ON log.passport_scans_v1 TO relay",
        ["relay may SELECT log.passport_scans_v1 (message)"],
    ),
    (
        "REVOKE SELECT (appended_at) ON log.passport_scans_v1 FROM relay",
        ["relay may not SELECT log.passport_scans_v1 (appended_at)"],
    ),
    (
        "GRANT USAGE ON SEQUENCE passport.outbox_id_seq TO fridge_app",
        ["fridge_app may use sequence passport.outbox_id_seq"],
    ),
    (
        "GRANT USAGE ON SCHEMA passport TO brand_analytics_app",
        ["brand_analytics_app may use schema passport"],
    ),
    ("GRANT USAGE ON SCHEMA log TO PUBLIC", ["everybody (PUBLIC) may use schema log"]),
    ("GRANT USAGE ON SCHEMA provider TO identity_app", ["identity_app may use schema provider"]),
    ("GRANT CREATE ON SCHEMA fridge TO fridge_app", ["fridge_app may create things in schema fridge"]),
    (
        "REVOKE USAGE ON SCHEMA fridge FROM fridge_app",
        ["fridge_app may not use schema fridge"],
    ),
    ("GRANT CREATE ON SCHEMA public TO PUBLIC", ["everybody (PUBLIC) may create things in schema public"]),
    ("GRANT USAGE ON SCHEMA public TO relay", ["relay may use schema public"]),
    (
        "GRANT CREATE ON SCHEMA extensions TO passport_owner",
        ["passport_owner may create things in schema extensions"],
    ),
    (
        "REVOKE USAGE ON SCHEMA extensions FROM PUBLIC",
        ["everybody (PUBLIC) may not use schema extensions"],
    ),
    (
        "GRANT TEMPORARY ON DATABASE {database} TO fridge_app",
        ["fridge_app may make temporary tables in database {database}"],
    ),
    (
        "GRANT CREATE ON DATABASE {database} TO PUBLIC",
        ["everybody (PUBLIC) may create things in database {database}"],
    ),
    (
        "REVOKE CONNECT ON DATABASE {database} FROM identity_app",
        ["identity_app may not connect to database {database}"],
    ),
    # What is not of ours.
    (
        (
            "CREATE SCHEMA extra; CREATE VIEW extra.every_scan AS SELECT * FROM passport.scan;"
            " GRANT USAGE ON SCHEMA extra TO brand_analytics_app;"
            " GRANT SELECT ON extra.every_scan TO brand_analytics_app"
        ),
        ["brand_analytics_app may use schema extra", "brand_analytics_app may SELECT extra.every_scan"],
    ),
    (
        "GRANT EXECUTE ON FUNCTION pg_reload_conf() TO relay",
        ["relay may execute routine pg_catalog.pg_reload_conf()"],
    ),
    (
        (
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;"
            " GRANT USAGE ON FOREIGN SERVER far TO relay"
        ),
        ["relay may use foreign server far"],
    ),
    (
        "GRANT SET ON PARAMETER session_replication_role TO fridge_app",
        ["fridge_app may SET parameter session_replication_role"],
    ),
    # What is not yet made.
    (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO relay",
        ["relay may SELECT the future tables of {administrator}"],
    ),
    (
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE passport_owner IN SCHEMA passport"
            " GRANT SELECT ON TABLES TO brand_analytics_app"
        ),
        ["brand_analytics_app may SELECT the future tables of passport_owner in passport"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE fridge_owner GRANT SELECT ON TABLES TO PUBLIC",
        ["everybody (PUBLIC) may SELECT the future tables of fridge_owner"],
    ),
    (
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE fridge_owner IN SCHEMA fridge"
            " REVOKE INSERT ON TABLES FROM fridge_app"
        ),
        ["fridge_app may not INSERT the future tables of fridge_owner in fridge"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE log_owner IN SCHEMA log GRANT USAGE ON SEQUENCES TO relay",
        ["relay may use the future sequences of log_owner in log"],
    ),
    # Roles.
    (
        "ALTER ROLE brand_analytics_app BYPASSRLS",
        ["role brand_analytics_app has the attribute BYPASSRLS"],
    ),
    ("ALTER ROLE relay SUPERUSER", ["role relay has the attribute SUPERUSER"]),
    ("ALTER ROLE relay CREATEDB", ["role relay has the attribute CREATEDB"]),
    ("ALTER ROLE relay CREATEROLE", ["role relay has the attribute CREATEROLE"]),
    ("ALTER ROLE relay REPLICATION", ["role relay has the attribute REPLICATION"]),
    ("ALTER ROLE passport_app INHERIT", ["role passport_app has the attribute INHERIT"]),
    ("ALTER ROLE passport_owner NOLOGIN", ["role passport_owner lacks the attribute LOGIN"]),
    (
        "ALTER ROLE identity_app VALID UNTIL '2001-01-01'",
        ["role identity_app lacks the attribute VALID UNTIL 'infinity'"],
    ),
    (
        "ALTER ROLE measurement_app CONNECTION LIMIT 0",
        ["role measurement_app lacks the attribute CONNECTION LIMIT -1"],
    ),
    (
        "GRANT passport_app TO brand_analytics_app",
        ["role brand_analytics_app is a member of passport_app"],
    ),
    (
        "GRANT pg_read_all_data TO measurement_app",
        ["role measurement_app is a member of pg_read_all_data"],
    ),
    (
        "ALTER ROLE passport_app IN DATABASE {database} SET search_path = public",
        [
            "a session of passport_app in {database} begins with search_path = public",
            "a session of passport_app in {database} does not begin with search_path = passport, extensions",
        ],
    ),
    (
        "ALTER ROLE passport_app IN DATABASE {database} RESET ALL",
        ["a session of passport_app in {database} does not begin with search_path = passport, extensions"],
    ),
    (
        f"ALTER ROLE brand_analytics_app SET packytrace.brand_id = '{A_BRAND}'",
        [f"a session of brand_analytics_app begins with packytrace.brand_id = {A_BRAND}"],
    ),
    (
        f"ALTER DATABASE {{database}} SET packytrace.brand_id = '{A_BRAND}'",
        [f"every session in {{database}} begins with packytrace.brand_id = {A_BRAND}"],
    ),
    # Tenants.
    (
        "DROP POLICY one_brand ON brand_analytics.released_cell",
        ["brand_analytics.released_cell does not have the policy one_brand as declared"],
    ),
    (
        "CREATE POLICY open ON brand_analytics.released_cell USING (true)",
        ["policy open of brand_analytics.released_cell is not as declared"],
    ),
    (
        "ALTER POLICY one_brand ON brand_analytics.released_cell USING (true)",
        [
            "policy one_brand of brand_analytics.released_cell is not as declared",
            "brand_analytics.released_cell does not have the policy one_brand as declared",
        ],
    ),
    (
        "ALTER POLICY one_brand ON brand_analytics.released_cell TO relay",
        [
            "policy one_brand of brand_analytics.released_cell is not as declared",
            "brand_analytics.released_cell does not have the policy one_brand as declared",
        ],
    ),
    (
        "CREATE POLICY open ON passport.scan USING (true)",
        ["policy open of passport.scan is not as declared"],
    ),
    (
        "ALTER TABLE brand_analytics.released_cell DISABLE ROW LEVEL SECURITY",
        ["row-level security of brand_analytics.released_cell is off"],
    ),
    (
        "ALTER TABLE brand_analytics.released_cell NO FORCE ROW LEVEL SECURITY",
        ["row-level security of brand_analytics.released_cell is off"],
    ),
    (
        "ALTER TABLE passport.scan ENABLE ROW LEVEL SECURITY",
        ["row-level security of passport.scan is on"],
    ),
    # Owners.
    (
        "ALTER TABLE brand_analytics.released_cell OWNER TO brand_analytics_app",
        [
            "table brand_analytics.released_cell belongs to brand_analytics_app",
            "brand_analytics_app may not INSERT brand_analytics.released_cell",
            "brand_analytics_app may not SELECT brand_analytics.released_cell",
        ],
    ),
    (
        "ALTER SCHEMA passport OWNER TO measurement_app",
        ["schema passport belongs to measurement_app"],
    ),
]


@contextmanager
def _administrator() -> Iterator[psycopg.Connection]:
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        yield admin


def _provision() -> None:
    with _administrator() as admin:
        provisioning.provision(admin, password=settings.DATABASE_PASSWORD)


def _deviations() -> list[str]:
    with connect(roles.RELAY) as connection:
        return audit.deviations(connection)


def _remarks() -> list[str]:
    with connect(roles.RELAY) as connection:
        return audit.remarks(connection)


def _change(admin: psycopg.Connection, statement: str) -> None:
    admin.execute(sql.SQL(statement))


@pytest.fixture(autouse=True)
def _as_declared() -> Iterator[None]:
    assert _deviations() == []
    yield
    with _administrator() as admin:
        admin.execute("DROP SCHEMA IF EXISTS extra CASCADE")
        admin.execute("DROP FOREIGN DATA WRAPPER IF EXISTS w CASCADE")
    _provision()
    assert _deviations() == []


@pytest.mark.parametrize(("change", "findings"), BY_HAND, ids=[change for change, _ in BY_HAND])
def test_what_is_changed_by_hand_is_told_and_taken_back(change: str, findings: list[str]) -> None:
    with _administrator() as admin:
        names = {"{database}": admin.info.dbname, "{administrator}": admin.info.user}
        for placeholder, name in names.items():
            change = change.replace(placeholder, name)
            findings = [finding.replace(placeholder, name) for finding in findings]
        _change(admin, change)
    assert sorted(_deviations()) == sorted(findings)
    _provision()
    assert _deviations() == []
    assert _remarks() == []


def test_everything_at_once_is_repaired_by_what_the_doctor_advises() -> None:
    database = settings.DATABASE_SERVER["dbname"]
    with _administrator() as admin:
        for change, _ in BY_HAND:
            if "DROP POLICY" not in change:  # the next ones change what it would have dropped
                _change(admin, change.replace("{database}", database))
    assert len(_deviations()) >= len(BY_HAND) - 10
    call_command("provision", verbosity=0)
    call_command("migrate", verbosity=0, interactive=False)
    assert _deviations() == []
    assert _remarks() == []


def test_a_grant_that_was_passed_on_goes_with_the_one_it_came_from() -> None:
    with _administrator() as admin:
        admin.execute("GRANT SELECT ON passport.scan TO passport_app WITH GRANT OPTION")
        admin.execute("SET ROLE passport_app")
        admin.execute("GRANT SELECT ON passport.scan TO brand_analytics_app")
    assert "brand_analytics_app may SELECT passport.scan" in _deviations()
    _provision()
    assert _deviations() == []


@pytest.mark.parametrize(
    ("make", "drop", "finding"),
    [
        (
            "CREATE VIEW passport.every_scan AS SELECT * FROM passport.scan",
            "DROP VIEW passport.every_scan",
            "view passport.every_scan is not declared: look at it, then drop it by hand",
        ),
        (
            "CREATE MATERIALIZED VIEW measurement.every_scan AS SELECT * FROM passport.scan",
            "DROP MATERIALIZED VIEW measurement.every_scan",
            "view measurement.every_scan is not declared: look at it, then drop it by hand",
        ),
        (
            "CREATE TABLE log.every_scan (LIKE passport.scan)",
            "DROP TABLE log.every_scan",
            "table log.every_scan is not declared: look at it, then drop it by hand",
        ),
        (
            (
                "CREATE FUNCTION fridge.scans(since int) RETURNS bigint LANGUAGE sql SECURITY DEFINER"
                " AS 'SELECT count(*) FROM passport.scan'"
            ),
            "DROP FUNCTION fridge.scans",
            "function fridge.scans(since integer) is not declared: look at it, then drop it by hand",
        ),
    ],
)
def test_what_nobody_declared_is_closed_and_left_to_a_person(make: str, drop: str, finding: str) -> None:
    with _administrator() as admin:
        _change(admin, make)
        try:
            if " FUNCTION " not in make:  # a function is open to all from the start
                _change(admin, f"GRANT SELECT ON {drop.split()[-1]} TO PUBLIC")
            assert finding in _deviations()
            assert any("everybody (PUBLIC) may " in told for told in _deviations())
            _provision()
            assert _deviations() == [finding]
        finally:
            _change(admin, drop)


_FORGET: Final = "fridge.forget_events(gone uuid)"


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (
            f"GRANT EXECUTE ON FUNCTION {_FORGET} TO PUBLIC",
            f"everybody (PUBLIC) may execute routine {_FORGET}",
        ),
        (f"GRANT EXECUTE ON FUNCTION {_FORGET} TO relay", f"relay may execute routine {_FORGET}"),
        (f"ALTER FUNCTION {_FORGET} OWNER TO fridge_app", f"function {_FORGET} belongs to fridge_app"),
        (f"ALTER FUNCTION {_FORGET} RESET ALL", f"function {_FORGET} does something else than declared"),
        (
            (
                f"CREATE OR REPLACE FUNCTION {_FORGET} RETURNS void LANGUAGE sql SECURITY DEFINER"
                " SET search_path TO 'pg_catalog', 'pg_temp' AS 'DELETE FROM fridge.fridge_event'"
            ),
            f"function {_FORGET} does something else than declared",
        ),
    ],
)
def test_a_declared_function_does_what_is_declared_for_whom_it_is(change: str, finding: str) -> None:
    with _administrator() as admin:
        _change(admin, change)
    assert finding in _deviations()
    _provision()
    assert _deviations() == []


@pytest.mark.parametrize(
    ("make", "drop", "finding"),
    [
        (
            (
                "CREATE TRIGGER copy AFTER INSERT ON passport.scan"
                " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
            "DROP TRIGGER copy ON passport.scan",
            "trigger passport.scan.copy is not declared: look at it, then drop it by hand",
        ),
        (
            "CREATE RULE copy AS ON INSERT TO passport.scan DO ALSO NOTHING",
            "DROP RULE copy ON passport.scan",
            "rule passport.scan.copy is not declared: look at it, then drop it by hand",
        ),
    ],
)
def test_what_nobody_declared_on_a_table_is_told(make: str, drop: str, finding: str) -> None:
    with _administrator() as admin:
        _change(admin, make)
        try:
            _provision()
            assert _deviations() == [finding]
        finally:
            _change(admin, drop)


@pytest.mark.parametrize(
    ("make", "findings"),
    [
        (
            "GRANT USAGE ON SCHEMA extra TO PUBLIC",
            ["everybody (PUBLIC) may use schema extra: look at it, then revoke it by hand"],
        ),
        (
            (
                "CREATE VIEW extensions.every_scan AS SELECT * FROM passport.scan;"
                " GRANT SELECT ON extensions.every_scan TO PUBLIC"
            ),
            [
                "everybody (PUBLIC) may SELECT extensions.every_scan: look at it, then revoke it by hand",
            ],
        ),
        (
            "ALTER SCHEMA extra OWNER TO relay",
            ["schema extra belongs to relay and is not declared: look at it, then drop it by hand"],
        ),
        (
            "CREATE TABLE extra.t (); ALTER TABLE extra.t OWNER TO relay",
            ["table extra.t belongs to relay and is not declared: look at it, then drop it by hand"],
        ),
        (
            (
                "CREATE VIEW extra.every_scan AS SELECT * FROM passport.scan;"
                " GRANT SELECT ON extra.every_scan TO PUBLIC"
            ),
            [],  # nobody of ours gets at it
        ),
    ],
)
def test_what_is_of_others_is_told_and_left_to_a_person(make: str, findings: list[str]) -> None:
    with _administrator() as admin:
        _change(admin, f"CREATE SCHEMA extra; {make}")
        try:
            assert _deviations() == findings
            _provision()
            assert _deviations() == findings
            assert all(deviation.by_hand for deviation in audit.find(admin))
        finally:
            admin.execute("DROP VIEW IF EXISTS extensions.every_scan")


def test_an_administrators_own_powers_are_not_remarked_on() -> None:
    with _administrator() as admin:
        admin.execute("CREATE ROLE deputy CREATEROLE")
        try:
            admin.execute("GRANT SELECT ON passport.scan TO deputy")
            admin.execute("GRANT measurement_app TO deputy")
            assert _remarks() == []
            admin.execute("ALTER ROLE deputy NOCREATEROLE")
            assert _remarks() == [
                "the role deputy is not ours and may act as measurement_app, SELECT passport.scan"
            ]
        finally:
            admin.execute("REVOKE measurement_app FROM deputy")
            admin.execute("DROP OWNED BY deputy")
            admin.execute("DROP ROLE deputy")


def test_a_role_that_is_not_ours_keeps_what_it_was_given_and_is_remarked_on() -> None:
    with _administrator() as admin:
        admin.execute("CREATE ROLE reporting")
        try:
            admin.execute("GRANT SELECT ON passport.scan TO reporting")
            admin.execute("GRANT SELECT (id) ON identity.account TO reporting")
            admin.execute("GRANT measurement_app TO reporting")
            assert _deviations() == []
            _provision()
            assert _remarks() == [
                (
                    "the role reporting is not ours and may act as measurement_app,"
                    " SELECT identity.account (id), SELECT passport.scan"
                )
            ]
            row = admin.execute(
                "SELECT has_table_privilege('reporting', 'passport.scan', 'SELECT')"
            ).fetchone()
            assert row == (True,)
        finally:
            admin.execute("REVOKE measurement_app FROM reporting")
            admin.execute("DROP OWNED BY reporting")
            admin.execute("DROP ROLE reporting")


def test_a_grant_that_a_foreign_role_passed_on_to_ours_is_taken_back() -> None:
    with _administrator() as admin:
        admin.execute("CREATE ROLE reporting")
        try:
            admin.execute("GRANT USAGE ON SCHEMA passport TO reporting")
            admin.execute("GRANT SELECT ON passport.scan TO reporting WITH GRANT OPTION")
            admin.execute("SET ROLE reporting")
            admin.execute("GRANT SELECT ON passport.scan TO fridge_app")
            admin.execute("RESET ROLE")
            assert _deviations() == ["fridge_app may SELECT passport.scan"]
            _provision()
            assert _deviations() == []
            assert _remarks() == [
                "the role reporting is not ours and may use schema passport, SELECT passport.scan"
            ]
        finally:
            admin.execute("RESET ROLE")
            admin.execute("DROP OWNED BY reporting")
            admin.execute("DROP ROLE reporting")


def test_a_timeout_is_the_administrators_to_choose() -> None:
    with _administrator() as admin:
        admin.execute("ALTER ROLE passport_app SET statement_timeout = '20s'")
        try:
            assert _deviations() == []
            _provision()
            row = admin.execute("SELECT rolconfig FROM pg_roles WHERE rolname = 'passport_app'").fetchone()
            assert row == (["statement_timeout=20s"],)
        finally:
            admin.execute("ALTER ROLE passport_app RESET statement_timeout")


@pytest.mark.parametrize("schema", [*roles.CONTEXTS, roles.PROVIDER, roles.LOG_SCHEMA])
def test_the_migrations_alone_settle_what_belongs_to_their_schema(schema: str) -> None:
    owner = roles.LOG_OWNER if schema == roles.LOG_SCHEMA else roles.owner(schema)
    with _administrator() as admin:
        admin.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO PUBLIC").format(sql.Identifier(schema)))
        admin.execute(
            sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA {} TO PUBLIC").format(sql.Identifier(schema))
        )
        admin.execute("GRANT passport_app TO relay")
    with connect(owner) as connection:
        provisioning.settle_grants(connection, schema=schema)
    assert _deviations() == ["role relay is a member of passport_app"]


def test_nothing_is_changed_where_all_is_as_declared() -> None:
    with _administrator() as admin:
        before = admin.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()
        with connect(roles.owner("passport")) as connection, connection.transaction():
            provisioning.settle_grants(connection, schema="passport")
            assigned = connection.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()
    assert before == assigned == (None,)
