"""What a product is for a person: screened with the person's profile, and told of once a day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from django.db import connections

from contexts.personalization.application import profiles
from contexts.personalization.application.errors import NoProfile
from contexts.personalization.application.ports import Product
from contexts.personalization.application.pseudonyms import digest_of, name_of_key, pseudonym_of
from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.verdict import Verdict
from contexts.personalization.models import TELL_VERDICT
from packytrace.facts import outbox

_DATABASE: Final = "personalization"

#: People who must have an outcome and its reason codes in common before the codes leave the context; until
#: then `other` stands in their place. The figure is the least number of people in a released cell (domain.md
#: 5.6): what nobody may be shown of fewer, nobody is sent of fewer either. It is not a setting: a lower one
#: would tell of people who had been promised this one.
ENOUGH_PEOPLE: Final = 10

#: Stands for codes that too few people have in common.
OTHER: Final = "other"


def verdict_of(*, account_id: UUID, product: Product, at: datetime) -> Verdict:
    """Screen a product for a person, and tell of it (VerdictComputed) the first time on this day in UTC, if
    the person allows to be counted.

    Three queries: consents, profile, telling. Raises ConsentRequired, NoProfile (also where nothing is in
    it), ProfileErased and ProfileUnreadable; then nothing is told.
    """
    allowed = profiles.check_consent(account_id=account_id)
    stored = profiles.find_profile(person_id=account_id, consented_at=allowed.consented_at)
    if stored is None or stored.profile.is_empty:
        raise NoProfile
    verdict = judge(label=product.label, profile=stored.profile, ruleset=ruleset_in_force())
    if allowed.measured_since is not None:
        _tell(
            person_id=account_id,
            consented_at=allowed.consented_at,
            measured_since=allowed.measured_since,
            product=product,
            verdict=verdict,
            day=at.astimezone(UTC).date(),
        )
    return verdict


def _tell(
    *,
    person_id: UUID,
    consented_at: datetime,
    measured_since: datetime,
    product: Product,
    verdict: Verdict,
    day: date,
) -> None:
    """Publish VerdictComputed, once per person, product and day, as long as the profile is still there.

    Only what is in `_payload` leaves the context: the outcome and the coarse codes, of the profile nothing,
    and of the person a name for the day. No correlation id goes along: other facts of the same request, which
    may name the person, have it too.
    """
    verdict_id, codes = uuid4(), list(verdict.reason_codes)
    pseudonym = pseudonym_of(person_id=person_id, day=day)
    exact = _payload(verdict_id, pseudonym, product, verdict, codes, day)
    coarse = _payload(verdict_id, pseudonym, product, verdict, [OTHER] if codes else [], day)
    for payload in (exact, coarse):
        outbox.validate(fact="VerdictComputed", payload=payload, key=str(verdict_id))
    connection = connections[_DATABASE]
    connection.ensure_connection()
    told = TELL_VERDICT.run(
        connection.connection,
        {
            "person_id": str(person_id),
            "consented_at": consented_at.isoformat(),
            "measured_since": measured_since.isoformat(),
            "digest": digest_of(person_id=person_id).hex(),
            "key": name_of_key(),
            "gtin": product.gtin,
            "day": day.isoformat(),
            # Without a code there is nothing to coarsen.
            "reason": f"{verdict.outcome.value}:{','.join(codes)}" if codes else None,
            "enough": str(ENOUGH_PEOPLE),
            "verdict_id": str(verdict_id),
            "exact": orjson.dumps(exact).decode(),
            "coarse": orjson.dumps(coarse).decode(),
        },
    )
    if told == "1":
        outbox.hint(using=_DATABASE)


def _payload(
    verdict_id: UUID, pseudonym: UUID, product: Product, verdict: Verdict, codes: Sequence[str], day: date
) -> dict[str, Any]:
    return {
        "verdictId": str(verdict_id),
        "personId": str(pseudonym),
        "gtin": product.gtin,
        **({} if product.brand_id is None else {"brandId": str(product.brand_id)}),
        "outcome": verdict.outcome.value,
        "reasonCodes": [str(code) for code in codes],
        "rulesetVersion": verdict.ruleset_version,
        "computedOn": day.isoformat(),
    }
