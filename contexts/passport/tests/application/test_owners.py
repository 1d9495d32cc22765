"""Whose scan it is: one person's, through every sequence of scans, sign-ups, sign-ins and sign-outs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contexts.passport.application.errors import ScanNotFound
from contexts.passport.application.history import History, history_of_account, history_of_visitor, place_of
from contexts.passport.application.links import link_visitor
from contexts.passport.application.scans import record_scan, scan_of
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import owner_of
from contexts.passport.models import Scan, VisitorLink

pytestmark = pytest.mark.django_db(databases=["passport"])

GTIN = "09520123456788"
NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
ITEM = ScannedItem(gtin=GTIN, raw=GTIN)


def scan(*, visitor_id: UUID, account_id: UUID | None = None, at: datetime = NOW) -> UUID:
    return record_scan(item=ITEM, visitor_id=visitor_id, account_id=account_id, channel="api", at=at).scan_id


def may(
    scan_id: UUID,
    *,
    visitor_id: UUID | None = None,
    account_id: UUID | None = None,
    after: timedelta = timedelta(hours=1),
) -> bool:
    try:
        scan_of(scan_id=scan_id, visitor_id=visitor_id, account_id=account_id, now=NOW + after)
    except ScanNotFound:
        return False
    return True


class TestOneScan:
    def test_made_without_an_account_it_is_the_visitors_and_then_the_accounts(self) -> None:
        visitor_id, account_id = uuid4(), uuid4()
        scan_id = scan(visitor_id=visitor_id)
        assert may(scan_id, visitor_id=visitor_id)
        assert not may(scan_id, account_id=account_id)
        link_visitor(visitor_id=visitor_id, account_id=account_id, linked_at=NOW)
        assert may(scan_id, account_id=account_id)
        assert not may(scan_id, visitor_id=visitor_id)

    def test_whoever_has_just_scanned_sees_it_though_it_is_an_accounts(self) -> None:
        """The session ran out; the scan is the account's, and the pack in somebody's hand."""
        visitor_id, account_id = uuid4(), uuid4()
        link_visitor(visitor_id=visitor_id, account_id=account_id, linked_at=NOW)
        scan_id, with_account = (
            scan(visitor_id=visitor_id),
            scan(visitor_id=visitor_id, account_id=account_id),
        )
        assert may(scan_id, visitor_id=visitor_id, after=timedelta(minutes=59))
        assert not may(scan_id, visitor_id=visitor_id, after=timedelta(hours=1))
        assert not may(with_account, visitor_id=visitor_id, after=timedelta(0))
        assert not history_of_visitor(visitor_id=visitor_id, language="en", limit=9).scans

    def test_made_with_an_account_it_is_that_accounts_alone(self) -> None:
        visitor_id, account_id, other = uuid4(), uuid4(), uuid4()
        scan_id = scan(visitor_id=visitor_id, account_id=account_id)
        link_visitor(visitor_id=visitor_id, account_id=other, linked_at=NOW)
        assert may(scan_id, account_id=account_id)
        assert not may(scan_id, visitor_id=visitor_id)
        assert not may(scan_id, account_id=other)

    def test_nobody_and_strangers_see_nothing(self) -> None:
        visitor_id, account_id = uuid4(), uuid4()
        for made_with in (None, account_id):
            scan_id = scan(visitor_id=visitor_id, account_id=made_with)
            assert not may(scan_id)
            # An id of one kind is none of the other, even where the UUIDs are the same.
            assert not may(scan_id, visitor_id=account_id, account_id=visitor_id)
            assert not may(scan_id, visitor_id=uuid4(), account_id=uuid4())


def test_the_first_link_stands_and_hearing_it_again_changes_nothing() -> None:
    visitor_id, account_id = uuid4(), uuid4()
    for told in (account_id, account_id, uuid4()):
        link_visitor(visitor_id=visitor_id, account_id=told, linked_at=NOW)
    assert VisitorLink.objects.get().account_id == account_id


# --- Random sequences on several devices, with identity's rules beside them ---


@dataclass
class Device:
    """A browser: its visitor's cookie, and who is signed in."""

    visitor: UUID | None = None
    account: UUID | None = None


@dataclass
class World:
    """Identity's rules, and every scan with the one whom a person at that device would take it for."""

    devices: list[Device] = field(default_factory=lambda: [Device(), Device(), Device()])
    accounts: list[UUID] = field(default_factory=lambda: [uuid4(), uuid4(), uuid4()])
    links: dict[UUID, UUID] = field(default_factory=dict)
    scans: dict[UUID, tuple[UUID, UUID | None]] = field(default_factory=dict)
    minted: int = 0

    def step(self, action: str, *, device: Device, account: UUID) -> None:
        if action == "scan":
            device.visitor = device.visitor or uuid4()
            self._scan(visitor=device.visitor, account=None)
        elif action == "scan with a token":
            device.visitor = device.visitor or uuid4()
            self._scan(visitor=device.visitor, account=account)
        elif action == "sign in":
            self._sign_in(device, account)
        elif action == "sign out":
            device.visitor = device.account = None
        elif action == "session ends":
            device.account = None
        elif action == "cookies go":
            device.visitor = None

    def _scan(self, *, visitor: UUID, account: UUID | None) -> None:
        at = NOW + timedelta(seconds=len(self.scans))
        self.scans[scan(visitor_id=visitor, account_id=account, at=at)] = (visitor, account)

    def _sign_in(self, device: Device, account: UUID) -> None:
        if device.visitor is None or self.links.get(device.visitor, account) != account:
            device.visitor = uuid4()
        if device.visitor not in self.links:
            self.links[device.visitor] = account
            link_visitor(visitor_id=device.visitor, account_id=account, linked_at=NOW)
        device.account = account

    def owner(self, scan_id: UUID) -> UUID | None:
        visitor, account = self.scans[scan_id]
        return owner_of(account_id=account, linked_to=self.links.get(visitor))


ACTIONS = ("scan", "scan", "scan with a token", "sign in", "sign out", "session ends", "cookies go")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=25
)


def everything(history: History) -> set[UUID]:
    assert history.next is None
    return {past.scan.scan_id for past in history.scans}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_scan_is_lost_and_none_is_seen_by_two_accounts(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic(using="passport"):
        world = World()
        earlier: dict[UUID, UUID | None] = {}
        for action, device, account in steps:
            world.step(action, device=world.devices[device], account=world.accounts[account])
            for scan_id, owner in earlier.items():
                # What is an account's stays that account's, whoever comes to the device.
                assert owner is None or world.owner(scan_id) == owner
            earlier = {scan_id: world.owner(scan_id) for scan_id in world.scans}
        check(world)
        transaction.set_rollback(True, using="passport")


def check(world: World) -> None:
    seen = {
        account: everything(history_of_account(account_id=account, language="en", limit=99))
        for account in world.accounts
    }
    for account, scans in seen.items():
        assert scans == {scan_id for scan_id in world.scans if world.owner(scan_id) == account}
    visitors = {visitor for visitor, _account in world.scans.values()}
    unclaimed = {
        visitor: everything(history_of_visitor(visitor_id=visitor, language="en", limit=99))
        for visitor in visitors
    }
    assert set().union(*seen.values(), *unclaimed.values()) == set(world.scans)
    for visitor, scans in unclaimed.items():
        assert scans == {
            scan_id
            for scan_id, (made_by, _account) in world.scans.items()
            if made_by == visitor and world.owner(scan_id) is None
        }
    for scan_id, (visitor, _account) in world.scans.items():
        readers = [reader for reader in world.accounts if may(scan_id, account_id=reader)]
        owner = world.owner(scan_id)
        assert readers == ([owner] if owner else [])
        assert may(scan_id, visitor_id=visitor, after=timedelta(days=1)) is (owner is None)


def test_pages_follow_each_other_without_a_gap_while_new_scans_come() -> None:
    account_id, visitors = uuid4(), [uuid4(), uuid4()]
    for visitor_id in visitors:
        link_visitor(visitor_id=visitor_id, account_id=account_id, linked_at=NOW)
    made = [
        scan(
            visitor_id=visitors[number % 2],
            account_id=account_id if number % 3 else None,
            at=NOW + timedelta(seconds=number // 4),  # four at the same moment
        )
        for number in range(11)
    ]
    found: list[UUID] = []
    after = None
    for _ in range(4):
        page = history_of_account(account_id=account_id, language="en", limit=3, after=after)
        found += [past.scan.scan_id for past in page.scans]
        scan(visitor_id=visitors[0], at=NOW + timedelta(days=1))
        after = place_of(page.next) if page.next else None
    assert after is None
    assert sorted(found) == sorted(made)
    moments = [Scan.objects.get(id=scan_id).scanned_at for scan_id in found]
    assert moments == sorted(moments, reverse=True)
