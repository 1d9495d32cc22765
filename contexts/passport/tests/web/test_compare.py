"""The page that puts products side by side."""

import pytest
from django.test import Client

from contexts.passport.tests.entries import MUESLI, WATER, muesli, stock, water

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files"),
]


def test_an_empty_page_asks_for_products(client: Client) -> None:
    answer = client.get("/compare")
    assert answer.status_code == 200
    assert "Look for two or three products" in answer.content.decode()


def test_two_products_and_one_that_nobody_knows(client: Client) -> None:
    stock(muesli(), water())
    answer = client.get("/compare", {"gtin": [MUESLI, WATER, "09521002000030"]}).content.decode()
    assert "Crunchy muesli" in answer
    assert "Water" in answer
    assert "We don&#x27;t know the product 09521002000030 yet." in answer
    assert answer.count("Remove<") == 2


def test_a_product_is_added_without_losing_the_others(client: Client) -> None:
    stock(muesli(), water())
    answer = client.get("/compare", {"gtin": MUESLI, "q": "water"}).content.decode()
    assert f"/compare?gtin={MUESLI}&amp;gtin={WATER}" in answer


@pytest.mark.parametrize("gtin", ["", "x", "123", "<script>", "9" * 500])
def test_what_is_no_code_is_left_out(client: Client, gtin: str) -> None:
    answer = client.get("/compare", {"gtin": gtin})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
