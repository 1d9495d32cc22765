"""`manage.py facts`: what was set aside, what waits, replay, and Kafka's topics and access rules."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from packytrace.databases import roles
from packytrace.errors import DomainError
from packytrace.facts import dead_facts, letters, metrics
from packytrace.facts.fact import Consumer
from packytrace.facts.log import ConsumerActive, LogUnavailable, configured_log
from packytrace.facts.relay import PUBLISHERS, Relay
from packytrace.facts.replay import replay


class Command(BaseCommand):
    """Look after facts.

    Two kinds are set aside: letters, which a consumer could not handle, and dead facts (`--outbox`), which
    the log refused. Both keep the order of their keys: what follows such a fact follows it there.
    """

    help = "Look at, retry or drop facts that were set aside; replay a consumer; state; Kafka's topics."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        dead = actions.add_parser("dead", help="list what is set aside")
        retry = actions.add_parser("retry", help="try again, in order per key")
        drop = actions.add_parser("drop", help="give up for good")
        for action in (dead, retry, drop):
            action.add_argument("--context", choices=roles.CONTEXTS, help="only this context")
            action.add_argument(
                "--id",
                type=int,
                dest="number",
                metavar="ID",
                help="only this one (retry: its whole key); needs --context",
            )
            action.add_argument("--outbox", action="store_true", help="dead facts instead of letters")
        dead.add_argument("--show", action="store_true", help="print payloads: they may refer to people")
        drop.add_argument("--yes", action="store_true", help="do not ask")
        again = actions.add_parser("replay", help="empty a consumer and let it read from the start")
        again.add_argument("consumer")
        again.add_argument("--yes", action="store_true", help="do not ask")
        actions.add_parser("state", help="what waits and how far consumers are behind")
        topics = actions.add_parser("topics", help="the declared topics")
        topics.add_argument("--apply", action="store_true", help="create and set them in Kafka")
        actions.add_parser("acls", help="arguments of kafka-acls.sh --add, one rule a line")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options.get("number") is not None and options["context"] is None:
            raise CommandError("--id needs --context: every context counts for itself.")
        try:
            getattr(self, f"_{options['action']}")(**options)
        except (LogUnavailable, ConsumerActive, DomainError) as error:
            raise CommandError(str(error)) from error

    def _dead(self, *, outbox: bool, show: bool, **options: Any) -> None:
        found = 0
        for context, one in _chosen(outbox=outbox, **options):
            found += 1
            self.stdout.write(_described(context, one, show=show))
        if not found:
            self.stdout.write("Nothing is set aside.")

    def _retry(self, *, outbox: bool, **options: Any) -> None:
        if outbox:
            self._retry_dead_facts(**options)
        else:
            self._retry_letters(**options)

    def _retry_dead_facts(self, **options: Any) -> None:
        keys = dict.fromkeys((context, one.key) for context, one in _chosen(outbox=True, **options))
        relay = Relay(log=configured_log())
        try:
            for context, key in keys:
                relayed = relay.retry(context=context, key=key)
                self.stdout.write(f"{context} {key}: {relayed} relayed")
        finally:
            relay.close()

    def _retry_letters(self, **options: Any) -> None:
        known = {(consumer.context, consumer.name): consumer for consumer in _consumers()}
        keys = dict.fromkeys(
            (context, one.consumer, one.topic, one.key)
            for context, one in _chosen(outbox=False, **options)
            if isinstance(one, letters.Letter)
        )
        failed = 0
        for context, name, topic, key in keys:
            if (context, name) not in known:
                self.stderr.write(f"{context} {key}: no consumer is called {name} any more; drop its letters")
                failed += 1
                continue
            try:
                resolved = letters.retry(consumer=known[context, name], topic=topic, key=key)
            except letters.StillFails as error:
                self.stderr.write(f"{context} {name} {key}: {error}")
                failed += 1
            else:
                self.stdout.write(f"{context} {name} {key}: {resolved} handled")
        if failed:
            raise CommandError(f"{failed} of {len(keys)} keys still fail.")

    def _drop(self, *, outbox: bool, yes: bool, **options: Any) -> None:
        found = list(_chosen(outbox=outbox, **options))
        if not found:
            raise CommandError("Nothing is set aside.")
        if not yes and not self._agreed(f"Give up {len(found)} facts for good? [yes/no] "):
            raise CommandError("Nothing was dropped.")
        dropped = sum(
            letters.drop(context=context, letter_id=one.id)
            if isinstance(one, letters.Letter)
            else dead_facts.drop(context=context, fact_id=one.id)
            for context, one in found
        )
        self.stdout.write(f"{dropped} dropped.")

    def _replay(self, *, consumer: str, yes: bool, **_options: Any) -> None:
        chosen = [one for one in _consumers() if one.name == consumer]
        if not chosen:
            known = ", ".join(sorted(one.name for one in _consumers()))
            raise CommandError(f"No consumer is called {consumer}. There are: {known}.")
        effects = (
            "Its effects are deleted"
            if chosen[0].empty
            else "Its effects stay, and facts meet them again: handling one twice must change nothing"
        )
        question = f"{consumer} forgets what it has read and starts over. {effects}. Go on? [yes/no] "
        if not yes and not self._agreed(question):
            raise CommandError("Nothing was changed.")
        replay(consumer=chosen[0], log=configured_log())
        self.stdout.write(f"{consumer} starts over.")

    def _state(self, **_options: Any) -> None:
        for context, outbox in metrics.outboxes().items():
            self.stdout.write(
                f"{context:<16} {outbox.waiting} waiting, oldest {outbox.oldest:.1f} s, {outbox.dead} dead"
            )
        for (context, name), count in metrics.letters().items():
            self.stdout.write(f"{context:<16} {name}: {count} letters")
        for (name, topic), behind in metrics.lag(consumers=_consumers(), log=configured_log()).items():
            self.stdout.write(f"{name:<16} {topic}: {behind} behind")

    def _topics(self, *, apply: bool, **_options: Any) -> None:
        from packytrace.facts import topics

        if not apply:
            for topic in topics.TOPICS:
                kept = "for ever" if topic.retention is None else f"{topic.retention.days} days"
                readers = ", ".join(sorted(topic.readers))
                self.stdout.write(f"{topic.name:<28} {topic.side.value:<14} {kept:<9} read by {readers}")
            return
        if not settings.KAFKA_BOOTSTRAP_SERVERS:
            raise CommandError("Set KAFKA_BOOTSTRAP_SERVERS; the PostgreSQL log is made by `provision`.")
        from packytrace.facts import kafka_topics  # loads librdkafka only where it is used

        done = kafka_topics.apply(
            bootstrap_servers=settings.KAFKA_BOOTSTRAP_SERVERS, config=settings.KAFKA_CONFIG
        )
        self.stdout.write("\n".join(done) or "The topics are as declared.")

    def _acls(self, **_options: Any) -> None:
        from packytrace.facts import kafka_topics  # loads librdkafka only where it is used

        self.stdout.write("\n".join(kafka_topics.access_rules()))

    def _agreed(self, question: str) -> bool:
        try:
            return input(question).strip().lower() in {"y", "yes"}
        except EOFError:
            return False


def _consumers() -> Sequence[Consumer]:
    from packytrace import wiring  # knows every context

    return wiring.consumers()


def _chosen(
    *,
    outbox: bool,
    context: str | None,
    number: int | None,
    **_options: Any,
) -> Iterator[tuple[str, letters.Letter | dead_facts.DeadFact]]:
    for each in PUBLISHERS if outbox else roles.CONTEXTS:
        if context not in {None, each}:
            continue
        found = (
            dead_facts.pending(context=each, fact_id=number)
            if outbox
            else letters.pending(context=each, letter_id=number)
        )
        for one in found:
            yield each, one


def _described(context: str, one: letters.Letter | dead_facts.DeadFact, *, show: bool) -> str:
    lines = [f"{context} {one.id}  {one.set_aside_at:%Y-%m-%d %H:%M:%S}  key {one.key}  fact {one.event_id}"]
    if isinstance(one, letters.Letter):
        lines.append(f"  {one.consumer} on {one.topic}, tried {one.attempts} times")
        payload = _payload(one.message)
    else:
        lines.append(f"  {one.type} v{one.version}")
        payload = orjson.loads(one.payload)
    lines.append(f"  {one.reason}")
    if show:
        lines.append(f"  {json.dumps(payload, ensure_ascii=False)}")
    elif isinstance(payload, dict):
        lines.append(f"  fields: {', '.join(sorted(payload))}")
    return "\n".join(lines)


def _payload(message: bytes) -> Any:
    """What the message carries, as far as it can be read."""
    try:
        parsed = orjson.loads(message)
    except orjson.JSONDecodeError:
        return message.decode(errors="replace")
    return parsed.get("data", parsed) if isinstance(parsed, dict) else parsed
