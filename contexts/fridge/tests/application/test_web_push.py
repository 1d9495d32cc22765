"""Messages to browsers: encrypted, signed, told once, and no more to those that are gone."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as site
from django.core.management import call_command
from pytest_django import Settings

from contexts.fridge.application import notice_planning, notice_sending, recalls, web_push
from contexts.fridge.application.notice_sending import Sent
from contexts.fridge.application.notices import add_browser, application_server_key
from contexts.fridge.application.web_push import Delivered
from contexts.fridge.domain.notices import Channel
from contexts.fridge.models import Notice, NoticeSettings, PushSubscription
from contexts.fridge.tests.people import World
from contexts.fridge.tests.pressing import GTIN, NOW, announced, food, somebody, wishes
from tests import push_service
from tests.push_service import Keys, PushService

pytestmark = pytest.mark.django_db(databases=["fridge"])

MINUTE = timedelta(minutes=1)
BY_PUSH = wishes(channels=frozenset({Channel.PUSH}))


@pytest.fixture
def service(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service that the site knows, and whose certificate this process believes."""
    with push_service.running(folder=tmp_path) as service:
        settings.PUSH_SERVICES = frozenset({service.host})
        monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(service.certificate))
        yield service


def told(world: World, service: PushService, *paths: str) -> Keys:
    """Somebody with an expired yogurt, and with browsers that all have the same keys."""
    member, keys = somebody(world, wanted=BY_PUSH), Keys()
    for path in paths:
        add_browser(
            account_id=member.account_id,
            endpoint=service.endpoint(path),
            p256dh=keys.p256dh,
            auth=keys.auth,
            language="en",
            at=NOW - timedelta(days=1),
        )
    food(member, gtin=GTIN)
    return keys


def tick(now: object = NOW) -> Sent:
    assert isinstance(now, type(NOW))
    notice_planning.look(now=now)
    return notice_sending.send_due(clock=lambda: now)


def test_only_the_browser_can_read_it_and_the_service_knows_who_sent_it(
    world: World, service: PushService
) -> None:
    keys = told(world, service, "/a")
    assert tick() == Sent(sent=1)
    [pushed] = service.pushed
    message = keys.read(pushed.body)
    assert message["title"] == "Yogurt: Expired"
    assert "do not eat it" in message["body"]
    assert b"Yogurt" not in pushed.body
    assert (pushed.headers["TTL"], pushed.headers["Urgency"]) == ("86400", "normal")
    assert len(pushed.headers["Topic"]) <= 32
    scheme, _space, given = pushed.headers["Authorization"].partition(" ")
    token, key = (part.partition("=")[2] for part in given.split(", "))
    assert (scheme, key) == ("vapid", application_server_key())
    point = base64.urlsafe_b64decode(key + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(
        token,
        public,  # type: ignore[arg-type] # PyJWT takes it, its stubs name other types
        algorithms=["ES256"],
        audience=f"https://{service.host}",
        options={"verify_exp": False},
    )
    assert claims["sub"] == f"mailto:{parseaddr(site.DEFAULT_FROM_EMAIL)[1]}"
    assert claims["exp"] - NOW.timestamp() <= 86400


def test_a_browser_that_is_gone_is_told_nothing_more(world: World, service: PushService) -> None:
    told(world, service, "/gone", "/unknown", "/there")
    service.answers |= {"/gone": 410, "/unknown": 404}
    assert tick() == Sent(sent=1)
    assert [row.endpoint for row in PushSubscription.objects.all()] == [service.endpoint("/there")]
    assert tick(NOW + MINUTE) == Sent()


def test_where_all_are_gone_there_is_nobody_to_tell(world: World, service: PushService) -> None:
    told(world, service, "/gone")
    service.answers["/gone"] = 410
    recalls.receive(announced())
    assert tick() == Sent(dropped=1), "the other message is not tried any more"
    assert not PushSubscription.objects.exists()
    assert not NoticeSettings.objects.get().by_push
    assert not Notice.objects.exists(), "nobody was told of anything"


def test_who_comes_with_a_new_browser_is_told(world: World, service: PushService) -> None:
    told(world, service, "/gone")
    service.answers["/gone"] = 410
    recalls.receive(announced())
    tick()
    told_anew = NoticeSettings.objects.get().account_id
    keys = Keys()
    add_browser(
        account_id=told_anew,
        endpoint=service.endpoint("/new"),
        p256dh=keys.p256dh,
        auth=keys.auth,
        language="en",
        at=NOW + MINUTE,
    )
    assert tick(NOW + MINUTE) == Sent(sent=2)
    assert keys.read(service.pushed[-2].body)["title"] == "Recalled: Yogurt"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again_under_the_same_topic(
    world: World, service: PushService, status: int
) -> None:
    keys = told(world, service, "/a")
    service.answers["/a"] = status
    assert tick() == Sent(put_off=1)
    service.answers.clear()
    assert tick(NOW + MINUTE) == Sent(sent=1)
    first, second = service.pushed
    assert first.headers["Topic"] == second.headers["Topic"]
    assert keys.read(first.body)["tag"] == keys.read(second.body)["tag"]


def test_no_redirect_is_followed_and_a_refusal_is_the_end(world: World, service: PushService) -> None:
    told(world, service, "/a")
    service.answers["/a"] = 307
    assert tick() == Sent(dropped=1)
    assert [pushed.path for pushed in service.pushed] == ["/a"]


def test_a_service_that_the_site_no_longer_knows_is_not_asked(
    world: World, service: PushService, settings: Settings
) -> None:
    told(world, service, "/a")
    settings.PUSH_SERVICES = frozenset()
    assert tick() == Sent(dropped=1)
    assert service.pushed == []


def test_who_has_slipped_in_another_machine_does_not_make_us_ask_it(
    world: World, service: PushService, settings: Settings
) -> None:
    told(world, service, "/a")
    settings.PUSH_SERVICES = frozenset({".push.example"})
    for endpoint in (rf"https://{service.host}\.push.example/a", "https://[", f"https://{service.host}/a"):
        target = web_push.Target(endpoint=endpoint, p256dh=Keys().p256dh, auth=Keys().auth)
        sent = web_push.send(target=target, notice_id=uuid4(), content={}, urgent=False, now=NOW)
        assert sent is Delivered.GONE
    assert service.pushed == []


def test_what_the_environment_says_of_proxies_and_passwords_does_not_count(
    world: World, service: PushService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told(world, service, "/a")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login sara password secret")
    assert tick() == Sent(sent=1)
    assert service.pushed[0].headers["Authorization"].startswith("vapid ")


def test_a_recall_is_urgent_and_kept_for_a_week(world: World, service: PushService) -> None:
    keys = told(world, service, "/a")
    recalls.receive(announced())
    assert tick() == Sent(sent=2)
    pushed = service.pushed[0]
    assert keys.read(pushed.body)["title"] == "Recalled: Yogurt"
    assert (pushed.headers["TTL"], pushed.headers["Urgency"]) == (str(7 * 86400), "high")


def test_the_longest_message_fits_in_every_script(world: World, service: PushService) -> None:
    keys = told(world, service, "/a")
    recalls.receive(announced(text="酸" * 4000))
    tick()
    assert all(len(pushed.body) <= 4096 for pushed in service.pushed)
    assert keys.read(service.pushed[0].body)["body"].endswith("…")


def test_a_new_key_is_printed_as_it_stands_in_the_setting(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = application_server_key()
    call_command("vapid_key")
    settings.VAPID_PRIVATE_KEY = capsys.readouterr().out.strip()
    assert len(settings.VAPID_PRIVATE_KEY) == 43
    assert application_server_key() != before
