"""What can be wrong with a provider or with a token."""

from packytrace.errors import DomainError, Kind


class ProviderUnreachable(DomainError):
    """The OpenID provider does not answer, or answers what no provider should."""

    code = "provider_unreachable"
    kind = Kind.UNAVAILABLE


class TokenRefused(Exception):
    """A token that must not be believed. The reason is for the log: a forger learns nothing from us."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
