"""Forms without a token: our own pages may post, other sites may not, and nobody needs a cookie for it."""

import pytest
from django.test import Client

from contexts.passport.models import Scan, UnknownProductReport

pytestmark = pytest.mark.django_db(databases=["passport"])

GTIN = "09520123456788"
OURS = "http://testserver"


@pytest.fixture
def client(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": OURS},
        {"Sec-Fetch-Site": "none"},
        {"Origin": OURS},
        {},
    ],
    ids=["our page", "a reload", "our page in an old browser", "no browser"],
)
def test_what_may_post(client: Client, headers: dict[str, str]) -> None:
    assert client.post("/scan", {"code": GTIN}, headers=headers).status_code == 404
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.org"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "", "Origin": OURS},
        {"Origin": "https://example.org"},
        {"Origin": "http://testserver.example.org"},
        {"Origin": "http://testserver:8001"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_what_may_not(client: Client, headers: dict[str, str]) -> None:
    response = client.post("/scan", {"code": GTIN}, headers=headers)
    assert response.status_code == 403
    assert not response.cookies
    assert not Scan.objects.exists()


def test_a_report_is_guarded_alike(client: Client) -> None:
    client.get(f"/01/{GTIN}")
    address = f"/scan/{Scan.objects.get().id}/report"
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not UnknownProductReport.objects.exists()
    assert client.post(address, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert UnknownProductReport.objects.count() == 1


def test_the_address_of_a_page_may_be_opened_from_anywhere(client: Client) -> None:
    client.get(f"/01/{GTIN}")
    address = f"/scan/{Scan.objects.get().id}/report"
    assert client.get(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
