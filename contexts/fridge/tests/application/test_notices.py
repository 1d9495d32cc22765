"""What a person wants to be told: said by the person, under a consent, and gone with it."""

import base64
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings
from urllib3.util import parse_url

from contexts.fridge.application.errors import (
    AccountForgotten,
    BrowserNotAccepted,
    NoNoticeSettings,
    NoticeSettingsChanged,
    NoticesNeedConsent,
    NoticesNotOffered,
    NoticesNotStopped,
)
from contexts.fridge.application.notices import (
    MOST_BROWSERS,
    Browser,
    add_browser,
    delete_settings,
    forget_withdrawn,
    is_push_service,
    read_settings,
    remove_browser,
    save_settings,
    stop_mails,
    unsubscribe_secret,
)
from contexts.fridge.domain.notices import Channel
from contexts.fridge.models import Notice, NoticeSettings, PushSubscription
from contexts.fridge.tests.people import World
from contexts.fridge.tests.pressing import NOW, save, somebody, wishes
from packytrace.people.erasing import remember_erased

pytestmark = pytest.mark.django_db(databases=["fridge"])

BOTH = frozenset(Channel)
#: What every host of one push service ends with.
BELOW = ".notify.windows.com"


def _key() -> str:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


KEY, AUTH = _key(), base64.urlsafe_b64encode(b"0123456789abcdef").decode().rstrip("=")


def browser(
    account_id: UUID,
    *,
    endpoint: str = "https://fcm.googleapis.com/fcm/send/1",
    p256dh: str = KEY,
    auth: str = AUTH,
    minutes: int = 0,
) -> Browser:
    return add_browser(
        account_id=account_id,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        language="it",
        at=NOW + timedelta(minutes=minutes),
    )


def test_without_consent_nothing_is_kept_and_nothing_read(world: World) -> None:
    sara = uuid4()
    with pytest.raises(NoticesNeedConsent):
        read_settings(account_id=sara)
    with pytest.raises(NoticesNeedConsent):
        save_settings(account_id=sara, wishes=wishes(), language="en", edition=None, at=NOW)
    with pytest.raises(NoticesNeedConsent):
        browser(sara)
    assert not NoticeSettings.objects.exists()
    assert not PushSubscription.objects.exists()


def test_what_was_said_last_counts_and_nobody_overwrites_unseen(world: World) -> None:
    sara = somebody(world)
    first = read_settings(account_id=sara.account_id)
    second = save(sara, replace(first.wishes, digest_hour=19), at=NOW, language="de")
    assert read_settings(account_id=sara.account_id) == second
    assert (second.wishes.digest_hour, second.language) == (19, "de")
    for edition in (first.edition, None):
        with pytest.raises(NoticeSettingsChanged):
            save_settings(account_id=sara.account_id, wishes=wishes(), language="en", edition=edition, at=NOW)


def test_a_later_consent_does_not_revive_what_was_said_under_an_earlier_one(world: World) -> None:
    sara = somebody(world)
    world.notified[sara.account_id] = NOW
    with pytest.raises(NoNoticeSettings):
        read_settings(account_id=sara.account_id)
    browser(sara.account_id)
    assert Channel.MAIL not in read_settings(account_id=sara.account_id).wishes.channels


def test_a_withdrawal_destroys_settings_browsers_and_what_was_to_be_sent(world: World) -> None:
    sara, luca = somebody(world), somebody(world)
    for member in (sara, luca):
        browser(member.account_id, endpoint=f"https://web.push.apple.com/{member.account_id}")
        Notice.objects.create(id=uuid4(), account_id=member.account_id, about="x", claimed_at=NOW)
    for _twice in range(2):
        with transaction.atomic(using="fridge"):
            forget_withdrawn(account_id=sara.account_id, withdrawn_at=NOW)
    for model in (NoticeSettings, PushSubscription, Notice):
        assert [row.account_id for row in model.objects.all()] == [luca.account_id]
    with transaction.atomic(using="fridge"):
        forget_withdrawn(account_id=luca.account_id, withdrawn_at=NOW - timedelta(days=30))
    assert NoticeSettings.objects.filter(account_id=luca.account_id).exists()


def test_deleting_needs_no_consent(world: World) -> None:
    sara = somebody(world)
    with pytest.raises(NoticeSettingsChanged):
        delete_settings(account_id=sara.account_id, edition="other")
    del world.notified[sara.account_id]
    for _twice in range(2):
        delete_settings(account_id=sara.account_id)
    assert not NoticeSettings.objects.exists()


def test_nobody_who_was_erased_gets_settings(world: World) -> None:
    sara = uuid4()
    world.notified[sara] = NOW
    with transaction.atomic(using="fridge"):
        remember_erased(person_ids=[sara], until=date(2999, 1, 1), using="fridge")
    with pytest.raises(AccountForgotten):
        browser(sara)


def test_a_channel_that_the_site_does_not_have_is_refused(world: World, settings: Settings) -> None:
    settings.MAILS_CAN_BE_SENT, settings.VAPID_PRIVATE_KEY = True, ""
    sara = somebody(world)
    with pytest.raises(NoticesNotOffered):
        save(sara, wishes(channels=BOTH), at=NOW)
    with pytest.raises(NoticesNotOffered):
        browser(sara.account_id)


class TestBrowsers:
    def test_it_is_told_from_then_on_and_keeps_its_id(self, world: World) -> None:
        sara = somebody(world)
        first = browser(sara.account_id)
        assert browser(sara.account_id) == first
        stored = read_settings(account_id=sara.account_id)
        assert (stored.browsers, stored.wishes.channels) == ((first,), BOTH)
        assert first.service == "fcm.googleapis.com"

    def test_it_belongs_to_who_said_so_last(self, world: World) -> None:
        sara, luca = somebody(world), somebody(world)
        browser(sara.account_id)
        browser(luca.account_id)
        assert [row.account_id for row in PushSubscription.objects.all()] == [luca.account_id]

    def test_the_oldest_makes_room(self, world: World) -> None:
        sara = somebody(world)
        for number in range(MOST_BROWSERS + 1):
            browser(sara.account_id, endpoint=f"https://fcm.googleapis.com/fcm/send/{number}", minutes=number)
        kept = PushSubscription.objects.values_list("endpoint", flat=True)
        assert len(kept) == MOST_BROWSERS
        assert "https://fcm.googleapis.com/fcm/send/0" not in kept

    def test_with_the_last_one_goes_the_channel_and_nobody_removes_anothers(self, world: World) -> None:
        sara, luca = somebody(world), somebody(world)
        hers = browser(sara.account_id)
        remove_browser(account_id=luca.account_id, browser_id=hers.id, at=NOW)
        assert read_settings(account_id=sara.account_id).browsers == (hers,)
        remove_browser(account_id=sara.account_id, browser_id=hers.id, at=NOW)
        assert read_settings(account_id=sara.account_id).wishes.channels == {Channel.MAIL}

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://fcm.googleapis.com/fcm/send/1",
            "https://fcm.googleapis.com:8443/fcm/send/1",
            "https://fcm.googleapis.com@evil.example/1",
            "https://user@fcm.googleapis.com/1",
            "https://fcm.googleapis.com.evil.example/1",
            "https://evil-notify.windows.com/1",
            "https://notify.windows.com/1",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/1",
            "https://localhost:5432/",
            "https://fcm.googleapis.com:port/1",
            r"https://169.254.169.254\.notify.windows.com/1",
            r"https://evil.example\@wns2.notify.windows.com/1",
            "https://evil.example%5c.notify.windows.com/1",
            "https://evil.example\t.notify.windows.com/1",
            "https://fcm.googleapis.com\n/1",
            "https://evil.example#.notify.windows.com/1",
            "https://evil.example?.notify.windows.com/1",
            "https://evil.example\uff0f.notify.windows.com/1",
            "https://evil.example\u3002notify.windows.com/1",
            "https://..notify.windows.com/1",
            "file:///etc/passwd",
            "",
            "https://fcm.googleapis.com/" + "1" * 2000,
        ],
    )
    def test_messages_go_to_push_services_alone(self, world: World, endpoint: str) -> None:
        with pytest.raises(BrowserNotAccepted) as refused:
            browser(somebody(world).account_id, endpoint=endpoint)
        assert refused.value.field == "endpoint"

    @given(rest=st.lists(st.sampled_from([*"/:@#?%;[]. \\\t\n\u3002\uff0f\uff20", "evil", "443", BELOW])))
    @example(rest=["wns2", BELOW, "/w/?token=%2f"])
    def test_who_is_asked_is_who_was_looked_at(self, rest: list[str]) -> None:
        endpoint = "https://" + "".join(rest)
        if is_push_service(endpoint=endpoint):
            asked = parse_url(str(requests.Request("POST", endpoint).prepare().url))
            assert (asked.scheme, asked.auth, asked.port or 443) == ("https", None, 443)
            assert str(asked.host).endswith(BELOW)

    def test_a_push_service_below_a_name_is_one(self, world: World) -> None:
        assert browser(somebody(world).account_id, endpoint="https://wns2-am3p.notify.windows.com/w/?token=1")

    @pytest.mark.parametrize("p256dh", ["", "AAAA", "B" * 87, KEY[:-4], "ä" * 87])
    def test_a_key_that_is_none_is_refused(self, world: World, p256dh: str) -> None:
        with pytest.raises(BrowserNotAccepted):
            browser(somebody(world).account_id, p256dh=p256dh)

    @pytest.mark.parametrize("auth", ["", "AAAA", "****", AUTH + "AAAA"])
    def test_a_secret_that_is_none_is_refused(self, world: World, auth: str) -> None:
        with pytest.raises(BrowserNotAccepted):
            browser(somebody(world).account_id, auth=auth)


def test_one_click_ends_the_mails_of_its_holder_alone(world: World) -> None:
    sara, luca = somebody(world), somebody(world)
    secret = unsubscribe_secret(account_id=sara.account_id, consented_at=world.notified[sara.account_id])
    for _twice in range(2):
        stop_mails(secret=secret, at=NOW)
    assert read_settings(account_id=sara.account_id).wishes.channels == frozenset()
    assert read_settings(account_id=luca.account_id).wishes.channels == {Channel.MAIL}
    for guessed in ("", "guessed", secret[:-1]):
        with pytest.raises(NoticesNotStopped):
            stop_mails(secret=guessed, at=NOW)
