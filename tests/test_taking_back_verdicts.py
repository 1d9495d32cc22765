"""A verdict that was told is in the log under a name of one day, and is taken out of it with the consent."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from contexts.identity.application import accounts, consents, notices
from contexts.identity.domain.consents import Purpose
from contexts.passport.tests.entries import MUESLI, muesli, stock
from contexts.personalization.application import ports
from contexts.personalization.application.profiles import read_profile, save_profile
from contexts.personalization.application.pseudonyms import pseudonym_of
from contexts.personalization.application.verdicts import verdict_of
from contexts.personalization.domain.profile import Diet, HealthProfile
from contexts.personalization.models import ToForget
from contexts.personalization.tasks import destroy_what_was_withdrawn, forget_what_was_told
from packytrace import wiring
from packytrace.databases import roles
from packytrace.facts.draining import facts_moving
from packytrace.facts.log import configured_log
from packytrace.people.finding import Needles, find

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True)

LOG = "table log.personalization_verdicts_v1"
PROFILE = HealthProfile(diets=frozenset({Diet.VEGAN}))


def person(name: str) -> UUID:
    """Somebody who agreed to both, has a profile, and was told a verdict today."""
    now = datetime.now(UTC)
    account = accounts.sign_in(issuer="https://id.example", subject=name, display_name=name, roles=[])
    for purpose in (Purpose.HEALTH_PROFILE, Purpose.MEASUREMENT):
        version = notices.current(purpose).version
        consents.grant(person_id=account.pk, purpose=purpose, notice_version=version, channel="web", at=now)
    save_profile(account_id=account.pk, profile=PROFILE, edition=None, at=now)
    product = ports.products().product(gtin=MUESLI)
    assert product is not None
    verdict_of(account_id=account.pk, product=product, at=now)
    return account.pk


def name_today(person_id: UUID) -> Needles:
    return Needles([str(pseudonym_of(person_id=person_id, day=datetime.now(UTC).date()))])


def places(needles: Needles) -> set[str]:
    return {place.name for place in find(needles) if place.hits}


@pytest.mark.parametrize("purpose", [Purpose.MEASUREMENT, Purpose.HEALTH_PROFILE])
def test_from_the_log_to_nowhere(purpose: Purpose) -> None:
    stock(muesli())
    sara, luca = person("sara"), person("luca")
    with facts_moving(consumers=wiring.consumers(), log=configured_log()) as settle:
        settle(patience=60)
        assert places(name_today(sara)) == places(name_today(luca)) == {LOG}
        assert LOG not in places(Needles([str(sara), str(luca)]))
        consents.withdraw(person_id=sara, purpose=purpose, channel="web", at=datetime.now(UTC))
        settle(patience=60)
    forget_what_was_told()
    assert places(name_today(sara)) == {"table personalization.to_forget"}
    ToForget.objects.update(since=datetime.now(UTC) - timedelta(minutes=3))
    forget_what_was_told()
    assert places(name_today(sara)) == set()
    assert places(name_today(luca)) == {LOG}
    destroy_what_was_withdrawn()
    assert read_profile(account_id=luca).profile == PROFILE
    if purpose is Purpose.MEASUREMENT:
        assert read_profile(account_id=sara).profile == PROFILE


def test_a_withdrawal_whose_fact_is_lost_destroys_all_the_same() -> None:
    stock(muesli())
    sara, luca = person("sara"), person("luca")
    consents.withdraw(person_id=sara, purpose=Purpose.HEALTH_PROFILE, channel="web", at=datetime.now(UTC))
    kept = {"table personalization.health_profile", "table personalization.person_key"}
    assert kept <= places(Needles([str(sara)]))
    destroy_what_was_withdrawn()
    destroy_what_was_withdrawn()
    assert not any("personalization" in place for place in places(Needles([str(sara)])))
    assert places(name_today(sara)) == {"table personalization.to_forget"}
    assert kept <= places(Needles([str(luca)]))
