"""What a brand is told of products of its own that people miss."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest
from django.test import Client

from contexts.passport.application import company_prefixes
from contexts.passport.models import UnknownProductReport
from packytrace.edge import ports
from packytrace.edge.ports import BrandIdentity

pytestmark = [pytest.mark.django_db(databases=["passport"]), pytest.mark.usefixtures("plain_static_files")]

OURS = BrandIdentity(id=UUID(int=0xA), name="Alpenglanz")
OWN, RARE, OTHERS = "04006381333931", "04006381333948", "05901234123457"
NOW = datetime(2026, 5, 4, tzinfo=UTC)


class Gate:
    """Everybody works for us."""

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        return OURS

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        return OURS


@pytest.fixture(autouse=True)
def _gate() -> Iterator[None]:
    provided = ports.brand_gate()
    ports.bind(brand_gate=Gate())
    yield
    ports.bind(brand_gate=provided)


def test_only_its_own_numbers_and_only_from_ten_people_on(client: Client) -> None:
    for gtin, times in ((OWN, 14), (RARE, 9), (OTHERS, 40)):
        for _ in range(times):
            UnknownProductReport.objects.create(id=uuid4(), gtin=gtin, visitor_id=uuid4(), reported_at=NOW)
    before = client.get("/brand/unknown-products").content.decode()
    assert OWN not in before  # no prefix is confirmed
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="4006381", now=NOW)
    page = " ".join(client.get("/brand/unknown-products").content.decode().split())
    assert OWN in page
    assert "at least 10 people" in page
    assert "14" not in page.split(OWN)[1][:200]
    assert RARE not in page
    assert OTHERS not in page
