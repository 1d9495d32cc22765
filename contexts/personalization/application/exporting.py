"""What personalization knows about people, for their own copy (GDPR Art. 15 and 20)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contexts.personalization.application import ports
from contexts.personalization.application.errors import ProfileErased
from contexts.personalization.application.profiles import edition_of, find_profile
from contexts.personalization.application.pseudonyms import digest_of
from contexts.personalization.domain.profile_json import profile_to_json
from contexts.personalization.models import ReasonShared, VerdictTold


def export(*, person_ids: Collection[UUID]) -> Mapping[str, list[dict[str, Any]]]:
    """Documents by file name. What rests on a consent that is no longer in force is left out: it is being
    deleted. Raises ProfileUnreadable where the profile cannot be opened now: then try again later.
    """
    profiles: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    reasons: list[dict[str, Any]] = []
    for person_id in person_ids:
        standing = ports.consents().standing(account_id=person_id)
        consented_at = standing.health_profile
        if consented_at is None:
            continue
        profiles += _profile(person_id=person_id, consented_at=consented_at)
        if standing.measurement is None:
            continue
        rows = VerdictTold.objects.filter(
            person_id=person_id, consented_at=consented_at, measured_since=standing.measurement
        )
        told += [{"gtin": row.gtin, "day": row.day.isoformat()} for row in rows.order_by("day", "gtin")]
        reasons += [
            {"outcome": outcome, "partsOfTheLabel": codes.split(",")}
            for outcome, _colon, codes in (
                row.reason.partition(":")
                for row in ReasonShared.objects.filter(digest=digest_of(person_id=person_id)).order_by(
                    "reason"
                )
            )
        ]
    return {
        "health_profile.json": profiles,
        "verdicts_counted_today.json": told,
        "reasons_counted.json": reasons,
    }


def edition(*, account_id: UUID) -> str:
    """Names the Health Profile that `export` has of an account; empty where there is none it may read.

    A copy of any other edition is a copy of what the person has changed, deleted or withdrawn.
    """
    consented_at = ports.consents().standing(account_id=account_id).health_profile
    if consented_at is None:
        return ""
    return edition_of(person_id=account_id, consented_at=consented_at) or ""


def _profile(*, person_id: UUID, consented_at: datetime) -> list[dict[str, Any]]:
    try:
        stored = find_profile(person_id=person_id, consented_at=consented_at)
    except ProfileErased as erased:
        return [{"note": str(erased)}]
    if stored is None:
        return []
    return [
        {
            "version": stored.version,
            "consentedAt": stored.consented_at.isoformat(),
            "updatedAt": stored.updated_at.isoformat(),
            **profile_to_json(stored.profile),
        }
    ]
