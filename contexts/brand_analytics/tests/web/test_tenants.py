"""Another brand's session sees nothing of this one, on no page and in no file: the database is the fence."""

import pytest
from django.test import Client

from contexts.brand_analytics.models import Brand, ReleasedCell
from contexts.brand_analytics.tests.facts import (
    BRAND,
    JAM,
    MILK,
    OATS,
    OTHER_BRAND,
    brand_changed,
    day_released,
    product_named,
    receive,
)
from contexts.brand_analytics.tests.web.conftest import MILK_NAME, OATS_NAME, STORED, FakeGate
from packytrace.databases.scope import brand_scope

pytestmark = [
    pytest.mark.django_db(databases=["brand_analytics"]),
    pytest.mark.usefixtures("figures"),
]

PAGES = ["/brand/", "/brand/products", "/brand/days.csv", "/brand/products.csv"]
OF_ONE_PRODUCT = [f"/brand/products/{MILK}", f"/brand/products/{MILK}/days.csv"]
SECRETS = (MILK_NAME, OATS_NAME, MILK, OATS, JAM, "2025")


@pytest.mark.parametrize("days", [7, 28, 90])
@pytest.mark.parametrize("address", PAGES)
def test_a_brand_without_figures_sees_none_of_anothers(
    client: Client, gate: FakeGate, address: str, days: int
) -> None:
    own = client.get(address, {"days": days}).content.decode()
    gate.brand_id = OTHER_BRAND
    seen = client.get(address, {"days": days}).content.decode()
    assert any(secret in own for secret in SECRETS)
    assert not any(secret in seen for secret in SECRETS)


@pytest.mark.parametrize("address", OF_ONE_PRODUCT)
def test_anothers_product_is_a_product_that_is_not_there(
    client: Client, gate: FakeGate, address: str
) -> None:
    assert client.get(address).status_code == 200
    gate.brand_id = OTHER_BRAND
    answer = client.get(address)
    assert answer.status_code == 404
    assert MILK_NAME not in answer.content.decode()


def test_two_brands_with_the_same_product_see_their_own_figures(client: Client, gate: FakeGate) -> None:
    """A product that changed hands: each brand keeps its cells and its name for it."""
    receive(
        brand_changed("Ostwind", brand_id=OTHER_BRAND),
        product_named(MILK, "Milk of the others", brand_id=OTHER_BRAND),
        *day_released(total=(777, 70), products={MILK: (777, 70)}, brand_id=OTHER_BRAND),
    )
    ours = [client.get(address).content.decode() for address in (*PAGES, *OF_ONE_PRODUCT)]
    gate.brand_id = OTHER_BRAND
    theirs = [client.get(address).content.decode() for address in (*PAGES, *OF_ONE_PRODUCT)]
    assert not any("777" in page or "Milk of the others" in page for page in ours)
    assert all("777" in page for page in theirs)
    assert not any(MILK_NAME in page for page in theirs)


@pytest.mark.parametrize("model", STORED, ids=lambda model: model.__name__)
def test_a_read_that_forgets_the_brand_still_sees_one_alone(model: type[Brand]) -> None:
    with brand_scope(brand_id=BRAND, using="brand_analytics"):
        assert set(model.objects.values_list("brand_id", flat=True)) == {BRAND}
    with brand_scope(brand_id=OTHER_BRAND, using="brand_analytics"):
        assert not model.objects.exists()
        assert not model.objects.filter(brand_id=BRAND).exists()


@pytest.mark.parametrize("model", STORED, ids=lambda model: model.__name__)
def test_a_read_without_a_scope_sees_nothing(model: type[Brand]) -> None:
    assert not model.objects.exists()


@pytest.mark.django_db(databases=["brand_analytics"], transaction=True)
@pytest.mark.parametrize("address", [*PAGES, *OF_ONE_PRODUCT])
def test_no_request_leaves_its_scope_on_the_connection(client: Client, gate: FakeGate, address: str) -> None:
    assert client.get(address).status_code == 200
    assert gate.asked == 1
    assert not ReleasedCell.objects.exists()
