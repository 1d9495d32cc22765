"""Replay: a consumer forgets what it knows and reads its topics from the start."""

from django.db import connections, transaction

from packytrace.facts.fact import Consumer
from packytrace.facts.log import Log


def replay(*, consumer: Consumer, log: Log) -> None:
    """Empty the consumer and send it to the start of its topics; whoever reads for it does the rest.

    Its effects, inbox and letters go in one transaction. Killed in the middle, the consumer is either as
    before or starts over: a log that was already sent back brings facts that the inbox still knows.

    Raises ConsumerActive where the log needs the consumer's processes to be stopped, and LogUnavailable.
    """
    with transaction.atomic(using=consumer.context):
        log.start_over(consumer)
        if consumer.empty is not None:
            consumer.empty()
        with connections[consumer.context].cursor() as cursor:
            cursor.execute("DELETE FROM inbox WHERE consumer = %s", [consumer.name])
            cursor.execute("DELETE FROM dead_letter WHERE consumer = %s", [consumer.name])
