"""Measurement as a Django app."""

from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    """Measurement, routed to the database alias of the same name."""

    name = "contexts.measurement"
    label = "measurement"
    verbose_name = "Measurement"
