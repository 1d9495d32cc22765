"""The Consent Ledger: what a person agreed to, shown which words, and the chain that proves it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID


class Purpose(StrEnum):
    """What a consent is for. Whatever is not one of these is a no."""

    HEALTH_PROFILE = "health_profile"
    NOTIFICATIONS = "notifications"
    MEASUREMENT = "measurement"


class Action(StrEnum):
    """What an entry of the ledger says."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The words that a person was shown before an answer."""

    version: str
    language: str
    hash: str
    """SHA-256 of language and text, in hexadecimal digits."""
    controller: str
    """Who ran the site then, as the text named them: with it the text can be made again."""


#: The predecessor of a first entry.
START: Final = "0" * 64
#: No two entries of a chain have the same moment.
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a person's chain. `reference` names the chain and nobody: the person's id is not in it."""

    reference: UUID
    sequence: int
    """1 for the first, without gaps."""
    purpose: Purpose
    action: Action
    notice: Notice
    """For a withdrawal, the notice under which the consent had been granted."""
    channel: str
    """Where it was said: `web` or `api`; `restore` where nobody knows any more what was said."""
    at: datetime
    since: datetime
    """The moment from which the consent has stood, or had stood, without a withdrawal in between."""
    previous_hash: str
    hash: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentGranted:
    """A person agreed to one purpose, having been shown one version of its notice."""

    person_id: UUID
    purpose: Purpose
    notice_version: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn:
    """A person took the consent to one purpose back; the version is the one that it had been given under."""

    person_id: UUID
    purpose: Purpose
    notice_version: str
    at: datetime


def stands_since(last: Entry | None, *, version: str) -> datetime | None:
    """Since when a consent stands under that version of its notice, by the last entry for its purpose.

    A consent under another version does not stand: the person is asked again, and keeps what depends on it by
    agreeing, for nothing was withdrawn.
    """
    if last is None or last.action is not Action.GRANTED or last.notice.version != version:
        return None
    return last.since


def granting(
    *,
    reference: UUID,
    purpose: Purpose,
    notice: Notice,
    channel: str,
    at: datetime,
    tail: Entry | None,
    last: Entry | None,
) -> Entry:
    """The entry of a grant; `last` itself where the consent stands already under this version.

    `tail` is the chain's last entry, `last` the last one for this purpose.
    """
    standing = last is not None and last.action is Action.GRANTED
    if last is not None and standing and last.notice.version == notice.version:
        return last
    moment = _after(tail, at)
    return _sealed(
        Entry(
            reference=reference,
            sequence=tail.sequence + 1 if tail else 1,
            purpose=purpose,
            action=Action.GRANTED,
            notice=notice,
            channel=channel,
            at=moment,
            since=last.since if last is not None and standing else moment,
            previous_hash=tail.hash if tail else START,
        )
    )


def withdrawing(*, channel: str, at: datetime, tail: Entry | None, last: Entry | None) -> Entry | None:
    """The entry of a withdrawal, or None where there is nothing to take back.

    A consent under an old version of the notice is taken back like any other: what depended on it is kept
    until then.
    """
    if tail is None or last is None or last.action is not Action.GRANTED:
        return None
    return _sealed(
        replace(
            last,
            sequence=tail.sequence + 1,
            action=Action.WITHDRAWN,
            channel=channel,
            at=_after(tail, at),
            previous_hash=tail.hash,
        )
    )


@dataclass(frozen=True, kw_only=True)
class Break:
    """Where a chain does not hold, and what is wrong there."""

    reference: UUID
    sequence: int
    reason: str


def first_break(entries: Iterable[Entry]) -> Break | None:
    """The first entry of a chain, given in its order, that was changed, or that has lost its predecessor.

    That the last entries are missing cannot be seen in the chain itself.
    """
    previous_hash, sequence = START, 0
    for entry in entries:
        reason = _wrong(entry, previous_hash=previous_hash, sequence=sequence + 1)
        if reason:
            return Break(reference=entry.reference, sequence=entry.sequence, reason=reason)
        previous_hash, sequence = entry.hash, entry.sequence
    return None


def _wrong(entry: Entry, *, previous_hash: str, sequence: int) -> str:
    if entry.sequence != sequence:
        return f"entry {sequence} is missing"
    if entry.previous_hash != previous_hash:
        return "it does not follow the entry before it"
    if entry.hash != _hash(entry):
        return "it was changed after it was written"
    return ""


def _after(tail: Entry | None, at: datetime) -> datetime:
    """A moment later than the chain's last one: two machines' clocks differ, and who deletes what depended on
    a consent goes by these moments."""
    return at if tail is None else max(at, tail.at + _TICK)


def _sealed(entry: Entry) -> Entry:
    return replace(entry, hash=_hash(entry))


def _hash(entry: Entry) -> str:
    """SHA-256 over every field, each with its name, so that no two entries have the same bytes."""
    said = {
        "reference": str(entry.reference),
        "sequence": entry.sequence,
        "purpose": entry.purpose.value,
        "action": entry.action.value,
        "notice_version": entry.notice.version,
        "notice_hash": entry.notice.hash,
        "controller": entry.notice.controller,
        "language": entry.notice.language,
        "channel": entry.channel,
        "at": _moment(entry.at),
        "since": _moment(entry.since),
        "previous_hash": entry.previous_hash,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
