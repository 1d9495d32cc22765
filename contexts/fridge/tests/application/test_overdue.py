"""What operators are told of work that waits for too long."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from pytest_django import Settings

from contexts.fridge.application import importing, measured, notice_planning, notice_sending, overdue
from contexts.fridge.application.overdue import LATE, LATE_FOR_A_FILE, Overdue
from contexts.fridge.domain.notices import QuietHours
from contexts.fridge.models import Notice, Untold
from contexts.fridge.tests.people import World, alone, stopped
from contexts.fridge.tests.pressing import NOW, food, somebody, wishes

pytestmark = pytest.mark.django_db(databases=["fridge"])

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOTHING = Overdue(number=0, since=None)


@pytest.fixture
def no_server(settings: Settings) -> None:
    """Nobody listens where mails go."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 0.3


def test_a_notice_that_nobody_sends_is_overdue(world: World) -> None:
    food(somebody(world))
    notice_planning.look(now=NOW)
    assert overdue.notices(now=NOW + LATE) == NOTHING
    assert overdue.notices(now=NOW + LATE + SECOND) == Overdue(number=1, since=NOW)
    assert notice_sending.send_due(clock=lambda: NOW + LATE).sent == 1
    assert overdue.notices(now=NOW + 9 * LATE) == NOTHING


@pytest.mark.usefixtures("no_server")
def test_a_notice_that_is_refused_again_and_again_is_overdue_although_it_is_always_put_off(
    world: World,
) -> None:
    food(somebody(world))
    for minute in range(31):
        notice_planning.look(now=NOW + minute * MINUTE)
        notice_sending.send_due(clock=stopped(NOW + minute * MINUTE))
    assert Notice.objects.get(told_in=None).due_at == NOW + 31 * MINUTE
    assert overdue.notices(now=NOW + 30 * MINUTE) == Overdue(number=1, since=NOW)
    Notice.objects.filter(told_in=None).update(given_up=True)
    assert overdue.notices(now=NOW + 30 * MINUTE) == NOTHING


def test_a_notice_that_waits_for_the_end_of_quiet_hours_is_not_overdue(world: World) -> None:
    food(somebody(world, wanted=wishes(quiet=QuietHours(begin=10, end=20))))
    notice_planning.look(now=NOW - MINUTE)
    notice_sending.send_due(clock=lambda: NOW + MINUTE)
    assert Notice.objects.filter(told_in=None, sent_at=None).count() == 1
    assert overdue.notices(now=NOW + 5 * LATE) == NOTHING


def test_people_for_whom_nobody_looks_are_told(world: World) -> None:
    somebody(world)
    somebody(world, wanted=wishes(channels=frozenset()))  # wants nothing
    assert overdue.looks(now=NOW).number == 1
    notice_planning.look(now=NOW)
    assert overdue.looks(now=NOW + LATE) == NOTHING
    assert overdue.looks(now=NOW + timedelta(days=2)).number == 1


def test_what_is_not_told_to_measurement_is_overdue(world: World) -> None:
    sara = alone()
    Untold.objects.create(item_id=uuid4(), version=1, household_id=sara.household_id, due_at=NOW)
    assert overdue.untold(now=NOW + LATE) == NOTHING
    assert overdue.untold(now=NOW + LATE + SECOND) == Overdue(number=1, since=NOW)
    world.uncounted.add(sara.account_id)  # whoever is not to be counted is dropped, not late
    measured.tell_due(now=NOW + LATE)
    assert overdue.untold(now=NOW + LATE + SECOND) == NOTHING


def test_a_file_that_is_not_taken_in_is_overdue_however_often_it_is_tried() -> None:
    sara = alone()
    content = BytesIO(b"name\nSoup\n")
    found = importing.receive(member=sara, source=content, month_first=False, now=NOW)
    assert overdue.files(now=NOW + LATE_FOR_A_FILE + SECOND) == NOTHING, "it waits for its owner to confirm"
    importing.confirm(member=sara, import_id=found.id, now=NOW + MINUTE)
    assert overdue.files(now=NOW + LATE_FOR_A_FILE + 2 * MINUTE) == Overdue(number=1, since=NOW + MINUTE)
    importing.take_in(import_id=found.id, clock=lambda: NOW + MINUTE, until=NOW + LATE)
    assert overdue.files(now=NOW + LATE_FOR_A_FILE + 2 * MINUTE) == NOTHING
