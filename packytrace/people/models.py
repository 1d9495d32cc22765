"""Tables of forgetting that every context which holds people carries in its own schema.

Abstract: a context's models.py makes them concrete, as it does with the tables of facts.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Erasure(models.Model):
    """An erasure that this context has acknowledged and that is not completed everywhere.

    The ids stay that long: what was under way while they were erased is erased once more at the end.
    """

    erasure_id = models.UUIDField(primary_key=True)
    person_ids = ArrayField(models.UUIDField())

    class Meta:
        abstract = True
        db_table = "erasure"


class ErasedPerson(models.Model):
    """Somebody whose facts are no longer taken, should a late one arrive. Tells nobody who that was."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    """`packytrace.people.erasing.digest_of` the id: it has 122 random bits, which nobody guesses."""
    until = models.DateField()
    """The day in UTC on which no log can hold a fact about the person any more."""

    class Meta:
        abstract = True
        db_table = "erased_person"
