"""From what is at home to a mail in a mailbox, and what is done where nobody takes it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from contexts.fridge.application import notice_planning, notice_sending, recalls
from contexts.fridge.application.notice_sending import Sent
from contexts.fridge.application.notices import forget_old, read_settings, stop_mails
from contexts.fridge.domain.freshness import DateKind, State
from contexts.fridge.domain.notices import STATES, Channel, QuietHours
from contexts.fridge.models import Item, Notice, NoticeSettings, Recall
from contexts.fridge.tests.people import World, stopped
from contexts.fridge.tests.pressing import (
    GTIN,
    NOW,
    SOON,
    TODAY,
    YESTERDAY,
    announced,
    food,
    save,
    somebody,
    wishes,
)
from packytrace.errors import DomainError, Kind
from tests import mail_server
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(databases=["fridge"])

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def post(settings: Settings) -> Iterator[MailServer]:
    """A mail server on this machine, to which Django's own back end speaks."""
    with mail_server.running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.3
        yield server


def tick(now: datetime) -> Sent:
    """What happens every minute."""
    notice_planning.look(now=now)
    return notice_sending.send_due(clock=lambda: now)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content


class TestMails:
    def test_it_says_what_to_look_at_why_and_how_to_stop(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        milk = food(sara, name="<b>Milk</b> & honey")
        food(sara, name="Cheese", printed=SOON, date_kind=DateKind.BEST_BEFORE)
        food(sara, name="Rice", printed=TODAY + 300 * DAY)
        assert tick(NOW).sent == 1
        [mail] = post.sent_to(world.mailboxes[sara.account_id])
        assert mail["Subject"] == "Your fridge: 2 items to look at"
        assert mail["From"] == "PackyTrace <no-reply@packytrace.example>"
        assert mail["Auto-Submitted"] == "auto-generated"
        plain, html = text_of(mail), text_of(mail, "html")
        assert "- <b>Milk</b> & honey: " in plain
        assert "&lt;b&gt;Milk&lt;/b&gt; &amp; honey" in html
        assert f"/fridge/items/{milk}" in plain
        assert plain.index("Expired") < plain.index("Milk") < plain.index("Use soon") < plain.index("Cheese")
        assert "Rice" not in plain
        assert " style=" not in html
        header = mail["List-Unsubscribe"].strip()
        link = re.fullmatch(r"<(http://[^>]+/notices/unsubscribe/([\w-]{43}))>", header)
        assert link
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link[1] in plain
        assert str(sara.account_id) not in mail.as_string()
        stop_mails(secret=link[2], at=NOW)
        assert read_settings(account_id=sara.account_id).wishes.channels == frozenset()

    def test_nothing_is_told_twice_nor_what_is_gone(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        eaten = food(sara, name="Eaten")
        notice_planning.look(now=NOW)
        Item.objects.filter(id=eaten).update(status="finished")
        assert notice_sending.send_due(clock=lambda: NOW).dropped == 1
        food(sara, printed=TODAY, now=NOW + MINUTE)
        for minute in range(1, 4):
            tick(NOW + minute * MINUTE)
        assert [mail["Subject"] for mail in post.mails] == ["Yogurt: Use today"]
        tick(NOW + DAY)
        assert [mail["Subject"] for mail in post.mails[1:]] == ["Yogurt: Expired"]
        tick(NOW + 2 * DAY)
        assert len(post.mails) == 2

    def test_it_says_dates_for_it_is_read_days_later(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        food(sara, printed=YESTERDAY)
        tick(NOW)
        for kind in ("plain", "html"):
            assert "use by 20 Nov 2026" in text_of(post.mails[0], kind)

    def test_it_speaks_the_persons_language(self, world: World, post: MailServer) -> None:
        food(somebody(world, language="it"))
        tick(NOW)
        assert 'lang="it"' in text_of(post.mails[0], "html")

    def test_who_takes_consent_back_or_leaves_the_household_hears_nothing_more(
        self, world: World, post: MailServer
    ) -> None:
        sara, luca, nina = somebody(world), somebody(world), somebody(world)
        for member in (sara, luca, nina):
            food(member)
        notice_planning.look(now=NOW)
        del world.notified[sara.account_id]
        world.notified[luca.account_id] = NOW
        Item.objects.filter(household_id=nina.household_id).update(household_id=sara.household_id)
        assert notice_sending.send_due(clock=lambda: NOW).dropped == 3
        assert post.mails == []

    def test_who_agrees_anew_is_not_told_what_was_wished_before(self, world: World) -> None:
        sara = somebody(world)
        food(sara)
        world.notified[sara.account_id] = NOW
        assert notice_planning.look(now=NOW) == 0
        assert not NoticeSettings.objects.exists()

    def test_without_a_mailbox_nothing_is_sent(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        food(sara)
        del world.mailboxes[sara.account_id]
        assert tick(NOW).dropped == 1


class TestInTheirTime:
    def test_a_digest_comes_at_its_hour_once(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        save(sara, wishes(digest=frozenset(STATES), instant=frozenset(), digest_hour=11), at=NOW)
        food(sara)
        tick(NOW)
        assert post.mails == []
        for minute in (59, 60, 61, 120):
            tick(NOW + minute * MINUTE)
        assert len(post.mails) == 1

    def test_the_quiet_hours_hold_back_all_but_recalls(self, world: World, post: MailServer) -> None:
        sara = somebody(world, wanted=wishes(quiet=QuietHours(begin=9, end=12)))
        food(sara, gtin=GTIN)
        recalls.receive(announced())
        tick(NOW)
        assert [mail["Subject"] for mail in post.mails] == ["Recalled: Yogurt"]
        tick(NOW + 119 * MINUTE)
        assert len(post.mails) == 1
        tick(NOW + 120 * MINUTE)
        assert [mail["Subject"] for mail in post.mails[1:]] == ["Yogurt: Expired"]

    def test_what_could_not_be_sent_before_the_quiet_hours_waits_for_their_end(
        self, world: World, post: MailServer
    ) -> None:
        sara = somebody(world, wanted=wishes(quiet=QuietHours(begin=10, end=12)))
        food(sara)
        notice_planning.look(now=NOW - MINUTE)
        assert notice_sending.send_due(clock=lambda: NOW + MINUTE) == Sent()
        assert notice_sending.send_due(clock=lambda: NOW + 2 * HOUR).sent == 1

    def test_what_waited_until_it_was_something_else_is_told_as_that_alone(
        self, world: World, post: MailServer
    ) -> None:
        told, wants_less = (
            somebody(world),
            somebody(world, wanted=wishes(instant=frozenset({State.USE_TODAY}))),
        )
        for member in (told, wants_less):
            food(member, printed=TODAY)
        notice_planning.look(now=NOW)
        assert Notice.objects.filter(told_in=None).count() == 2
        tick(NOW + DAY)  # nobody was there to send it
        assert [(mail["To"], mail["Subject"]) for mail in post.mails] == [
            (world.mailboxes[told.account_id], "Yogurt: Expired")
        ]

    def test_the_rest_of_a_message_is_told(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        food(sara, printed=TODAY)
        food(sara, name="Cheese", printed=YESTERDAY, date_kind=DateKind.BEST_BEFORE)
        notice_planning.look(now=NOW)
        tick(NOW + DAY)
        assert sorted(mail["Subject"] for mail in post.mails) == ["Cheese: Check first", "Yogurt: Expired"]

    def test_what_is_no_longer_wished_is_not_sent(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        food(sara)
        notice_planning.look(now=NOW)
        save(sara, wishes(instant=frozenset({State.USE_TODAY})), at=NOW)
        assert notice_sending.send_due(clock=lambda: NOW).dropped == 1

    def test_changes_at_home_are_seen_at_the_next_look(self, world: World, post: MailServer) -> None:
        sara = somebody(world)
        tick(NOW)
        food(sara, now=NOW + MINUTE)
        assert tick(NOW + 2 * MINUTE).sent == 1


class TestRecalls:
    def test_who_has_it_at_home_is_told_at_once(self, world: World, post: MailServer) -> None:
        sara, luca, nina, omar = (somebody(world, wanted=wishes(instant=frozenset())) for _ in range(4))
        food(sara, gtin=GTIN, lot="L1", printed=None)
        food(luca, gtin=GTIN, printed=None)
        food(nina, gtin=GTIN, lot="L2", printed=None)
        Item.objects.filter(id=food(omar, gtin=GTIN, lot="L1")).update(status="finished")
        now = datetime.now(UTC)
        tick(now)
        recalls.receive(announced(lots=("L1",)))
        tick(now + MINUTE)  # long before the clock would have looked again
        said = {mail["To"]: mail for mail in post.mails}
        assert set(said) == {world.mailboxes[member.account_id] for member in (sara, luca)}
        assert said[world.mailboxes[sara.account_id]]["Subject"] == "Recalled: Yogurt"
        assert "lot L1" in text_of(said[world.mailboxes[sara.account_id]])
        assert re.search(r"Your fridge: http://\S+/fridge\s", text_of(said[world.mailboxes[sara.account_id]]))
        assert "check the lot" in said[world.mailboxes[luca.account_id]]["Subject"]
        assert "pieces of metal" in text_of(said[world.mailboxes[luca.account_id]])

    def test_the_newest_announcement_counts_in_whatever_order_they_come(self) -> None:
        first = announced(text="First.")
        second = first | {"announcedAt": (NOW + HOUR).isoformat(), "withdrawn": True}
        third = first | {"announcedAt": (NOW + 2 * HOUR).isoformat(), "text": "Third."}
        for order in ((first, second, third), (third, first, second, first), (second, third, second)):
            Recall.objects.all().delete()
            for data in order:
                recalls.receive(data)
            assert [(row.text, row.withdrawn) for row in Recall.objects.all()] == [("Third.", False)]
        recalls.receive(third | {"withdrawn": True})
        assert not Recall.objects.get().withdrawn, "at the same moment, the careful one counts"

    def test_check_the_lot_is_not_sent_beside_it_is_yours(self, world: World, post: MailServer) -> None:
        sara = somebody(world, wanted=wishes(instant=frozenset()))
        food(sara, gtin=GTIN)
        data = announced(lots=("L1",))
        recalls.receive(data)
        notice_planning.look(now=NOW)
        recalls.receive(data | {"announcedAt": (NOW + MINUTE).isoformat(), "lots": []})
        NoticeSettings.objects.update(look_at=NOW)
        assert tick(NOW + MINUTE) == Sent(sent=1, dropped=1)
        assert [mail["Subject"] for mail in post.mails] == ["Recalled: Yogurt"]

    def test_one_that_was_taken_back_is_not_told(self, world: World, post: MailServer) -> None:
        sara = somebody(world, wanted=wishes(instant=frozenset()))
        food(sara, gtin=GTIN)
        data = announced()
        recalls.receive(data)
        notice_planning.look(now=NOW)
        recalls.receive(data | {"announcedAt": (NOW + MINUTE).isoformat(), "withdrawn": True})
        assert notice_sending.send_due(clock=lambda: NOW + MINUTE).dropped == 1


class _Silent(DomainError):
    code = "silent"
    kind = Kind.UNAVAILABLE


class TestWhereNobodyTakesIt:
    def test_a_mail_server_that_hangs_is_left_alone_and_asked_again(
        self, world: World, post: MailServer
    ) -> None:
        for _person in range(5):
            food(somebody(world))
        post.hangs = True
        assert tick(NOW).put_off == 3, "then it is taken for hanging"
        post.hangs = False
        post.ended.set()
        assert tick(NOW).sent == 2, "those that were not tried"
        assert tick(NOW + 59 * timedelta(seconds=1)) == Sent()
        assert tick(NOW + MINUTE).sent == 3
        assert len({mail["Message-ID"] for mail in post.mails}) == 5

    def test_others_get_theirs_while_one_persons_fridge_cannot_be_looked_at(
        self, world: World, post: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = sorted((somebody(world), somebody(world)), key=lambda member: member.account_id)
        food(first)
        food(second)
        plan = notice_planning.plan
        lines = iter((KeyError("planted"), None))

        def broken_once(*args: Any, **wanted: Any) -> Any:
            if error := next(lines, None):
                raise error
            return plan(*args, **wanted)

        monkeypatch.setattr(notice_planning, "plan", broken_once)
        assert tick(NOW).sent == 1
        assert not post.sent_to(world.mailboxes[first.account_id])
        assert post.sent_to(world.mailboxes[second.account_id])
        assert tick(NOW + MINUTE).sent == 1, "tried again"

    def test_others_get_theirs_while_one_mailbox_is_refused(self, world: World, post: MailServer) -> None:
        full, gone, well = somebody(world), somebody(world), somebody(world)
        for member in (full, gone, well):
            food(member)
        post.refuses[world.mailboxes[full.account_id]] = "452 mailbox full"
        post.refuses[world.mailboxes[gone.account_id]] = "550 nobody here"
        assert tick(NOW) == Sent(sent=1, put_off=1, dropped=1)
        post.refuses.clear()
        tick(NOW + MINUTE)
        assert [mail["To"] for mail in post.mails] == [
            world.mailboxes[member.account_id] for member in (well, full)
        ]

    def test_a_provider_that_does_not_tell_addresses_is_asked_again(
        self, world: World, post: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        food(somebody(world))

        def silent(*, account_id: UUID) -> str:
            raise _Silent

        with monkeypatch.context() as broken:
            broken.setattr(world, "address", silent)
            assert tick(NOW).put_off == 1
        assert tick(NOW + MINUTE).sent == 1

    def test_pauses_grow_and_at_last_it_is_given_up(self, world: World, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 0.3
        food(somebody(world))
        now, waited = NOW, []
        tick(now)
        while not (notice := Notice.objects.get(told_in=None)).given_up:
            assert notice.due_at is not None
            waited.append((notice.due_at - now) // MINUTE)
            now = notice.due_at
            notice_sending.send_due(clock=stopped(now))
        assert waited[:7] == [1, 2, 4, 8, 16, 32, 60]
        assert set(waited[7:]) == {60}
        assert timedelta(days=2) < now - NOW < timedelta(days=2, hours=2)

    def test_two_senders_at_once_do_not_take_the_same(self, world: World) -> None:
        food(somebody(world))
        notice_planning.look(now=NOW)
        assert notice_sending._take(Channel.MAIL, now=NOW) is not None
        assert notice_sending._take(Channel.MAIL, now=NOW) is None
        assert notice_sending._take(Channel.MAIL, now=NOW + notice_sending.LEASE) is not None


def test_what_was_told_long_ago_is_forgotten_once_it_is_gone(world: World, post: MailServer) -> None:
    sara = somebody(world, wanted=wishes(instant=frozenset({State.EXPIRED})))
    food(sara), food(sara)
    tick(NOW)
    first, second = Notice.objects.filter(told_in=None).get().item_ids
    Item.objects.filter(id=first).update(status="finished")
    assert forget_old(before=NOW + DAY) == 0, "the other one is still there, and was told in the same message"
    Item.objects.filter(id=first).update(status="here", changed_at=NOW + MINUTE)
    Item.objects.filter(id=second).update(status="finished")
    assert forget_old(before=NOW + DAY) == 0
    save(sara, wishes(), at=NOW + MINUTE)
    assert tick(NOW + 2 * MINUTE) == Sent(), "it was taken back that it had gone"
    Item.objects.update(status="finished")
    assert forget_old(before=NOW + DAY) == 3
