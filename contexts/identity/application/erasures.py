"""Forgetting people: identity asks all contexts, waits for each, and forgets whom it asked about.

What is left at the end is a receipt: a random number and four moments. Every step may be done twice and be
stopped anywhere: the next tick goes on from what is stored.
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connections, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from contexts.identity.application import ports
from contexts.identity.application.errors import AccountErased, UnknownAccount, UnknownErasure
from contexts.identity.domain.erasures import (
    AT_ONCE,
    HOLDERS,
    ErasureCompleted,
    ErasureRequested,
    is_complete,
)
from contexts.identity.models import (
    Account,
    BrandUser,
    BrowserSession,
    ConsentReference,
    ErasedPerson,
    Erasure,
)
from packytrace.facts import outbox
from packytrace.facts.log import configured_log
from packytrace.openid.accounts import provider_accounts
from packytrace.openid.errors import ProviderUnreachable
from packytrace.people.erasing import forget_facts, remember_erased

ADVANCE: Final = "identity.advance_erasures"
"""The task that takes the erasures further."""
OVERDUE: Final = timedelta(hours=1)
"""An erasure that is at work for longer needs an operator."""

_DATABASE: Final = "identity"
#: Whatever was in flight when the last context acknowledged has landed by then.
_LANDED: Final = timedelta(seconds=60)
#: Longer than any access token or sign-in in flight lives.
_SUBJECT_REMEMBERED: Final = timedelta(days=15)
#: A browser has its visitor's cookie for at most 393 days (`packytrace.edge.visitors`), and a day for clocks.
_VISITOR_REMEMBERED: Final = timedelta(days=394)

_log = structlog.get_logger(__name__)


def request_erasure(*, account_id: UUID, at: datetime) -> UUID:
    """Forget an account and everybody it is known as; returns the number of the receipt.

    The account is gone from here, with its links, sessions and consents, once this is committed; everything
    else follows. Whoever asks again while it is at work gets the same number. Raises UnknownAccount.
    """
    with transaction.atomic(using=_DATABASE):
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            return _already_requested(account_id)
        links = account.visitor_links.order_by("-linked_at", "visitor_id")
        person_ids = [account_id, *links.values_list("visitor_id", flat=True)]
        remember_erased(person_ids=person_ids[1:], until=(at + _VISITOR_REMEMBERED).date(), using=_DATABASE)
        _remember_subject(issuer=account.issuer, subject=account.subject, now=at)
        _delete_log_entries(account_id)
        _forget(person_ids)
        account.delete()  # and what belongs to it: links, brand user, export
        batches = [person_ids[start : start + AT_ONCE] for start in range(0, len(person_ids), AT_ONCE)]
        # Nearly everybody is one batch. Else the receipt is of the account with its latest browsers.
        erasure = Erasure(
            person_ids=batches[0], issuer=account.issuer, subject=account.subject, requested_at=at
        )
        asked = [erasure, *(Erasure(person_ids=batch, requested_at=at) for batch in batches[1:])]
        Erasure.objects.bulk_create(asked)
        outbox.publish_all(
            [
                ErasureRequested(erasure_id=one.id, person_ids=tuple(one.person_ids), requested_at=at)
                for one in asked
            ],
            using=_DATABASE,
        )
        transaction.on_commit(partial(ports.soon, ADVANCE), using=_DATABASE, robust=True)
    return erasure.id


def acknowledge(*, erasure_id: UUID, context: str, now: datetime) -> None:
    """Note that a context has erased, in the transaction at hand; again changes nothing."""
    erasure = Erasure.objects.select_for_update().filter(pk=erasure_id, completed_at=None).first()
    if erasure is None or context in erasure.acknowledged:
        return
    erasure.acknowledged = sorted({*erasure.acknowledged, context})
    erasure.save(update_fields=["acknowledged"])
    _complete(erasure, now=now)


def advance(*, now: datetime) -> None:
    """Take every erasure that is at work as far as it goes. Several may run at once."""
    for erasure_id in (
        Erasure.objects.filter(forgotten_at=None).order_by("requested_at").values_list("id", flat=True)
    ):
        try:
            _advance(erasure_id, now=now)
        except Exception:  # noqa: BLE001 - a queue's boundary: a bug in one holds up no other; tried again
            _log.exception("erasure_not_advanced", erasure_id=str(erasure_id))


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """How far an erasure is. Tells nothing of whom it is about."""

    id: UUID
    requested_at: datetime
    done: frozenset[str]
    """`account`, `provider` and the contexts that have erased."""
    waiting: frozenset[str]
    completed_at: datetime | None
    forgotten_at: datetime | None


def receipt(*, erasure_id: UUID) -> Receipt:
    """The receipt of that number. Raises UnknownErasure."""
    erasure = Erasure.objects.filter(pk=erasure_id).first()
    if erasure is None:
        raise UnknownErasure(_("There is no erasure of this number."))
    return _receipt(erasure)


def at_work() -> list[Receipt]:
    """Erasures that are not finished, the oldest first."""
    return [_receipt(row) for row in Erasure.objects.filter(forgotten_at=None).order_by("requested_at")]


def overdue(*, now: datetime) -> int:
    """How many have been at work for longer than `OVERDUE`."""
    return Erasure.objects.filter(forgotten_at=None, requested_at__lt=now - OVERDUE).count()


def oldest_request() -> datetime | None:
    """When the erasure was asked for that has been at work for longest."""
    oldest = Erasure.objects.filter(forgotten_at=None).order_by("requested_at").first()
    return None if oldest is None else oldest.requested_at


def check_not_erased(*, issuer: str, subject: str) -> None:
    """Let a subject pass that was not erased. Raises AccountErased.

    Ask after the account was made, in the same transaction: the insert has waited for an erasure that was
    under way, so that this sees it.
    """
    if ErasedPerson.objects.filter(digest=digest_of_subject(issuer=issuer, subject=subject)).exists():
        raise AccountErased(
            _("This account has been erased. What was known about it is gone; you can create a new one.")
        )


def digest_of_subject(*, issuer: str, subject: str) -> bytes:
    """What is kept of an erased account. Keyed: a provider may call people by names that can be guessed."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"packytrace erased subject", "sha256")
    return hmac.new(key, f"{issuer}\n{subject}".encode(), hashlib.sha256).digest()


def _already_requested(account_id: UUID) -> UUID:
    found = Erasure.objects.filter(forgotten_at=None, person_ids__contains=[account_id]).first()
    if found is None:
        raise UnknownAccount(_("Nobody with this account has signed in here yet."))
    return found.id


def _advance(erasure_id: UUID, *, now: datetime) -> None:
    if found := Erasure.objects.filter(pk=erasure_id).first():
        _delete_at_provider(found, now=now)
    with transaction.atomic(using=_DATABASE):
        erasure = _at_work(erasure_id)
        if erasure and erasure.completed_at is None:
            _complete(erasure, now=now)
    if erasure and erasure.completed_at:
        _sweep(erasure_id, now=now)


def _delete_at_provider(erasure: Erasure, *, now: datetime) -> None:
    """Outside of any transaction: the provider takes its time, and to ask twice does no harm."""
    if not erasure.subject:
        return
    with transaction.atomic(using=_DATABASE):
        # Tokens may be issued until the provider has deleted the account.
        _remember_subject(issuer=erasure.issuer, subject=erasure.subject, now=now)
    if erasure.issuer == settings.OIDC_ISSUER:
        try:
            provider_accounts().delete(subject=erasure.subject)
        except ProviderUnreachable:
            _log.warning("erasure_waits_for_provider", erasure_id=str(erasure.id))
            return
    else:
        _log.warning("account_of_another_provider_erased_here_alone", erasure_id=str(erasure.id))
    Erasure.objects.filter(pk=erasure.pk).update(issuer="", subject="")


def _at_work(erasure_id: UUID) -> Erasure | None:
    """Locked; None where another process is at it."""
    rows = Erasure.objects.select_for_update(skip_locked=True)
    return rows.filter(pk=erasure_id, forgotten_at=None).first()


def _complete(erasure: Erasure, *, now: datetime) -> None:
    """The erasure's row is locked by the caller."""
    if is_complete(acknowledged=erasure.acknowledged, left_at_provider=bool(erasure.subject)):
        outbox.publish(ErasureCompleted(erasure_id=erasure.id, at=now), using=_DATABASE)
        erasure.completed_at = now
        erasure.save(update_fields=["completed_at"])


def _sweep(erasure_id: UUID, *, now: datetime) -> None:
    """What has come in meanwhile, and the facts that told of these people; the last time, who they were."""
    with transaction.atomic(using=_DATABASE):
        erasure = _at_work(erasure_id)
        if erasure is None or erasure.completed_at is None:
            return
        _forget(erasure.person_ids)
        configured_log().forget(person_ids=erasure.person_ids)
        if now >= erasure.completed_at + _LANDED:
            erasure.person_ids, erasure.forgotten_at = [], now
            erasure.save(update_fields=["person_ids", "forgotten_at"])


def _forget(person_ids: Collection[UUID]) -> None:
    """What identity holds of people beside the account's own row. The ledger stays: it proves what was said,
    and nobody can tell any more by whom (GDPR Art. 17 (3) e)."""
    ConsentReference.objects.filter(person_id__in=person_ids).delete()
    BrowserSession.objects.filter(account_id__in=person_ids).delete()
    forget_facts(person_ids=person_ids, using=_DATABASE)


def _delete_log_entries(account_id: UUID) -> None:
    """What the account's holder did in the operators' console, and what was done there with the account."""
    about = Q(content_type__model="account", object_id=str(account_id))
    for brand_user_id in BrandUser.objects.filter(account_id=account_id).values_list("pk", flat=True):
        about |= Q(content_type__model="branduser", object_id=str(brand_user_id))
    LogEntry.objects.filter(Q(user_id=account_id) | about).delete()


def _remember_subject(*, issuer: str, subject: str, now: datetime) -> None:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO erased_person (digest, until, erased_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (digest) DO UPDATE SET until = greatest(erased_person.until, excluded.until),"
            " erased_at = greatest(erased_person.erased_at, excluded.erased_at)",
            [digest_of_subject(issuer=issuer, subject=subject), (now + _SUBJECT_REMEMBERED).date(), now],
        )


def _receipt(erasure: Erasure) -> Receipt:
    done = {"account", *erasure.acknowledged}
    if not erasure.subject:
        done.add("provider")
    return Receipt(
        id=erasure.id,
        requested_at=erasure.requested_at,
        done=frozenset(done),
        waiting=frozenset(HOLDERS | {"account", "provider"}) - done,
        completed_at=erasure.completed_at,
        forgotten_at=erasure.forgotten_at,
    )
