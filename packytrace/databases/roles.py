"""The database roles: owner, application and log reader of each context; relay, log owner, log eraser."""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

from django.core.exceptions import ImproperlyConfigured

Context = Literal["passport", "personalization", "fridge", "identity", "measurement", "brand_analytics"]

CONTEXTS: Final[tuple[Context, ...]] = get_args(Context)

#: The embedded OpenID provider keeps its tables beside the contexts, unknown to all of them.
PROVIDER: Final = "provider"

SCHEMAS: Final[tuple[str, ...]] = (*CONTEXTS, PROVIDER)

RELAY: Final = "relay"
LOG_OWNER: Final = "log_owner"
LOG_ERASER: Final = "log_eraser"
"""Finds and deletes the facts about an erased person in the consumer-side topics of the PostgreSQL log."""
LOG_SCHEMA: Final = "log"


def owner(schema: str) -> str:
    """The role that owns a schema's tables; only provisioning and migrations connect as it."""
    return f"{schema}_owner"


def app(schema: str) -> str:
    """The role that runs a context: reads and writes its own schema, nothing else."""
    return f"{schema}_app"


def reader(context: str) -> str:
    """The role that reads the messages of a context's topics in the PostgreSQL log, and nothing else.

    A topic holds the facts of all brands and people, and no row-level security stands between them: therefore
    an application role, whose password the web process has, reads no message.
    """
    return f"{context}_reader"


ALL_ROLES: Final[tuple[str, ...]] = (
    *(role for schema in SCHEMAS for role in (owner(schema), app(schema))),
    *(reader(context) for context in CONTEXTS),
    RELAY,
    LOG_OWNER,
    LOG_ERASER,
)


#: Process to the roles that it signs in as: it is given their passwords and no other's. Beat, which is only a
#: clock, has none.
ROLES_OF_PROCESS: Final[Mapping[str, tuple[str, ...]]] = {
    "prepare": ALL_ROLES,
    "web": tuple(app(context) for context in CONTEXTS),
    "relay": (RELAY,),
    "consumers": tuple(role for context in CONTEXTS for role in (app(context), reader(context))),
    "worker": (*(app(context) for context in CONTEXTS if context != "brand_analytics"), LOG_ERASER),
}


class PasswordMissing(ImproperlyConfigured):
    """This process was not given the password of a role that it needs."""


def password(role: str, *, embedded_secret: str | None, passwords_file: str = "") -> str:
    """The password of a role.

    From `DATABASE_PASSWORD_<ROLE>`, else from the passwords file; the embedded server derives one per role
    from its own secret. Raises PasswordMissing with the name of the variable to set.
    """
    variable = f"DATABASE_PASSWORD_{role.upper()}"
    if value := os.environ.get(variable):
        return value
    if passwords_file:
        try:
            stored = json.loads(Path(passwords_file).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PasswordMissing(f"DATABASE_PASSWORDS_FILE is no readable JSON file: {error}.") from error
        if role in stored:
            return str(stored[role])
    if embedded_secret is not None:
        return hmac.new(embedded_secret.encode(), role.encode(), hashlib.sha256).hexdigest()
    raise PasswordMissing(
        f"Set {variable}, or name {role} in DATABASE_PASSWORDS_FILE:"
        " this process has no password of that role."
    )
