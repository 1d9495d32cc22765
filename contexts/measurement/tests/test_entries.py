"""The thin entries over the use cases: the command, the tasks, the start."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from contexts.measurement import tasks
from contexts.measurement.models import RawScan, Release
from contexts.measurement.tests.scans import receive_crowd

pytestmark = pytest.mark.django_db(databases=["measurement"])


def _said() -> str:
    out = StringIO()
    call_command("close_windows", stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_closed() -> None:
    day = timezone.now() - timedelta(days=3)
    receive_crowd(12, at=day)
    assert _said() == f"{day.date()}: brands 1, cells released 2, suppressed 0.\n"
    assert _said() == "No window is due.\n"


def test_the_command_refuses_a_threshold_below_five(settings: Settings) -> None:
    settings.MEASUREMENT_K = 4
    with pytest.raises(CommandError, match="Set MEASUREMENT_K to 5 or more"):
        _said()


def test_the_task_closes_with_the_configured_threshold(settings: Settings) -> None:
    settings.MEASUREMENT_K = 13
    receive_crowd(12, at=timezone.now() - timedelta(days=3))
    tasks.close_windows()
    assert set(Release.objects.values_list("k", flat=True)) == {13}


def test_the_purge_task_destroys_what_is_expired() -> None:
    receive_crowd(12, at=timezone.now() - timedelta(days=20))
    tasks.purge()
    assert not RawScan.objects.exists()


@pytest.mark.parametrize("k", [0, 4])
def test_the_start_is_refused_below_five(settings: Settings, k: int) -> None:
    settings.MEASUREMENT_K = k
    with pytest.raises(ImproperlyConfigured, match=r"fewer than 5 people.* Set MEASUREMENT_K to 5 or more"):
        apps.get_app_config("measurement").ready()
