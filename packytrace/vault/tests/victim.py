"""A rotation that is killed in its third batch, when rows are written and not committed.

`python -m packytrace.vault.tests.victim DATABASE`, with VAULT_KEYS in the environment.
"""

import os
import signal
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.db.models import QuerySet

from packytrace.vault import keyring, rotation
from packytrace.vault.tests.people import table


def main(database: str) -> None:
    """Rotate, and end as by a power cut."""
    settings.DATABASES["personalization"]["NAME"] = database
    rotation.BATCH = 5  # small enough for a test
    write = QuerySet.bulk_update
    batches = 0

    def write_and_die(*args: object, **options: object) -> object:
        nonlocal batches
        written = write(*args, **options)
        batches += 1
        if batches == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return written

    QuerySet.bulk_update = write_and_die
    rotation.rotate(table(), keyring=keyring.configured())


if __name__ == "__main__":
    main(sys.argv[1])
