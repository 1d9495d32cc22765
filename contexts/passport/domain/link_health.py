"""Whether the target of a link answers, judged over days: a website that rests for a night is not broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: Failures one after the other, and over how long, until a link is called broken.
FAILURES_TO_BREAK: Final = 3
TIME_TO_BREAK: Final = timedelta(days=2)

_AGAIN_IF_WELL: Final = timedelta(days=7)
_AGAIN_IF_FAILING: Final = timedelta(hours=12)
_AGAIN_IF_BROKEN: Final = timedelta(days=1)

#: The website answers, and lets no program look: people may see the page all the same.
_SHUT_TO_PROGRAMS: Final = frozenset({401, 403, 405, 429})


class State(StrEnum):
    """What is known of a target."""

    UNCHECKED = "unchecked"
    OK = "ok"
    MOVED = "moved"
    """It answers, at another address for good."""
    FAILING = "failing"
    """It did not answer the last time: asked again before anything is said of it."""
    BROKEN = "broken"


class Reason(StrEnum):
    """Why a target is not known to answer."""

    PLACES = "places"
    """It depends on what is scanned: there is nothing to ask."""
    OWN_PAGE = "own_page"
    ROBOTS = "robots"
    """The website asks programs not to look."""
    SHUT = "shut"
    NAME = "name"
    """Its name is unknown."""
    NOT_PUBLIC = "not_public"
    """Its name, or where it leads on to, is no place on the public internet."""
    CONNECTION = "connection"
    TLS = "tls"
    TIME = "time"
    STATUS = "status"
    REDIRECTS = "redirects"
    """It leads on and on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one look at a target found."""

    status: int | None = None
    reason: Reason | None = None
    """Why there is no status."""
    moved_to: str = ""
    """Where redirects that are for good led (301, 308)."""

    @property
    def failed(self) -> bool:
        """Whether nobody would have seen a page."""
        if self.reason is Reason.ROBOTS:
            return False
        return self.status is None or (self.status >= 400 and self.status not in _SHUT_TO_PROGRAMS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What is known of a target over time."""

    state: State = State.UNCHECKED
    reason: Reason | None = None
    status: int | None = None
    moved_to: str = ""
    checked_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0
    due_at: datetime | None = None

    def after(self, finding: Finding, *, at: datetime) -> "Health":
        """What is known once it was looked at."""
        if finding.failed:
            since = self.failing_since or at
            failures = self.failures + 1
            is_broken = failures >= FAILURES_TO_BREAK and at - since >= TIME_TO_BREAK
            return Health(
                state=State.BROKEN if is_broken else State.FAILING,
                reason=finding.reason or Reason.STATUS,
                status=finding.status,
                checked_at=at,
                failing_since=since,
                failures=failures,
                due_at=at + (_AGAIN_IF_BROKEN if is_broken else _AGAIN_IF_FAILING),
            )
        state = State.OK
        if finding.reason is Reason.ROBOTS:
            state = State.UNCHECKED
        elif finding.moved_to:
            state = State.MOVED
        return Health(
            state=state,
            reason=finding.reason or (Reason.SHUT if finding.status in _SHUT_TO_PROGRAMS else None),
            status=finding.status,
            moved_to=finding.moved_to,
            checked_at=at,
            due_at=at + _AGAIN_IF_WELL,
        )
