"""The Resolver's answers where links are registered, clause by clause of GS1's standard."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jsonschema_rs
import orjson
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from contexts.passport.application.resolving import preview
from contexts.passport.domain.choosing import Outcome, wish_of
from contexts.passport.models import Recall, Scan
from contexts.passport.tests.links import ANCHOR, GTIN, NOW, link, store
from contexts.passport.tests.web.test_resolver import scan, scan_cookie
from contexts.passport.web.scan_cookie import COOKIE as SCAN_COOKIE
from tests import parts

pytestmark = pytest.mark.django_db(databases=["passport", "identity"])

ROOT = settings.PUBLIC_URL
PASSPORT = f"{ROOT}/passport/{GTIN}"
JSON = "application/linkset+json"
VOC = "https://ref.gs1.org/voc/"
TAG = "/eh3034257bf7194e4000001a85"  # SGTIN-96 of GTIN 80614141123458


def location(response: HttpResponse) -> str:
    assert response.status_code == 307, response.status_code
    return str(response.headers["Location"])


def listed(client: Client, target: str, *, accept: str = JSON) -> dict[str, object]:
    response = scan(client, target, Accept=accept)
    assert response.status_code == 200
    document: dict[str, object] = response.json()
    jsonschema_rs.validator_for(
        orjson.loads(parts.shared("gs1", "linkset-schema.json").read_bytes())
    ).validate(document)
    return document


class TestEveryAnswer:
    @pytest.mark.parametrize(
        ("query", "accept", "status"),
        [
            ("", "text/html", 307),
            ("?linkType=linkset", "", 200),
            ("", JSON, 200),
            ("?linkType=gs1:recipeInfo", "text/html", 300),
            ("?linkType=gs1:recipeInfo", "", 300),
            ("?linkType=gs1:nosuch", "text/html", 404),
            ("?linkType=gs1:nosuch", "application/json", 404),
        ],
    )
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_it_says_where_the_list_is_and_whom_it_may_be_read_by(
        self, client: Client, product: str, query: str, accept: str, status: int, method: str
    ) -> None:
        store(1, link_type="gs1:recipeInfo")
        store(2, link_type="gs1:recipeInfo")
        target = f"{ANCHOR}/10/A%2Fb{query}"
        response = client.generic(
            method, "/01/", headers={"Accept": accept}, REQUEST_URI=target, QUERY_STRING=query[1:]
        )
        headers = response.headers
        assert response.status_code == status
        wanted = f'<{ROOT}{ANCHOR}/10/A%2Fb?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
        assert wanted in headers["Link"]
        assert {"Accept", "Accept-Language"} <= set(headers["Vary"].split(", "))
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "Link" in headers["Access-Control-Expose-Headers"]

    @pytest.mark.parametrize(
        "query", ["", "?linkType=linkset", "?linkType=gs1:pip&x=1", "?linkType=gs1:nosuch"]
    )
    @pytest.mark.parametrize("path", [ANCHOR, f"{ANCHOR}/10/L", "/414/9520123456788", TAG])
    def test_a_slash_at_the_end_changes_nothing(
        self, client: Client, product: str, path: str, query: str
    ) -> None:
        store(1)
        answers = [
            client.get(f"{path}{slash}{query}", headers={"Accept": "application/ld+json;q=0.1, text/html"})
            for slash in ("", "/")
        ]
        first, second = ((one.status_code, one.get("Location"), one.get("Link")) for one in answers)
        assert first == second
        assert first[0] in {200, 307, 404}

    def test_a_value_that_is_missing_is_no_slash_at_the_end(self, client: Client, product: str) -> None:
        assert scan(client, f"{ANCHOR}/10/").status_code == 400


class TestRedirect:
    def test_it_is_the_default_of_the_list_with_the_whole_query(self, client: Client, product: str) -> None:
        store(1, href="https://brand.example/muesli?from=code#top", is_default=True)
        query = "17=261231;utm=%20a&flag&3103=000195"
        default = listed(client, ANCHOR)["linkset"][0][f"{VOC}defaultLink"]  # type: ignore[index]
        assert default == [{"href": "https://brand.example/muesli?from=code#top", "title": "Page 1"}]
        assert location(scan(client, ANCHOR)) == default[0]["href"]
        assert location(scan(client, f"{ANCHOR}?{query}")) == (
            f"https://brand.example/muesli?from=code&{query}#top"
        )

    def test_without_one_it_is_the_passport(self, client: Client, product: str) -> None:
        store(1, link_type="gs1:recipeInfo")
        (entity,) = listed(client, f"{ANCHOR}/10/L")["linkset"]  # type: ignore[misc]
        assert entity[f"{VOC}defaultLink"] == [{"href": PASSPORT, "title": "Product passport"}]
        assert entity[f"{VOC}pip"][0]["href"] == PASSPORT
        assert entity["itemDescription"] == "Oat muesli"
        assert location(scan(client, f"{ANCHOR}/10/L?x=1")) == f"{PASSPORT}?x=1"

    def test_a_brands_own_page_is_a_scan_all_the_same(self, client: Client, product: str) -> None:
        store(1, is_default=True)
        response = scan(client, f"{ANCHOR}/10/L")
        assert location(response) == "https://brand.example/1"
        row = Scan.objects.get()
        assert (row.lot, row.product_known) == ("L", True)
        assert scan_cookie(response)[SCAN_COOKIE]["path"] == f"/passport/{GTIN}"

    def test_what_browsers_leave_raw_in_a_query_is_no_wrong_code(self, client: Client, product: str) -> None:
        response = scan(client, f"{ANCHOR}?utm=a|b^{{c}}`\\&x[]=1")
        assert location(response) == f"{PASSPORT}?utm=a%7Cb%5E%7Bc%7D%60%5C&x[]=1"

    def test_a_link_may_keep_the_query_for_itself(self, client: Client, product: str) -> None:
        store(1, is_default=True, passes_query=False)
        assert location(scan(client, f"{ANCHOR}?17=261231")) == "https://brand.example/1"

    def test_who_only_looks_is_led_to_the_same_place(self, client: Client, product: str) -> None:
        store(1, is_default=True)
        store(2, hreflang=["fr"])
        for language, place in (("", 1), ("fr-CA", 2)):
            target = f"https://brand.example/{place}"
            looks = client.head(ANCHOR, headers={"Accept-Language": language})
            assert location(scan(client, ANCHOR, **{"Accept-Language": language})) == target
            assert location(looks) == target

    def test_the_next_level_up_answers_without_another_redirect(self, client: Client, product: str) -> None:
        store(1, is_default=True)
        store(2, anchor=f"{ANCHOR}/10/L", link_type="gs1:traceability", is_default=True)
        store(3, anchor=f"{ANCHOR}/21/S", link_type="gs1:registerProduct")
        leads = {
            f"{ANCHOR}/10/L": 2,
            f"{ANCHOR}/10/M": 1,
            f"{ANCHOR}/10/L/21/S": 2,
            f"{ANCHOR}/10/L?linkType=pip": 1,
            f"{ANCHOR}/10/L/21/S?linkType=registerProduct": 3,
        }
        for target, number in leads.items():
            found = location(scan(client, target)).partition("?")[0]
            assert found == f"https://brand.example/{number}", target

    def test_a_template_takes_what_was_scanned(self, client: Client, product: str) -> None:
        store(1, href="https://brand.example/t/{gtin}/{lot}", link_type="gs1:traceability")
        asked = "?linkType=traceability"
        assert location(scan(client, f"{ANCHOR}/10/A%2F%3F{asked}")) == (
            f"https://brand.example/t/{GTIN}/A%2F%3F?linkType=traceability"
        )
        assert scan(client, f"{ANCHOR}{asked}").status_code == 404

    def test_a_link_that_is_over_is_not_there(self, client: Client, product: str) -> None:
        store(1, is_default=True, valid_to=NOW)
        store(2, valid_from=NOW + timedelta(days=36_500), link_type="gs1:recipeInfo")
        assert location(scan(client, ANCHOR)) == PASSPORT
        assert scan(client, f"{ANCHOR}?linkType=recipeInfo").status_code == 404
        assert preview(anchor=ANCHOR, wish=wish_of(query="", accept="", accept_language=""), at=NOW).link
        before = preview(
            anchor=ANCHOR, wish=wish_of(query="", accept="", accept_language=""), at=NOW - timedelta(days=1)
        )
        assert before.link == link(1, is_default=True, valid_to=NOW)

    def test_a_default_of_december_counts_in_december(self, client: Client, product: str) -> None:
        december = datetime(2026, 12, 1, tzinfo=UTC)
        store(1, is_default=True)
        store(2, is_default=True, valid_from=december, valid_to=december + timedelta(days=25))
        wish = wish_of(query="", accept="", accept_language="")
        found = [
            preview(anchor=ANCHOR, wish=wish, at=december + timedelta(days=days)).link
            for days in (-1, 0, 24, 25)
        ]
        assert [one and one.href.rpartition("/")[2] for one in found] == ["1", "2", "2", "1"]

    def test_the_list_has_the_default_that_counts_now(self, client: Client, product: str) -> None:
        store(1, is_default=True)
        store(2, is_default=True, valid_from=NOW - timedelta(days=1))
        (entity,) = listed(client, ANCHOR)["linkset"]  # type: ignore[misc]
        assert [one["href"] for one in entity[f"{VOC}defaultLink"]] == ["https://brand.example/2"]
        assert location(scan(client, ANCHOR)) == "https://brand.example/2"

    def test_a_product_that_we_lack_leads_to_its_brand(self, client: Client) -> None:
        store(1, is_default=True)
        response = scan(client, ANCHOR)
        assert location(response) == "https://brand.example/1"
        assert Scan.objects.get().product_known is False
        assert SCAN_COOKIE not in response.headers.get("Set-Cookie", "")

    def test_a_default_that_does_not_exist_is_a_choice(self, client: Client) -> None:
        store(1)
        response = scan(client, ANCHOR, Accept=f"image/png, {JSON};q=0")
        assert (response.status_code, response.headers["Content-Type"]) == (300, JSON)


class TestRecall:
    @pytest.fixture
    def recalled_lot(self, product: str) -> None:
        Recall.objects.create(
            id=uuid4(), gtin=product, lots=["BAD"], reason="allergen", text="Milk", announced_at=NOW
        )
        store(1, is_default=True)
        store(2, anchor=f"{ANCHOR}/10/BAD", is_default=True)

    @pytest.mark.parametrize(
        ("path", "leads"),
        [
            ("/10/BAD", PASSPORT),
            ("/10/BAD/21/S", PASSPORT),
            ("", PASSPORT),
            ("/10/GOOD", "https://brand.example/1"),
        ],
    )
    def test_a_pack_that_it_may_mean_leads_to_the_warning(
        self, client: Client, recalled_lot: None, path: str, leads: str
    ) -> None:
        assert location(scan(client, f"{ANCHOR}{path}")) == leads
        entities = listed(client, f"{ANCHOR}{path}")["linkset"]
        defaults = [one[f"{VOC}defaultLink"] for one in entities if f"{VOC}defaultLink" in one]  # type: ignore[attr-defined]
        assert [default[0]["href"] for default in defaults] == [leads]

    def test_what_is_asked_for_by_type_is_answered(self, client: Client, recalled_lot: None) -> None:
        assert location(scan(client, f"{ANCHOR}/10/BAD?linkType=pip")).startswith("https://brand.example/2")
        assert location(scan(client, f"{ANCHOR}/10/BAD?linkType=recallStatus")).startswith(PASSPORT)

    def test_one_that_was_taken_back_changes_nothing(self, client: Client, recalled_lot: None) -> None:
        Recall.objects.update(withdrawn=True)
        assert location(scan(client, f"{ANCHOR}/10/BAD")) == "https://brand.example/2"


class TestList:
    def test_it_is_the_union_of_levels_the_most_specific_first(self, client: Client, product: str) -> None:
        for number, path in enumerate(("", "/22/V", "/10/L", "/22/V/10/L", "/21/S"), start=1):
            store(number, anchor=f"{ANCHOR}{path}")
        store(9, anchor=f"{ANCHOR}/10/OTHER")
        entities = listed(client, f"{ANCHOR}/22/V/10/L/21/S")["linkset"]
        assert [one["anchor"].removeprefix(ROOT + ANCHOR) for one in entities] == [  # type: ignore[attr-defined]
            "/21/S",
            "/22/V/10/L",
            "/10/L",
            "/22/V",
            "",
        ]

    def test_links_of_single_packs_are_never_all_listed(self, client: Client, product: str) -> None:
        for number in range(1, 30):
            store(number, anchor=f"{ANCHOR}/21/{number}")
        assert len(listed(client, ANCHOR)["linkset"]) == 1  # type: ignore[arg-type]
        assert len(listed(client, f"{ANCHOR}/21/7")["linkset"]) == 2  # type: ignore[arg-type]

    @pytest.mark.parametrize("accept", [JSON, "application/json", "application/ld+json"])
    def test_programs_get_it_as_they_ask(self, client: Client, product: str, accept: str) -> None:
        store(1)
        response = scan(client, f"{ANCHOR}?linkType=linkset", Accept=accept)
        assert (response.status_code, response.headers["Content-Type"]) == (200, accept)
        assert 'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"' in response["Link"]
        assert ("@context" in response.json()) == (accept == "application/ld+json")
        again = scan(client, ANCHOR, Accept=accept, **{"If-None-Match": response.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert 'rel="linkset"' in again.headers["Link"]
        assert all(
            scan(client, ANCHOR, Accept=other).headers["ETag"] != response.headers["ETag"]
            for other in {JSON, "application/json", "application/ld+json"} - {accept}
        )
        store(2)
        changed = scan(client, ANCHOR, Accept=accept, **{"If-None-Match": response.headers["ETag"]})
        assert changed.status_code == 200

    @pytest.mark.parametrize("accept", ["", "*/*", "text/html"])
    def test_people_get_a_page_with_it_inside(self, client: Client, product: str, accept: str) -> None:
        store(1, title="</script><script>alert(1)", hreflang=["de"])
        response = scan(client, f"{ANCHOR}?linkType=linkset", Accept=accept, **{"Accept-Language": "it"})
        page = response.content.decode()
        assert (response.status_code, response.headers["Content-Language"]) == (200, "it")
        inside = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        document = orjson.loads(inside)
        assert document.pop("@context")
        assert document == listed(client, ANCHOR)
        assert "<script>alert(1)" not in page
        assert 'href="https://brand.example/1"' in page
        assert "Oat muesli" in page

    def test_a_code_without_anything_has_no_list(self, client: Client) -> None:
        response = scan(client, ANCHOR, Accept=JSON)
        assert (response.status_code, response.json()["code"]) == (404, "product_unknown")
        assert response.headers["Access-Control-Allow-Origin"] == "*"


class TestChoice:
    def test_what_stands_equal_is_offered_as_a_list(self, client: Client, product: str) -> None:
        for number in (1, 2):
            store(number, link_type="gs1:recipeInfo", hreflang=["de"])
        store(3, link_type="gs1:recipeInfo", hreflang=["fr"])
        target = f"{ANCHOR}?linkType=recipeInfo"
        response = scan(client, target, Accept="*/*", **{"Accept-Language": "de"})
        assert (response.status_code, response.headers["Content-Type"]) == (300, JSON)
        (entity,) = response.json()["linkset"]
        assert [one["title"] for one in entity[f"{VOC}recipeInfo"]] == ["Page 1", "Page 2"]
        page = scan(client, target, Accept="text/html", **{"Accept-Language": "de"})
        assert page.status_code == 300
        assert b"https://brand.example/2" in page.content
        assert page.headers["Cache-Control"] == "no-store"
        french = location(scan(client, target, **{"Accept-Language": "fr"}))
        assert french == "https://brand.example/3?linkType=recipeInfo"

    def test_a_type_that_is_not_there_is_told_with_what_is(self, client: Client, product: str) -> None:
        store(1, link_type="gs1:recipeInfo")
        body = scan(client, f"{ANCHOR}?linkType=gs1:epil", Accept="application/json")
        assert (body.status_code, body.json()["code"]) == (404, "link_type_not_there")
        assert f"{VOC}recipeInfo" in body.json()["linkset"][0]
        page = scan(client, f"{ANCHOR}?linkType=gs1:epil", Accept="text/html")
        assert page.status_code == 404
        assert b"https://brand.example/1" in page.content

    @pytest.mark.parametrize(
        "spelled", ["pip", "gs1:pip", "https://gs1.org/voc/pip", "https://ref.gs1.org/voc/pip"]
    )
    def test_a_link_type_in_any_spelling(self, client: Client, product: str, spelled: str) -> None:
        store(1)
        assert location(scan(client, f"{ANCHOR}?linkType={spelled}")).startswith("https://brand.example/1?")

    def test_our_own_page_is_there_where_a_brand_has_none(self, client: Client, product: str) -> None:
        assert location(scan(client, f"{ANCHOR}?linkType=pip")) == f"{PASSPORT}?linkType=pip"

    def test_the_context_of_the_query_decides(self, client: Client, product: str) -> None:
        store(1, link_type="gs1:recipeInfo", context=["DE"])
        store(2, link_type="gs1:recipeInfo", context=["FR"])
        query = "linkType=recipeInfo&context=FR"
        assert location(scan(client, f"{ANCHOR}?{query}")) == f"https://brand.example/2?{query}"
        wish = wish_of(query="linkType=recipeInfo", accept="", accept_language="")
        assert preview(anchor=ANCHOR, wish=wish, at=NOW).outcome is Outcome.SEVERAL


class TestOtherKeys:
    CODES = (
        "/00/952012345678912345",
        "/253/9520123456788",
        "/255/9520123456788",
        "/401/9520123",
        "/402/95201234567891242",
        "/414/9520123456788",
        "/415/9520123456788/8020/ABC",
        "/417/9520123456788",
        "/8003/09520123456788",
        "/8004/9520123ABC",
        "/8006/095201234567880102",
        "/8010/9520123ABC",
        "/8013/9520123ABCAJ",
        "/8017/952012345678912345",
        "/8018/952012345678912345",
    )

    @pytest.mark.parametrize("code", CODES)
    def test_a_right_code_leads_where_somebody_registered(self, client: Client, code: str) -> None:
        nothing = client.get(code, headers={"Accept": "application/json"})
        assert (nothing.status_code, nothing.json()["code"]) == (404, "nothing_registered"), nothing.content
        store(1, anchor=code, is_default=True)
        assert location(client.get(f"{code}?x=1")) == "https://brand.example/1?x=1"
        assert not Scan.objects.exists()

    def test_nothing_registered_and_a_wrong_code_are_told_apart(self, client: Client) -> None:
        nothing = client.get("/414/9520123456788", headers={"Accept": "application/json"})
        assert (nothing.status_code, nothing.json()["code"]) == (404, "nothing_registered")
        assert b"Nothing is registered for this code" in client.get("/414/9520123456788").content
        wrong = client.get("/414/9520123456789", headers={"Accept": "application/json"})
        assert (wrong.status_code, wrong.json()["code"]) == (400, "ai_check_digit")

    def test_a_radio_tag_is_read_as_the_code_that_it_says(self, client: Client) -> None:
        gtin = "80614141123458"
        store(1, anchor=f"/01/{gtin}", href="https://brand.example/{gtin}/{serial}", is_default=True)
        response = client.get("/eh3074257bf7194e4000001a85?x=1")
        assert location(response) == f"https://brand.example/{gtin}/6789?x=1"
        assert f"<{ROOT}/01/{gtin}/21/6789?linkType=linkset>" in response.headers["Link"]
        assert Scan.objects.get().serial == "6789"
        assert client.get("/eh30742").status_code == 400


def test_the_resolver_describes_itself(client: Client) -> None:
    response = client.get("/.well-known/gs1resolver")
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Vary" not in response.headers
    document = response.json()
    schema = orjson.loads(parts.shared("gs1", "description-file-schema.json").read_bytes())
    jsonschema_rs.validator_for(schema).validate(document)
    assert (document["resolverRoot"], document["supportedPrimaryKeys"]) == (ROOT, ["01"])
    assert document["supportedLinkType"] == [{"namespace": VOC, "prefix": "gs1:"}]


@pytest.mark.parametrize("address", [ANCHOR, "/.well-known/gs1resolver"])
def test_what_may_be_asked_is_told_to_the_scripts_of_other_sites(client: Client, address: str) -> None:
    preflight = client.options(address)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert "If-None-Match" in preflight.headers["Access-Control-Allow-Headers"]
    refused = client.post(address, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (405, "method_not_allowed")
    for answer in (preflight, refused):
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
