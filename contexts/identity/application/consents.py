"""Consent: asked for, given, withdrawn, and never assumed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from django.db import connections, transaction
from django.utils.translation import gettext as _

from contexts.identity.application import notices
from contexts.identity.application.errors import (
    AccountDeactivated,
    NoticeOutdated,
    UnknownAccount,
)
from contexts.identity.domain import consents
from contexts.identity.domain.consents import (
    Action,
    ConsentGranted,
    ConsentWithdrawn,
    Entry,
    Notice,
    Purpose,
    stands_since,
)
from contexts.identity.models import Account, Consent, ConsentReference, Export
from packytrace.facts import outbox

#: The last entries of a person, one for each purpose, and whether the person's account is open; a visitor has
#: none and may be asked about measurement only.
_LAST: Final = """
    SELECT DISTINCT ON (consent.purpose)
        consent.purpose, consent.action, consent.notice_version, consent.since,
        coalesce(account.is_active, consent.purpose = %(visitors_too)s)
    FROM consent_reference
    JOIN consent ON consent.reference = consent_reference.reference AND consent.purpose = ANY(%(purposes)s)
    LEFT JOIN account ON account.id = consent_reference.person_id
    WHERE consent_reference.person_id = %(person)s
    ORDER BY consent.purpose, consent.sequence DESC
"""


def in_force(*, person_id: UUID, purpose: Purpose) -> datetime | None:
    """Since when a person's consent stands without a withdrawal, under the notice that is current now.

    None means no: never asked, withdrawn, the notice has changed since, the account is closed. One query,
    and no memory: a withdrawal holds from the next question on.
    """
    return all_in_force(person_id=person_id, purposes=(purpose,)).get(purpose)


def all_in_force(*, person_id: UUID, purposes: Collection[Purpose]) -> Mapping[Purpose, datetime]:
    """The same for several purposes in one query; what is not in force is left out."""
    return {
        last.purpose: last.since
        for last in _last_words(person_id=person_id, purposes=purposes)
        if last.granted and last.is_open and last.version == notices.current(last.purpose).version
    }


def never_withdrawn(*, person_id: UUID, purposes: Collection[Purpose]) -> Mapping[Purpose, datetime]:
    """Since when the consents stand that were not taken back: one query.

    They need not be in force: the notice may have changed or the account be closed. Nothing may be read then,
    and nothing is to be destroyed either, for agreeing to the new notice brings it back.
    """
    return {
        last.purpose: last.since
        for last in _last_words(person_id=person_id, purposes=purposes)
        if last.granted
    }


def grant(
    *,
    person_id: UUID,
    purpose: Purpose,
    notice_version: str,
    channel: str,
    at: datetime,
    language: str | None = None,
) -> datetime:
    """Note that a person agreed, having been shown that version in that language (default: the page's).

    Answers since when the consent stands; agreeing to what stands already changes nothing. Raises
    NoticeOutdated when another version is current: show that one and ask again. Raises AccountDeactivated,
    and UnknownAccount where a visitor is asked about more than measurement.
    """
    current = notices.current(purpose)
    if notice_version != current.version:
        raise NoticeOutdated(
            _("The notice has changed since this page was opened: read it, then decide again.")
        )
    notice, _text = current.shown(language)
    with transaction.atomic(using="identity"):
        _check_person(person_id=person_id, purpose=purpose)
        ConsentReference.objects.get_or_create(person_id=person_id)
        chain = _locked_chain(person_id=person_id, purpose=purpose)
        if chain is None:
            # Whoever erased the person in between has the last word.
            raise UnknownAccount(_("Nobody with this account has signed in here yet."))
        entry = consents.granting(
            reference=chain.reference,
            purpose=purpose,
            notice=notice,
            channel=channel,
            at=at,
            tail=chain.tail,
            last=chain.last,
        )
        if entry is not chain.last:
            _append(entry)
            outbox.publish(
                ConsentGranted(
                    person_id=person_id, purpose=purpose, notice_version=notice.version, at=entry.at
                ),
                using="identity",
            )
    return entry.since


def withdraw(*, person_id: UUID, purpose: Purpose, channel: str, at: datetime) -> bool:
    """Note that a person took a consent back; answers whether there was one. Asks for nothing in return.

    Whatever depended on it is deleted by who holds it, as soon as ConsentWithdrawn arrives there, and is read
    by nobody from now on. A finished copy of the person's data goes at once.
    """
    with transaction.atomic(using="identity"):
        chain = _locked_chain(person_id=person_id, purpose=purpose)
        if chain is None:
            return False
        entry = consents.withdrawing(channel=channel, at=at, tail=chain.tail, last=chain.last)
        if entry is None:
            return False
        _append(entry)
        Export.objects.filter(account_id=person_id, ready_at__isnull=False).delete()
        outbox.publish(
            ConsentWithdrawn(
                person_id=person_id, purpose=purpose, notice_version=entry.notice.version, at=entry.at
            ),
            using="identity",
        )
    return True


def history(*, person_id: UUID) -> list[Entry]:
    """Everything that a person has said, the newest first: one query."""
    rows = Consent.objects.filter(
        reference__in=ConsentReference.objects.filter(person_id=person_id).values("reference")
    )
    return [_entry(row) for row in rows.order_by("-sequence")]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a page or a program says about one purpose."""

    purpose: Purpose
    since: datetime | None
    """Since when the consent stands under the current notice; None means no."""
    notice_version: str
    """The current one."""
    asked_again: bool
    """The person agreed to an older notice, so that it is a no until they agree to this one."""


def standing(*, person_id: UUID) -> list[Standing]:
    """How a person stands to each purpose: one query. For pages of an account that is known to be open."""
    return standing_after(history(person_id=person_id))


def standing_after(entries: Sequence[Entry]) -> list[Standing]:
    """How whoever has said all this, the newest first, stands to each purpose."""
    found = []
    for purpose in Purpose:
        last = next((entry for entry in entries if entry.purpose is purpose), None)
        version = notices.current(purpose).version
        since = stands_since(last, version=version)
        granted = last is not None and last.action is Action.GRANTED
        found.append(
            Standing(
                purpose=purpose,
                since=since,
                notice_version=version,
                asked_again=granted and since is None,
            )
        )
    return found


def chains() -> Iterator[tuple[UUID, Iterator[Entry]]]:
    """Every chain of the ledger with its entries in order, however many there are."""
    rows = Consent.objects.order_by("reference", "sequence").iterator(chunk_size=1000)
    return groupby(map(_entry, rows), key=attrgetter("reference"))


def size() -> int:
    """How many entries the ledger has."""
    return Consent.objects.count()


@dataclass(frozen=True, kw_only=True)
class _LastWord:
    purpose: Purpose
    granted: bool
    version: str
    since: datetime
    is_open: bool


def _last_words(*, person_id: UUID, purposes: Collection[Purpose]) -> list[_LastWord]:
    with connections["identity"].cursor() as cursor:
        cursor.execute(
            _LAST,
            {
                "person": person_id,
                "purposes": [purpose.value for purpose in purposes],
                "visitors_too": Purpose.MEASUREMENT.value,
            },
        )
        return [
            _LastWord(
                purpose=Purpose(purpose),
                granted=action == Action.GRANTED,
                version=version,
                since=since,
                is_open=is_open,
            )
            for purpose, action, version, since, is_open in cursor.fetchall()
        ]


@dataclass(frozen=True, kw_only=True)
class _Chain:
    reference: UUID
    tail: Entry | None
    last: Entry | None


def _locked_chain(*, person_id: UUID, purpose: Purpose) -> _Chain | None:
    """The end of a person's chain, which nobody else adds to before this transaction is over."""
    mapping = ConsentReference.objects.select_for_update().filter(person_id=person_id).first()
    if mapping is None:
        return None
    entries = Consent.objects.filter(reference=mapping.reference).order_by("-sequence")
    tail, last = entries.first(), entries.filter(purpose=purpose).first()
    return _Chain(
        reference=mapping.reference,
        tail=_entry(tail) if tail else None,
        last=_entry(last) if last else None,
    )


def _check_person(*, person_id: UUID, purpose: Purpose) -> None:
    """Let who may consent pass; an account cannot be erased before this transaction is over."""
    account = Account.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    if account is None and purpose is not Purpose.MEASUREMENT:
        raise UnknownAccount(_("Nobody with this account has signed in here yet."))
    if account is not None and not account.is_active:
        raise AccountDeactivated(_("This account has been closed by an operator of this installation."))


def _append(entry: Entry) -> None:
    Consent.objects.create(
        reference=entry.reference,
        sequence=entry.sequence,
        purpose=entry.purpose.value,
        action=entry.action.value,
        notice_version=entry.notice.version,
        notice_hash=entry.notice.hash,
        controller=entry.notice.controller,
        language=entry.notice.language,
        channel=entry.channel,
        at=entry.at,
        since=entry.since,
        previous_hash=entry.previous_hash,
        hash=entry.hash,
    )


def _entry(row: Consent) -> Entry:
    return Entry(
        reference=row.reference,
        sequence=row.sequence,
        purpose=Purpose(row.purpose),
        action=Action(row.action),
        notice=Notice(
            version=row.notice_version,
            language=row.language,
            hash=row.notice_hash,
            controller=row.controller,
        ),
        channel=row.channel,
        at=row.at,
        since=row.since,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
