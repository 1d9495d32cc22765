"""The table of people's data keys, for a context that keeps health data in its own schema."""

from django.db import models

from packytrace.vault import keyring
from packytrace.vault.hidden import DataKey


class PersonKey(models.Model):
    """A person's data key, wrapped. Deleting the row makes what the key has sealed unreadable for good.

    Read it in the query that reads the sealed value: both are one person's, so a join costs nothing.
    """

    person_id = models.UUIDField(primary_key=True)
    kek_id = models.CharField(max_length=63)
    """Which key-encryption key has wrapped it."""
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        db_table = "person_key"

    def data_key(self) -> DataKey:
        """The key itself, for this request. Raises KeyUnavailable and Tampered."""
        return keyring.unwrap(wrapped=self.wrapped, kek_id=self.kek_id, person_id=self.person_id)
