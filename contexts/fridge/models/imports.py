"""Files that people bring along, kept while they are taken in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Import(models.Model):
    """One person's file, from upload to its last row. The next upload takes its place; a day later it is
    deleted."""

    id = models.UUIDField(primary_key=True)
    account_id = models.UUIDField(unique=True)
    household_id = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    """SHA-256 of the file: with the household and a row's number it makes that row's action id."""
    format = models.CharField(max_length=4)
    """`csv` or `json`."""
    month_first = models.BooleanField(default=False)
    """Whether 03/04 in a date is the 4th of March."""
    content = models.BinaryField()
    """The file in UTF-8, compressed with zlib."""
    read_as = models.CharField(max_length=12)
    """The encoding in which the file came."""
    rows = models.PositiveIntegerField()
    checked_to = models.PositiveIntegerField(default=0)
    """Number of the last row that was checked."""
    checked_rows = models.PositiveIntegerField(default=0)
    """All of them before the file is shown to be confirmed."""
    broken = models.PositiveIntegerField(default=0)
    """Rows that cannot be read: they are left out, and told again from the file."""
    first_broken = ArrayField(models.PositiveIntegerField(), default=list)
    """Numbers of the first of them."""
    confirmed_at = models.DateTimeField(null=True)
    done_to = models.PositiveIntegerField(default=0)
    """Number of the last row that was dealt with: an import that was killed goes on behind it."""
    done_rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    not_added = models.JSONField(default=list)
    """Pairs of a row's number and the code of what kept it out, such as `already_at_home`."""
    finished_at = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=40, blank=True)
    """Code of what ended it early, such as `household_left`."""
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        db_table = "import_file"

    def __str__(self) -> str:
        return f"Import {self.id}"
