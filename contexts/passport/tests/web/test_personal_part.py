"""What is composed onto the public page for the one who looks: verdict, pack, invitation."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from structlog.testing import capture_logs

from contexts.passport.application import ports
from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.recalls import announce, withdraw
from contexts.passport.domain.recalls import Reason, recall_of
from contexts.passport.tests.entries import MUESLI, NOW, muesli, stock
from contexts.passport.web.pages import PAGES
from contexts.passport.web.public_copy import FRESH

pytestmark = pytest.mark.django_db(databases=["passport"])

PAGE = f"/passport/{MUESLI}"
SESSION = "packytrace_session"
NUDGE = b'data-dismissible="nudge"'
VERDICT = b"<p>Good for you</p>"
Counting = Callable[..., AbstractContextManager[object]]


class People:
    """Says what it is told to say, and remembers what it was asked about."""

    def __init__(self) -> None:
        self.panel: bytes | Exception = VERDICT
        self.account: UUID | None = None
        self.asked: list[StoredEntry] = []
        self.form: bytes | Exception = b""
        self.codes: list[str] = []

    def save_form(self, *, request: HttpRequest, stored: StoredEntry, code: str) -> bytes:
        self.codes.append(code)
        if isinstance(self.form, Exception):
            raise self.form
        return self.form

    def verdict_panel(self, *, request: HttpRequest, stored: StoredEntry) -> bytes:
        self.asked.append(stored)
        if isinstance(self.panel, Exception):
            raise self.panel
        return self.panel

    def signed_in(self, request: HttpRequest) -> UUID:
        raise AssertionError("a passport insists on nobody's sign-in")

    def known(self, request: HttpRequest) -> UUID | None:
        return self.account


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> People:
    people = People()
    monkeypatch.setattr(ports._BOUND, "personal_part", people)
    monkeypatch.setattr(ports._BOUND, "who", people)
    return people


@pytest.fixture(autouse=True)
def muesli_in_stock() -> None:
    stock(muesli())


def scan(client: Client) -> None:
    """Scan a pack, and keep the cookies that the redirect sets."""
    client.cookies.load(client.get(f"/01/{MUESLI}/10/LOT-1").headers["Set-Cookie"])


def is_public(response: HttpResponse) -> bool:
    return response.headers["Cache-Control"].startswith("public")


def is_private(response: HttpResponse) -> bool:
    return (
        response.headers["Cache-Control"] == "private, no-store, no-transform"
        and "ETag" not in response.headers
    )


class TestVerdict:
    def test_without_a_session_cookie_nobody_is_asked(self, client: Client, people: People) -> None:
        response = client.get(PAGE)
        assert is_public(response)
        assert not people.asked

    def test_it_stands_before_everything_but_the_name(self, client: Client, people: People) -> None:
        scan(client)
        client.cookies[SESSION] = "x"
        response = client.get(PAGE)
        assert is_private(response)
        html = response.content
        places = [html.index(part) for part in (b"</h1>", VERDICT, b"LOT-1", b'id="allergens"')]
        assert places == sorted(places)
        assert NUDGE not in html
        assert people.asked[0].entry.gtin == MUESLI

    def test_a_session_of_nobody_gets_what_everyone_gets(self, client: Client, people: People) -> None:
        public = client.get(PAGE)
        people.panel = b""
        client.cookies[SESSION] = "x"
        response = client.get(PAGE)
        assert (is_private(response), response.content) == (True, public.content)

    def test_what_fails_costs_the_panel_alone_and_tells_the_log_no_health_datum(
        self, client: Client, people: People
    ) -> None:
        people.panel = ValueError("lactose intolerant")
        client.cookies[SESSION] = "x"
        with capture_logs() as logs:
            response = client.get(PAGE)
        assert (response.status_code, is_private(response)) == (200, True)
        assert b"Your verdict is not available at this moment." in response.content
        assert b'id="allergens"' in response.content
        assert [entry for entry in logs if entry["event"] == "verdict_panel_failed"] == [
            {"event": "verdict_panel_failed", "error": "ValueError", "log_level": "warning"}
        ]
        assert "lactose" not in str(logs)
        assert MUESLI not in str([entry for entry in logs if entry["event"] == "verdict_panel_failed"])

    def test_it_costs_the_catalogue_three_questions_at_most(
        self,
        client: Client,
        people: People,
        django_assert_num_queries: Counting,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The entry, or its version, the answers of sources, and at first the life cycle of its kind."""
        client.cookies[SESSION] = "x"
        with django_assert_num_queries(2, using="passport"):
            client.get(PAGE)
        with django_assert_num_queries(0, using="passport"):
            client.get(PAGE)
        real = PAGES._clock
        monkeypatch.setattr(PAGES, "_clock", lambda: real() + FRESH)
        with django_assert_num_queries(2, using="passport"):
            client.get(PAGE)
        assert [stored.data_version for stored in people.asked] == [1, 1, 1]

    def test_with_a_scanned_pack_it_is_one_more(
        self, client: Client, people: People, django_assert_num_queries: Counting
    ) -> None:
        """The scan, with where its lot has been."""
        scan(client)
        client.cookies[SESSION] = "x"
        with django_assert_num_queries(3, using="passport"):
            assert b"LOT-1" in client.get(PAGE).content


class TestSaving:
    FORM = b"<form>Put it into the fridge</form>"

    def test_it_stands_below_what_may_speak_against_it_with_the_code_as_it_was_scanned(
        self, client: Client, people: People
    ) -> None:
        people.form = self.FORM
        code = f"/01/{MUESLI}/10/LOT-1/21/7?17=291231&3103=000450"
        client.cookies.load(client.get(code).headers["Set-Cookie"])
        client.cookies[SESSION] = "x"
        html = client.get(PAGE).content
        places = [html.index(part) for part in (VERDICT, b"LOT-1", self.FORM, b'id="allergens"')]
        assert places == sorted(places)
        assert people.codes == [f"{settings.PUBLIC_URL}{code}"]

    def test_without_a_scan_it_has_the_gtin(self, client: Client, people: People) -> None:
        people.form = self.FORM
        people.panel = b""
        client.cookies[SESSION] = "x"
        response = client.get(PAGE)
        assert is_private(response)
        assert people.codes == [MUESLI]
        assert NUDGE not in response.content, "whoever has a fridge here is not told to sign up"

    def test_without_a_session_nobody_is_asked(self, client: Client, people: People) -> None:
        people.form = self.FORM
        scan(client)
        assert self.FORM not in client.get(PAGE).content
        assert not people.codes

    def test_what_fails_costs_the_form_alone(self, client: Client, people: People) -> None:
        people.form = ValueError("of a household")
        client.cookies[SESSION] = "x"
        with capture_logs() as logs:
            response = client.get(PAGE)
        assert (response.status_code, is_private(response)) == (200, True)
        assert b"It cannot be put into your fridge at this moment." in response.content
        assert VERDICT in response.content
        assert [entry for entry in logs if entry["event"] == "save_form_failed"] == [
            {"event": "save_form_failed", "error": "ValueError", "log_level": "warning"}
        ]


class TestTheDateOfThePack:
    USE_BY = b"Use by: do not eat it after that date."
    BEST_BEFORE = b"Best before: after that date it may lose quality"

    @pytest.mark.parametrize(
        ("said", "shown", "left_out"),
        [
            ("?17=291231", USE_BY, BEST_BEFORE),
            ("?17=291231&15=291230", USE_BY, BEST_BEFORE),
            ("?15=291231", BEST_BEFORE, USE_BY),
            ("", BEST_BEFORE, USE_BY),
        ],
    )
    def test_a_use_by_date_is_safety_whatever_the_label_says(
        self, client: Client, said: str, shown: bytes, left_out: bytes
    ) -> None:
        public = client.get(PAGE).content
        client.cookies.load(client.get(f"/01/{MUESLI}{said}").headers["Set-Cookie"])
        html = client.get(PAGE).content
        assert (html.count(shown), html.count(left_out)) == (1, 0)
        client.cookies.clear()
        assert client.get(PAGE).content == public


class TestRecall:
    def recall(self, *lots: str) -> UUID:
        said = recall_of(
            gtin=MUESLI,
            lots=lots,
            serial_from="",
            serial_to="",
            reason=Reason.FOREIGN_BODY,
            text="May hold <b>metal</b>.",
        )
        return announce(recall=said, now=NOW).recall_id

    def after_a_moment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = PAGES._clock
        monkeypatch.setattr(PAGES, "_clock", lambda: real() + FRESH)

    def test_everybody_sees_it_at_once_above_all_that_is_personal(
        self, client: Client, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = client.get(PAGE)
        recall_id = self.recall("L1", "L2")
        self.after_a_moment(monkeypatch)
        public = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
        assert (public.status_code, is_public(public)) == (200, True)
        assert b"Some packs of this product are recalled" in public.content
        assert b"May hold &lt;b&gt;metal&lt;/b&gt;." in public.content
        assert b"L1, L2" in public.content
        client.cookies[SESSION] = "x"
        html = client.get(PAGE).content
        assert html.index(b"</h1>") < html.index(b"recalled") < html.index(VERDICT)
        client.cookies.clear()
        withdraw(recall_id=recall_id, now=NOW)
        self.after_a_moment(monkeypatch)
        again = client.get(PAGE)
        assert (again.content, again.headers["ETag"]) == (before.content, before.headers["ETag"])

    @pytest.mark.parametrize(
        ("lots", "path", "said"),
        [
            (["LOT-1"], "/10/LOT-1", b"This pack is recalled"),
            (["LOT-2"], "/10/LOT-1", b"This pack is not among those that are recalled."),
            (["LOT-1"], "", b"This pack may be recalled"),
            ([], "", b"This pack is recalled"),
        ],
    )
    def test_a_scanned_pack_is_told_whether_it_is_meant(
        self, client: Client, lots: list[str], path: str, said: bytes
    ) -> None:
        self.recall(*lots)
        client.cookies.load(client.get(f"/01/{MUESLI}{path}").headers["Set-Cookie"])
        html = client.get(PAGE).content
        assert said in html
        assert html.index(b"May hold") < html.index(said)
        assert (b"This product is recalled" in html) == (not lots)


class TestNudge:
    def test_it_is_one_line_of_the_public_page(self, client: Client) -> None:
        html = client.get(PAGE).content
        assert html.count(NUDGE) == 1
        assert f"/sign-up?next=/setup%3Fnext=/passport/{MUESLI}".encode() in html

    def test_who_has_just_scanned_sees_it_below_the_pack(self, client: Client) -> None:
        scan(client)
        html = client.get(PAGE).content
        assert html.index(b"LOT-1") < html.index(NUDGE)

    def test_sent_away_by_the_form_it_stays_away(self, client: Client) -> None:
        before = client.get(PAGE)
        response = client.post(f"{PAGE}/nudge", headers={"Sec-Fetch-Site": "same-origin"})
        assert (response.status_code, response.headers["Location"]) == (303, PAGE)
        cookie = response.cookies["packytrace_nudge"]
        assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/passport/", True, "Lax")
        after = client.get(PAGE)
        assert (is_private(after), NUDGE in after.content) == (True, False)
        client.cookies.clear()
        again = client.get(PAGE)
        assert (again.content, again.headers["ETag"]) == (before.content, before.headers["ETag"])

    def test_another_site_cannot_send_it_away(self, client: Client) -> None:
        response = client.post(f"{PAGE}/nudge", headers={"Sec-Fetch-Site": "cross-site"})
        assert (response.status_code, len(response.cookies)) == (403, 0)

    @pytest.mark.parametrize("gtin", ["example.org", "09520123456789"])
    def test_it_leads_back_to_one_of_our_pages_only(self, client: Client, gtin: str) -> None:
        assert client.post(f"/passport/{gtin}/nudge").headers["Location"] == "/"

    def test_only_a_form_sends_it_away(self, client: Client) -> None:
        response = client.get(f"{PAGE}/nudge")
        assert (response.status_code, response.headers["Allow"]) == (405, "POST")
        assert not response.cookies
