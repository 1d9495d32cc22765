"""Passport as a Django app."""

from django.apps import AppConfig


class PassportConfig(AppConfig):
    """Passport, routed to the database alias of the same name."""

    name = "contexts.passport"
    label = "passport"
    verbose_name = "Passport"
