"""The API of a brand's products: versions, requests that are sent twice, and whose products are whose."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from contexts.passport.application import brand_products, company_prefixes
from contexts.passport.application.catalogue import find_entry
from contexts.passport.models import BrandProduct, OutboxFact
from packytrace.databases.scope import brand_scope
from packytrace.edge import bearer, ports
from packytrace.edge.openapi import document
from packytrace.edge.ports import BrandIdentity

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
PRODUCTS = "/api/v1/brand/products"
HEIDI, MARCO = UUID(int=1), UUID(int=2)
BRANDS = {
    HEIDI: BrandIdentity(id=UUID(int=0xA), name="Alpenglanz"),
    MARCO: BrandIdentity(id=UUID(int=0xB), name="Ostwind"),
}
MILK, THEIRS = "09521001000017", "09521002000016"
LABEL = {"names": {"en": "Mountain milk"}, "ingredients": {"en": "Milk"}, "allergens": ["milk"]}


class Gate:
    """Knows for which brand an account works."""

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        raise AssertionError("The API asks for nobody's session.")

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        return BRANDS[account_id]


@pytest.fixture(autouse=True)
def _people(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bearer, "_bearer_of", lambda authorization: authorization)
    monkeypatch.setattr(bearer, "_account_of", {"Bearer heidi": HEIDI, "Bearer marco": MARCO}.__getitem__)
    gate = ports.brand_gate()
    ports.bind(brand_gate=Gate())
    for account, prefix in ((HEIDI, "9521001"), (MARCO, "9521002")):
        brand = BRANDS[account]
        company_prefixes.ensure_confirmed(brand_id=brand.id, brand_name=brand.name, prefix=prefix, now=NOW)
    yield
    ports.bind(brand_gate=gate)


def ask(method: str, address: str, body: object = None, *, by: str = "heidi", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().generic(  # type: ignore[return-value] # the stubs say less than it is
        method,
        address,
        b"" if body is None else orjson.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {by}", **named},
    )


def told(answer: HttpResponse, status: int = 200) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    said: dict[str, Any] = orjson.loads(answer.content)
    return said


def code(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, orjson.loads(answer.content)["code"]


def add(body: object, *, key: str = "", by: str = "heidi") -> HttpResponse:
    return ask("POST", PRODUCTS, body, by=by, Idempotency_Key=key or str(uuid4()))


def test_a_product_is_added_with_its_label_read_and_changed() -> None:
    added = add({"gtin": "9521001000017", "label": LABEL})
    said = told(added, 201)
    assert (said["gtin"], said["edition"], said["label"]["names"]) == (MILK, 1, {"en": "Mountain milk"})
    assert added.headers["Location"] == f"{PRODUCTS}/{MILK}"
    read = ask("GET", f"{PRODUCTS}/{MILK}")
    assert told(read) == said
    assert ask("GET", f"{PRODUCTS}/{MILK}", If_None_Match=read.headers["ETag"]).status_code == 304
    put = ask(
        "PUT",
        f"{PRODUCTS}/{MILK}",
        {"label": {**LABEL, "names": {"en": "Alpine milk"}}},
        If_Match=read.headers["ETag"],
    )
    assert told(put)["edition"] == 2
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.name == "Alpine milk"
    assert OutboxFact.objects.count() == 2


def test_the_same_request_again_adds_nothing() -> None:
    first = told(add({"gtin": MILK, "label": LABEL}, key="once"), 201)
    assert told(add({"gtin": MILK, "label": LABEL}, key='"once"'), 201) == first
    assert code(add({"gtin": MILK}, key="once")) == (409, "product_key_reused")
    assert code(add({"gtin": "09521001000024"}, key="once")) == (409, "product_key_reused")
    assert code(add({"gtin": MILK, "label": LABEL})) == (409, "brand_product_is_there")
    assert code(ask("POST", PRODUCTS, {"gtin": MILK})) == (400, "link_key_needed")
    assert OutboxFact.objects.count() == 1


def test_a_label_that_is_refused_leaves_no_product_behind() -> None:
    answer = add({"gtin": MILK, "label": {**LABEL, "names": {"en": "x" * 10_000}}}, key="again")
    assert code(answer) == (400, "label_not_accepted")
    assert "names.en: This has 10000 characters" in orjson.loads(answer.content)["message"]
    with brand_scope(brand_id=BRANDS[HEIDI].id, using="passport"):
        assert not BrandProduct.objects.exists()
    assert told(add({"gtin": MILK, "label": LABEL}, key="again"), 201)["edition"] == 1


@pytest.mark.parametrize(
    ("body", "code_"),
    [
        ([], "invalid"),
        ({"gtin": MILK, "brandId": str(UUID(int=0xB))}, "invalid"),
        ({"gtin": 9521001000017}, "gtin_length"),
        ({"gtin": "09521001000018"}, "gtin_check_digit"),
        ({"gtin": MILK, "label": "milk"}, "invalid"),
        ({"gtin": MILK, "label": {**LABEL, "price": 1}}, "label_not_accepted"),
    ],
)
def test_what_makes_no_sense_is_refused(body: object, code_: str) -> None:
    status, said = code(add(body))
    assert (status, said.endswith(code_)) == (400, True), said


def test_a_product_that_was_added_by_mistake_is_removed() -> None:
    added = add({"gtin": MILK})
    address, etag = f"{PRODUCTS}/{MILK}", added.headers["ETag"]
    assert code(ask("DELETE", address)) == (428, "brand_product_version_missing")
    assert code(ask("DELETE", address, by="marco", If_Match=etag)) == (404, "product_not_yours")
    assert code(ask("DELETE", address, If_Match='"9"')) == (412, "brand_product_changed")
    assert ask("DELETE", address, If_Match=etag).status_code == 204
    assert code(ask("DELETE", address, If_Match=etag)) == (404, "product_not_yours")
    add({"gtin": MILK, "label": LABEL})
    assert code(ask("DELETE", address, If_Match="*")) == (409, "brand_product_not_removable")
    assert ask("GET", address).status_code == 200


def test_a_change_says_to_which_version_it_is_made() -> None:
    add({"gtin": MILK})
    address, body = f"{PRODUCTS}/{MILK}", {"label": LABEL}
    assert code(ask("PUT", address, body)) == (428, "brand_product_version_missing")
    for wrong in ('"9"', 'W/"1"', "1", '""'):
        assert code(ask("PUT", address, body, If_Match=wrong)) == (412, "brand_product_changed")
    assert told(ask("PUT", address, body, If_Match="*"))["edition"] == 1


def test_products_are_listed_page_by_page() -> None:
    for number in ("09521001000017", "09521001000024", "09521001000031"):
        told(add({"gtin": number}), 201)
    first = told(ask("GET", f"{PRODUCTS}?limit=2"))
    assert [one["gtin"] for one in first["products"]] == ["09521001000017", "09521001000024"]
    second = told(ask("GET", f"{PRODUCTS}?limit=2&cursor={first['next']}"))
    assert ([one["gtin"] for one in second["products"]], second["next"]) == (["09521001000031"], None)
    assert ask("GET", f"{PRODUCTS}?cursor=x").status_code == 400


def test_another_brands_product_is_not_there_and_nobodys_prefix_is_no_product() -> None:
    told(add({"gtin": THEIRS, "label": LABEL}, by="marco"), 201)
    facts = OutboxFact.objects.count()
    address = f"{PRODUCTS}/{THEIRS}"
    assert code(ask("GET", address)) == (404, "product_not_yours")
    assert code(ask("PUT", address, {"label": LABEL}, If_Match="*")) == (404, "product_not_yours")
    assert code(add({"gtin": THEIRS, "label": LABEL})) == (403, "prefix_not_confirmed")
    assert told(ask("GET", PRODUCTS))["products"] == []
    assert Client().get(PRODUCTS).status_code == 401
    assert OutboxFact.objects.count() == facts
    assert brand_products.product_of(brand_id=BRANDS[MARCO].id, gtin=THEIRS).revision == 2


def test_the_description_names_every_operation() -> None:
    paths = orjson.loads(document()[0])["paths"]
    assert set(paths[PRODUCTS]) >= {"get", "post"}
    assert set(paths[f"{PRODUCTS}/{{gtin}}"]) >= {"get", "put"}
