"""Identity as a Django app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Identity, routed to the database alias of the same name."""

    name = "contexts.identity"
    label = "identity"
    verbose_name = "Identity"
