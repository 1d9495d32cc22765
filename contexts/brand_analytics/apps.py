"""Brand analytics as a Django app."""

from django.apps import AppConfig


class BrandAnalyticsConfig(AppConfig):
    """Brand analytics, routed to the database alias of the same name."""

    name = "contexts.brand_analytics"
    label = "brand_analytics"
    verbose_name = "Brand analytics"
