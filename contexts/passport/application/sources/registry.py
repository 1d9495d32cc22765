"""Every source that there is. A new one is a module beside this one and a line here."""

from collections.abc import Sequence
from typing import Final

from contexts.passport.application.sources import (
    agribalyse,
    journey_feed,
    open_food_facts_api,
    producer_file,
)
from contexts.passport.application.sources.adapter import LocalSource, RemoteSource
from contexts.passport.domain.section_states import Section

REMOTE: Final[tuple[RemoteSource, ...]] = (
    open_food_facts_api.SOURCE,
    journey_feed.SOURCE,
)
LOCAL: Final[tuple[LocalSource, ...]] = (
    agribalyse.SOURCE,
    producer_file.SOURCE,
)


def remote(name: str) -> RemoteSource | None:
    """The source of that name."""
    return next((source for source in REMOTE if source.name == name), None)


def asked_for(section: Section, *, gtin: str) -> Sequence[RemoteSource]:
    """The sources that may know a section of a product, as far as the operator has switched them on."""
    return [source for source in REMOTE if section in source.gives and source.question(gtin) is not None]
