"""/fridge/notices as a browser without a script sees it, and the address that ends mails with one click."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from contexts.fridge.application.notices import read_settings, unsubscribe_secret
from contexts.fridge.domain.freshness import State
from contexts.fridge.domain.notices import Channel, QuietHours
from contexts.fridge.models import NoticeSettings, PushSubscription
from contexts.fridge.tests.application.test_notices import AUTH, KEY, browser
from contexts.fridge.tests.people import World
from contexts.fridge.tests.pressing import NOW, save, somebody, wishes

pytestmark = pytest.mark.django_db(databases=["fridge"])

PAGE = "/fridge/notices"


def send(client: Client, form: str, **typed: object) -> tuple[int, str, str]:
    """Open the page and send one of its forms: status, where it leads, and the page."""
    html = client.get(PAGE).content.decode()
    found = next(part for part in html.split("<form")[1:] if f'action="{form}"' in part.partition(">")[0])
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.partition("</form>")[0])
    answer = client.post(form, {**{name: unescape(value) for name, value in hidden}, **typed})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


@pytest.fixture
def sara(world: World) -> World:
    """Sara is in the browser, and has agreed to nothing."""
    world.account = uuid4()
    return world


def test_from_nothing_to_notices_and_back(client: Client, sara: World) -> None:
    account_id = sara.account
    assert account_id is not None
    assert "What is sent, and why" in client.get(PAGE).content.decode()
    assert send(client, f"{PAGE}/agree")[:2] == (303, f"{PAGE}?done=agreed")
    typed = {
        "use_soon": "never",
        "use_today": "digest",
        "check": "never",
        "expired": "instant",
        "opened_too_long": "bogus",
        "digest_hour": "19",
        "quiet_from": "22",
        "quiet_to": "7",
        "by_mail": "1",
        "language": "it",
    }
    assert send(client, PAGE, **typed)[:2] == (303, f"{PAGE}?done=saved")
    stored = read_settings(account_id=account_id)
    assert stored.wishes == wishes(
        digest=frozenset({State.USE_TODAY}),
        instant=frozenset({State.EXPIRED}),
        digest_hour=19,
        quiet=QuietHours(begin=22, end=7),
    )
    assert stored.language == "it"
    assert '<option value="19" selected>19:00</option>' in client.get(PAGE).content.decode()
    assert send(client, f"{PAGE}/withdraw")[:2] == (303, f"{PAGE}?done=withdrawn")
    assert not NoticeSettings.objects.exists()
    assert "Nothing is sent any more" in client.get(f"{PAGE}?done=withdrawn").content.decode()


def test_what_was_not_read_is_not_agreed_to(client: Client, sara: World) -> None:
    status, _onwards, html = send(client, f"{PAGE}/agree", version="0")
    assert (status, sara.notified) == (409, {})
    assert "read it once more" in html


def test_a_form_that_comes_after_the_consent_says_so(client: Client, sara: World) -> None:
    assert sara.account is not None
    sara.notified[sara.account] = NOW
    client.get(PAGE)
    token = client.cookies["packytrace_csrf"].value
    sara.notified.clear()
    answer = client.post(PAGE, {"by_mail": "1", "csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [{"quiet_from": "8", "quiet_to": "8"}, {"digest_hour": "24"}, {"quiet_from": "x", "quiet_to": "1"}],
)
def test_what_cannot_be_is_said(client: Client, sara: World, typed: dict[str, str]) -> None:
    assert sara.account is not None
    sara.notified[sara.account] = NOW
    status, _onwards, html = send(client, PAGE, **typed)
    assert (status, "Nothing was saved" in html) == (400, True)


def test_what_was_changed_elsewhere_is_not_overwritten(client: Client, world: World) -> None:
    member = somebody(world)
    world.account = member.account_id
    status, _onwards, html = send(client, PAGE, edition="other")
    assert (status, "changed elsewhere" in html) == (409, True)


def test_a_browser_is_added_and_removed(client: Client, world: World) -> None:
    member = somebody(world)
    world.account = member.account_id
    told = {"endpoint": "https://fcm.googleapis.com/fcm/send/1", "p256dh": KEY, "auth": AUTH}
    assert send(client, f"{PAGE}/browsers", **told)[:2] == (303, f"{PAGE}?done=browser_added")
    [row] = PushSubscription.objects.all()
    assert "fcm/send" not in client.get(PAGE).content.decode()
    assert send(client, f"{PAGE}/browsers/{row.id}/remove")[0] == 303
    assert not PushSubscription.objects.exists()
    status, _onwards, html = send(
        client, f"{PAGE}/browsers", **(told | {"endpoint": "https://evil.example/"})
    )
    assert (status, "not one that we know" in html) == (400, True)


def test_nobody_removes_anothers_browser(client: Client, world: World) -> None:
    sara, luca = somebody(world), somebody(world)
    hers = browser(sara.account_id)
    world.account = luca.account_id
    client.get(PAGE)
    token = client.cookies["packytrace_csrf"].value
    answer = client.post(f"{PAGE}/browsers/{hers.id}/remove", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 303
    assert PushSubscription.objects.filter(id=hers.id).exists()


def test_what_the_site_does_not_have_is_not_offered(client: Client, world: World, settings: Settings) -> None:
    member = somebody(world)
    world.account = member.account_id
    settings.MAILS_CAN_BE_SENT, settings.VAPID_PRIVATE_KEY = False, ""
    html = client.get(PAGE).content.decode()
    assert "By e-mail" not in html
    assert "data-push" not in html


def test_opening_the_one_click_address_ends_nothing_and_a_post_without_cookies_does(world: World) -> None:
    member = somebody(world)
    secret = unsubscribe_secret(account_id=member.account_id, consented_at=world.notified[member.account_id])
    address = f"/notices/unsubscribe/{secret}"
    mail_program = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for method in (mail_program.get, mail_program.head):
        assert method(address).status_code == 200
    assert read_settings(account_id=member.account_id).wishes.channels == {Channel.MAIL}
    for _twice in range(2):
        answer = mail_program.post(
            address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
    assert read_settings(account_id=member.account_id).wishes.channels == frozenset()
    for wrong in (f"/notices/unsubscribe/{secret}x", "/notices/unsubscribe/" + "x" * 500):
        assert mail_program.get(wrong).status_code == 404
        assert mail_program.post(wrong).status_code == 404


@pytest.mark.usefixtures("built")
def test_the_service_worker_is_our_own_and_under_the_strict_policy(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert b"showNotification" in answer.content


def test_saving_again_keeps_what_browsers_are_told(client: Client, world: World) -> None:
    member = somebody(world)
    world.account = member.account_id
    browser(member.account_id)
    assert send(client, PAGE, by_mail="1")[0] == 303
    stored = read_settings(account_id=member.account_id)
    assert stored.wishes.channels == frozenset(Channel)
    save(member, wishes(), at=NOW)
