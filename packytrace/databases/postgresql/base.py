"""The backend that the settings name; Django looks for it under this file name."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A process may know an alias without having the password of its role: only connecting needs that.

    So each process is given only the passwords it uses, the settings hold none that a traceback could show,
    and a changed passwords file holds for the next connection.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's; raises PasswordMissing, which names the variable to set."""
        parameters: dict[str, Any] = super().get_connection_params()
        if not parameters.get("password"):
            parameters["password"] = settings.DATABASE_PASSWORD(parameters["user"])
        return parameters
