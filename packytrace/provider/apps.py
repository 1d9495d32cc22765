"""The provider as a Django app."""

from django.apps import AppConfig


class ProviderConfig(AppConfig):
    """People and their credentials; everything else is django-allauth's."""

    name = "packytrace.provider"
    label = "provider"
