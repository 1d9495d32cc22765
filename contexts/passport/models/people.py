"""Forgetting people: what is under way, and about whom nothing is taken any more."""

from packytrace.people import models as people


class Erasure(people.Erasure):
    """Erasures that this context has acknowledged and that are not completed everywhere."""


class ErasedPerson(people.ErasedPerson):
    """People about whom this context takes no fact any more."""
