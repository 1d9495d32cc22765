"""Measurement as a Django app."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from contexts.measurement.domain.disclosure import ThresholdTooLow, threshold


class MeasurementConfig(AppConfig):
    """Measurement, routed to the database alias of the same name."""

    name = "contexts.measurement"
    label = "measurement"
    verbose_name = "Measurement"

    def ready(self) -> None:
        """Refuse a threshold that is never allowed: in every process, for servers run no system checks."""
        try:
            threshold(settings.MEASUREMENT_K)
        except ThresholdTooLow as error:
            raise ImproperlyConfigured(f"{error} Set MEASUREMENT_K to 5 or more.") from error
