"""The schedule: what beat asks for is what the contexts offer, often enough to keep what was promised."""

from datetime import timedelta

from django.conf import settings

from packytrace.celery import app

#: Each task of ours, and the longest that may pass between two of its runs.
PROMISED = {
    "measurement.close_windows": timedelta(minutes=15),
    "measurement.purge": timedelta(hours=1),
    "identity.forget_expired_sessions": timedelta(hours=1),
    "identity.advance_erasures": timedelta(seconds=30),
    "personalization.forget_what_was_told": timedelta(minutes=1),
    "personalization.destroy_what_was_withdrawn": timedelta(hours=1),
    "identity.prepare_exports": timedelta(seconds=30),
    "fridge.send_notices": timedelta(minutes=1),
    "fridge.forget_old_notices": timedelta(hours=1),
    "fridge.destroy_what_was_withdrawn": timedelta(hours=1),
    "fridge.take_in_files": timedelta(seconds=10),
    "passport.ask_sources": timedelta(seconds=30),
    "passport.forget_old_answers": timedelta(hours=1),
    "passport.take_over_uploads": timedelta(seconds=10),
    "passport.check_links": timedelta(minutes=1),
    "passport.apply_link_files": timedelta(seconds=10),
    "fridge.tell_measurement": timedelta(minutes=1),
}


def test_beat_asks_for_each_task_as_often_as_promised() -> None:
    scheduled = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled == PROMISED


def test_each_task_that_is_offered_is_asked_for() -> None:
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith("celery.")} == set(PROMISED)


def test_a_tick_that_nobody_took_is_forgotten_when_the_next_is_due() -> None:
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert timedelta(seconds=entry["options"]["expires"]) <= entry["schedule"]
