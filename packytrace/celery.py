"""Celery: the clockwork of what happens on schedule."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "packytrace.settings")

app = Celery("packytrace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
