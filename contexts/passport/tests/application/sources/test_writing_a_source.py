"""Docs/sources.md, "Write a source in 30 minutes": what it shows keeps the contract as it stands there."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from contexts.passport.application.sources.adapter import RemoteSource
from contexts.passport.tests.application.sources.contract import Clock, Sample, SourceContract, pointed_at
from contexts.passport.tests.application.sources.misbehaving import Fault, Misbehaving, misbehaving_source
from packytrace.configuration import ROOT

pytestmark = pytest.mark.django_db(databases=["passport"])


def shown() -> dict[str, Any]:
    """What the page's blocks of Python define."""
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "eco_register"}
    for block in re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        exec(compile(block, "docs/sources.md", "exec"), names)
    return names


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sample() -> Sample:
    found = shown()["SAMPLE"]
    assert isinstance(found, Sample)
    return found


@pytest.fixture
def fake(sample: Sample) -> Iterator[Misbehaving]:
    with misbehaving_source() as source:
        source.good, source.wrong_product, source.unknown = sample.good, sample.wrong_product, sample.unknown
        yield source


@pytest.fixture
def source(fake: Misbehaving, sample: Sample) -> RemoteSource:
    return pointed_at(shown()["SOURCE"], fake, sample)


@pytest.fixture(params=[Fault.HALF_BODY, Fault.OTHER_JSON, Fault.WRONG_PRODUCT, Fault.HUGE])
def fault(request: pytest.FixtureRequest) -> Fault:
    """Those that the module itself has to do with; the others are the same for all."""
    return Fault(request.param)


class TestTheSourceOfThePage(SourceContract):
    """As it stands there."""
