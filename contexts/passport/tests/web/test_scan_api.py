"""The API of scans as a program uses it, and misuses it."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from contexts.passport.models import OutboxFact, Scan
from contexts.passport.tests.entries import MUESLI, muesli, stock, tell_of
from contexts.passport.tests.web.conftest import GTIN
from packytrace.edge.tests.bad_bodies import BAD_BODIES

pytestmark = pytest.mark.django_db(databases=["passport", "identity"])

SCANS = "/api/v1/scans"


def post(client: Client, code: object) -> HttpResponse:
    return client.post(SCANS, json.dumps({"code": code}), content_type="application/json")


def told() -> int:
    return OutboxFact.objects.filter(type="UnknownProductReported").count()


class TestRecord:
    def test_a_link_is_resolved(self, client: Client, product: str) -> None:
        code = f"https://id.gs1.org/01/{product}/10/A%2FB?17=261231&15=261100&3103=000195"
        response = post(client, code)
        assert response.status_code == 201
        assert response.headers["Cache-Control"] == "no-store"
        row = Scan.objects.get()
        assert response.headers["Location"] == f"{SCANS}/{row.id}"
        assert response.json() == {
            "scanId": str(row.id),
            "gtin": product,
            "productKnown": True,
            "scannedAt": row.scanned_at.isoformat().replace("+00:00", "Z"),
            "passportUrl": f"{settings.PUBLIC_URL}/passport/{product}",
            "reportUrl": None,
            "scannedItem": {
                "gtin": product,
                "cpv": None,
                "lot": "A/B",
                "serial": None,
                "expiry": "2026-12-31",
                "bestBefore": "2026-11-30",
                "netWeightKg": "0.195",
                "raw": code,
            },
        }
        assert row.channel == "api"

    @pytest.mark.parametrize(
        "code",
        [
            "9520123456788",
            "09520123456788",
            " 9520123456788 ",
            "9 520123 456788",
            "(01)09520123456788(10)ABC(17)271231",
            "\x1d010952012345678810ABC\x1d17271231",
        ],
    )
    def test_other_forms_are_resolved(self, client: Client, product: str, code: str) -> None:
        assert post(client, code).json()["gtin"] == product

    def test_an_unknown_product_is_a_scan_that_can_be_reported(self, client: Client) -> None:
        scan = post(client, "96385074").json()
        assert (scan["gtin"], scan["productKnown"], scan["passportUrl"]) == ("00000096385074", False, None)
        path = scan["reportUrl"].removeprefix(settings.PUBLIC_URL)
        first, second = client.post(path), client.post(path)
        assert first.status_code == second.status_code == 200
        assert first.json() == second.json()
        assert first.json()["gtin"] == "00000096385074"
        assert told() == 1


class TestRefused:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("9520123456789", "gtin_check_digit"),
            ("952012345678", "gtin_check_digit"),
            ("12345", "gtin_length"),
            ("00000000000000", "gtin_zero"),
            ("muesli", "not_a_code"),
            ("https://example.com/", "link_without_gtin"),
            ("https://example.com/414/9520123456788", "key_not_read"),
            (f"https://example.com/01/{GTIN}?10=A", "qualifier_in_query"),
            (f"https://example.com/01/{GTIN}/10/A%00", "ai_value"),
            ("9" * 3000, "code_too_long"),
            ("", "invalid"),
            (None, "invalid"),
            (["9520123456788"], "invalid"),
        ],
    )
    def test_each_with_a_code_and_words(self, client: Client, code: object, expected: str) -> None:
        response = post(client, code)
        assert response.status_code == 400
        body = response.json()
        assert set(body) - {"details"} == {"code", "message", "correlationId"}
        assert set(body.get("details", {"ai", "position"})) == {"ai", "position"}
        assert body["code"] == expected
        assert body["message"]
        assert body["correlationId"] == response.headers["X-Correlation-ID"]
        assert Scan.objects.count() == 0

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"{", "application/json", 400),
            (b"[]", "application/json", 400),
            (b"{}", "application/json", 400),
            (b'"9520123456788"', "application/json", 400),
            (b'{"code":"\xff"}', "application/json", 400),
            (b"code=9520123456788", "application/x-www-form-urlencoded", 415),
            (b"9520123456788", "text/plain", 415),
            (b'{"code":"' + b"9" * 10_000_000 + b'"}', "application/json", 413),
        ],
    )
    def test_bodies_that_are_not_ours(
        self, client: Client, body: bytes, content_type: str, status: int
    ) -> None:
        response = client.post(SCANS, body, content_type=content_type)
        assert response.status_code == status
        assert set(response.json()) == {"code", "message", "correlationId"}

    @pytest.mark.parametrize(("body", "code"), BAD_BODIES)
    def test_bodies_that_no_endpoint_reads(self, client: Client, body: bytes, code: str) -> None:
        response = client.post(SCANS, body, content_type="application/json")
        assert (response.status_code, response.json()["code"]) == (400, code)

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
    def test_another_method(self, client: Client, method: str) -> None:
        response = client.generic(method, SCANS)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


class TestOwner:
    @pytest.fixture
    def scan(self, client: Client) -> dict[str, Any]:
        return post(client, "96385074").json()

    def test_sees_it(self, client: Client, scan: dict[str, Any]) -> None:
        response = client.get(f"{SCANS}/{scan['scanId']}")
        assert (response.status_code, response.json()) == (200, {**scan, "passport": None})
        assert response.headers["Cache-Control"] == "no-store"

    def test_sees_the_passport_with_the_journey_of_the_lot(self, client: Client) -> None:
        stock(muesli())
        tell_of(MUESLI, lot="L1")
        made = [post(client, f"(01){MUESLI}(10){lot}").json()["scanId"] for lot in ("L1", "L2")]
        of_lot, general = (client.get(f"{SCANS}/{scan}").json()["passport"] for scan in made)
        assert (of_lot["journeyLot"], of_lot["journey"][0]["place"]) == ("L1", "Our own field")
        assert (general["journeyLot"], general["journey"][0]["place"]) == (None, "County Meath")
        assert of_lot["sections"] == {"journey": "loaded", "eco": "loaded"}

    def test_nobody_else_does(self, client: Client, scan: dict[str, Any]) -> None:
        client.cookies.clear()
        for response in (
            client.get(f"{SCANS}/{scan['scanId']}"),
            client.post(f"{SCANS}/{scan['scanId']}/report"),
            client.get(f"{SCANS}/{uuid4()}"),
        ):
            assert (response.status_code, response.json()["code"]) == (404, "scan_not_found")
            assert "cookie" in response.json()["message"]
        assert told() == 0

    def test_no_visitor_is_minted_by_asking(self, client: Client, scan: dict[str, Any]) -> None:
        client.cookies.clear()
        assert not client.get(f"{SCANS}/{scan['scanId']}").cookies


def test_the_description_names_every_field_of_the_answer(client: Client, product: str) -> None:
    scan = post(client, product).json()
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert set(schemas["ScanView"]["properties"]) == set(scan)
    assert set(schemas["ScannedItemView"]["properties"]) == set(scan["scannedItem"])
