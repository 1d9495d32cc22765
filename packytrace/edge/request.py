"""The request as the views see it, once it has come through the front door."""

from uuid import UUID

from django.http import HttpRequest

from packytrace.edge.access_tokens import Bearer
from packytrace.edge.visitors import Visitor


class EdgeRequest(HttpRequest):
    """Never instantiated: names, for the type checker, what the middlewares add to Django's request."""

    correlation_id: str
    client_address: str
    """IP address of who asks, past the trusted proxies; empty if the server does not know."""
    came_directly: bool
    """Whether no proxy, trusted or not, says that it stands between."""
    visitor: Visitor
    account_id: UUID | None
    """The account that a valid bearer token names; None without a token."""
    bearer: Bearer | None
    """That token."""
    route: str
    """Set by the edge for what it answers itself; else the URL configuration names the route."""
