"""A role touches the topics that the declaration gives it, and those alone."""

import psycopg
import pytest
from django.conf import settings
from psycopg import errors, sql

from packytrace.databases import privileges, roles
from packytrace.databases.connections import connect
from packytrace.facts import postgres_log, topics
from packytrace.facts.fact import Consumer
from packytrace.facts.postgres_log import PostgresLog
from packytrace.facts.topics import Side

pytestmark = pytest.mark.django_db(databases=[])


def _may(role: str, table: str, verb: str) -> bool:
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        row = admin.execute("SELECT has_table_privilege(%s, %s, %s)", [role, f"log.{table}", verb]).fetchone()
        assert row is not None
        return bool(row[0])


def test_the_log_has_the_declared_tables_and_no_other() -> None:
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        found = admin.execute(
            "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'log'"
        ).fetchall()
    assert sorted(found) == sorted((topic.table, roles.LOG_OWNER) for topic in topics.TOPICS)


def test_grant_matrix() -> None:
    declared = {
        (role, topic.table, verb)
        for topic in topics.TOPICS
        for role, verbs in (topics.grants(topic) | {roles.LOG_OWNER: privileges.VERBS}).items()
        for verb in verbs
    }
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        found = admin.execute(
            "SELECT role, name, verb FROM unnest(%s::text[]) AS role, unnest(%s::text[]) AS name,"
            " unnest(%s::text[]) AS verb WHERE has_table_privilege(role, 'log.' || name, verb)",
            [list(roles.ALL_ROLES), [topic.table for topic in topics.TOPICS], list(privileges.VERBS)],
        ).fetchall()
    assert set(found) == declared


def test_column_matrix() -> None:
    """What roles may do with single columns, where they may not do it with the whole table."""
    declared = {
        (role, topic.table, column, verb)
        for topic in topics.TOPICS
        for role, verb, column in topics.column_grants(topic)
    }
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        found = admin.execute(
            "SELECT role, c.relname, a.attname, verb FROM unnest(%s::text[]) AS role,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS verb,"
            " pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'log'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped"
            " AND has_column_privilege(role, c.oid, a.attnum, verb)"
            " AND NOT has_table_privilege(role, c.oid, verb)",
            [list(roles.ALL_ROLES)],
        ).fetchall()
    assert set(found) == declared


def _select(what: str, *, topic: topics.Topic) -> sql.Composed:
    return sql.SQL(f"SELECT {what} FROM {{}}").format(sql.Identifier("log", topic.table))


@pytest.mark.parametrize("topic", topics.TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("context", roles.CONTEXTS)
def test_a_context_reads_no_topic_that_it_did_not_declare(context: str, topic: topics.Topic) -> None:
    with connect(roles.reader(context)) as connection:
        if context in topic.readers:
            connection.execute(_select("message", topic=topic))
        else:
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(_select("message", topic=topic))


@pytest.mark.parametrize("topic", topics.TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("context", roles.CONTEXTS)
def test_an_application_role_sees_how_long_a_topic_is_and_no_message(
    context: str, topic: topics.Topic
) -> None:
    """Its password is in the web process, which serves every brand."""
    with connect(roles.app(context)) as connection:
        for column in ("key", "message", "*"):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(_select(column, topic=topic))
        if context in topic.readers:
            connection.execute(_select("max(position)", topic=topic))
        else:
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(_select("max(position)", topic=topic))


@pytest.mark.parametrize("topic", topics.TOPICS, ids=lambda topic: topic.name)
def test_the_relay_cannot_read_a_fact_back(topic: topics.Topic) -> None:
    with connect(roles.RELAY) as relay, pytest.raises(errors.InsufficientPrivilege):
        relay.execute(sql.SQL("SELECT message FROM {}").format(sql.Identifier("log", topic.table)))


def test_brand_analytics_reads_brand_safe_topics_only() -> None:
    assert all(topic.side is Side.BRAND_SAFE for topic in topics.TOPICS if "brand_analytics" in topic.readers)


def test_facts_of_people_expire_and_brand_safe_facts_do_not() -> None:
    assert all((topic.retention is None) == (topic.side is Side.BRAND_SAFE) for topic in topics.TOPICS)
    assert all(
        topic.retention <= topics.CONSUMER_RETENTION for topic in topics.TOPICS if topic.retention is not None
    )


def test_a_consumer_of_a_topic_that_its_context_may_not_read_does_not_start() -> None:
    nosy = Consumer(
        name="nosy",
        context="brand_analytics",
        topics=frozenset({"passport.scans.v1"}),
        handle=lambda _: pytest.fail("It must not hear anything."),
    )
    with pytest.raises(topics.NotAReader):
        PostgresLog().reader(nosy)


def test_provisioning_again_changes_nothing_and_closes_what_is_no_longer_declared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = tuple(topic for topic in topics.TOPICS if topic.name != "identity.brands.v1")
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        try:
            with monkeypatch.context() as patch:
                patch.setattr(topics, "TOPICS", kept)
                postgres_log.provision_log(admin)
            assert not _may("brand_analytics_reader", "identity_brands_v1", "SELECT")
            assert not _may(roles.RELAY, "identity_brands_v1", "INSERT")
        finally:
            postgres_log.provision_log(admin)
            postgres_log.provision_log(admin)
    test_grant_matrix()
    test_column_matrix()
