"""The API of products."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.conf import settings
from django.test import Client

from contexts.passport.application.recalls import announce
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.recalls import Reason, recall_of
from contexts.passport.models import Scan
from contexts.passport.tests.entries import MUESLI, NOW, WATER, full_of, muesli, stock, tell_of, water
from contexts.passport.web.product_api import PASSPORTS

pytestmark = pytest.mark.django_db(databases=["passport"])

PRODUCT = f"/api/v1/products/{MUESLI}"
Counting = Callable[..., AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def _no_answer_is_kept() -> Iterator[None]:
    PASSPORTS.clear()
    yield
    PASSPORTS.clear()


class TestProduct:
    def test_all_that_is_known(self, client: Client) -> None:
        stock(muesli())
        response = client.get(PRODUCT)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/json"
        assert response.json() == {
            "gtin": MUESLI,
            "dataVersion": 1,
            "url": f"{settings.PUBLIC_URL}/passport/{MUESLI}",
            "language": "en",
            "name": "Crunchy muesli",
            "brandName": "Alder Mill",
            "pictureUrl": f"{settings.PUBLIC_URL}/static/passport/demo/nut-muesli.svg",
            "isDemo": False,
            "verified": True,
            "genericName": None,
            "quantity": "450 g",
            "alcohol": None,
            "ingredients": {
                "language": "en",
                "text": "Oat flakes, milk",
                "parts": [
                    {"text": "Oat", "allergen": True},
                    {"text": " flakes, ", "allergen": False},
                    {"text": "milk", "allergen": True},
                ],
            },
            "allergens": ["gluten", "milk"],
            "otherAllergens": ["Kiwi"],
            "traces": ["nuts"],
            "otherTraces": ["Coconut"],
            "recalls": [],
            "claims": ["vegetarian", "organic"],
            "categories": ["en:breakfast-cereals", "en:mueslis"],
            "nutrition": {
                "per": "100 g",
                "energyKj": 1842.0,
                "energyKcal": None,
                "fat": 15.2,
                "saturates": None,
                "carbohydrate": None,
                "sugars": None,
                "fibre": None,
                "protein": None,
                "salt": 0.35,
            },
            "portion": None,
            "additives": [],
            "nutriScore": "C",
            "nova": 3,
            "computed": {
                "nutriScore": None,
                "nutriScorePoints": None,
                "nova": 1,
                "eco": 100,
                "missing": ["saturates", "sugars", "protein"],
            },
            "dateKind": "best_before",
            "storage": "Keep dry",
            "instructions": "Umrühren",
            "origin": "Ireland",
            "operator": "Alder Mill, Ballyalder",
            "journey": [
                {"kind": "origin", "place": "County Meath", "date": "2025-08-19", "position": None},
                {"kind": "packing", "place": "Ballyalder", "date": None, "position": None},
            ],
            "journeyLot": None,
            "journeyToldBy": None,
            "journeyToldAt": None,
            "eco": {"score": 71, "grade": "B", "explanation": "Oats need little."},
            "sections": {"journey": "loaded", "eco": "loaded"},
            "provenance": [
                {
                    "name": "© Somebody",
                    "licence": "ODbL 1.0",
                    "licenceUrl": "https://example.org/licence",
                    "url": "https://example.org/muesli",
                    "fetched": "2026-04-02",
                    "modified": "2026-03-01T08:00:00Z",
                    "verified": True,
                    "values": ["name", "nutriScore", "nutrition"],
                }
            ],
        }

    def test_what_is_not_known_is_null_or_empty_and_never_left_out(self, client: Client) -> None:
        stock(water(), muesli())
        bare = client.get(f"/api/v1/products/{WATER}").json()
        assert set(bare) == set(client.get(PRODUCT).json())
        assert bare["verified"] is False
        empty = {name: value for name, value in bare.items() if value in (None, [])}
        assert set(bare) - set(empty) == {
            "gtin", "dataVersion", "url", "language", "name", "isDemo", "verified", "computed",
            "sections",
        }  # fmt: skip

    def test_a_lots_own_journey_stands_instead_of_the_products(self, client: Client) -> None:
        stock(muesli())
        tell_of(MUESLI, lot="L/1", at=NOW)
        general = client.get(PRODUCT)
        of_lot = client.get(f"{PRODUCT}?lot=L%2F1")
        told = of_lot.json()
        assert (told["journeyLot"], told["journeyToldBy"], told["journeyToldAt"]) == (
            "L/1",
            "Alder Mill",
            "2026-05-01T12:00:00Z",
        )
        assert told["journey"] == [
            {
                "kind": "origin",
                "place": "Our own field",
                "date": "2026-04-01",
                "position": {"latitude": 53.5, "longitude": -6.7},
            }
        ]
        others = {"journey", "journeyLot", "journeyToldBy", "journeyToldAt"}
        assert {n: v for n, v in told.items() if n not in others} == {
            n: v for n, v in general.json().items() if n not in others
        }
        assert of_lot.headers["ETag"] != general.headers["ETag"]
        again = client.get(f"{PRODUCT}?lot=L%2F1", headers={"If-None-Match": of_lot.headers["ETag"]})
        assert again.status_code == 304
        assert client.get(f"{PRODUCT}?lot=L2").content == general.content

    def test_a_recall_that_stands(self, client: Client) -> None:
        stock(muesli())
        said = recall_of(
            gtin=MUESLI, lots=["L1"], serial_from="", serial_to="", reason=Reason.ALLERGEN, text="Has nuts."
        )
        recall_id = announce(recall=said, now=NOW).recall_id
        assert client.get(PRODUCT).json()["recalls"] == [
            {
                "id": str(recall_id),
                "lots": ["L1"],
                "serialFrom": None,
                "serialTo": None,
                "reason": "allergen",
                "text": "Has nuts.",
                "announcedAt": "2026-05-01T12:00:00Z",
            }
        ]
        assert client.get(PRODUCT).json()["dataVersion"] == 1

    def test_what_is_contained_is_not_told_as_a_trace_again(self, client: Client) -> None:
        label = DigitalLabel(
            names={"en": "Muesli"},
            allergens=(Allergen.GLUTEN,),
            other_allergens=("Kiwi",),
            traces=(Allergen.GLUTEN, Allergen.NUTS),
            other_traces=("kiwi", "Honey"),
        )
        stock(muesli(label=label))
        told = client.get(PRODUCT).json()
        assert (told["allergens"], told["otherAllergens"]) == (["gluten"], ["Kiwi"])
        assert (told["traces"], told["otherTraces"]) == (["nuts"], ["Honey"])

    def test_the_language_is_the_readers_where_the_label_has_it(self, client: Client) -> None:
        stock(muesli())
        german = client.get(PRODUCT, headers={"Accept-Language": "de"}).json()
        assert (german["language"], german["name"], german["storage"]) == (
            "de",
            "Knuspermüsli",
            "Trocken lagern",
        )
        assert german["origin"] == "Ireland"

    def test_shorter_digits_are_the_same_product(self, client: Client) -> None:
        stock(muesli())
        assert client.get(f"/api/v1/products/{MUESLI.lstrip('0')}").content == client.get(PRODUCT).content

    def test_it_is_revalidated_without_a_query(
        self, client: Client, django_assert_num_queries: Counting
    ) -> None:
        stock(muesli())
        with django_assert_num_queries(2, using="passport"):  # the entry, and life cycles of such food
            first = client.get(PRODUCT)
        assert first.headers["Cache-Control"].startswith("public, max-age=")
        assert first.headers["Vary"] == "Accept-Language, Accept-Encoding"
        assert not first.cookies
        with django_assert_num_queries(0, using="passport"):
            again = client.get(PRODUCT, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert client.get(PRODUCT, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_looking_is_not_a_scan(self, client: Client) -> None:
        stock(muesli())
        client.get(PRODUCT)
        assert not Scan.objects.exists()

    @pytest.mark.parametrize(
        ("gtin", "status", "code"),
        [
            (WATER, 404, "product_unknown"),
            ("09520123456780", 400, "gtin_check_digit"),
            ("00000000000000", 400, "gtin_zero"),
            ("12", 400, "gtin_length"),
            ("x" * 4000, 400, "gtin_length"),
            ("٩٥٢٠١٢٣٤٥٦٧٨٨", 400, "gtin_length"),
        ],
    )
    def test_errors_are_the_apis_own(self, client: Client, gtin: str, status: int, code: str) -> None:
        response = client.get(f"/api/v1/products/{gtin}", headers={"Accept": "text/html,*/*;q=0.8"})
        assert (response.status_code, response.json()["code"]) == (status, code)
        assert set(response.json()) - {"details"} == {"code", "message", "correlationId"}
        assert response.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_another_method(self, client: Client, method: str) -> None:
        response = client.generic(method, PRODUCT)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")

    def test_head(self, client: Client) -> None:
        stock(muesli())
        response = client.head(PRODUCT)
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["ETag"]

    @pytest.mark.parametrize(
        "text", ['"}],"x":["', "</script><script>alert(1)</script>", "\u2028\u2029", "حليب"]
    )
    def test_what_a_source_says_stays_a_string(self, client: Client, text: str) -> None:
        stock(full_of(text))
        product = client.get(PRODUCT).json()
        assert product["name"] == product["operator"] == text


class TestProducts:
    def test_a_result(self, client: Client) -> None:
        stock(muesli(), water())
        response = client.get("/api/v1/products", {"q": "muesli"})
        assert response.json() == {
            "products": [
                {
                    "gtin": MUESLI,
                    "url": f"{settings.PUBLIC_URL}/passport/{MUESLI}",
                    "name": "Crunchy muesli",
                    "brandName": "Alder Mill",
                    "quantity": "450 g",
                    "pictureUrl": f"{settings.PUBLIC_URL}/static/passport/demo/nut-muesli.svg",
                    "isDemo": False,
                    "verified": True,
                }
            ],
            "more": False,
        }
        assert "public" in response.headers["Cache-Control"]
        assert not response.cookies

    def test_nothing_found_is_an_answer(self, client: Client) -> None:
        assert client.get("/api/v1/products", {"q": "zzz"}).json() == {"products": [], "more": False}

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20"])
    def test_nothing_looked_for_is_a_mistake(self, client: Client, query: str) -> None:
        response = client.get(f"/api/v1/products{query}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid")
        assert "q:" in response.json()["message"]

    @pytest.mark.parametrize("query", ["?q=%00", "?q=%FF"])
    def test_unreadable_queries(self, client: Client, query: str) -> None:
        assert client.get(f"/api/v1/products{query}").json()["code"] == "bad_address"

    def test_a_nameless_product_has_something_to_click_on(self, client: Client) -> None:
        stock(CatalogueEntry(gtin=WATER, label=DigitalLabel(), sources=()))
        (found,) = client.get("/api/v1/products", {"q": WATER}).json()["products"]
        assert found["name"] == f"Product {WATER}"


def test_the_description_of_the_api_has_both(client: Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    one = document["paths"]["/api/v1/products/{gtin}"]["get"]
    many = document["paths"]["/api/v1/products"]["get"]
    assert (one["operationId"], many["operationId"]) == ("getProduct", "findProducts")
    schemas = document["components"]["schemas"]
    stock(muesli())
    product = schemas[
        one["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    ]
    assert set(product["properties"]) == set(client.get(PRODUCT).json())
    assert set(product["required"]) == set(product["properties"])
    results = schemas[
        many["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    ]
    assert set(results["properties"]) == {"products", "more"}
    assert one["responses"]["404"]["content"]["application/json"]["schema"]["$ref"].endswith("/Error")
    for operation, statuses in ((one, {"200", "400", "404", "429"}), (many, {"200", "400", "429"})):
        assert statuses <= set(operation["responses"])
        assert "security" not in operation or {} in operation["security"]
