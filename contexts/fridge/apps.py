"""Fridge as a Django app."""

from django.apps import AppConfig


class FridgeConfig(AppConfig):
    """Fridge, routed to the database alias of the same name."""

    name = "contexts.fridge"
    label = "fridge"
    verbose_name = "Fridge"
