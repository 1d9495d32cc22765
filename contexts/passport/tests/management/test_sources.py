"""`manage.py sources`: what an operator sees and loads."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from contexts.passport.application.unknown_products import wanted_of
from contexts.passport.domain.company_prefixes import claim_of
from contexts.passport.models import LifeCycleFood, SourceState, UnknownProductReport
from contexts.passport.tests.application.sources.samples import epcis, event
from contexts.passport.tests.application.sources.test_agribalyse import as_csv, rows
from contexts.passport.tests.entries import MUESLI, muesli, stock

pytestmark = pytest.mark.django_db(databases=["passport"])

OURS, THEIRS = "04006381333931", "05901234123457"


def sources(*arguments: str | Path) -> str:
    out = StringIO()
    call_command("sources", *map(str, arguments), stdout=out)
    return out.getvalue()


def report(gtin: str, *, times: int) -> None:
    UnknownProductReport.objects.bulk_create(
        UnknownProductReport(
            id=uuid4(), gtin=gtin, visitor_id=uuid4(), reported_at=datetime(2026, 5, 1, tzinfo=UTC)
        )
        for _ in range(times)
    )


def test_every_source_is_listed_and_none_is_on_by_itself() -> None:
    listed = sources("list")
    assert "open_food_facts: off, and never asked" in listed
    assert "journey_feed: off" in listed
    assert "agribalyse: loaded from a file" in listed
    assert "producer_file: uploaded by brands" in listed


def test_how_a_source_is_is_said_in_words(settings: Settings) -> None:
    settings.OPEN_FOOD_FACTS_URL = "https://food.example"
    assert "open_food_facts: on.\n" in sources("list")
    state = SourceState.objects.create(source="open_food_facts", breaker="open")
    assert "open_food_facts: on, but its last 5 answers failed" in sources("list")
    state.blocked_until = datetime(2099, 1, 1, 12, tzinfo=UTC)
    state.save()
    assert "left alone until 2099-01-01 12:00 UTC" in sources("list")


def test_a_file_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "edition.csv"
    file.write_bytes(as_csv(rows()))
    assert "120 rows of agribalyse are loaded." in sources("load", "agribalyse", file)
    assert LifeCycleFood.objects.count() == 120


def test_events_are_captured_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    stock(replace(muesli(), brand_id=UUID(int=7)))
    file = tmp_path / "events.json"
    stranger = event("packing", quantityList=[{"epcClass": f"https://id.gs1.org/01/{OURS}/10/L1"}])
    file.write_bytes(orjson.dumps(epcis(event("packing"), event("cycle_counting"), stranger)))
    for _ in range(2):
        said = sources("capture", file)
        assert "journeys of 1 lots" in said
        assert "Left out: 1 that have a business step" in said
        assert f"Left out: {OURS}, which no brand owns here." in said


@pytest.mark.parametrize(
    ("action", "content", "why"),
    [
        (("load", "agribalyse"), b"nothing", "Nothing was changed"),
        (("capture",), b"{", "not JSON"),
        (("capture",), b"{}", "no document of EPCIS events"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    tmp_path: Path, action: tuple[str, ...], content: bytes, why: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        sources(*action, file)
    with pytest.raises(CommandError, match="cannot be read"):
        sources(*action, tmp_path / "elsewhere")


def test_operators_see_what_people_miss_most_first() -> None:
    stock(muesli())
    report(MUESLI, times=5)
    report(OURS, times=2)
    report(THEIRS, times=3)
    lines = sources("missing").splitlines()
    assert [line.split()[:2] for line in lines] == [[THEIRS, "3"], [OURS, "2"]]


def test_a_brand_sees_its_own_numbers_and_nobody_in_them() -> None:
    report(OURS, times=19)
    report("04006381333948", times=9)
    report(THEIRS, times=30)
    claims = [claim_of("4006381")]
    assert [(one.gtin, one.at_least) for one in wanted_of(claims=claims)] == [(OURS, 10)]
    report(OURS, times=1)
    assert [(one.gtin, one.at_least) for one in wanted_of(claims=claims)] == [(OURS, 20)]
    assert wanted_of(claims=[]) == ()
