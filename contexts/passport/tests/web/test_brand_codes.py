"""Codes in the brand console: what is seen and loaded, and by whom."""

import io
import zipfile
from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

import pytest
import zxingcpp
from django.conf import settings as django_settings
from django.http import HttpRequest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from contexts.passport.application import brand_products, company_prefixes
from contexts.passport.tests.entries import NOW
from packytrace.edge import ports
from packytrace.edge.ports import BrandIdentity

pytestmark = pytest.mark.django_db(databases=["passport"])

OURS, THEIRS = BrandIdentity(id=UUID(int=0xA), name="Alpenglanz"), BrandIdentity(id=UUID(int=0xB), name="Ost")
MILK = "09521001000017"
PAGE = f"/brand/codes/{MILK}"
ASKED = {
    "symbology": "datamatrix",
    "correction": "M",
    "x_mm": "0.5",
    "dark": "#000000",
    "light": "#ffffff",
    "lot": "L/1",
    "text": "on",
}


class FakeGate:
    brand = OURS

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        assert request.path.startswith("/brand/")
        return self.brand

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        raise AssertionError(f"No page asks for the account {account_id}.")


@pytest.fixture(autouse=True)
def gate(settings: Settings) -> Iterator[FakeGate]:
    """The gate in the place of the provider's; the milk is ours."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    provided = ports.brand_gate()
    fake = FakeGate()
    ports.bind(brand_gate=fake)
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="9521001", now=NOW)
    brand_products.add_product(brand_id=OURS.id, gtin=MILK, now=NOW)
    yield fake
    ports.bind(brand_gate=provided)


def read(content: bytes) -> str:
    (barcode,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(content)))
    return str(barcode.text)


def test_the_first_look_is_as_gs1_would_have_it(client: Client) -> None:
    page = client.get(PAGE)
    assert page.status_code == 200
    html = page.content.decode()
    assert f"{django_settings.PUBLIC_URL}/01/{MILK}" in html
    assert "The size is what GS1 asks for." in html
    assert "is-warn" not in html


def test_what_is_seen_is_what_is_loaded(client: Client) -> None:
    link = f"{django_settings.PUBLIC_URL}/01/{MILK}/10/L%2F1"
    assert link in client.get(PAGE, ASKED).content.decode()
    file = client.get(f"{PAGE}.png", ASKED)
    assert file.headers["Content-Disposition"] == f'attachment; filename="{MILK}.png"'
    assert read(file.content) == link


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"x_mm": "0.2"}, "smaller than the 0.396 mm"),
        ({"dark": "#ff0000"}, "too low to be read"),
        ({"dark": "#ffffff", "light": "#000000"}, "lighter than the ground"),
    ],
)
def test_what_tills_would_not_read_is_said(client: Client, asked: dict[str, str], said: str) -> None:
    html = client.get(PAGE, {**ASKED, **asked}).content.decode()
    assert said in html
    assert "is-warn" in html


@pytest.mark.parametrize(
    "asked",
    [
        {"lot": "é"},
        {"lot": "x" * 21},
        {"x_mm": "NaN"},
        {"x_mm": "-1"},
        {"dark": "red"},
        {"symbology": "ean"},
        {"best_before": "2026-02-30"},
        {"dark": "#000000<script>"},
    ],
)
def test_what_cannot_be_printed_says_so_and_keeps_what_was_typed(
    client: Client, asked: dict[str, str]
) -> None:
    page = client.get(PAGE, {**ASKED, **asked})
    assert page.status_code == 400
    html = page.content.decode()
    assert "<script>" not in html
    assert 'value="L/1"' in html or "lot" in asked
    assert client.get(f"{PAGE}.svg", {**ASKED, **asked}).status_code == 400


def test_a_batch_is_a_zip_file_with_a_code_for_each_serial(client: Client) -> None:
    answer = client.post(f"{PAGE}/batch?{urlencode(ASKED)}", {"serials": "S1\nS2\n", "form": "png"})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert read(archive.read("0002.png")).endswith(f"/01/{MILK}/10/L%2F1/21/S2")
    wrong = client.post(f"{PAGE}/batch?{urlencode(ASKED)}", {"serials": "S1\né", "form": "png"})
    assert wrong.status_code == 400
    assert "console-error" in wrong.content.decode()


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}.svg", f"{PAGE}/batch"])
def test_anothers_product_is_not_there(client: Client, gate: FakeGate, address: str) -> None:
    gate.brand = THEIRS
    method = client.post if address.endswith("batch") else client.get
    assert method(address).status_code == 404
