"""What passport needs from others, in its own words. The wiring binds it when the apps are loaded."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from django.http import HttpRequest

from contexts.passport.application.catalogue import StoredEntry


class PersonalPart(Protocol):
    """What a passport says to the one person who looks at it."""

    def verdict_panel(self, *, request: HttpRequest, stored: StoredEntry) -> bytes:
        """A rendered fragment for the top of the page: whether this product fits this person, and why.

        Empty for somebody who is not signed in. Whatever it raises costs the panel alone.
        """

    def save_form(self, *, request: HttpRequest, stored: StoredEntry, code: str) -> bytes:
        """A rendered fragment with which this person puts the pack into the fridge in one tap.

        `code` is the scanned code as it was scanned, with all that it says of the pack; the GTIN where the
        page was opened without a scan. Empty for somebody who is not signed in, and no question to the
        database. Whatever it raises costs the form alone.
        """


class Who(Protocol):
    """Who is signed in, in a browser."""

    def signed_in(self, request: HttpRequest) -> UUID:
        """The account of this browser.

        Where there is none it does not come back from here: what it raises passes through every view unseen
        and is answered by its provider, with the sign-in page.
        """

    def known(self, request: HttpRequest) -> UUID | None:
        """The account of this browser, or None: with one look at its session, and no question to anybody."""


Soon = Callable[[str], None]
"""Has a task of that name run as soon as possible; the clock has it run in any case."""


Colleagues = Callable[[Collection[UUID]], Mapping[UUID, str]]
"""How people are called who work for the brand that asks, by account; who was erased is not among them."""


class NotBound(RuntimeError):
    """The wiring forgot a port."""


class _Nobody:
    """Nobody is signed in and nothing is said to anybody: so it is until others are bound."""

    def verdict_panel(self, *, request: HttpRequest, stored: StoredEntry) -> bytes:
        return b""

    def save_form(self, *, request: HttpRequest, stored: StoredEntry, code: str) -> bytes:
        return b""

    def signed_in(self, request: HttpRequest) -> UUID:
        raise NotBound("packytrace/wiring.py must call passport's ports.bind(personal_part=..., who=...).")

    def known(self, request: HttpRequest) -> UUID | None:
        return None


@dataclass(kw_only=True)
class _Bound:
    personal_part: PersonalPart
    who: Who
    soon: Soon
    colleagues: Colleagues


def _with_the_clock(_task: str) -> None:
    """Nobody hurries: the clock has every task run."""


def _without_names(_account_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Nobody has a name."""
    return {}


_BOUND: Final = _Bound(
    personal_part=_Nobody(), who=_Nobody(), soon=_with_the_clock, colleagues=_without_names
)


def bind(
    *,
    personal_part: PersonalPart | None = None,
    who: Who | None = None,
    soon: Soon | None = None,
    colleagues: Colleagues | None = None,
) -> None:
    """Say who provides each port; those that are not named stay as they are."""
    _BOUND.personal_part = personal_part or _BOUND.personal_part
    _BOUND.who = who or _BOUND.who
    _BOUND.soon = soon or _BOUND.soon
    _BOUND.colleagues = colleagues or _BOUND.colleagues


def personal_part() -> PersonalPart:
    """The bound provider; without one, nothing personal is on any page."""
    return _BOUND.personal_part


def who() -> Who:
    """The bound provider; without one, nobody is signed in."""
    return _BOUND.who


def soon(task: str) -> None:
    """Have a task run now, by the bound provider; without one, when the clock has it run."""
    _BOUND.soon(task)


def colleagues() -> Colleagues:
    """The bound provider; without one, nobody has a name."""
    return _BOUND.colleagues
