"""`manage.py passwords`: fresh passwords for every database role, as the file production reads."""

import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand

from packytrace.databases import roles


class Command(BaseCommand):
    """Print a JSON object of role name to random password, for DATABASE_PASSWORDS_FILE."""

    help = "Print fresh passwords for all database roles as JSON."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(json.dumps({role: secrets.token_urlsafe(32) for role in roles.ALL_ROLES}, indent=2))
