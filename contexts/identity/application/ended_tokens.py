"""Access tokens that were signed out with: believed no longer, whatever their provider says of them."""

from datetime import datetime, timedelta
from typing import Final

from contexts.identity.models import EndedToken

#: How much longer than a token says it may be believed: two clocks, each of which may be a few minutes off.
_CLOCKS: Final = timedelta(minutes=10)


def end_token(*, digest: bytes, expires_at: datetime) -> None:
    """Believe a token no longer, from the next request on; again changes nothing."""
    EndedToken.objects.bulk_create(
        [EndedToken(digest=digest, until=expires_at + _CLOCKS)], ignore_conflicts=True
    )


def forget_expired_tokens(*, now: datetime) -> int:
    """Forget the tokens that have expired; says how many."""
    deleted, _by_model = EndedToken.objects.filter(until__lt=now).delete()
    return deleted
