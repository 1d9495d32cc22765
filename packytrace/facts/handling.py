"""One fact meets its handler, and a failure is described so that nobody's data is in the description."""

import traceback
from pathlib import Path

from packytrace.configuration import ROOT
from packytrace.facts import correlation, topics
from packytrace.facts.envelope import Unreadable
from packytrace.facts.fact import Consumer, Fact


def apply(fact: Fact, *, consumer: Consumer, topic: str) -> None:
    """Let the consumer handle the fact, under the fact's correlation id."""
    brand_safe = topics.topic_named(topic).side is topics.Side.BRAND_SAFE
    with correlation.bind(fact.correlation_id, brand_safe=brand_safe):
        consumer.handle(fact)


def describe(error: BaseException) -> str:
    """What went wrong and where in our code.

    Never the error's own text, which may quote a value of a payload, except where it is known to hold none.
    """
    if isinstance(error, Unreadable):
        return str(error)
    name = type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv"):
            return f"{name} in {frame.name} ({path.relative_to(ROOT)}:{frame.lineno})"
    return name
