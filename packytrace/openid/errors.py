"""What can be wrong with a provider, with a token, or with what somebody asks of a provider."""

from packytrace.errors import DomainError, Kind


class ProviderUnreachable(DomainError):
    """The OpenID provider does not answer, or answers what no provider should."""

    code = "provider_unreachable"
    kind = Kind.UNAVAILABLE


class CredentialsRefused(DomainError):
    """Address and password sign nobody in. Which of them is wrong, or what is missing, stays unsaid."""

    code = "credentials_refused"
    kind = Kind.FORBIDDEN


class TooManyAttempts(DomainError):
    """Somebody tried too often: from this address, or at this account."""

    code = "too_many_attempts"
    kind = Kind.TOO_MANY


class PasswordRefused(DomainError):
    """A password that is too short or too easy to guess; the text says what to change."""

    code = "password_refused"
    kind = Kind.INVALID


class AddressRefused(DomainError):
    """What was given as an e-mail address is none."""

    code = "address_refused"
    kind = Kind.INVALID


class TokenRefused(Exception):
    """A token that must not be believed. The reason is for the log: a forger learns nothing from us."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
