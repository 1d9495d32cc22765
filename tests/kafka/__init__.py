"""A real Kafka broker without a container: fetched by Maven, run by Java, thrown away after use."""
