"""How identity is stored."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from contexts.identity.domain.brands import LONGEST_NAME, LONGEST_SLUG, BrandStatus
from contexts.identity.domain.roles import Role, known_roles
from packytrace.facts import models as facts


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
