"""The files say what the pages say, in a form that programs and spreadsheets read the same."""

import csv
import io
import re

import pytest
from django.test import Client

from contexts.brand_analytics.tests.facts import JAM, MILK, OATS, day_released, product_named, receive
from contexts.brand_analytics.tests.web.conftest import FakeGate
from contexts.brand_analytics.tests.web.reading import tables

pytestmark = [
    pytest.mark.django_db(databases=["brand_analytics"]),
    pytest.mark.usefixtures("gate"),
]
figures = pytest.mark.usefixtures("figures")


def _rows(client: Client, address: str) -> list[list[str]]:
    content = client.get(address).content
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def _as_in_the_file(cell: str) -> str:
    if cell in {"Hidden by privacy rules", "Product without a name"}:
        return ""
    return cell.replace(",", "") if cell.replace(",", "").isdigit() else cell


@figures
@pytest.mark.parametrize("query", ["days=7", "days=28&sort=name", "days=90&sort=-hidden"])
def test_the_file_of_products_is_the_table_of_products(client: Client, query: str) -> None:
    (table,) = tables(client.get(f"/brand/products?{query}").content.decode())
    link = re.search(
        r'href="(/brand/products\.csv[^"]+)"', client.get(f"/brand/products?{query}").content.decode()
    )
    assert link
    file = _rows(client, link[1].replace("&amp;", "&"))
    assert [[row[1], row[0], *row[2:]] for row in file[1:]] == [
        [_as_in_the_file(cell) for cell in row] for row in table[1:]
    ]


@figures
@pytest.mark.parametrize("page", ["/brand/", f"/brand/products/{MILK}"])
def test_the_file_of_days_is_the_table_of_days(client: Client, page: str) -> None:
    html = client.get(page, {"days": 7}).content.decode()
    link = re.search(r'href="(/brand/[^"]*days\.csv[^"]*)"', html)
    assert link
    file = _rows(client, link[1])
    assert file[0] == ["day", "state", "scans", "people"]
    assert {row[1] for row in file[1:]} == {"shown", "hidden", "no scans"}
    for said, (_day, state, scans, people) in zip(tables(html)[0][1:], file[1:], strict=True):
        words = {"hidden": ["", "Hidden by privacy rules"], "no scans": ["", "No scans"]}
        assert said[1:] == words.get(state, [scans, people])


@figures
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/brand/days.csv?days=7", "packytrace-days-2025-03-08-to-2025-03-14.csv"),
        ("/brand/products.csv?days=28", "packytrace-products-2025-02-15-to-2025-03-14.csv"),
        (f"/brand/products/{OATS}/days.csv?days=7", f"packytrace-{OATS}-days-2025-03-08-to-2025-03-14.csv"),
    ],
)
def test_it_is_saved_under_what_it_is_and_for_which_days(client: Client, address: str, name: str) -> None:
    answer = client.get(address)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert "lpenglanz" not in str(answer.headers)


def test_before_the_first_release_it_has_a_heading_alone(client: Client) -> None:
    assert _rows(client, "/brand/days.csv") == [["day", "state", "scans", "people"]]
    assert _rows(client, "/brand/products.csv")[1:] == []
    assert 'filename="packytrace-days.csv"' in client.get("/brand/days.csv").headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("https://evil.example","Milk")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
    ],
)
def test_no_name_is_a_formula(client: Client, name: str) -> None:
    receive(product_named(JAM, name), *day_released(total=(30, 20), products={JAM: (30, 20)}))
    cell = _rows(client, "/brand/products.csv")[1][1]
    assert cell == f"'{name}"


@pytest.mark.parametrize("name", ['"Extra" jam, 70 %', "Käse; Brot\nund Butter", "乳飲料", "Müsli 'pur'"])
def test_every_other_name_arrives_as_it_is(client: Client, name: str) -> None:
    receive(product_named(JAM, name), *day_released(total=(30, 20), products={JAM: (30, 20)}))
    assert _rows(client, "/brand/products.csv")[1] == [JAM, name, "30", "20", "1", "0"]


@figures
def test_rows_end_as_rfc_4180_says(client: Client, gate: FakeGate) -> None:
    lines = client.get("/brand/products.csv").content.split(b"\r\n")
    assert lines[-1] == b""
    assert len(lines) == 1 + 3 + 1
    assert gate.asked == 1
