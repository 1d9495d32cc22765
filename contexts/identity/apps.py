"""Identity as a Django app."""

from django.apps import AppConfig
from django.conf import settings


class IdentityConfig(AppConfig):
    """Identity, routed to the database alias of the same name."""

    name = "contexts.identity"
    label = "identity"
    verbose_name = "Identity"

    def ready(self) -> None:
        """Read the notices: a process that could not show one does not start."""
        from contexts.identity.application.notices import load_notices  # needs the settings

        load_notices(controller=settings.SITE_OPERATOR)
