"""A person's own copy of everything that is kept about them (GDPR Art. 15 and 20).

Collected in the background from every context, sealed under a key of its own, and deleted after a day. One
for each account: asking again while it is being prepared asks for the same.

A copy does not outlive what was copied under a consent: it is opened only while the consents that stood when
it was made still stand, and while the contexts that say which edition they hold, hold that one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from contexts.identity.application import consents, notices, ports
from contexts.identity.application.errors import (
    ExportNotReady,
    ExportUnreadable,
    UnknownAccount,
    UnknownExport,
)
from contexts.identity.application.export_archive import archive
from contexts.identity.models import Account, Export, VisitorLink
from packytrace.errors import DomainError
from packytrace.vault.errors import KeyUnavailable, Tampered
from packytrace.vault.hidden import Plain
from packytrace.vault.keyring import unwrap, wrap
from packytrace.vault.sealing import Place, new_data_key, open_sealed, seal

PREPARE: Final = "identity.prepare_exports"
"""The task that prepares what was asked for."""
KEPT: Final = timedelta(hours=24)
"""How long an export can be fetched after it was asked for."""

_DATABASE: Final = "identity"
#: Whoever is still waiting then is told that it did not work.
_GIVEN_UP: Final = timedelta(hours=1)

_log = structlog.get_logger(__name__)


class State(StrEnum):
    """How far an export is."""

    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class ExportView:
    """What its owner sees of an export."""

    id: UUID
    state: State
    requested_at: datetime
    expires_at: datetime


def request_export(*, account_id: UUID, at: datetime) -> ExportView:
    """Ask for a copy; the one that is being prepared already, if there is one. Raises UnknownAccount."""
    with transaction.atomic(using=_DATABASE):
        if not Account.objects.select_for_update(no_key=True).filter(pk=account_id).exists():
            raise UnknownAccount(_("Nobody with this account has signed in here yet."))
        present = Export.objects.filter(account_id=account_id).first()
        if present is not None:
            if _state(present) is State.PREPARING:
                return _view(present)
            present.delete()
        export = Export.objects.create(
            account_id=account_id,
            language=_language(),
            requested_at=at,
            expires_at=at + KEPT,
        )
        transaction.on_commit(partial(ports.soon, PREPARE), using=_DATABASE, robust=True)
    return _view(export)


def latest(*, account_id: UUID, now: datetime) -> ExportView | None:
    """The account's export that has not expired and that may still be opened, if it is ready."""
    row = Export.objects.filter(account_id=account_id, expires_at__gt=now).defer("sealed").first()
    return _view(row) if row and _still_stands(row) else None


def export_of(*, account_id: UUID, export_id: UUID, now: datetime) -> ExportView:
    """Raises UnknownExport alike for one that does not exist, has expired or is somebody else's."""
    found = latest(account_id=account_id, now=now)
    if found is None or found.id != export_id:
        raise UnknownExport(no_export())
    return found


def open_export(*, account_id: UUID, export_id: UUID, now: datetime) -> Plain:
    """The archive, for its owner. Raises UnknownExport, ExportNotReady, ExportUnreadable."""
    rows = Export.objects.filter(pk=export_id, account_id=account_id, expires_at__gt=now)
    row = rows.first()
    if row is None or not _still_stands(row):
        raise UnknownExport(no_export())
    if row.sealed is None or row.wrapped_key is None:
        raise ExportNotReady(_("Your copy is not ready yet: ask again in a minute."))
    try:
        key = unwrap(wrapped=row.wrapped_key, kek_id=row.kek_id, person_id=account_id)
        return open_sealed(key=key, sealed=row.sealed, place=_place(row))
    except (KeyUnavailable, Tampered) as error:
        _log.error("export_unreadable", export_id=str(row.pk), reason=type(error).__name__)
        raise ExportUnreadable(_("Your copy cannot be opened right now: ask for a new one.")) from error


def no_export() -> str:
    """What is said where there is none."""
    return _("There is no such copy of your data, or not any more: ask for a new one.")


def prepare_all(*, now: datetime) -> None:
    """Prepare every export that somebody waits for. Several may run at once, and be stopped anywhere."""
    waiting = Export.objects.filter(ready_at=None, failed_reason="", expires_at__gt=now)
    for export_id in waiting.order_by("requested_at").values_list("id", flat=True):
        try:
            _prepare(export_id, now=now)
        except Exception:  # noqa: BLE001 - a queue's boundary: a bug in one holds up no other; tried again
            _log.exception("export_not_prepared", export_id=str(export_id))


def forget_expired(*, now: datetime) -> int:
    """Delete the exports that are too old; says how many."""
    deleted, _by_model = Export.objects.filter(expires_at__lte=now).delete()
    return deleted


def _prepare(export_id: UUID, *, now: datetime) -> None:
    with transaction.atomic(using=_DATABASE):
        # Held while the contexts are asked: who comes second leaves it alone, and whoever dies lets it go.
        rows = Export.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=export_id, ready_at=None, failed_reason="").first()
        if row is None:
            return
        if row.requested_at < now - _GIVEN_UP:
            row.failed_reason = "took_too_long"
        else:
            try:
                if not _fill(row, now=now):
                    return  # something was taken back or deleted meanwhile: the next tick copies without it
            except DomainError as error:
                _log.warning("export_failed", export_id=str(export_id), code=error.code)
                row.failed_reason = error.code
        row.save()


def _fill(row: Export, *, now: datetime) -> bool:
    """Answers whether what was collected may be kept. What it rests on is noted before anything is read."""
    row.rests_on = _rests_on(row.account_id)
    with override(row.language):
        documents = _collect(row.account_id)
    packed = archive(documents=documents, language=row.language, at=now)
    key = new_data_key()
    row.kek_id, row.wrapped_key = wrap(key=key, person_id=row.account_id)
    row.sealed = seal(key=key, plain=packed, place=_place(row))
    row.ready_at = now
    return _still_stands(row)


def _still_stands(row: Export) -> bool:
    """Whether what a copy rests on is there. Deletes a finished one that has lost it."""
    if row.ready_at is None:
        return True
    now = _rests_on(row.account_id)
    # A consent that was given since takes nothing from the copy.
    consented = row.rests_on.get("consents", {}).items() <= now["consents"].items()
    if consented and row.rests_on.get("editions") == now["editions"]:
        return True
    Export.objects.filter(pk=row.pk, ready_at__isnull=False).delete()
    return False


def _rests_on(account_id: UUID) -> dict[str, dict[str, str]]:
    standing = consents.standing(person_id=account_id)
    return {
        "consents": {one.purpose.value: one.since.isoformat() for one in standing if one.since},
        "editions": {context: edition(account_id) for context, edition in ports.editions().items()},
    }


def _collect(account_id: UUID) -> Mapping[str, Mapping[str, list[dict[str, Any]]]]:
    links = VisitorLink.objects.filter(account_id=account_id).order_by("linked_at")
    person_ids = [account_id, *links.values_list("visitor_id", flat=True)]
    return {
        "identity": export(person_ids=person_ids),
        **{context: exporter(person_ids) for context, exporter in ports.exporters().items()},
    }


def export(*, person_ids: Collection[UUID]) -> Mapping[str, list[dict[str, Any]]]:
    """What identity holds of these people: accounts, their browsers, and what they agreed to."""
    entries = [entry for person_id in person_ids for entry in consents.history(person_id=person_id)]
    return {
        "account.json": [
            {
                "accountId": str(account.id),
                "name": account.display_name,
                "roles": account.roles,
                "createdAt": account.created_at.isoformat(),
                "signInService": account.issuer,
                "numberThere": account.subject,
            }
            for account in Account.objects.filter(pk__in=person_ids)
        ],
        "linked_browsers.json": [
            {"visitorId": str(link.visitor_id), "linkedAt": link.linked_at.isoformat()}
            for link in VisitorLink.objects.filter(account_id__in=person_ids).order_by("linked_at")
        ],
        "consents.json": [
            {
                "purpose": entry.purpose.value,
                "action": entry.action.value,
                "at": entry.at.isoformat(),
                "by": entry.channel,
                "noticeVersion": entry.notice.version,
                "noticeLanguage": entry.notice.language,
                "noticeSha256": entry.notice.hash,
                "controller": entry.notice.controller,
            }
            for entry in entries
        ],
        "notices.json": [
            {
                "purpose": purpose.value,
                "version": notice.version,
                "language": notice.language,
                "text": "\n\n".join((text.title, *("\n".join(block.lines) for block in text.blocks))),
            }
            for purpose, notice in dict.fromkeys((entry.purpose, entry.notice) for entry in entries)
            if (text := notices.text_shown(purpose=purpose, notice=notice))
        ],
    }


def _language() -> str:
    wanted = (get_language() or "en").partition("-")[0].lower()
    return wanted if wanted in notices.LANGUAGES else "en"


def _place(row: Export) -> Place:
    return Place(context=_DATABASE, table="export", column="sealed", row=row.pk, person=row.account_id)


def _state(row: Export) -> State:
    if row.failed_reason:
        return State.FAILED
    return State.READY if row.ready_at else State.PREPARING


def _view(row: Export) -> ExportView:
    return ExportView(id=row.pk, state=_state(row), requested_at=row.requested_at, expires_at=row.expires_at)
