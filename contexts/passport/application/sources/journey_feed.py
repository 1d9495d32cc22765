"""The journey feed: an EPCIS 2.0 repository that is asked for the events of a product.

The address is the operator's: a query of the repository in which `{gtin}` stands for the GTIN-14, such as
`https://epcis.example/events?MATCH_anyEPCClass=https://id.gs1.org/01/{gtin}/10/*`. Events can also be brought
as a file: `manage.py sources capture FILE`.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import orjson
from django.conf import settings

from contexts.passport.application.sources.adapter import (
    AnswerRefused,
    Budget,
    Heard,
    Question,
    RemoteSource,
    WrongProduct,
)
from contexts.passport.domain.journey_events import NoEvents, told_by
from contexts.passport.domain.section_states import Section

NAME: Final = "Journey feed"


def _question(gtin: str) -> Question | None:
    if not settings.JOURNEY_FEED_URL:
        return None
    headers = {"User-Agent": settings.SOURCES_USER_AGENT, "Accept": "application/json"}
    if settings.JOURNEY_FEED_TOKEN:
        headers["Authorization"] = f"Bearer {settings.JOURNEY_FEED_TOKEN}"
    return Question(url=settings.JOURNEY_FEED_URL.replace("{gtin}", gtin), headers=headers)


def _read(*, gtin: str, status: int, body: bytes, read_on: date) -> Heard | None:
    """What the events tell of this product. Of others nothing is taken over, whatever came along."""
    if status == 404:
        return None
    try:
        told = told_by(orjson.loads(body), today=read_on)
    except (orjson.JSONDecodeError, NoEvents):
        raise AnswerRefused("not_json") from None
    moments = tuple(moment for moment in told.moments if moment.gtin == gtin)
    if told.moments and not moments:
        raise WrongProduct
    if not moments and not told.retracted:
        return None
    return Heard(told=replace(told, moments=moments))


SOURCE: Final = RemoteSource(
    name="journey_feed",
    gives=frozenset({Section.JOURNEY}),
    shown_as=NAME,
    question=_question,
    read=_read,
    fresh_for=timedelta(hours=1),
    unknown_for=timedelta(hours=6),
    budget=Budget(questions=120, at_once=20),
)
