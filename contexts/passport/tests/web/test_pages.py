"""Home, passport and search through the whole front door."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from contexts.passport.domain.label import DigitalLabel
from contexts.passport.models import CatalogueEntry as Row
from contexts.passport.models import Scan
from contexts.passport.tests.entries import MUESLI, WATER, full_of, muesli, stock, tell_of, water
from contexts.passport.web.pages import PAGES
from contexts.passport.web.scan_cookie import COOKIE as SCAN_COOKIE
from packytrace.edge.visitors import COOKIE as VISITOR_COOKIE

#: A query to any other context's tables ends a test: these pages need nothing but the catalogue and scans.
pytestmark = pytest.mark.django_db(databases=["passport"])

PASSPORT = f"/passport/{MUESLI}"
Counting = Callable[..., AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def _no_page_is_kept() -> Iterator[None]:
    PAGES.clear()
    yield
    PAGES.clear()


def another_browser() -> Client:
    return Client(raise_request_exception=False)


class TestTheSameForEveryone:
    def test_whoever_asks_and_whatever_cookies_come_along(self, client: Client) -> None:
        stock(muesli())
        stranger = client.get(PASSPORT)
        visitor = another_browser()
        visitor.get(f"/01/{WATER}")
        assert VISITOR_COOKIE in visitor.cookies
        cluttered = another_browser()
        for name in (VISITOR_COOKIE, SCAN_COOKIE, "packytrace_csrf", "theme"):
            cluttered.cookies[name] = "somebody" * 4
        seen = [stranger, visitor.get(PASSPORT), cluttered.get(PASSPORT)]
        seen += [client.get(PASSPORT, headers={"User-Agent": "x", "Referer": "https://example.org/"})]
        assert {response.content for response in seen} == {stranger.content}
        assert {response.headers["ETag"] for response in seen} == {stranger.headers["ETag"]}
        for response in seen:
            assert response.status_code == 200
            assert response.headers["Cache-Control"].startswith("public, max-age=")
            assert response.headers["Vary"] == "Accept-Language, Cookie, Accept-Encoding"
            assert not response.cookies

    @pytest.mark.parametrize("address", ["/", "/search", "/search?q=muesli", PASSPORT, f"/passport/{WATER}"])
    def test_looking_around_sets_no_cookie(self, client: Client, address: str) -> None:
        stock(muesli())
        response = client.get(address)
        assert response.status_code in {200, 404}
        assert not response.cookies
        assert b"csrf" not in response.content

    def test_the_home_page_is_the_same_for_everyone_too(self, client: Client) -> None:
        assert client.get("/").content == another_browser().get("/").content

    def test_no_query_while_it_is_fresh_not_even_for_304(
        self, client: Client, django_assert_num_queries: Counting
    ) -> None:
        stock(muesli())
        # The entry, its sections, and the life cycle of its kind of food.
        with django_assert_num_queries(2, using="passport"):
            etag = client.get(PASSPORT).headers["ETag"]
        with django_assert_num_queries(0, using="passport"):
            assert client.get(PASSPORT).status_code == 200
            again = client.get(PASSPORT, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Cache-Control"].startswith("public")
        assert "Vary" in again.headers

    def test_a_changed_entry_is_another_page(self, client: Client) -> None:
        stock(muesli())
        etag = client.get(PASSPORT).headers["ETag"]
        stock(muesli(brand_name="Elder Mill"))
        PAGES.clear()
        changed = client.get(PASSPORT, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        assert "Elder Mill" in changed.content.decode()

    def test_each_reader_gets_the_label_in_the_language_they_read(self, client: Client) -> None:
        stock(muesli())
        german = client.get(PASSPORT, headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.1"})
        french = client.get(PASSPORT, headers={"Accept-Language": "fr"})
        assert '<h1 lang="de" dir="auto">Knuspermüsli</h1>' in german.content.decode()
        assert '<p lang="en" dir="auto">Ireland</p>' in german.content.decode()
        assert '<h1 lang="de" dir="auto">Knuspermüsli</h1>' in french.content.decode()
        assert '<h1 lang="en" dir="auto">Crunchy muesli</h1>' in client.get(PASSPORT).content.decode()
        assert german.headers["ETag"] != client.get(PASSPORT).headers["ETag"]


def scanned(client: Client, attributes: str = "/10/L25-0905/21/S7") -> str:
    """Scan the muesli, and read the page that this leads to."""
    response = client.get(f"/01/{MUESLI}{attributes}")
    led_to, _, _query = response.headers["Location"].partition("?")
    assert (response.status_code, led_to) == (307, f"{settings.PUBLIC_URL}{PASSPORT}")
    # The view writes the header itself, where a browser finds it and Django's client does not.
    client.cookies.load(response.headers["Set-Cookie"])
    return client.get(PASSPORT).content.decode()


class TestTheScannedPack:
    @pytest.fixture(autouse=True)
    def _product(self) -> None:
        stock(muesli())

    def test_who_scanned_it_sees_it_and_no_cache_may_keep_that(self, client: Client) -> None:
        page = scanned(client)
        assert "The pack you scanned" in page
        assert "L25-0905" in page
        assert "S7" in page
        response = client.get(PASSPORT)
        assert response.headers["Cache-Control"] == "private, no-store, no-transform"
        assert "Cookie" in response.headers["Vary"]
        assert "ETag" not in response.headers
        assert client.get(PASSPORT, headers={"If-None-Match": "*"}).status_code == 200

    def test_the_rest_of_the_page_is_the_public_one(self, client: Client) -> None:
        public = another_browser().get(PASSPORT).content.decode()
        before, after = scanned(client).split('<section class="card mt-4 border-brand"')
        rest = before + after.partition("</section>")[2]
        assert rest.split() == public.split()

    def test_where_its_lot_has_been_takes_the_place_of_the_products_journey(self, client: Client) -> None:
        tell_of(MUESLI, lot="L25-0905")
        public = another_browser().get(PASSPORT).content.decode()
        assert "Of this product in general" in public
        assert "County Meath" in public
        page = scanned(client)
        assert page.count('id="journey"') == page.count('href="#journey"') == 1
        assert "Journey of lot L25-0905" in page
        assert "As Alder Mill told it on 1 May 2026." in page
        assert "County Meath" not in page
        assert "Our own field" not in another_browser().get(PASSPORT).content.decode()

    def test_a_copied_cookie_shows_nothing_to_another_visitor(self, client: Client) -> None:
        scanned(client)
        thief = another_browser()
        thief.get(f"/01/{WATER}")
        thief.cookies[SCAN_COOKIE] = client.cookies[SCAN_COOKIE].value
        response = thief.get(PASSPORT)
        assert b"L25-0905" not in response.content
        nobody = another_browser()
        nobody.cookies[SCAN_COOKIE] = client.cookies[SCAN_COOKIE].value
        assert b"L25-0905" not in nobody.get(PASSPORT).content

    def test_it_is_on_the_page_of_its_product_alone(self, client: Client) -> None:
        stock(water())
        scanned(client)
        assert b"L25-0905" not in client.get(f"/passport/{WATER}").content

    def test_a_scan_that_is_gone_is_no_pack(self, client: Client) -> None:
        scanned(client)
        Scan.objects.all().delete()
        assert b"The pack you scanned" not in client.get(PASSPORT).content

    def test_a_code_that_says_nothing_of_the_pack_shows_none(self, client: Client) -> None:
        assert "The pack you scanned" not in scanned(client, "")

    def test_dates_and_weight(self, client: Client) -> None:
        later = datetime.now(UTC) + timedelta(days=400)
        page = scanned(client, f"?15={later:%y%m%d}&3103=000450")
        assert f"{later.day} {later:%B %Y}" in page
        assert "450 g" in page
        assert "Check it first" not in page

    def test_after_use_by_it_says_do_not_eat_and_after_best_before_check(self, client: Client) -> None:
        past = f"{datetime.now(UTC) - timedelta(days=40):%y%m%d}"
        assert "Do not eat this" in scanned(client, f"?17={past}")
        checked = scanned(client, f"?15={past}")
        assert "Check it first" in checked
        assert "Do not eat this" not in checked
        both = scanned(client, f"?17={past}&15={past}")
        assert "Do not eat this" in both
        assert "Check it first" not in both

    def test_what_the_code_says_is_text(self, client: Client) -> None:
        page = scanned(client, "/10/%22%3E%3Cb%3E%26%27x")
        assert "&quot;&gt;&lt;b&gt;&amp;&#x27;x" in page
        assert "<b>" not in page


class TestNoPassport:
    def test_an_unknown_product(self, client: Client) -> None:
        response = client.get(f"/passport/{WATER}")
        assert response.status_code == 404
        page = response.content.decode()
        assert "We don&#x27;t know this product yet" in page or "We don't know this product yet" in page
        assert WATER in page
        # A report belongs to a scan, and nothing was scanned.
        assert "<form" not in page.split("<main", 1)[1].split("</main>", 1)[0]
        assert response.headers["Cache-Control"] == "no-store"
        assert not Scan.objects.exists()

    @pytest.mark.parametrize("short", ["9520123456788", "09520123456788"])
    def test_fewer_digits_lead_to_the_address_with_all(self, client: Client, short: str) -> None:
        stock(muesli())
        response = client.get(f"/passport/{short}", follow=True)
        assert response.status_code == 200
        assert response.redirect_chain in ([], [(PASSPORT, 301)])

    @pytest.mark.parametrize(
        "address",
        ["1", "9520123456780", "x" * 3000, "%3Cscript%3E", "%F0%9F%A5%9B", "095201234567 88", "..%2F"],
    )
    def test_what_is_no_code(self, client: Client, address: str) -> None:
        response = client.get(f"/passport/{address}")
        assert response.status_code in {400, 404}
        assert b"<script>" not in response.content
        assert b"Traceback" not in response.content
        if "2F" not in address:
            assert response.status_code == 400
            assert b"We could not read this code" in response.content

    def test_invalid_bytes_are_refused_by_the_front_door(self, client: Client) -> None:
        assert client.get("/passport/%FF").status_code == 400
        assert client.get("/passport/%00").status_code == 400


def test_what_is_wrong_with_a_code_is_told_right_below_its_field(client: Client) -> None:
    page = client.get("/").content.decode()
    field = re.search(r'<input[^>]* id="code"[^>]*>\s*<p[^>]* id="code-problem"[^>]* data-problem', page)
    assert field is not None
    assert 'aria-describedby="code-hint code-problem"' in field[0]


@pytest.mark.parametrize("address", ["/", "/search?q=muesli", PASSPORT])
class TestMethods:
    def test_head_is_get_without_a_body(self, client: Client, address: str) -> None:
        stock(muesli())
        head, get = client.head(address), client.get(address)
        assert (head.status_code, head.content) == (200, b"")
        own = {"X-Correlation-ID", "RateLimit-Remaining", "RateLimit-Reset", "Content-Length"}
        assert {name: value for name, value in head.headers.items() if name not in own} == {
            name: value for name, value in get.headers.items() if name not in own
        }

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
    def test_another_method_is_refused_as_that(self, client: Client, address: str, method: str) -> None:
        client.handler.enforce_csrf_checks = True
        response = client.generic(method, address)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")


class _Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


CANARIES = [
    "<script>alert('canary')</script>",
    "\"><img src=x onerror=alert('canary')>",
    "'onmouseover='alert(1)",
    "javascript:alert('canary')",
    "<!--personal-->",
    "</title></p></dd><svg onload=alert('canary')>",
    "{{ settings.SECRET_KEY }}{% debug %}",
]


class TestWhatSourcesSay:
    @pytest.mark.parametrize("canary", CANARIES)
    def test_is_text_wherever_it_stands(self, client: Client, canary: str) -> None:
        stock(full_of(canary))
        for address in (PASSPORT, "/search?q=9520123456788"):
            response = client.get(address)
            assert response.status_code == 200
            page = response.content.decode()
            assert "canary" not in canary or "canary" in page
            tags = _Tags(page).tags
            scripts = [attributes for tag, attributes in tags if tag == "script"]
            assert [script["src"] for script in scripts if "src" in script] == [
                "/static/theme.js",
                "/static/app.js",
            ]
            assert {script.get("type") for script in scripts if "src" not in script} <= {
                "application/ld+json"
            }
            for _, attributes in tags:
                assert not any(name.startswith("on") for name in attributes)
                assert not (attributes.get("href") or "").startswith("javascript:")
                assert not (attributes.get("src") or "/").startswith("x")
            assert "SECRET_KEY" not in canary or "{{ settings.SECRET_KEY }}" in page

    def test_what_is_not_known_leaves_no_hole(self, client: Client) -> None:
        stock(
            water(),
            muesli(label=DigitalLabel(), sources=(), brand_name="", picture=None, journey=(), eco=None),
        )
        for gtin in (WATER, MUESLI):
            page = client.get(f"/passport/{gtin}").content.decode()
            text = "".join(_Text(page).pieces)
            assert "None" not in text
            assert "We do not know which allergens it contains" in text
            assert "Nobody has verified this data" in text
        assert f"Product {MUESLI}" in text


class _Text(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


class TestSearch:
    def test_what_is_found_leads_to_its_passport(self, client: Client) -> None:
        stock(muesli(), water())
        page = client.get("/search", {"q": "crunchy"}).content.decode()
        assert f'href="{PASSPORT}"' in page
        assert f'href="/passport/{WATER}"' not in page
        assert "One product for “crunchy”" in page
        assert 'value="crunchy"' in page

    @pytest.mark.parametrize(
        "query", ["", "   ", "\u202e", "%_!", "'; DROP TABLE catalogue_entry; --", "x" * 5000]
    )
    def test_nothing_found_is_a_page(self, client: Client, query: str) -> None:
        stock(muesli())
        response = client.get("/search", {"q": query})
        assert response.status_code == 200
        assert Row.objects.count() == 1
        assert f'href="{PASSPORT}"' not in response.content.decode()

    def test_a_query_is_text(self, client: Client) -> None:
        page = client.get("/search", {"q": '"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert" not in page
        assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_null_bytes_and_broken_encoding_are_refused_by_the_front_door(self, client: Client) -> None:
        assert client.get("/search?q=%00").status_code == 400
        assert client.get("/search?q=%FF").status_code == 400

    def test_an_address_may_not_grow_without_end(self, client: Client) -> None:
        assert client.get("/search", {"q": "x" * 10_000}).status_code == 414

    def test_a_query_that_is_asked_twice_counts_once(self, client: Client) -> None:
        stock(muesli())
        assert PASSPORT in client.get("/search?q=nothing&q=crunchy").content.decode()
