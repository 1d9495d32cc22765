"""Facts on their way: outbox, relay, log (Kafka or PostgreSQL), inbox and consumers."""
