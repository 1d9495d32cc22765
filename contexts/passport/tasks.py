"""What passport does on schedule."""

from datetime import timedelta
from typing import Final

import structlog
from celery import shared_task
from django.utils import timezone

from contexts.passport.application import link_checking, link_files, sections, source_answers, uploads
from contexts.passport.application.sources import registry

_log = structlog.get_logger(__name__)

#: For so long one source is asked in one turn: with a worker alone, other work waits for it.
_TURN: Final = timedelta(seconds=5)
_KEPT: Final = timedelta(days=7)
#: Looking at links takes long, mostly waiting: most of the time the worker is there for others.
_LOOKING: Final = timedelta(seconds=15)


@shared_task(name=sections.ASK)
def ask_sources() -> None:
    """Ask each source what waits for it."""
    for source in registry.REMOTE:
        source_answers.ask_waiting(source, until=timezone.now() + _TURN)


@shared_task(name=uploads.TAKE_OVER)
def take_over_uploads() -> None:
    """Go on with the files of products that brands have confirmed."""
    uploads.take_over_all(clock=timezone.now, until=timezone.now() + _TURN)


@shared_task(name="passport.forget_old_answers")
def forget_old_answers() -> None:
    """Forget what sources do not know and nobody has asked for lately."""
    if forgotten := source_answers.forget_old(before=timezone.now() - _KEPT):
        _log.info("answers_forgotten", answers=forgotten)


@shared_task(name="passport.check_links")
def check_links() -> None:
    """See whether the targets of links answer."""
    web = link_checking.polite_web(clock=timezone.now)
    link_checking.check_due(web=web, clock=timezone.now, until=timezone.now() + _LOOKING)


@shared_task(name=link_files.APPLY)
def apply_link_files() -> None:
    """Go on with the files of links that brands have confirmed, and delete those that are too old."""
    link_files.apply_all(clock=timezone.now, until=timezone.now() + _TURN)
    link_files.forget_old(now=timezone.now())
