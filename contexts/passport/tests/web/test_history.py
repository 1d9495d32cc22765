"""The list of one's own scans: page, piece of the home page, API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpRequest
from django.test import Client

from contexts.passport.application import ports
from contexts.passport.application.links import link_visitor
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import OutboxFact, Scan
from contexts.passport.tests.entries import MUESLI, muesli, stock
from packytrace.edge import bearer

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
SARA, TOM = UUID(int=1), UUID(int=2)
UNKNOWN = "00000096385074"


class Who:
    """Says that somebody is signed in, or nobody."""

    def __init__(self) -> None:
        self.account: UUID | None = None

    def signed_in(self, request: HttpRequest) -> UUID:
        assert self.account is not None
        return self.account

    def known(self, request: HttpRequest) -> UUID | None:
        return self.account


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> Who:
    who = Who()
    monkeypatch.setattr(ports._BOUND, "who", who)
    return who


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a token a good one is tested where tokens are read."""
    monkeypatch.setattr(bearer, "_bearer_of", lambda said: said)
    monkeypatch.setattr(bearer, "_account_of", {"Bearer sara": SARA, "Bearer tom": TOM}.__getitem__)


def scan(
    *, account_id: UUID | None, gtin: str = MUESLI, minute: int = 0, visitor_id: UUID | None = None
) -> UUID:
    return record_scan(
        item=ScannedItem(gtin=gtin, raw=gtin),
        visitor_id=visitor_id or uuid4(),
        account_id=account_id,
        channel="api",
        at=NOW + timedelta(minutes=minute),
    ).scan_id


def mine(client: Client, token: str = "sara", **query: Any) -> Any:
    return client.get("/api/v1/me/scans", query, headers={"Authorization": f"Bearer {token}"})


class TestPage:
    def test_a_browser_without_an_account_sees_what_it_scanned(self, client: Client, who: Who) -> None:
        stock(muesli())
        client.get(f"/01/{MUESLI}")
        client.get(f"/01/{UNKNOWN}")
        response = client.get("/history")
        html = response.content.decode()
        assert response.headers["Cache-Control"] == "private, no-store"
        assert html.index(f"Product {UNKNOWN}") < html.index("Crunchy muesli")
        assert f'href="/passport/{MUESLI}"' in html
        assert f'href="/passport/{UNKNOWN}"' not in html
        assert "/sign-up?next=/history" in html
        assert "Crunchy muesli" not in Client().get("/history").content.decode()

    def test_after_a_session_ran_out_the_device_does_not_show_the_accounts_scans(
        self, client: Client, who: Who
    ) -> None:
        stock(muesli())
        client.get(f"/01/{MUESLI}")
        link_visitor(visitor_id=Scan.objects.get().visitor_id, account_id=SARA, linked_at=NOW)
        assert "Crunchy muesli" not in client.get("/history").content.decode()
        assert client.get("/history/recent").status_code == 204
        who.account = SARA
        client.cookies["packytrace_session"] = "x"
        assert "Crunchy muesli" in client.get("/history").content.decode()

    def test_nobody_has_scanned_nothing_and_is_given_no_cookie(self, client: Client, who: Who) -> None:
        response = client.get("/history")
        assert "There is nothing here yet" in response.content.decode()
        assert not response.cookies

    def test_who_is_signed_in_sees_the_accounts_scans_and_not_the_browsers(
        self, client: Client, who: Who
    ) -> None:
        stock(muesli())
        client.get(f"/01/{UNKNOWN}")  # somebody else's visitor in this browser
        scan(account_id=SARA)
        who.account = SARA
        client.cookies["packytrace_session"] = "x"
        html = client.get("/history").content.decode()
        assert "Crunchy muesli" in html
        assert UNKNOWN not in html
        assert "/sign-up" not in html

    def test_it_has_pages(self, client: Client, who: Who) -> None:
        who.account = SARA
        client.cookies["packytrace_session"] = "x"
        for minute in range(31):
            scan(account_id=SARA, gtin=UNKNOWN, minute=minute)
        first = client.get("/history").content.decode()
        assert first.count("<time") == 30
        older = first.partition("/history?from=")[2].partition('"')[0]
        second = client.get(f"/history?from={older}").content.decode()
        assert second.count("<time") == 1
        assert "Older scans" not in second

    def test_a_place_that_is_none_is_refused(self, client: Client, who: Who) -> None:
        assert client.get("/history?from=abc").status_code == 400


class TestRecentScans:
    def test_the_home_page_is_the_same_for_everyone_and_links_to_the_list(self, client: Client) -> None:
        stranger = Client().get("/").content
        client.get(f"/01/{UNKNOWN}")
        response = client.get("/")
        assert response.content == stranger
        assert b'href="/history"' in response.content
        assert b'data-recent-scans="/history/recent"' in response.content

    def test_its_script_gets_the_last_four(self, client: Client, who: Who) -> None:
        for _ in range(5):
            client.get(f"/01/{UNKNOWN}")
        response = client.get("/history/recent")
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.content.count(b"<time") == 4
        assert b"<html" not in response.content

    def test_where_there_are_none_the_link_stays(self, client: Client, who: Who) -> None:
        response = client.get("/history/recent")
        assert (response.status_code, response.content) == (204, b"")


class TestApi:
    def test_the_accounts_scans_newest_first(self, client: Client) -> None:
        stock(muesli())
        visitor_id = uuid4()
        first = scan(account_id=None, visitor_id=visitor_id)
        link_visitor(visitor_id=visitor_id, account_id=SARA, linked_at=NOW)
        second = scan(account_id=SARA, gtin=UNKNOWN, minute=1)
        scan(account_id=TOM, minute=2)
        response = mine(client)
        assert response.headers["Cache-Control"] == "private, no-store"
        body = response.json()
        assert [entry["scan"]["scanId"] for entry in body["scans"]] == [str(second), str(first)]
        assert [entry["name"] for entry in body["scans"]] == [f"Product {UNKNOWN}", "Crunchy muesli"]
        assert body["next"] is None
        assert body["scans"][1]["scan"]["scannedItem"]["gtin"] == MUESLI
        german = client.get(
            "/api/v1/me/scans", headers={"Authorization": "Bearer sara", "Accept-Language": "de"}
        )
        assert german.json()["scans"][1]["name"] == "Knuspermüsli"

    def test_page_by_page(self, client: Client) -> None:
        made = [str(scan(account_id=SARA, minute=minute)) for minute in range(5)]
        found, cursor = [], None
        for _ in range(3):
            body = mine(client, limit=2, **({"cursor": cursor} if cursor else {})).json()
            found += [entry["scan"]["scanId"] for entry in body["scans"]]
            cursor = body["next"]
        assert cursor is None
        assert found == made[::-1]

    @pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "a" * 65}])
    def test_a_wrong_query_is_refused(self, client: Client, query: dict[str, Any]) -> None:
        assert (mine(client, **query).status_code, mine(client, **query).json()["code"]) == (400, "invalid")

    @pytest.mark.parametrize("cursor", ["abc", "_" * 32, "äöü", "AAAA"])
    def test_a_place_that_is_none_is_refused(self, client: Client, cursor: str) -> None:
        assert mine(client, cursor=cursor).json()["code"] == "cursor_not_accepted"

    def test_without_a_token_there_is_no_account_whatever_the_cookies(self, client: Client, who: Who) -> None:
        who.account = SARA
        client.get(f"/01/{UNKNOWN}")
        client.cookies["packytrace_session"] = "x"
        response = client.get("/api/v1/me/scans")
        assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")

    def test_a_linked_visitors_scan_is_read_and_reported_with_the_accounts_token(
        self, client: Client
    ) -> None:
        visitor_id = uuid4()
        scan_id = scan(account_id=None, gtin=UNKNOWN, visitor_id=visitor_id)
        link_visitor(visitor_id=visitor_id, account_id=SARA, linked_at=NOW)
        for token, status in (("sara", 200), ("tom", 404)):
            headers = {"Authorization": f"Bearer {token}"}
            assert client.get(f"/api/v1/scans/{scan_id}", headers=headers).status_code == status
            assert client.post(f"/api/v1/scans/{scan_id}/report", headers=headers).status_code == status


class TestGlobalPrivacyControl:
    @pytest.mark.parametrize("value", ["1", "0", "true", None])
    def test_a_browser_that_asks_is_not_counted(self, client: Client, value: str | None) -> None:
        """Only `1` is a signal (W3C Global Privacy Control, section 3.2)."""
        headers = {} if value is None else {"Sec-GPC": value}
        client.get(f"/01/{UNKNOWN}", headers=headers)
        client.post("/api/v1/scans", {"code": UNKNOWN}, content_type="application/json", headers=headers)
        told = [fact.payload.get("optedOut") for fact in OutboxFact.objects.filter(type="ProductScanned")]
        assert told == [True if value == "1" else None] * 2
        assert Scan.objects.count() == 2
