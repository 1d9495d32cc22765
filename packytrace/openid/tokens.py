"""What somebody holds who has signed in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """A bearer token for the API, and the seconds for which it is good. Neither provider renews it."""

    access_token: str = field(repr=False)
    expires_in: int
