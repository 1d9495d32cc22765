"""What happened to links, whether their targets answer, and the files in which brands bring them along."""

from typing import ClassVar

from django.db import models

from packytrace.databases.privileges import Privileges


class LinkChange(models.Model):
    """One change of one link. Stays, so that everything that ever stood can be restored."""

    privileges = Privileges.APPEND_ONLY
    tenant_scoped: ClassVar = True

    pk = models.CompositePrimaryKey("link_id", "version")
    link_id = models.UUIDField()
    version = models.PositiveIntegerField()
    """The version that the change led to; a removal has one, too."""
    brand_id = models.UUIDField()
    gtin = models.CharField(max_length=14)
    kind = models.CharField(max_length=16)
    author = models.UUIDField()
    """Who did it, by the reference in `link_author`."""
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "link_change"
        indexes: ClassVar = [models.Index(fields=["brand_id", "gtin", "-at"], name="link_change_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.link_id} {self.version}"


class LinkAuthor(models.Model):
    """Who a reference in the history of links and of journeys means. Goes when the account is erased;
    the history stays."""

    reference = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    account_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "link_author"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["brand_id", "account_id"], name="link_author_once")
        ]

    def __str__(self) -> str:
        return str(self.reference)


class LinkCheck(models.Model):
    """Whether the target of a link answers. Everybody may read it: workers look after all brands."""

    tenant_scoped: ClassVar = True
    readable_by_all: ClassVar = True

    link_id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    url = models.CharField(max_length=4_096)
    """What is asked: the target with what its entity says in its places."""
    host = models.CharField(max_length=260)
    """Host and port that are asked."""
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=32, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    """Of HTTP, as it was answered last."""
    moved_to = models.CharField(max_length=4_096, blank=True)
    checked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    """One after the other, since then."""
    due_at = models.DateTimeField(null=True)
    """When it is asked next; null for what cannot be asked."""

    class Meta:
        db_table = "link_check"
        indexes: ClassVar = [models.Index(fields=["due_at"], name="link_check_due")]

    def __str__(self) -> str:
        return f"{self.state} {self.url}"


class CheckedHost(models.Model):
    """When a website may be asked again, and what its robots.txt says."""

    host = models.CharField(primary_key=True, max_length=260)
    next_at = models.DateTimeField()
    robots = models.TextField(blank=True)
    robots_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "checked_host"

    def __str__(self) -> str:
        return self.host


class LinkFile(models.Model):
    """A file of links that a brand has brought along, and how far it is taken over."""

    tenant_scoped: ClassVar = True

    id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    name = models.CharField(max_length=200)
    read_as = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    """Of what was understood of it and shown: what is applied is that, or nothing."""
    author = models.UUIDField()
    state = models.CharField(max_length=16)
    rows = models.PositiveIntegerField()
    rows_done = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        db_table = "link_file"
        indexes: ClassVar = [models.Index(fields=["brand_id", "-created_at"], name="link_file_newest")]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class LinkFileRow(models.Model):
    """A row of such a file: what it would do, and what became of it."""

    tenant_scoped: ClassVar = True

    pk = models.CompositePrimaryKey("file_id", "number")
    file_id = models.UUIDField()
    number = models.PositiveIntegerField()
    brand_id = models.UUIDField()
    fate = models.CharField(max_length=16)
    field = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    link_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)
    """Of the link that it changes, as it was when it was shown."""
    draft = models.JSONField(null=True)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "link_file_row"
        indexes: ClassVar = [models.Index(fields=["file_id", "fate", "number"], name="link_file_row_fate")]

    def __str__(self) -> str:
        return f"Row {self.number} of {self.file_id}: {self.fate}"


class LinkFileWork(models.Model):
    """That a brand's file of links is to be taken over or forgotten, and nothing of what is in it: workers
    look for the work of all brands, and then go into the scope of one."""

    file_id = models.UUIDField(primary_key=True)
    brand_id = models.UUIDField()
    touched_at = models.DateTimeField()
    confirmed = models.BooleanField(default=False)

    class Meta:
        db_table = "link_file_work"

    def __str__(self) -> str:
        return str(self.file_id)
