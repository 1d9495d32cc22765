"""Celery: the clockwork of what happens on schedule."""

import os
import sys
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import celeryd_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from packytrace.databases import roles
from packytrace.databases.connections import require_passwords

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "packytrace.settings")

try:
    broker: str = settings.CELERY_BROKER_URL
except ImproperlyConfigured as error:
    # Celery's command line would bury the sentence in a stack trace.
    sys.exit(f"The configuration is not accepted: {error}")

app = Celery("packytrace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

if broker == "filesystem://":
    # The transport expects its folders to be there.
    for option in ("data_folder_in", "data_folder_out", "control_folder"):
        Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS[option]).mkdir(parents=True, exist_ok=True)


def _refuse_without_passwords(**_: Any) -> None:
    """A worker that cannot sign in must not take tasks; beat and one-off calls need no database."""
    try:
        require_passwords(roles.ROLES_OF_PROCESS["worker"])
    except roles.PasswordMissing as error:
        sys.exit(f"The configuration is not accepted: {error}")


celeryd_init.connect(_refuse_without_passwords)
