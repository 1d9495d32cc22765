"""The Resolver as a phone, a script, a link checker and a broken printer see it."""

from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from contexts.passport.domain.digital_link import LONGEST_CODE
from contexts.passport.models import CatalogueEntry, OutboxFact, Scan
from contexts.passport.tests.web.conftest import GTIN
from contexts.passport.web.scan_cookie import COOKIE as SCAN_COOKIE
from packytrace.edge.visitors import COOKIE as VISITOR_COOKIE

pytestmark = pytest.mark.django_db(databases=["passport", "identity"])

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
CUBOT = "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def scan(client: Client, target: str, **headers: str) -> HttpResponse:
    """GET a raw request target as our server hands it over."""
    query = target.partition("?")[2]
    return client.get(
        "/01/",
        headers={"User-Agent": PHONE, **headers},
        REQUEST_URI=target,
        QUERY_STRING=query,
    )


def scan_cookie(response: HttpResponse) -> SimpleCookie:
    return SimpleCookie(response.headers["Set-Cookie"])


def passport(gtin: str) -> str:
    """The absolute address of a product's passport."""
    return f"{settings.PUBLIC_URL}/passport/{gtin}"


def counts() -> tuple[int, int]:
    return Scan.objects.count(), OutboxFact.objects.filter(type="ProductScanned").count()


class TestKnownProduct:
    def test_a_scan_is_recorded_and_leads_to_the_passport(self, client: Client, product: str) -> None:
        response = scan(client, f"/01/{product}/10/LOT%2F7/21/S1?17=261231&3103=000195&utm=x")
        assert response.status_code == 307
        assert response.headers["Location"] == f"{passport(product)}?17=261231&3103=000195&utm=x"
        assert response.headers["Cache-Control"] == "no-store"
        assert counts() == (1, 1)
        row = Scan.objects.get()
        assert (row.lot, row.serial, row.channel, row.product_known) == ("LOT/7", "S1", "link", True)
        assert row.raw.endswith(f"/01/{product}/10/LOT%2F7/21/S1?17=261231&3103=000195&utm=x")

    def test_the_scan_is_bound_to_the_page_by_a_cookie_and_not_by_the_address(
        self, client: Client, product: str
    ) -> None:
        response = scan(client, f"/01/{product}")
        row = Scan.objects.get()
        assert str(row.id) not in response.headers["Location"]
        morsel = scan_cookie(response)[SCAN_COOKIE]
        assert morsel["path"] == f"/passport/{product}"
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"
        assert morsel["max-age"] == "3600"

    def test_the_visitor_is_minted_at_the_first_scan_and_kept(self, client: Client, product: str) -> None:
        first = scan(client, f"/01/{product}")
        assert VISITOR_COOKIE in first.cookies
        second = scan(client, f"/01/{product}")
        assert VISITOR_COOKIE not in second.cookies
        assert Scan.objects.values("visitor_id").distinct().count() == 1

    @pytest.mark.parametrize("cookie", ["", "x", "A" * 48, "\xff\xfe", f"{VISITOR_COOKIE}={'B' * 5000}"])
    def test_a_broken_visitor_cookie_is_a_new_visitor(
        self, client: Client, product: str, cookie: str
    ) -> None:
        client.cookies[VISITOR_COOKIE] = cookie
        response = scan(client, f"/01/{product}")
        assert response.status_code == 307
        assert VISITOR_COOKIE in response.cookies
        assert counts() == (1, 1)

    def test_a_telephone_called_cubot_is_a_telephone(self, client: Client, product: str) -> None:
        scan(client, f"/01/{product}", **{"User-Agent": CUBOT})
        assert counts() == (1, 1)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"},
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Mode": "navigate"},
            {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
            {"Accept": "text/html, application/linkset+json;q=0.5"},
            {"Accept": "application/linkset+json;q=0"},
        ],
    )
    def test_a_page_that_is_opened_is_a_scan(
        self, client: Client, product: str, headers: dict[str, str]
    ) -> None:
        assert VISITOR_COOKIE in scan(client, f"/01/{product}", **headers).cookies
        assert counts() == (1, 1)

    @pytest.mark.parametrize(
        "query", ["linkType=gs1:pip", "mylinkType=all", "linkType=allergenInfo", "x=all", "linkType="]
    )
    def test_another_link_is_a_scan(self, client: Client, product: str, query: str) -> None:
        scan(client, f"/01/{product}?{query}")
        assert counts() == (1, 1)

    def test_the_correlation_id_travels_with_the_fact(self, client: Client, product: str) -> None:
        response = scan(client, f"/01/{product}", **{"X-Correlation-ID": "abc-12345678"})
        assert response.headers["X-Correlation-ID"] == "abc-12345678"
        assert OutboxFact.objects.get().headers == {"correlationid": "abc-12345678"}

    def test_without_the_raw_target_the_decoded_path_is_read(self, client: Client, product: str) -> None:
        assert client.get(f"/01/{product}/10/A%2BB").status_code == 307
        assert Scan.objects.get().lot == "A+B"
        assert client.get(f"/01/{product}/10/A%2FB").status_code == 400


class TestNoScan:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Purpose": "prefetch"},
            {"Sec-Purpose": "prefetch;prerender"},
            {"Purpose": "prefetch"},
            {"Purpose": "Prefetch"},
            {"X-Purpose": "preview"},
            {"X-Moz": "prefetch"},
            {"User-Agent": "W3C-checklink/5.0 libwww-perl/6.1"},
            {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
            {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
            {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"},
            {"Sec-Fetch-Dest": "image"},
            {"Sec-Fetch-Mode": ""},
        ],
    )
    def test_who_only_looks_is_answered_and_not_counted(
        self, client: Client, product: str, headers: dict[str, str]
    ) -> None:
        known = scan(client, f"/01/{product}", **headers)
        unknown = scan(client, "/01/00000096385074", **headers)
        assert (known.status_code, unknown.status_code) == (307, 404)
        assert b"/report" not in unknown.content
        assert counts() == (0, 0)
        for response in (known, unknown):
            assert VISITOR_COOKIE not in response.cookies
            assert "Set-Cookie" not in response.headers

    @pytest.mark.parametrize(
        ("query", "accept"),
        [
            ("linkType=linkset", ""),
            ("linkType=all", ""),
            ("17=261231&linkType=all", "text/html"),
            ("linkType=linkset;x=1", ""),
            ("", "application/linkset+json"),
            ("", "application/linkset"),
            ("", "application/json"),
            ("", "application/ld+json"),
            ("", 'Application/Linkset+JSON; profile="https://www.gs1.org/linkset", text/html;q=0.1'),
            ("", "*/*;q=0.1, application/linkset"),
        ],
    )
    def test_who_reads_the_list_of_links_is_not_counted(
        self, client: Client, product: str, query: str, accept: str
    ) -> None:
        response = scan(client, f"/01/{product}?{query}", Accept=accept)
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert VISITOR_COOKIE not in response.cookies
        assert scan(client, f"/01/00000096385074?{query}", Accept=accept).status_code == 404
        assert counts() == (0, 0)

    def test_head_is_answered_and_not_counted(self, client: Client, product: str) -> None:
        response = client.head(f"/01/{product}")
        assert (response.status_code, response.headers["Location"]) == (307, passport(product))
        assert client.head("/01/00000096385074").status_code == 404
        assert client.head("/01/12").status_code == 400
        assert counts() == (0, 0)

    def test_options_says_what_may_be_asked(self, client: Client) -> None:
        response = client.options("/01/whatever")
        assert response.status_code == 204
        assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in response.headers["Access-Control-Allow-Methods"]
        assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
        assert counts() == (0, 0)

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
    def test_another_method_is_refused(self, client: Client, product: str, method: str) -> None:
        client.handler.enforce_csrf_checks = True
        response = client.generic(method, f"/01/{product}")
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert counts() == (0, 0)

    def test_other_sites_may_read_every_answer(self, client: Client, product: str) -> None:
        for target, status in ((f"/01/{product}", 307), ("/01/00000096385074", 404), ("/01/1", 400)):
            response = scan(client, target)
            assert response.status_code == status
            assert response.headers["Access-Control-Allow-Origin"] == "*"
            assert "Access-Control-Allow-Credentials" not in response.headers


class TestUnknownProduct:
    def test_the_page_says_so_and_offers_a_report(self, client: Client) -> None:
        response = scan(client, f"/01/{GTIN}")
        assert response.status_code == 404
        page = response.content.decode()
        row = Scan.objects.get()
        assert "We don&#x27;t know this product yet" in page or "We don't know this product yet" in page
        assert GTIN in page
        assert f'action="/scan/{row.id}/report"' in page
        assert row.product_known is False
        assert OutboxFact.objects.get().payload["productKnown"] is False
        assert VISITOR_COOKIE in response.cookies

    def test_a_program_gets_the_error_body(self, client: Client) -> None:
        response = scan(client, f"/01/{GTIN}", Accept="application/json")
        assert response.status_code == 404
        assert response.json()["code"] == "product_unknown"
        assert set(response.json()) == {"code", "message", "correlationId"}
        assert counts() == (0, 0), "who asks for JSON reads the list of links"

    def test_one_tap_reports_it_and_a_second_changes_nothing(self, client: Client) -> None:
        scan(client, f"/01/{GTIN}")
        address = f"/scan/{Scan.objects.get().id}/report"
        for _ in range(2):
            response = client.post(address)
            assert (response.status_code, response.headers["Location"]) == (303, address)
        thanks = client.get(address)
        assert thanks.status_code == 200
        assert b"Thank you" in thanks.content
        assert OutboxFact.objects.filter(type="UnknownProductReported").count() == 1
        again = scan(client, f"/01/{GTIN}")
        assert b"Thank you" in again.content

    def test_a_strangers_scan_cannot_be_reported(self, client: Client) -> None:
        scan(client, f"/01/{GTIN}")
        address = f"/scan/{Scan.objects.get().id}/report"
        client.cookies.clear()
        assert client.post(address).status_code == 404
        assert client.get(address).status_code == 404
        assert OutboxFact.objects.filter(type="UnknownProductReported").count() == 0

    def test_a_product_that_came_in_meanwhile_is_shown(self, client: Client) -> None:
        scan(client, f"/01/{GTIN}")
        address = f"/scan/{Scan.objects.get().id}/report"
        CatalogueEntry.objects.create(gtin=GTIN, name="Muesli", updated_at="2026-05-01T00:00:00Z")
        response = client.post(address)
        assert (response.status_code, response.headers["Location"]) == (303, f"/passport/{GTIN}")


class TestBadCode:
    @pytest.mark.parametrize(
        ("target", "code"),
        [
            ("/01/9520123456788", "gtin_length_in_link"),
            ("/01/95201234567881", "gtin_check_digit"),
            (f"/01/{GTIN}/10/{'A' * 21}", "ai_value"),
            (f"/01/{GTIN}/21/A/10/B", "qualifier_order"),
            (f"/01/{GTIN}?17=260231", "ai_date"),
            (f"/01/{GTIN}?17=261231&17=261231", "ai_repeated"),
            (f"/01/{GTIN}?x={'A' * LONGEST_CODE}", "code_too_long"),
            ("/01/", "ai_empty"),
            ("/01", None),
            ("/8020/123", None),
            ("/ehZZ", None),
            ("/eh30164596F4", None),
        ],
    )
    def test_each_refusal_has_a_code_and_words(self, client: Client, target: str, code: str | None) -> None:
        body = scan(client, target, Accept="application/json")
        assert body.status_code == 400
        assert code in {None, body.json()["code"]}
        assert set(body.headers["Vary"].split(", ")) >= {"Accept", "Accept-Language"}
        assert body.headers["Access-Control-Allow-Origin"] == "*"
        page = scan(client, target)
        assert page.status_code == 400
        assert set(page.headers["Vary"].split(", ")) >= {"Accept", "Accept-Language"}
        assert b"We could not read this code" in page.content
        assert b"Traceback" not in page.content
        assert counts() == (0, 0)

    @pytest.mark.parametrize("address", ["/01", "/414", "/8020/123", "/ehZZ", "/eh30164596F4", "/exMB"])
    def test_what_was_to_be_a_code_is_refused_as_one(self, client: Client, address: str) -> None:
        response = client.get(address, headers={"Accept": "text/html"})
        assert (response.status_code, response.headers["Cache-Control"]) == (400, "no-store")
        assert response.headers["Access-Control-Allow-Origin"] == "*"

    def test_a_word_is_no_code(self, client: Client) -> None:
        assert client.get("/extra").status_code == 404

    @pytest.mark.parametrize("lot", ["A%00B", "%C3%28", "\xff"])
    def test_an_address_that_is_no_text_is_refused_at_the_front_door(self, client: Client, lot: str) -> None:
        body = scan(client, f"/01/{GTIN}/10/{lot}", Accept="application/json")
        assert (body.status_code, body.json()["code"]) == (400, "bad_address")
        page = scan(client, f"/01/{GTIN}/10/{lot}")
        assert page.status_code == 400
        assert b"<h1" in page.content
        assert b"Traceback" not in page.content
        assert counts() == (0, 0)

    def test_the_page_says_what_is_wrong_and_what_to_do(self, client: Client) -> None:
        page = scan(client, "/01/95201234567881").content.decode()
        assert "One digit is wrong." in page
        assert "Compare it with the number under the bars" in page

    def test_a_shopper_reads_advice_and_who_prints_codes_the_rule(self, client: Client) -> None:
        target = f"/01/{GTIN}/10/{'A' * 21}"
        rule = "The value of (10) is too short, too long or has a character that may not be there"
        for page in (
            scan(client, target).content.decode(),
            client.post("/scan", {"code": f"https://id.gs1.org{target}"}).content.decode(),
        ):
            for_shoppers, told, for_printers = page.partition("For those who print the code")
            assert told
            assert "Something in this code is not as it should be. Scan it once more" in for_shoppers
            assert rule not in for_shoppers
            assert rule in for_printers
        message = scan(client, target, Accept="application/json").json()["message"]
        assert message.startswith("Something in this code is not as it should be. Scan it once more")
        assert rule in message

    def test_what_was_scanned_is_shown_as_text(self, client: Client) -> None:
        page = scan(client, f"/01/{GTIN}/10/'onmouseover='alert(1)").content.decode()
        assert "'onmouseover='" not in page


class TestEnteredCode:
    def test_typed_digits_lead_to_the_passport(self, client: Client, product: str) -> None:
        response = client.post("/scan", {"code": " 9 520123 456788 "})
        assert (response.status_code, response.headers["Location"]) == (303, f"/passport/{product}")
        assert SCAN_COOKIE in scan_cookie(response)
        assert (Scan.objects.get().channel, Scan.objects.get().raw) == ("api", "9 520123 456788")

    def test_a_pasted_link_of_any_site_does_too(self, client: Client, product: str) -> None:
        client.post("/scan", {"code": f"https://id.gs1.org/01/{product}/10/AB"})
        assert Scan.objects.get().lot == "AB"

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1:8800/passport/{}",
            " https://packytrace.example/passport/{}/ ",
            "HTTPS://packytrace.example/passport/{}?utm_source=x#eco",
        ],
    )
    def test_the_address_of_a_passport_leads_there_and_is_no_scan(
        self, client: Client, product: str, address: str
    ) -> None:
        response = client.post("/scan", {"code": address.format(product)})
        assert (response.status_code, response.headers["Location"]) == (303, f"/passport/{product}")
        assert response.headers["Cache-Control"] == "no-store"
        assert not response.cookies
        assert counts() == (0, 0)

    @pytest.mark.parametrize(
        "address",
        [
            "https://packytrace.example/passport/{}/edit",
            "https://packytrace.example/passport/1{}",
            "https:///passport/{}",
            "javascript:x//a/passport/{}",
        ],
    )
    def test_another_address_is_no_passport(self, client: Client, product: str, address: str) -> None:
        assert client.post("/scan", {"code": address.format(product)}).status_code == 400
        assert counts() == (0, 0)

    def test_a_wrong_code_stays_in_the_field(self, client: Client) -> None:
        response = client.post("/scan", {"code": '9520123456789"><b>'})
        assert response.status_code == 400
        assert "9520123456789&quot;&gt;&lt;b&gt;" in response.content.decode()
        assert counts() == (0, 0)

    def test_nothing_typed_and_another_method(self, client: Client) -> None:
        assert client.post("/scan", {}).status_code == 400
        answer = client.get("/scan")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        assert client.put("/scan").status_code == 405

    def test_an_unknown_product_is_a_scan(self, client: Client) -> None:
        assert client.post("/scan", {"code": GTIN}).status_code == 404
        assert counts() == (1, 1)
