"""The backend that the settings name; Django looks for it under this file name."""

import select
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


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

    def is_usable(self) -> bool:
        """Whether the server is still there: asked by Django before the first statement of every request.

        A server that has gone away has closed its side, and nothing else speaks between two requests: an idle
        connection whose socket has nothing to read is a good one, found out without a round trip. Any other
        is asked as Django asks. A host that vanished without a word is found out by neither: that is what the
        keepalives are for.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        if connection.info.transaction_status == TransactionStatus.IDLE:
            waiting = select.poll()
            waiting.register(connection.pgconn.socket, select.POLLIN)
            if not waiting.poll(0):
                return True
        return bool(super().is_usable())
