"""What happens to database connections around a request: one look at its end instead of four at both."""

from django.core.signals import request_started
from django.db import close_old_connections, reset_queries


def look_only_at_the_end() -> None:
    """Stop Django from walking over all aliases when a request begins.

    Django closes connections that are broken or too old both when a request ends and when the next begins,
    and forgets the queries that it collects with DEBUG, which is never on. Each look asks for every alias in
    thread-local storage: with seven of them this was a tenth of the cost of a scan. The look at the end also
    marks a connection to be checked before its next use, so that one that died in between is found then.
    """
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
