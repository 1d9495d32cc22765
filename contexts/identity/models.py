"""How identity is stored."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from contexts.identity.domain.brands import LONGEST_NAME, LONGEST_SLUG, BrandStatus
from contexts.identity.domain.roles import Role, known_roles
from packytrace.databases.privileges import Privileges
from packytrace.facts import models as facts
from packytrace.people import models as people


class Account(AbstractBaseUser):
    """A person known to the OpenID provider. Matched on issuer and subject, never on e-mail.

    The provider owns credentials: the password column of Django's base class is always unusable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    issuer = models.URLField(max_length=255)
    subject = models.CharField(max_length=255)
    display_name = models.CharField(max_length=150, blank=True)
    roles = models.JSONField(default=list)
    """Roles that the provider granted at the last sign-in: consumer, brand_user, operator."""
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "id"

    class Meta:
        db_table = "account"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="account_once_per_subject")
        ]

    def __str__(self) -> str:
        return self.display_name or str(self.id)

    def get_username(self) -> str:
        """The account's number: Django's admin takes a name for a text."""
        return str(self.id)

    def get_full_name(self) -> str:
        """The name as the provider gave it, or the number."""
        return str(self)

    def clean(self) -> None:
        """Nothing to tidy: Django's own would write the username back, and ours is the key."""

    def has_role(self, role: Role) -> bool:
        """Whether the provider granted the role at the last sign-in."""
        return role in known_roles(self.roles)


class Brand(models.Model):
    """A tenant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=LONGEST_SLUG)
    name = models.CharField(max_length=LONGEST_NAME)
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "brand"

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> BrandStatus:
        """Whether the brand's users may work with its data."""
        return BrandStatus.ACTIVE if self.is_active else BrandStatus.SUSPENDED


class BrandUser(models.Model):
    """An account that works for a brand; belongs to exactly one."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="brand_user")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="users")

    class Meta:
        db_table = "brand_user"

    def __str__(self) -> str:
        return f"{self.account} ({self.brand})"


class BrowserSession(AbstractBaseSession):
    """A browser's session: Django's own with the account beside it, so that all of an account's can end."""

    account_id = models.UUIDField(null=True, db_index=True)
    """Null before a sign-in, and where none follows."""

    class Meta(AbstractBaseSession.Meta):
        db_table = "browser_session"


class EndedToken(models.Model):
    """An access token that somebody has signed out with. Its provider's word holds until it expires: ours
    ends it before."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    """SHA-256 of what the token signs: of no use to whoever reads it."""
    until = models.DateTimeField(db_index=True)
    """From then on nobody believes the token anyway."""

    class Meta:
        db_table = "ended_token"

    def __str__(self) -> str:
        return f"A token until {self.until}"


class VisitorLink(models.Model):
    """Whose a visitor is. The primary key lets one account have it, whoever else asks at the same moment."""

    visitor_id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="visitor_links")
    linked_at = models.DateTimeField()

    class Meta:
        db_table = "visitor_link"

    def __str__(self) -> str:
        return str(self.visitor_id)


class ConsentReference(models.Model):
    """Under which reference a person's consents are kept. Once it is destroyed they prove what was said, and
    nobody can tell any more by whom."""

    person_id = models.UUIDField(primary_key=True)
    reference = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        db_table = "consent_reference"

    def __str__(self) -> str:
        return str(self.reference)


class Consent(models.Model):
    """An entry of the Consent Ledger. The application may write one and read all, and change none."""

    privileges = Privileges.APPEND_ONLY

    pk = models.CompositePrimaryKey("reference", "sequence")
    reference = models.UUIDField()
    sequence = models.PositiveIntegerField()
    purpose = models.CharField(max_length=20)
    action = models.CharField(max_length=10)
    notice_version = models.CharField(max_length=40)
    notice_hash = models.CharField(max_length=64)
    controller = models.TextField()
    language = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    at = models.DateTimeField()
    since = models.DateTimeField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "consent"

    def __str__(self) -> str:
        return f"{self.reference} {self.sequence}"


class IdempotentRequest(models.Model):
    """A request that a client named, so that sending it again does nothing again. Forgotten after a day."""

    key = models.CharField(primary_key=True, max_length=64)
    """Keyed digest of who asked and of the name given; neither is kept."""
    body = models.CharField(max_length=64)
    """Keyed digest of what was asked, which holds a password: nothing of it is kept."""
    begun_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    """Null until it is answered."""
    answer = models.JSONField(null=True)

    class Meta:
        db_table = "idempotent_request"

    def __str__(self) -> str:
        return self.key


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


class Erasure(models.Model):
    """Somebody asked to be forgotten. The number is the receipt: whoever knows it may see how far we are.

    Ids and subject are kept until everything is erased that they lead to; then the row names nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person_ids = ArrayField(models.UUIDField())
    """The account and the visitors that were linked to it; empty in the end."""
    issuer = models.CharField(max_length=255, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    """Empty as soon as the provider has deleted its account."""
    acknowledged = ArrayField(models.CharField(max_length=40), default=list)
    """The contexts that have erased."""
    requested_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    """When all contexts and the provider were done."""
    forgotten_at = models.DateTimeField(null=True)
    """When the last trace was swept up: what was in flight, the facts in the log, the ids above."""

    class Meta:
        db_table = "erasure"
        indexes: ClassVar = [
            models.Index(
                fields=["requested_at"],
                condition=models.Q(forgotten_at__isnull=True),
                name="erasure_at_work",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class ErasedPerson(people.ErasedPerson):
    """Erased visitors, whom nobody is linked to any more, and erased subjects of the provider, whose tokens
    make no account."""

    erased_at = models.DateTimeField(null=True)
    """Of a subject: when it last was asked for. Kept outside, it tells whom an older backup brings back."""


class Export(models.Model):
    """Somebody's copy of their data, sealed; one for each account, the newer takes the older's place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="export")
    language = models.CharField(max_length=10)
    """Of its readable part."""
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    ready_at = models.DateTimeField(null=True)
    rests_on = models.JSONField(default=dict)
    """The consents that stood and the editions of what was copied. It is opened while these are the same."""
    failed_reason = models.CharField(max_length=60, blank=True)
    """The code of the error that ended the work."""
    kek_id = models.CharField(max_length=63, blank=True)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "export"

    def __str__(self) -> str:
        return str(self.id)
