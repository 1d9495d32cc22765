"""librdkafka's mock cluster as a process: prints its brokers' addresses, lives until standard input ends."""

import sys

from confluent_kafka import Producer

from packytrace.facts import topics

if __name__ == "__main__":
    host = Producer({"bootstrap.servers": "none:1", "test.mock.num.brokers": 3, "log_level": 0})
    for topic in topics.TOPICS:
        # Asking for a topic makes it, with four partitions.
        host.list_topics(topic.name, timeout=10)
    brokers = host.list_topics(timeout=10).brokers.values()
    sys.stdout.write(",".join(f"{broker.host}:{broker.port}" for broker in brokers) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
