"""VerdictComputed: once a day, not more than outcome and coarse codes, nothing where nothing is allowed."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from contexts.personalization.application import told
from contexts.personalization.application.erasing import erase
from contexts.personalization.application.errors import ConsentRequired, NoProfile
from contexts.personalization.application.profiles import (
    delete_profile,
    forget_measured,
    forget_withdrawn,
    save_profile,
)
from contexts.personalization.application.pseudonyms import digest_of, pseudonym_of, pseudonyms_of
from contexts.personalization.application.verdicts import ENOUGH_PEOPLE, verdict_of
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import Diet, HealthProfile, Sensitivity
from contexts.personalization.domain.verdict import Outcome
from contexts.personalization.models import HealthProfile as ProfileRow
from contexts.personalization.models import OutboxFact, ReasonShared, ToForget, VerdictTold
from contexts.personalization.tests.people import GRANTED, LUCA, NOW, SARA, World, product
from contracts.registry import contract
from packytrace.facts import correlation
from packytrace.facts.log import LogUnavailable

pytestmark = pytest.mark.django_db(databases=["personalization"])

MILK_ALLERGY = HealthProfile(allergens={Allergen.MILK: Sensitivity.CONTAINS})
EGG_ALLERGY = HealthProfile(allergens={Allergen.EGGS: Sensitivity.TRACES_TOO})
VEGAN = HealthProfile(diets=frozenset({Diet.VEGAN}))
CUSTARD = Label(
    ingredients={"en": "whole milk, eggs, sugar"},
    allergens=frozenset({Allergen.MILK, Allergen.EGGS}),
    verified=True,
)
WATER = Label(ingredients={"en": "water"}, verified=True)
TOMORROW = NOW + timedelta(days=1)


def look(who: UUID, label: Label = CUSTARD, *, at: datetime = NOW, gtin: str = "09521001000017") -> Outcome:
    return verdict_of(account_id=who, product=product(label, gtin=gtin), at=at).outcome


def facts() -> list[dict[str, Any]]:
    return [fact.payload for fact in OutboxFact.objects.order_by("id")]


@pytest.fixture
def people(world: World) -> list[UUID]:
    """As many as must have a reason in common, all allergic to milk."""
    people = [uuid4() for _number in range(ENOUGH_PEOPLE)]
    for person_id in people:
        world.grants[person_id] = GRANTED
        save_profile(account_id=person_id, profile=MILK_ALLERGY, edition=None, at=NOW)
    return people


class TestTelling:
    @pytest.fixture(autouse=True)
    def sara(self) -> None:
        save_profile(account_id=SARA, profile=MILK_ALLERGY, edition=None, at=NOW)

    def test_a_verdict_is_told_once_for_each_product_and_day(self) -> None:
        for at in (NOW, NOW + timedelta(hours=2), TOMORROW):
            assert look(SARA, at=at) is Outcome.AVOID
        look(SARA, at=TOMORROW, gtin="09521001000024")
        told = [(fact["gtin"], fact["computedOn"]) for fact in facts()]
        assert told == [
            ("09521001000017", "2026-03-14"),
            ("09521001000017", "2026-03-15"),
            ("09521001000024", "2026-03-15"),
        ]
        assert {row.day for row in VerdictTold.objects.all()} == {TOMORROW.date()}, "its day alone"

    def test_the_fact_keeps_its_contract_and_tells_no_time_of_day(self) -> None:
        look(SARA)
        fact = OutboxFact.objects.get()
        contract(fact="VerdictComputed").check_written(fact.payload)
        assert fact.aggregate_id == fact.payload["verdictId"]
        assert fact.occurred_at.isoformat() == "2026-03-14T00:00:00+00:00"
        assert "brandId" not in fact.payload

    def test_profile_and_telling_are_a_query_each(self) -> None:
        with CaptureQueriesContext(connections["personalization"]) as queries:
            look(SARA)
            look(SARA)
        # The statement that tells runs beneath Django outside a transaction, and through it inside this one.
        assert len(queries) <= 4

    def test_without_consent_or_profile_nothing_is_computed_and_nothing_told(self, world: World) -> None:
        world.grants.clear()
        with pytest.raises(ConsentRequired):
            look(SARA)
        world.grants[LUCA] = GRANTED
        with pytest.raises(NoProfile):
            look(LUCA)
        save_profile(account_id=LUCA, profile=HealthProfile(), edition=None, at=NOW)
        with pytest.raises(NoProfile):
            look(LUCA)
        assert facts() == []
        assert not VerdictTold.objects.exists()

    def test_a_profile_that_goes_while_it_is_judged_is_not_told_of(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from contexts.personalization.application import verdicts

        judge = verdicts.judge

        def slow(**given: Any) -> Any:
            with transaction.atomic(using="personalization"):
                forget_withdrawn(person_id=SARA, withdrawn_at=NOW)
            return judge(**given)

        monkeypatch.setattr(verdicts, "judge", slow)
        assert look(SARA) is Outcome.AVOID
        assert facts() == []
        assert not VerdictTold.objects.exists()


class TestCoarse:
    def test_codes_leave_once_enough_people_have_them_in_common(self, people: list[UUID]) -> None:
        for person_id in people:
            look(person_id)
        codes = [fact["reasonCodes"] for fact in facts()]
        assert codes == [["other"]] * (ENOUGH_PEOPLE - 1) + [["ingredients"]]
        look(people[0], at=TOMORROW)
        assert facts()[-1]["reasonCodes"] == ["ingredients"]

    def test_the_same_person_again_is_not_more_people(self, people: list[UUID]) -> None:
        for day in range(ENOUGH_PEOPLE + 1):
            look(people[0], at=NOW + timedelta(days=day))
        assert {tuple(fact["reasonCodes"]) for fact in facts()} == {("other",)}

    def test_no_more_people_are_remembered_than_needed_and_none_who_has_gone(
        self, people: list[UUID], world: World
    ) -> None:
        world.grants[LUCA] = GRANTED
        save_profile(account_id=LUCA, profile=MILK_ALLERGY, edition=None, at=NOW)
        for person_id in [*people, LUCA]:
            look(person_id)
        remembered = {bytes(digest) for digest in ReasonShared.objects.values_list("digest", flat=True)}
        assert remembered == {digest_of(person_id=person_id) for person_id in people}
        for person_id in people[:2]:
            delete_profile(account_id=person_id)
        look(LUCA, at=TOMORROW)
        assert facts()[-1]["reasonCodes"] == ["other"], "nine are left, and Luca is one of them"

    def test_where_nothing_was_found_there_is_nothing_to_coarsen(self) -> None:
        save_profile(account_id=SARA, profile=MILK_ALLERGY, edition=None, at=NOW)
        assert look(SARA, WATER) is Outcome.GOOD_FOR_YOU
        assert facts()[0]["reasonCodes"] == []
        assert not ReasonShared.objects.exists()

    def test_under_a_new_key_people_are_counted_anew_and_nobody_twice(
        self, people: list[UUID], settings: Settings
    ) -> None:
        for person_id in people[:-1]:
            look(person_id)
        settings.SECRET_KEY = "another"
        for person_id in people[:-1]:
            look(person_id, at=TOMORROW)
        assert {tuple(fact["reasonCodes"]) for fact in facts()} == {("other",)}

    @pytest.mark.parametrize("is_shared", [False, True])
    def test_no_value_of_a_profile_can_be_told_from_the_fact(
        self, people: list[UUID], world: World, is_shared: bool
    ) -> None:
        """Whatever leads to the same outcomes and codes gives the same bytes for all products that somebody
        looks at, but for the ids."""
        products = [f"0952100100{number:04}" for number in (17, 24, 31)]
        if is_shared:
            for person_id in people:
                look(person_id)
        OutboxFact.objects.all().delete()
        seen = set()
        for profile in (MILK_ALLERGY, EGG_ALLERGY, VEGAN, HealthProfile(avoided=("sugar",))):
            person_id = uuid4()
            world.grants[person_id] = GRANTED
            save_profile(account_id=person_id, profile=profile, edition=None, at=NOW)
            with correlation.bind(f"request-{person_id}"):
                for gtin in products:
                    assert look(person_id, gtin=gtin) is Outcome.AVOID
            pseudonym = str(pseudonym_of(person_id=person_id, day=NOW.date()))
            with connections["personalization"].cursor() as cursor:
                cursor.execute(
                    "SELECT outbox::text, payload::text, occurred_at, headers::text, aggregate_id"
                    " FROM outbox ORDER BY id"
                )
                rows = cursor.fetchall()
                cursor.execute("DELETE FROM outbox")
            told = []
            for row, payload, occurred_at, headers, verdict_id in rows:
                assert str(person_id) not in row
                assert pseudonym in payload
                told.append((payload.replace(pseudonym, "").replace(verdict_id, ""), occurred_at, headers))
            assert len(told) == len(products)
            seen.add(tuple(told))
        assert len(seen) == 1
        assert f'"reasonCodes": ["{"ingredients" if is_shared else "other"}"]' in next(iter(seen))[0][0]


class TestWhoeverIsCounted:
    @pytest.fixture(autouse=True)
    def sara(self) -> None:
        save_profile(account_id=SARA, profile=MILK_ALLERGY, edition=None, at=NOW)

    def test_without_the_consent_to_be_counted_nothing_is_told_or_noted(self, world: World) -> None:
        world.uncounted = {SARA}
        assert look(SARA) is Outcome.AVOID
        assert facts() == []
        assert not VerdictTold.objects.exists()
        assert not ReasonShared.objects.exists()

    def test_two_days_of_a_person_share_no_id(self, world: World) -> None:
        for at in (NOW, TOMORROW):
            look(SARA, at=at, gtin="09521001000017")
            look(SARA, at=at, gtin="09521001000024")
        first, second, *later = facts()
        assert first["personId"] == second["personId"], "people of a day can be counted"
        assert {first["personId"], second["personId"]}.isdisjoint(fact["personId"] for fact in later)
        ids = {fact[name] for fact in facts() for name in ("personId", "verdictId")}
        assert len(ids) == 2 + 4
        assert str(SARA) not in ids

    def test_nothing_that_is_noted_of_a_reason_names_anybody(self) -> None:
        look(SARA)
        with connections["personalization"].cursor() as cursor:
            cursor.execute("SELECT reason_shared::text FROM reason_shared")
            [[row]] = cursor.fetchall()
        assert SARA.hex not in row.replace("-", "")
        assert GRANTED.strftime("%H:%M:%S.%f") not in row


class Log:
    """Remembers whom it was told to forget."""

    def __init__(self) -> None:
        self.forgotten: list[UUID] = []

    def forget(self, *, person_ids: Collection[UUID]) -> int:
        self.forgotten += person_ids
        return len(person_ids)


class TestTakingBack:
    """What was told is taken out of the log, too, until nothing can be on its way any more."""

    @pytest.fixture(autouse=True)
    def sara(self) -> None:
        save_profile(account_id=SARA, profile=MILK_ALLERGY, edition=None, at=NOW)

    @pytest.fixture
    def log(self, monkeypatch: pytest.MonkeyPatch) -> Log:
        log = Log()
        monkeypatch.setattr(told, "configured_log", lambda: log)
        return log

    @pytest.fixture(params=["measurement", "health_profile", "erasure"])
    def take_back(self, request: pytest.FixtureRequest) -> Callable[[], None]:
        def take_back() -> None:
            with transaction.atomic(using="personalization"):
                if request.param == "measurement":
                    forget_measured(person_id=SARA)
                elif request.param == "health_profile":
                    forget_withdrawn(person_id=SARA, withdrawn_at=datetime.now(UTC))
                else:
                    erase(person_ids=[SARA])

        return take_back

    def test_from_every_place(self, log: Log, take_back: Callable[[], None], settings: Settings) -> None:
        now = datetime.now(UTC)
        save_profile(account_id=LUCA, profile=MILK_ALLERGY, edition=None, at=NOW)
        for who in (SARA, LUCA):
            for at in (now - timedelta(days=14), now):
                look(who, at=at)
        hers, his = ({*pseudonyms_of(person_ids=[who], today=now.date())} for who in (SARA, LUCA))
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a newer one"
        take_back()
        take_back()
        left = {UUID(fact["personId"]) for fact in facts()}
        assert left
        assert left <= his
        assert set(VerdictTold.objects.values_list("person_id", flat=True)) == {LUCA}
        assert told.forget_in_log(now=now) == 0
        assert hers <= set(log.forgotten)
        assert his.isdisjoint(log.forgotten)
        assert ToForget.objects.exists(), "once more, for what is on its way"
        told.forget_in_log(now=now + timedelta(minutes=3))
        assert not ToForget.objects.exists()
        assert ProfileRow.objects.filter(person_id=LUCA).exists()

    def test_a_log_that_cannot_be_reached_is_asked_again(
        self, log: Log, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with transaction.atomic(using="personalization"):
            forget_measured(person_id=SARA)
        later = datetime.now(UTC) + timedelta(minutes=3)
        monkeypatch.setattr(told, "configured_log", lambda: _Down())
        with pytest.raises(LogUnavailable):
            told.forget_in_log(now=later)
        assert ToForget.objects.exists()

    def test_what_a_page_tells_after_the_withdrawal_was_handled_is_swept(self, log: Log) -> None:
        """It had asked for the consent before."""
        with transaction.atomic(using="personalization"):
            forget_measured(person_id=SARA)
        look(SARA, at=datetime.now(UTC))
        told.forget_in_log(now=datetime.now(UTC))
        assert facts() == []


class _Down:
    def forget(self, *, person_ids: Collection[UUID]) -> int:
        raise LogUnavailable("nobody answers")


@pytest.mark.django_db(databases=["personalization"], transaction=True)
class TestTogether:
    def test_of_many_at_once_one_tells(self) -> None:
        save_profile(account_id=SARA, profile=MILK_ALLERGY, edition=None, at=NOW)
        _at_once([SARA] * 4)
        assert len(facts()) == 1

    def test_never_too_few_people_are_taken_for_enough(self, people: list[UUID]) -> None:
        for person_id in people[:-3]:
            look(person_id)
        _at_once(people[-3:])
        codes = [tuple(fact["reasonCodes"]) for fact in facts()]
        assert len(codes) == ENOUGH_PEOPLE
        assert codes.count(("ingredients",)) <= 1, "only the last of them can have seen enough others"
        look(people[0], at=TOMORROW)
        assert facts()[-1]["reasonCodes"] == ["ingredients"], "nobody was lost"


def _at_once(people: list[UUID]) -> None:
    barrier = Barrier(len(people), timeout=20)

    def attempt(person_id: UUID) -> None:
        barrier.wait()
        look(person_id)
        connections["personalization"].close()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(attempt, people))
