"""Who sees the console is said by the gate alone, and the brand by nothing that is asked."""

import pytest
from django.test import Client
from django.urls import URLPattern

from contexts.brand_analytics.tests.facts import BRAND, MILK, OTHER_BRAND
from contexts.brand_analytics.tests.web.conftest import MILK_NAME, Closed, FakeGate
from contexts.brand_analytics.web.urls import urlpatterns
from packytrace.edge import ports

pytestmark = pytest.mark.django_db(databases=["brand_analytics"])

ADDRESSES = [
    "/brand/",
    "/brand/days.csv",
    "/brand/products",
    "/brand/products.csv",
    f"/brand/products/{MILK}",
    f"/brand/products/{MILK}/days.csv",
]


def test_every_address_is_known_here() -> None:
    assert all(isinstance(pattern, URLPattern) for pattern in urlpatterns)
    assert len(ADDRESSES) == len(urlpatterns)


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_is_before_the_gate(client: Client, gate: FakeGate, address: str) -> None:
    gate.brand_id = None
    with pytest.raises(Closed):
        client.get(address)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.usefixtures("figures")
def test_the_gate_is_asked_once_and_nothing_is_stored_on_the_way(
    client: Client, gate: FakeGate, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert gate.asked == 1
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(","))


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_only_read(client: Client, gate: FakeGate, address: str) -> None:
    assert gate.brand_id
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(address).status_code == 405


@pytest.mark.usefixtures("figures")
def test_no_request_chooses_the_brand(client: Client, gate: FakeGate) -> None:
    gate.brand_id = OTHER_BRAND
    client.cookies["brand_id"] = str(BRAND)
    answer = client.get(
        "/brand/products",
        {"brand": str(BRAND), "brand_id": str(BRAND)},
        headers={"X-Brand-Id": str(BRAND), "X-Brand": str(BRAND)},
    )
    assert MILK_NAME not in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    ["login/", "logout/", "password_change/", "autocomplete/", "jsi18n/", "search/", "r/1/1/", "auth/"],
)
def test_the_admins_own_pages_are_not_there(client: Client, gate: FakeGate, address: str) -> None:
    assert client.get(f"/brand/{address}").status_code == 404
    assert gate.asked == 0


def test_a_gate_that_nobody_bound_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_BOUND", ports._Bound())
    with pytest.raises(ports.NotBound, match="brand_gate"):
        ports.brand_gate()
