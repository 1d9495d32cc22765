"""Data keys move from one key-encryption key to another while they are in use."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.apps import apps
from django.db import router, transaction
from django.db.models import Count, QuerySet

from packytrace.vault.errors import KeyUnavailable, Tampered
from packytrace.vault.keyring import Keyring
from packytrace.vault.models import PersonKey

#: Data keys that are rewrapped in one transaction: it holds their rows for a few milliseconds.
BATCH: Final = 200
#: Rows that are tried before a key-encryption key is said not to open what it should.
SAMPLE: Final = 5
#: Seconds to wait for rows that somebody else holds, before they are left for the next run.
PATIENCE: Final = 10.0
_PAUSE: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a key-encryption key is used in one table."""

    table: str
    kek_id: str
    used: int
    """Data keys that it has wrapped."""
    opens: bool
    """Whether it is configured and unwraps what it should."""


@dataclass(kw_only=True)
class Rotation:
    """What a run did to one table."""

    rewrapped: int = 0
    refused: set[UUID] = field(default_factory=set)
    """People whose wrapped key is not what was written."""
    locked: dict[str, int] = field(default_factory=dict)
    """Data keys that no configured key opens, by the id of the one that is missing or wrong."""
    busy: int = 0
    """Data keys whose row somebody else held all the time."""

    @property
    def complete(self) -> bool:
        """Whether every data key of the table is under the first key now."""
        return not (self.refused or self.locked or self.busy)


def tables() -> Sequence[type[PersonKey]]:
    """Every table of data keys, whichever context has it."""
    found = [model for model in apps.get_models() if issubclass(model, PersonKey)]
    return sorted(found, key=table_name)


def table_name(model: type[PersonKey]) -> str:
    """The table with its schema."""
    return f"{router.db_for_read(model)}.{model._meta.db_table}"


def standing(model: type[PersonKey], *, keyring: Keyring | None) -> list[Standing]:
    """How each key-encryption key is used in a table; of those that are configured, unused ones too."""
    rows = model._default_manager.values_list("kek_id").annotate(used=Count("*")).order_by("kek_id")
    used: dict[str, int] = dict(rows)
    configured = keyring.ids if keyring else ()
    return [
        Standing(
            table=table_name(model),
            kek_id=kek_id,
            used=used.get(kek_id, 0),
            opens=keyring is not None and kek_id in configured and _opens(model, kek_id, keyring=keyring),
        )
        for kek_id in [*configured, *(each for each in used if each not in configured)]
    ]


def _opens(model: type[PersonKey], kek_id: str, *, keyring: Keyring) -> bool:
    rows = list(model._default_manager.filter(kek_id=kek_id)[:SAMPLE])
    return not rows or any(_unwraps(row, keyring=keyring) for row in rows)


def _unwraps(row: PersonKey, *, keyring: Keyring) -> bool:
    try:
        keyring[row.kek_id].unwrap(wrapped=bytes(row.wrapped), person_id=row.person_id)
    except (KeyUnavailable, Tampered):
        return False
    return True


def rotate(
    model: type[PersonKey], *, keyring: Keyring, on_progress: Callable[[int], None] = lambda _number: None
) -> Rotation:
    """Wrap every data key of a table by the first key-encryption key.

    Goes through the table in order of people, a batch in a transaction, and leaves out rows that are held:
    another run, or a profile that is being written. Those it comes back to. Readers never wait, and whenever
    a run ends, every row is under the old key or under the new one: the next run goes on from there.
    """
    standings = standing(model, keyring=keyring)
    old = [each.kek_id for each in standings if each.opens and each.used and each.kek_id != keyring.first.id]
    done = Rotation(locked={each.kek_id: each.used for each in standings if each.used and not each.opens})
    rows = model._default_manager.filter(kek_id__in=old)
    patient_until = time.monotonic() + PATIENCE
    while True:
        before = done.rewrapped
        done.refused = set()
        for rewrapped in _batches(rows, keyring=keyring, refused=done.refused):
            done.rewrapped += rewrapped
            on_progress(rewrapped)
        done.busy = max(0, rows.count() - len(done.refused))
        if not done.busy:
            break
        if done.rewrapped > before:
            patient_until = time.monotonic() + PATIENCE
        elif time.monotonic() > patient_until:
            break
        time.sleep(_PAUSE)
    return done


def _batches(rows: QuerySet[PersonKey], *, keyring: Keyring, refused: set[UUID]) -> Iterator[int]:
    """Once through the table; yields how many each batch has moved."""
    last: UUID | None = None
    while True:
        with transaction.atomic(using=rows.db):
            rest = rows if last is None else rows.filter(person_id__gt=last)
            # No key of the row changes: what points at it may be written meanwhile.
            held = rest.order_by("person_id").select_for_update(skip_locked=True, no_key=True)
            batch = list(held[:BATCH])
            moved = [row for row in batch if _rewrap(row, keyring=keyring, refused=refused)]
            rows.model._default_manager.bulk_update(moved, ["kek_id", "wrapped"])
        if not batch:
            return
        last = batch[-1].person_id
        yield len(moved)


def _rewrap(row: PersonKey, *, keyring: Keyring, refused: set[UUID]) -> bool:
    try:
        key = keyring[row.kek_id].unwrap(wrapped=bytes(row.wrapped), person_id=row.person_id)
    except (KeyUnavailable, Tampered):
        refused.add(row.person_id)
        return False
    row.kek_id, row.wrapped = keyring.first.id, keyring.first.wrap(key=key, person_id=row.person_id)
    return True
