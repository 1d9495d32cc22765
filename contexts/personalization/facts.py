"""What personalization tells and hears: it has no features yet, so nothing of either."""

from packytrace.facts.fact import Consumer

CONSUMERS: tuple[Consumer, ...] = ()
