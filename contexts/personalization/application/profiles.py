"""The Health Profile: read, saved and deleted by the person it is about, as long as the person allows it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
import structlog
from django.db import connections, transaction

from contexts.personalization.application import ports
from contexts.personalization.application.errors import (
    ConsentRequired,
    NoProfile,
    ProfileChanged,
    ProfileErased,
    ProfileUnreadable,
)
from contexts.personalization.application.told import forget_sharing, forget_told
from contexts.personalization.domain.profile import HealthProfile, ProfileRefused
from contexts.personalization.domain.profile_json import profile_from_json, profile_to_json
from contexts.personalization.models import HealthProfile as ProfileRow
from contexts.personalization.models import PersonKey, VerdictTold
from packytrace.vault.errors import KeyErased, KeyUnavailable, Tampered
from packytrace.vault.hidden import DataKey
from packytrace.vault.sealing import Place, open_sealed, seal
from packytrace.vault.store import key_for_writing, key_of

_DATABASE: Final = "personalization"
#: First half of the key of an advisory lock: what is kept about one person is changed by one at a time.
_PERSON: Final = 0x50524F01

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredProfile:
    """A profile as it is kept. Its values do not show in a repr."""

    profile: HealthProfile
    version: int
    consented_at: datetime
    """The grant it was saved under."""
    updated_at: datetime

    @property
    def edition(self) -> str:
        """Names this very content: a profile that was deleted and made anew begins at version 1 again, and is
        another one."""
        return _edition(self.version, self.updated_at)


def read_profile(*, account_id: UUID) -> StoredProfile:
    """The person's profile under the consent that is in force. One query, after the consent's.

    Raises ConsentRequired, NoProfile, ProfileErased and ProfileUnreadable.
    """
    consented_at = check_consent(account_id=account_id).consented_at
    stored = find_profile(person_id=account_id, consented_at=consented_at)
    if stored is None:
        raise NoProfile
    return stored


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """What a person allows who allows a Health Profile."""

    consented_at: datetime
    """The grant in force."""
    measured_since: datetime | None
    """The grant under which the person is counted, if there is one."""


def check_consent(*, account_id: UUID) -> Allowed:
    """What the person allows, in one query. Raises ConsentRequired."""
    standing = ports.consents().standing(account_id=account_id)
    if standing.health_profile is None:
        raise ConsentRequired
    return Allowed(consented_at=standing.health_profile, measured_since=standing.measurement)


def find_profile(*, person_id: UUID, consented_at: datetime) -> StoredProfile | None:
    """The profile that was saved under one grant; None if there is none. Raises as `read_profile` does."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT version, sealed, updated_at, kek_id, wrapped"
            " FROM health_profile LEFT JOIN person_key USING (person_id)"
            " WHERE person_id = %s AND consented_at = %s",
            [person_id, consented_at],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    version, sealed, updated_at, kek_id, wrapped = row
    key = None if wrapped is None else PersonKey(person_id=person_id, kek_id=kek_id, wrapped=wrapped)
    return StoredProfile(
        profile=_open(sealed, key=key, person_id=person_id, version=version),
        version=version,
        consented_at=consented_at,
        updated_at=updated_at,
    )


def edition_of(*, person_id: UUID, consented_at: datetime) -> str | None:
    """The edition of that profile, without opening it; None if there is none."""
    row = ProfileRow.objects.filter(person_id=person_id, consented_at=consented_at).first()
    return None if row is None else _edition(row.version, row.updated_at)


def save_profile(
    *, account_id: UUID, profile: HealthProfile, edition: str | None, at: datetime
) -> StoredProfile:
    """Replace the person's profile, or make the first one where `edition` is None.

    `edition` is the one that the person has seen and changed. Raises ConsentRequired, ProfileChanged (nothing
    was saved) and ProfileUnreadable (its key is out of reach).
    """
    with transaction.atomic(using=_DATABASE):
        _hold([account_id])
        # Asked while nobody else may touch what is kept: a withdrawal is either seen here, or comes for the
        # row that is written here.
        consented_at = check_consent(account_id=account_id).consented_at
        row = ProfileRow.objects.filter(person_id=account_id).first()
        if row is not None and row.consented_at != consented_at:
            _forget([account_id])
            row = None
        if edition != (None if row is None else _edition(row.version, row.updated_at)):
            raise ProfileChanged
        version = 1 if row is None else row.version + 1
        try:
            key = key_for_writing(PersonKey, person_id=account_id)
        except (KeyErased, KeyUnavailable, Tampered) as error:
            raise ProfileUnreadable from error
        values = {
            "version": version,
            "consented_at": consented_at,
            "sealed": _seal(profile, key=key, person_id=account_id, version=version),
            "updated_at": at,
        }
        ProfileRow.objects.update_or_create(person_id=account_id, defaults=values)
    return StoredProfile(profile=profile, version=version, consented_at=consented_at, updated_at=at)


def delete_profile(*, account_id: UUID, edition: str | None = None) -> None:
    """Destroy the person's profile, its key and what was told of its verdicts. Again changes nothing.

    Needs no consent. Raises ProfileChanged where another edition than the given one is there.
    """
    with transaction.atomic(using=_DATABASE):
        _hold([account_id])
        if edition is not None:
            row = ProfileRow.objects.filter(person_id=account_id).first()
            if row is None or _edition(row.version, row.updated_at) != edition:
                raise ProfileChanged
        _forget([account_id])


def forget_withdrawn(*, person_id: UUID, withdrawn_at: datetime) -> None:
    """Destroy what rests on a grant from before a withdrawal; what was saved under a later one stays.

    Runs in the caller's transaction. Again changes nothing.
    """
    _hold([person_id])
    # The profile first: whoever tells of a verdict holds its row, and has told when we come to the rest.
    ProfileRow.objects.filter(person_id=person_id, consented_at__lte=withdrawn_at).delete()
    _forget_key_without_profile(person_id)
    # Also of what was told under a later grant: it is told again, of the next product or tomorrow.
    forget_told(person_ids=[person_id])


def forget_measured(*, person_id: UUID) -> None:
    """Forget what was told of a person who is not to be counted any more; the profile stays.

    Runs in the caller's transaction. Again changes nothing.
    """
    _hold([person_id])
    forget_told(person_ids=[person_id])


def forget_taken_back(*, person_id: UUID) -> None:
    """Destroy what does not rest on a grant that stands, in the caller's transaction.

    Asked while nobody else may touch what is kept: a profile that is there was saved under a grant that came
    before the answer, so that one that was given a moment ago loses nothing.
    """
    _hold([person_id])
    standing = ports.consents().never_withdrawn(account_id=person_id)
    profiles = ProfileRow.objects.filter(person_id=person_id)
    told = VerdictTold.objects.filter(person_id=person_id)
    if standing.health_profile is not None:
        profiles = profiles.exclude(consented_at=standing.health_profile)
        if standing.measurement is not None:
            told = told.exclude(consented_at=standing.health_profile, measured_since=standing.measurement)
    profiles.delete()
    if standing.health_profile is None:
        _forget_key_without_profile(person_id)
    if standing.health_profile is None or told.exists():
        forget_told(person_ids=[person_id])


def forget(*, person_ids: Collection[UUID]) -> None:
    """Destroy everything that is kept about these people, in the caller's transaction."""
    _hold(person_ids)
    _forget(person_ids)
    forget_told(person_ids=person_ids)


def _hold(person_ids: Collection[UUID]) -> None:
    """Wait until nobody else changes what is kept about these people; until the transaction ends.

    A row cannot be held that is only about to be written.
    """
    with connections[_DATABASE].cursor() as cursor:
        for person_id in sorted(person_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s::int, hashtext(%s))", [_PERSON, str(person_id)])


def _forget(person_ids: Collection[UUID]) -> None:
    for model in (ProfileRow, PersonKey, VerdictTold):
        model.objects.filter(person_id__in=person_ids).delete()
    forget_sharing(person_ids=person_ids)


def _forget_key_without_profile(person_id: UUID) -> None:
    if not ProfileRow.objects.filter(person_id=person_id).exists():
        PersonKey.objects.filter(person_id=person_id).delete()


def _edition(version: int, updated_at: datetime) -> str:
    return f"{version}-{round(updated_at.timestamp() * 1_000_000):x}"


def _place(person_id: UUID) -> Place:
    return Place(context=_DATABASE, table="health_profile", column="sealed", row=person_id, person=person_id)


def _seal(profile: HealthProfile, *, key: DataKey, person_id: UUID, version: int) -> bytes:
    plain = orjson.dumps({"version": version, "profile": profile_to_json(profile)})
    return seal(key=key, plain=plain, place=_place(person_id))


def _open(
    sealed: bytes | memoryview, *, key: PersonKey | None, person_id: UUID, version: int
) -> HealthProfile:
    try:
        return _opened(sealed, key=key_of(key), person_id=person_id, version=version)
    except KeyErased as error:
        raise ProfileErased from error
    except (KeyUnavailable, Tampered, ProfileRefused) as error:
        _log.error("profile_unreadable", reason=type(error).__name__)
        raise ProfileUnreadable from error


def _opened(sealed: bytes | memoryview, *, key: DataKey, person_id: UUID, version: int) -> HealthProfile:
    plain = open_sealed(key=key, sealed=sealed, place=_place(person_id))
    document = orjson.loads(plain.reveal())
    if document["version"] != version:
        raise Tampered
    return profile_from_json(document["profile"])
