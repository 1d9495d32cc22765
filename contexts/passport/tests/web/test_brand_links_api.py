"""The API of links: versions, requests that are sent twice, and whose links are whose."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from contexts.passport.models import Link
from contexts.passport.tests.brand_products import BREAD, EDITOR, MILK, OURS, STRANGER, THEIRS, own
from packytrace.edge import bearer, ports
from packytrace.edge.openapi import document
from packytrace.edge.ports import BrandIdentity

pytestmark = pytest.mark.django_db(databases=["passport"])

LINKS = "/api/v1/brand/links"
BODY = {"gtin": MILK, "linkType": "pip", "href": "https://example.com/", "title": "Milk", "languages": ["de"]}
BRANDS = {EDITOR.account_id: OURS, STRANGER.account_id: THEIRS}


class Gate:
    """Knows for which brand an account works."""

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        raise AssertionError("The API asks for nobody's session.")

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        return BrandIdentity(id=BRANDS[account_id], name="Alpenglanz")


@pytest.fixture(autouse=True)
def _people(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bearer, "_bearer_of", lambda authorization: authorization)
    accounts = {"Bearer heidi": EDITOR.account_id, "Bearer marco": STRANGER.account_id}
    monkeypatch.setattr(bearer, "_account_of", accounts.__getitem__)
    gate = ports.brand_gate()
    ports.bind(brand_gate=Gate())
    own(OURS)
    own(THEIRS)
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


def add(body: object = BODY, *, by: str = "heidi") -> dict[str, Any]:
    answer = ask("POST", LINKS, body, by=by, Idempotency_Key=str(uuid4()))
    assert answer.status_code == 201, answer.content
    return {**orjson.loads(answer.content), "etag": answer.headers["ETag"]}


def code(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, orjson.loads(answer.content)["code"]


def test_a_link_is_added_read_changed_and_removed() -> None:
    added = add({**BODY, "lot": "L/1", "isDefault": True, "validFrom": "2026-03-01T00:00:00Z"})
    assert (added["anchor"], added["linkType"], added["etag"]) == (f"/01/{MILK}/10/L%2F1", "gs1:pip", '"1"')
    address = f"{LINKS}/{added['id']}"
    read = ask("GET", address)
    assert orjson.loads(read.content)["lot"] == "L/1"
    assert orjson.loads(read.content)["check"]["state"] == "unchecked"
    assert ask("GET", address, If_None_Match=read.headers["ETag"]).status_code == 304
    assert code(ask("PUT", address, BODY)) == (428, "link_version_missing")
    assert code(ask("DELETE", address)) == (428, "link_version_missing")
    assert code(ask("PUT", address, BODY, If_Match='"7"')) == (412, "link_changed")
    assert code(ask("DELETE", address, If_Match='W/"1"')) == (412, "link_changed")
    changed = ask("PUT", address, BODY, If_Match='"1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert orjson.loads(changed.content)["lot"] == ""
    assert ask("DELETE", address, If_Match="*").status_code == 204
    assert code(ask("GET", address)) == (404, "link_not_found")


def test_the_same_request_again_adds_nothing() -> None:
    key = str(uuid4())
    first = ask("POST", LINKS, BODY, Idempotency_Key=key)
    again = ask("POST", LINKS, BODY, Idempotency_Key=f'"{key}"')
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    other = ask("POST", LINKS, {**BODY, "title": "Cheese"}, Idempotency_Key=key)
    assert code(other) == (409, "link_key_reused")
    assert code(ask("POST", LINKS, BODY)) == (400, "link_key_needed")
    # Another brand's key of the same name is another key.
    theirs = ask("POST", LINKS, {**BODY, "gtin": BREAD}, by="marco", Idempotency_Key=key)
    assert theirs.status_code == 201
    assert Link.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"href": "https://10.0.0.1/"}, "link_not_accepted"),
        ({"href": "https://example.com:99999/"}, "link_not_accepted"),
        ({"gtin": "123"}, "link_not_accepted"),
        ({"gtin": BREAD}, "product_not_yours"),
        ({"brandId": str(THEIRS)}, "invalid"),
        ({"languages": "de"}, "invalid"),
        ({"title": None}, "invalid"),
    ],
)
def test_what_cannot_be_registered_is_refused(change: dict[str, object], expected: str) -> None:
    assert code(ask("POST", LINKS, {**BODY, **change}, Idempotency_Key="k"))[1] == expected
    assert not Link.objects.exists()


def test_another_brands_link_is_not_there() -> None:
    address = f"{LINKS}/{add()['id']}"
    for method, body in (("GET", None), ("PUT", {**BODY, "gtin": BREAD}), ("DELETE", None)):
        assert code(ask(method, address, body, by="marco", If_Match='"1"')) == (404, "link_not_found")
    theirs = orjson.loads(ask("GET", f"{LINKS}?gtin={MILK}", by="marco").content)
    assert theirs == {"links": [], "next": None}
    assert Link.objects.get().version == 1
    assert Client().get(LINKS).status_code == 401


def test_pages_follow_each_other() -> None:
    ids = {add({**BODY, "lot": f"L{number}"})["id"] for number in range(3)}
    first = orjson.loads(ask("GET", f"{LINKS}?limit=2").content)
    rest = orjson.loads(ask("GET", f"{LINKS}?limit=2&cursor={first['next']}").content)
    assert {link["id"] for link in (*first["links"], *rest["links"])} == ids
    assert rest["next"] is None
    assert code(ask("GET", f"{LINKS}?cursor=x")) == (400, "cursor_not_accepted")


def test_the_description_names_what_is_answered() -> None:
    paths = orjson.loads(document()[0])["paths"]
    one, several = paths[f"{LINKS}/{{link_id}}"], paths[LINKS]
    assert {"200", "400", "404", "412", "428"} <= set(one["put"]["responses"])
    assert {"201", "400", "401", "403", "404", "409"} <= set(several["post"]["responses"])
    assert several["post"]["security"] == [{"accessToken": []}]
