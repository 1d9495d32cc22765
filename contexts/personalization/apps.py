"""Personalization as a Django app."""

from django.apps import AppConfig


class PersonalizationConfig(AppConfig):
    """Personalization, routed to the database alias of the same name."""

    name = "contexts.personalization"
    label = "personalization"
    verbose_name = "Personalization"
