"""People with data keys, and with a value that each key has sealed."""

from uuid import UUID, uuid4

from packytrace.vault import keyring, rotation
from packytrace.vault.hidden import DataKey
from packytrace.vault.models import PersonKey
from packytrace.vault.sealing import Place, new_data_key, open_sealed, seal


def table() -> type[PersonKey]:
    """A real table of data keys, in the schema of the context that has it."""
    return rotation.tables()[0]


def people(number: int) -> dict[UUID, bytes]:
    """New people with a key under the first of VAULT_KEYS, and what each key has sealed."""
    rows, sealed = [], {}
    for _ in range(number):
        person, key = uuid4(), new_data_key()
        kek_id, wrapped = keyring.wrap(key=key, person_id=person)
        rows.append(table()(person_id=person, kek_id=kek_id, wrapped=wrapped))
        sealed[person] = seal(key=key, plain=person.bytes, place=_place(person))
    table()._default_manager.bulk_create(rows)
    return sealed


def opens(sealed: bytes, *, key: DataKey, person: UUID) -> bool:
    """Whether the key opens what was sealed for this person."""
    return open_sealed(key=key, sealed=sealed, place=_place(person)).reveal() == person.bytes


def all_open(sealed: dict[UUID, bytes]) -> bool:
    """Whether each person's key, as its row has it now, opens what was sealed for the person."""
    rows = table()._default_manager.in_bulk(list(sealed))
    return all(opens(sealed[person], key=rows[person].data_key(), person=person) for person in sealed)


def _place(person: UUID) -> Place:
    return Place(
        context="personalization", table="health_profile", column="sealed", row=person, person=person
    )
