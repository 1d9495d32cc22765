"""Every registered source that is asked over the network keeps the contract."""

from collections.abc import Iterator

import pytest

from contexts.passport.application.sources import registry
from contexts.passport.application.sources.adapter import RemoteSource
from contexts.passport.tests.application.sources.contract import Clock, Sample, SourceContract, pointed_at
from contexts.passport.tests.application.sources.misbehaving import Fault, Misbehaving, misbehaving_source
from contexts.passport.tests.application.sources.samples import SAMPLES

pytestmark = pytest.mark.django_db(databases=["passport"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=sorted(SAMPLES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sample(name: str) -> Sample:
    return SAMPLES[name]


@pytest.fixture
def fake(sample: Sample) -> Iterator[Misbehaving]:
    with misbehaving_source() as source:
        source.good, source.wrong_product, source.unknown = sample.good, sample.wrong_product, sample.unknown
        yield source


@pytest.fixture
def source(name: str, fake: Misbehaving, sample: Sample) -> RemoteSource:
    found = registry.remote(name)
    assert found is not None
    return pointed_at(found, fake, sample)


@pytest.fixture(params=list(Fault))
def fault(request: pytest.FixtureRequest) -> Fault:
    return Fault(request.param)


class TestEverySource(SourceContract):
    """One after the other."""


def test_no_source_goes_without_the_contract() -> None:
    assert {source.name for source in registry.REMOTE} == SAMPLES.keys()
