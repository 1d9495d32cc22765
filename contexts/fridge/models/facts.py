"""Facts on their way out and in, and people who are to be forgotten."""

from packytrace.facts import models as facts
from packytrace.people import models as people


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


class Erasure(people.Erasure):
    """Erasures that this context has acknowledged and that are not completed everywhere."""


class ErasedPerson(people.ErasedPerson):
    """People about whom this context takes nothing any more."""
