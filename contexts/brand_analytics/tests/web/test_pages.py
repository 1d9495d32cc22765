"""What the pages say: the figures of the brand and the period, and why there are none where none are."""

import re

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contexts.brand_analytics.tests.facts import FRIDAY, JAM, MILK, OATS, day_released, product_named, receive
from contexts.brand_analytics.tests.web.conftest import MILK_NAME, OATS_NAME, FakeGate
from contexts.brand_analytics.tests.web.reading import tables

pytestmark = [
    pytest.mark.django_db(databases=["brand_analytics"]),
    pytest.mark.usefixtures("gate"),
]
figures = pytest.mark.usefixtures("figures")


def _text(client: Client, address: str, **query: object) -> str:
    """The words of a page."""
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@figures
class TestOverview:
    def test_it_says_the_totals_of_the_period(self, client: Client) -> None:
        page = _text(client, "/brand/", days=7)
        assert "8 March 2025 to 14 March 2025" in page
        shown = [
            row for row in tables(client.get("/brand/?days=7").content.decode())[0][1:] if row[1].isdigit()
        ]
        assert len(shown) == 4
        assert f"Scans {sum(int(row[1]) for row in shown)}" in page
        assert "Days with figures 4 of 7 2 hidden, 1 without scans" in page
        assert "Products scanned 3" in page

    def test_it_says_since_when_there_are_figures_where_the_period_begins_before(
        self, client: Client
    ) -> None:
        for address in ("/brand/", "/brand/products", f"/brand/products/{MILK}"):
            page = _text(client, address, days=90)
            assert (
                "15 December 2024 to 14 March 2025, whole days in UTC (figures since 8 February 2025)" in page
            )
            assert "figures since" not in _text(client, address, days=28)

    def test_a_day_that_is_over_is_not_said_to_come(self, client: Client) -> None:
        assert "Not enough data yet" not in client.get("/brand/").content.decode()

    def test_it_says_what_share_is_hidden_and_why(self, client: Client) -> None:
        # Of 4 busy days with 3 products each the jam is hidden, and the milk on 2 days more: 6 of 14 cells.
        page = _text(client, "/brand/", days=7)
        assert "Hidden by privacy rules 43 % of the products' daily figures" in page
        assert "none tells of fewer than 10 people" in page

    def test_the_table_beside_the_drawing_has_a_row_for_each_day(self, client: Client) -> None:
        days, top = tables(client.get("/brand/", {"days": 7}).content.decode())
        assert days[0] == ["Day", "Scans", "People"]
        assert [row[0] for row in days[1:3]] == ["Sat 8 Mar 2025", "Sun 9 Mar 2025"]
        assert days[2][-1] == "No scans"
        assert days[3][-1] == days[4][-1] == "Hidden by privacy rules"
        assert [row[0] for row in top] == ["Product", MILK_NAME, OATS_NAME, "Product without a name"]

    @pytest.mark.parametrize("days", [7, 28, 90])
    def test_whole_windows_only(self, client: Client, days: int) -> None:
        assert f'aria-current="true">{days} days' in client.get("/brand/", {"days": days}).content.decode()

    @pytest.mark.parametrize("days", ["1", "8", "0", "-7", "+7", "7.0", "all", "", "\u0667", "7" * 5000])
    def test_no_other_period(self, client: Client, days: str) -> None:
        for address in ("/brand/", "/brand/products", f"/brand/products/{MILK}", "/brand/days.csv"):
            answer = client.get(address, {"days": days})
            assert answer.status_code == 400
            assert "A period has 7, 28, 90 days." in answer.content.decode()

    def test_a_period_with_nothing_more_to_show_cannot_be_chosen(self, client: Client) -> None:
        assert 'href="?days=90"' in client.get("/brand/").content.decode()

    def test_the_period_travels_to_the_other_pages(self, client: Client) -> None:
        page = client.get("/brand/", {"days": 7}).content.decode()
        assert 'href="/brand/products?days=7"' in page
        assert f'href="/brand/products/{MILK}?days=7"' in page
        assert 'href="/brand/days.csv?days=7"' in page


@figures
class TestProducts:
    def _column(self, client: Client, number: int, **query: object) -> list[str]:
        return [row[number] for row in tables(client.get("/brand/products", query).content.decode())[0][1:]]

    def test_the_most_scanned_come_first(self, client: Client) -> None:
        rows = tables(client.get("/brand/products", {"days": 7}).content.decode())[0]
        assert rows[0] == [
            "Product",
            "GTIN",
            "Scans",
            "People on an average day",
            "Days shown",
            "Days hidden",
        ]
        assert [row[1] for row in rows[1:]] == [MILK, OATS, JAM]
        assert rows[2] == [OATS_NAME, OATS, "96", "12", "4", "0"]
        assert rows[3] == ["Product without a name", JAM, *["Hidden by privacy rules"] * 2, "0", "4"]

    @pytest.mark.parametrize(
        ("sort", "gtins"),
        [
            ("name", [MILK, OATS, JAM]),
            ("-name", [OATS, MILK, JAM]),
            ("gtin", [MILK, OATS, JAM]),
            ("-gtin", [JAM, OATS, MILK]),
            ("scans", [OATS, MILK, JAM]),
            ("-scans", [MILK, OATS, JAM]),
            ("people", [OATS, MILK, JAM]),
            ("-shown", [MILK, OATS, JAM]),
            ("hidden", [OATS, MILK, JAM]),
            ("-hidden", [JAM, MILK, OATS]),
            ("nonsense", [MILK, OATS, JAM]),
            ("--scans", [MILK, OATS, JAM]),
        ],
    )
    def test_in_the_order_that_was_asked_for(self, client: Client, sort: str, gtins: list[str]) -> None:
        assert self._column(client, 1, sort=sort, days=7) == gtins

    def test_a_heading_says_the_order_and_turns_it(self, client: Client) -> None:
        page = client.get("/brand/products", {"days": 7}).content.decode()
        assert re.findall(r'aria-sort="(\w+)"[^>]*>\s*<a href="([^"]+)"', page) == [
            ("descending", "?days=7&amp;sort=scans")
        ]
        assert 'href="?days=28&amp;sort=-scans"' in page

    def test_names_are_text(self, client: Client) -> None:
        receive(product_named(JAM, '<script>alert("jam")</script> & co', version=2))
        page = client.get("/brand/products").content.decode()
        assert "&lt;script&gt;alert(&quot;jam&quot;)&lt;/script&gt; &amp; co" in page
        assert "<script>alert" not in page


@figures
class TestProduct:
    def test_it_says_what_one_product_did(self, client: Client) -> None:
        page = _text(client, f"/brand/products/{OATS}", days=7)
        assert f"{OATS_NAME} · PackyTrace for brands" in page
        assert "Scans 96 by 12 people on an average day" in page
        assert "Busiest day 14 Mar 24 scans by 12 people" in page

    def test_a_product_with_hidden_figures_says_why(self, client: Client) -> None:
        page = _text(client, f"/brand/products/{JAM}")
        assert "Not enough data yet There were scans, but no day has a figure that can be shown" in page
        assert "none may tell of fewer than 10 people" in page

    @pytest.mark.parametrize("gtin", ["09521001000048", "00000000000000"])
    def test_a_product_of_nobody_is_not_there(self, client: Client, gtin: str) -> None:
        assert client.get(f"/brand/products/{gtin}").status_code == 404

    @pytest.mark.parametrize(
        "gtin", ["0952100100001", "095210010000170", "0952100100001x", "%00", "\u0661" * 14]
    )
    def test_nor_what_is_no_number(self, client: Client, gtin: str) -> None:
        assert client.get(f"/brand/products/{gtin}").status_code in {400, 404}


class TestNothingYet:
    def test_no_day_was_released(self, client: Client) -> None:
        for address in ("/brand/", "/brand/products"):
            page = _text(client, address)
            assert "Not enough data yet Figures appear here from the day after the first scan" in page
            assert "No day has been released yet" in page

    def test_a_product_before_the_first_release(self, client: Client) -> None:
        receive(product_named(MILK, MILK_NAME))
        assert "Figures appear here" in _text(client, f"/brand/products/{MILK}")

    def test_nobody_scanned(self, client: Client) -> None:
        receive(*day_released(quiet=True))
        for address in ("/brand/", "/brand/products"):
            assert "No scans No released day of this period has a scan." in _text(client, address)

    def test_too_few_people_scanned(self, client: Client) -> None:
        receive(*day_released(total=None, products={MILK: None}))
        assert "There were scans, but no day has a figure" in _text(client, "/brand/")
        assert tables(client.get("/brand/products").content.decode())[0][1][2] == "Not enough data yet"
        assert "A product without any day to show has not enough data yet" in _text(client, "/brand/products")

    def test_figures_of_one_day_are_enough(self, client: Client) -> None:
        receive(*day_released(total=(30, 20), products={MILK: (30, 20)}, day=FRIDAY))
        assert "Scans 30 by 20 people" in _text(client, "/brand/")


class TestQueries:
    """Who stands before the gate is identity's to count."""

    @figures
    @pytest.mark.parametrize(
        ("address", "queries"),
        [
            ("/brand/", 6),
            ("/brand/days.csv", 5),
            ("/brand/products", 5),
            ("/brand/products?sort=name&days=90", 5),
            ("/brand/products.csv", 5),
            (f"/brand/products/{MILK}", 4),
            (f"/brand/products/{JAM}/days.csv", 3),
        ],
    )
    def test_a_page_asks_so_often(self, client: Client, address: str, queries: int) -> None:
        assert len(_asked(client, address)) == queries

    @pytest.mark.parametrize("address", ["/brand/", "/brand/products"])
    def test_and_less_where_nothing_was_released(self, client: Client, address: str) -> None:
        assert len(_asked(client, address)) == 2


def _asked(client: Client, address: str) -> list[str]:
    """What a page reads, all of it inside the brand's scope; not the scope itself and its transaction."""
    with CaptureQueriesContext(connections["brand_analytics"]) as captured:
        assert client.get(address).status_code == 200
    edges = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(edges)]
    assert "set_config" in asked[0]
    return [sql for sql in asked if "set_config" not in sql]


def test_a_head_request_is_answered(client: Client, gate: FakeGate) -> None:
    assert client.head("/brand/").status_code == 200
    assert gate.asked == 1
