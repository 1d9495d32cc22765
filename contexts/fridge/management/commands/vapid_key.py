"""`manage.py vapid_key`: make the key that signs Web Push messages."""

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Print a fresh key; it is kept nowhere."""

    help = "Print a fresh key as it stands in VAPID_PRIVATE_KEY (RFC 8292)."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        self.stdout.write(base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("="))
