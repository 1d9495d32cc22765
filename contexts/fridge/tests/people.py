"""Other contexts as the fridge's tests need them, and people at the same moment."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import UUID, uuid4

from django.db import connections
from django.http import HttpRequest

from contexts.fridge.application import households, invitations
from contexts.fridge.application.households import Membership
from contexts.fridge.application.ports import CatalogueProduct, ConsentText, Pack, Standing

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def stopped(at: datetime) -> Callable[[], datetime]:
    """A clock that shows this moment."""
    return lambda: at


class SignInFirst(Exception):
    """Nobody is signed in."""


class World:
    """What the other contexts know, in place of their providers."""

    def __init__(self) -> None:
        self.account: UUID | None = None
        """Who is in the browser."""
        self.catalogue: dict[str, CatalogueProduct] = {}
        self.codes: dict[str, Pack] = {}
        self.notified: dict[UUID, datetime] = {}
        """When who agreed to get notices."""
        self.uncounted: set[UUID] = set()
        """Who does not agree to be counted; everybody else does."""
        self.asked_again: set[UUID] = set()
        """Who agreed to get notices as a text said that is not the current one any more."""
        self.mailboxes: dict[UUID, str] = {}

    def product(self, *, gtin: str) -> CatalogueProduct | None:
        return self.catalogue.get(gtin)

    def of_code(self, *, code: str, today: date) -> Pack:
        return self.codes[code]

    def notifications(self, *, account_id: UUID) -> datetime | None:
        return None if account_id in self.asked_again else self.notified.get(account_id)

    def never_withdrawn(self, *, account_id: UUID) -> Standing:
        return Standing(
            notifications=self.notified.get(account_id),
            measurement=None if account_id in self.uncounted else NOW,
        )

    def all_measured(self, *, account_ids: Collection[UUID]) -> bool:
        return bool(account_ids) and not self.uncounted & set(account_ids)

    def address(self, *, account_id: UUID) -> str | None:
        return self.mailboxes.get(account_id)

    def notice(self, *, language: str) -> ConsentText:
        return ConsentText(version="1", html=f"<p>What is sent, and why ({language}).</p>")

    def grant(self, *, account_id: UUID, notice_version: str, at: datetime) -> None:
        self.notified.setdefault(account_id, at)

    def withdraw(self, *, account_id: UUID, at: datetime) -> None:
        self.notified.pop(account_id, None)

    def signed_in(self, request: HttpRequest) -> UUID:
        if self.account is None:
            raise SignInFirst
        return self.account

    def known(self, request: HttpRequest) -> UUID | None:
        return self.account


def alone() -> Membership:
    """Somebody in a household of their own."""
    return households.of(account_id=uuid4(), now=NOW, zone="Europe/Rome")


def join(owner: Membership, *, now: datetime = NOW) -> Membership:
    """Somebody more in the owner's household."""
    token = invitations.invite(member=owner, now=now).token
    return invitations.accept(account_id=uuid4(), token=token, now=now)


def again(member: Membership) -> Membership:
    """The same person in the household as it is now."""
    return households.of(account_id=member.account_id, now=NOW)


def at_once(*todo: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment; what was raised is among the answers."""
    barrier = Barrier(len(todo))

    def one(do: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=30)
            return do()
        except Exception as error:  # noqa: BLE001 - the test looks at every answer
            return error
        finally:
            connections["fridge"].close()

    with ThreadPoolExecutor(len(todo)) as threads:
        return list(threads.map(one, todo))
