"""Who can sign in at the embedded provider."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class Person(AbstractBaseUser):
    """Somebody with an e-mail address to sign in with, a password, and roles in the application.

    The id is the subject of the tokens: the e-mail address never leaves the provider.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = BaseUserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        app_label = "provider"
        db_table = "person"

    def get_full_name(self) -> str:
        """The name that ID tokens carry; empty for who gave none."""
        return self.name
