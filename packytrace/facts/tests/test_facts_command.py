"""`manage.py facts` and `manage.py consume`: what an operator sees and does."""

import io
import threading
from collections.abc import Sequence
from contextlib import closing
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from packytrace.databases import roles
from packytrace.databases.roles import PasswordMissing
from packytrace.facts import consuming, dead_facts, letters, topics
from packytrace.facts.consuming import ConsumerLoop
from packytrace.facts.fact import Consumer
from packytrace.facts.postgres_log import PostgresLog
from packytrace.facts.tests.counting import TOPIC, administrator, heard, listener, new_keys, tell
from packytrace.facts.tests.logs import Postgres
from packytrace.facts.tests.work import relay_all

pytestmark = pytest.mark.django_db(transaction=True, databases=list(roles.CONTEXTS))


@pytest.fixture(autouse=True)
def _quick(counting: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "FIRST_WAIT", 0.001)


@pytest.fixture
def _wired(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    wire(monkeypatch, listener(name))


def wire(monkeypatch: pytest.MonkeyPatch, *consumers: Consumer) -> None:
    """Let the commands know these consumers and no others."""
    monkeypatch.setattr("packytrace.wiring.consumers", lambda: consumers)


def said(*arguments: str) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("facts", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def set_aside(name: str, *, numbers: Sequence[int] = (1, 2)) -> UUID:
    """A key whose facts became letters."""
    (key,) = new_keys(1)
    tell(key=key, numbers=numbers)
    relay_all(Postgres())
    poisoned = listener(name, poison=[(key, numbers[0])])
    with closing(ConsumerLoop(consumer=poisoned, log=PostgresLog(), stop=threading.Event())) as loop:
        loop.run_once(timeout=0)
    return key


def killed_fact() -> str:
    """A key whose fact was refused by the relay."""
    (key,) = new_keys(1)
    tell(key=key, numbers=[1])
    with administrator() as admin:
        admin.execute("UPDATE passport.outbox SET version = 9")
    relay_all(Postgres())
    return str(key)


@pytest.mark.usefixtures("_wired")
def test_shows_letters_by_their_fields_and_payloads_only_when_told(name: str) -> None:
    assert said("dead") == "Nothing is set aside.\n"
    key = set_aside(name)
    shown = said("dead")
    assert f"{name} on {TOPIC}, tried 5 times" in shown
    assert "Poison in handle (packytrace/facts/tests/counting.py:" in shown
    assert "fields: channel, gtin, productKnown, scanId, scannedAt, visitorId" in shown
    assert "09521002000023" not in shown
    assert '"gtin": "09521002000023"' in said("dead", "--show")
    assert str(key) in said("dead", "--context", "measurement")
    assert said("dead", "--context", "fridge") == "Nothing is set aside.\n"
    assert said("dead", "--outbox") == "Nothing is set aside.\n"


@pytest.mark.usefixtures("_wired")
def test_retries_in_order_and_says_what_still_fails(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key, other = set_aside(name), set_aside(name)
    wire(monkeypatch, listener(name, poison=[(key, 2)]))
    with pytest.raises(CommandError, match="1 of 2 keys still fail"):
        said("retry")
    assert [letter.key for letter in letters.pending(context="measurement")] == [str(key)]
    assert heard(name, keys=[key, other]) == {key: [1], other: [1, 2]}
    wire(monkeypatch, listener(name))
    (left,) = letters.pending(context="measurement")
    assert said("retry", "--context", "measurement", "--id", str(left.id)) == (
        f"measurement {name} {key}: 1 handled\n"
    )
    assert heard(name, keys=[key, other]) == {key: [1, 2], other: [1, 2]}
    assert letters.pending(context="measurement") == []


@pytest.mark.usefixtures("_wired")
def test_drops_only_what_the_operator_agreed_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_aside(name)
    first, _ = letters.pending(context="measurement")
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError, match="Nothing was dropped"):
        said("drop", "--context", "measurement", "--id", str(first.id))
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert said("drop", "--context", "measurement", "--id", str(first.id)) == "1 dropped.\n"
    assert said("drop", "--yes") == "1 dropped.\n"
    with pytest.raises(CommandError, match="Nothing is set aside"):
        said("drop", "--yes")


def test_an_id_alone_names_nothing() -> None:
    with pytest.raises(CommandError, match="--context"):
        said("drop", "--id", "1")


@pytest.mark.usefixtures("_wired")
def test_letters_of_a_consumer_that_is_gone_are_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_aside(name)
    wire(monkeypatch)
    with pytest.raises(CommandError, match="still fail"):
        said("retry")


def test_shows_retries_and_drops_what_the_log_refused() -> None:
    key = killed_fact()
    assert "No contract is called ProductScanned v9" in said("dead", "--outbox")
    assert said("retry", "--outbox") == f"passport {key}: 0 relayed\n"
    with administrator() as admin:
        admin.execute("UPDATE passport.outbox_dead SET version = 1")
    assert said("retry", "--outbox") == f"passport {key}: 1 relayed\n"
    killed_fact()
    assert said("drop", "--outbox", "--yes") == "1 dropped.\n"
    assert dead_facts.pending(context="passport") == []


@pytest.mark.usefixtures("_wired")
def test_replays_a_consumer_that_is_known_and_meant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = new_keys(1)
    tell(key=key, numbers=[1])
    relay_all(Postgres())
    with closing(ConsumerLoop(consumer=listener(name), log=PostgresLog(), stop=threading.Event())) as loop:
        loop.run_once(timeout=0)
    with pytest.raises(CommandError, match=f"There are: {name}"):
        said("replay", "nobody")
    monkeypatch.setattr("builtins.input", lambda _: "")
    with pytest.raises(CommandError, match="Nothing was changed"):
        said("replay", name)
    assert heard(name, keys=[key]) == {key: [1]}
    assert said("replay", name, "--yes") == f"{name} starts over.\n"
    assert heard(name, keys=[key]) == {key: []}


@pytest.mark.usefixtures("_wired")
def test_says_what_waits_and_who_is_behind(name: str) -> None:
    set_aside(name)
    tell(key=new_keys(1)[0], numbers=[1])
    state = said("state")
    assert "1 waiting" in state
    assert f"{name}: 2 letters" in state
    assert f"{TOPIC}: 0 behind" in state


def test_lists_every_topic_and_its_readers() -> None:
    listed = said("topics")
    assert all(topic.name in listed for topic in topics.TOPICS)
    with pytest.raises(CommandError, match="KAFKA_BOOTSTRAP_SERVERS"):
        said("topics", "--apply")


def test_access_rules_give_brand_analytics_nothing_of_consumers() -> None:
    rules = said("acls").splitlines()
    named = [rule for rule in rules if "User:brand_analytics_app" in rule]
    assert named
    assert not any(
        topic.name in rule for rule in named for topic in topics.TOPICS if topic.side is topics.Side.CONSUMER
    )
    assert not any("--operation Write" in rule for rule in rules if "User:relay" not in rule)
    assert "--allow-principal User:measurement_app --operation Read --group measurement." in "\n".join(rules)


@pytest.mark.usefixtures("_wired")
def test_consume_refuses_a_consumer_that_nobody_declared(name: str) -> None:
    with pytest.raises(CommandError, match=f"There are: {name}"):
        call_command("consume", "--consumer", "nobody")


def _only_application_roles(role: str) -> str:
    if role not in {roles.app(context) for context in roles.CONTEXTS}:
        raise PasswordMissing(role)
    return "of a test"


@pytest.mark.usefixtures("_wired")
def test_consume_wants_the_readers_password_where_the_log_is_postgresql(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    consumed: list[str] = []
    monkeypatch.setattr(
        "packytrace.management.commands.consume.consume", lambda *, log, **_: consumed.append(log.name)
    )
    monkeypatch.setattr("signal.signal", lambda *_: None)
    settings.DATABASE_PASSWORD = _only_application_roles
    with pytest.raises(PasswordMissing, match="measurement_reader"):
        call_command("consume")
    settings.KAFKA_BOOTSTRAP_SERVERS = "broker.invalid:9092"
    call_command("consume")
    assert consumed == ["kafka"]
