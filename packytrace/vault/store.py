"""A person's data key in a context's `person_key` table."""

from typing import TypeVar
from uuid import UUID

from packytrace.vault import keyring
from packytrace.vault.errors import KeyErased
from packytrace.vault.hidden import DataKey
from packytrace.vault.models import PersonKey
from packytrace.vault.sealing import new_data_key

AnyPersonKey = TypeVar("AnyPersonKey", bound=PersonKey)


def key_of(row: PersonKey | None) -> DataKey:
    """The data key of a row that came with the caller's own query; None is a row that is gone.

    Raises KeyErased, KeyUnavailable and Tampered.
    """
    if row is None:
        raise KeyErased
    return row.data_key()


def key_for_writing(model: type[AnyPersonKey], *, person_id: UUID) -> DataKey:
    """The person's data key, made now if there is none; it stays until the caller's transaction ends.

    Several processes at once get the same key. Costs one query, and two more at the first time. Raises
    KeyErased when an erasure came in between, KeyUnavailable and Tampered.
    """
    row = _locked(model, person_id=person_id)
    if row is None:
        kek_id, wrapped = keyring.wrap(key=new_data_key(), person_id=person_id)
        made = model(person_id=person_id, kek_id=kek_id, wrapped=wrapped)
        model._default_manager.bulk_create([made], ignore_conflicts=True)
        row = _locked(model, person_id=person_id)
    return key_of(row)


def _locked(model: type[AnyPersonKey], *, person_id: UUID) -> AnyPersonKey | None:
    # No key of the row changes: what points at it may be written meanwhile, only not the row be deleted.
    rows = model._default_manager.select_for_update(no_key=True)
    return rows.filter(person_id=person_id).first()
