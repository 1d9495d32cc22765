"""Whether what happens on schedule happens: beat asks for it, a worker does it."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

#: Seconds. Beat saves its schedule after each turn, and turns at least every 5 minutes.
BEAT_SAVES: Final = 900.0


def beat_complaints() -> Iterator[str]:
    """What is wrong with this host's beat, a sentence; nothing when it is well. Asks nobody."""
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    # Python's dbm adds an ending to the name, which one depends on the library behind it.
    saved = [file.stat().st_mtime for file in schedule.parent.glob(f"{schedule.name}*") if file.is_file()]
    age = time.time() - max(saved, default=0.0)
    if not saved:
        yield f"beat has saved no schedule at {schedule}."
    elif age > BEAT_SAVES:
        yield f"beat saved its schedule {age:.0f} s ago."


def worker_complaints(*, patience: float) -> Iterator[str]:
    """What is wrong with the workers, a sentence; nothing when one answers within `patience` seconds.

    Raises ConnectionError when the broker cannot be reached.
    """
    # Here, because Celery takes long to import and a probe of beat has no use for it.
    from kombu.exceptions import OperationalError

    from packytrace.celery import app

    # A broker that is a folder has no host: nothing to warn of.
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
    try:
        answers = app.control.ping(timeout=patience, limit=1)
    except OperationalError as error:
        raise ConnectionError(f"Celery's broker does not answer: {error}") from error
    if not answers:
        yield f"no worker answered within {patience:.0f} s."
