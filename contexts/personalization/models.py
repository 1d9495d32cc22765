"""How personalization is stored."""

from packytrace.facts import models as facts


class OutboxFact(facts.OutboxFact):
    """Facts of this context on their way to the log."""


class DeadOutboxFact(facts.DeadOutboxFact):
    """Facts of this context that the log refused for good."""


class InboxFact(facts.InboxFact):
    """Facts that this context has already handled."""


class DeadLetter(facts.DeadLetter):
    """Facts that this context could not handle."""


class LogOffset(facts.LogOffset):
    """How far this context has read each topic of the PostgreSQL log."""
