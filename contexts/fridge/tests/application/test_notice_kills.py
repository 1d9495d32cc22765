"""A sender that is killed a hundred times: none missed, and none doubled but under its own name.

The sender is a process, a copy of this one, that runs against a real mail server and is ended by SIGKILL at a
random moment, again and again. What is proven of mails:

- Every item is told in exactly one message, whatever was killed when.
- A message comes more than once only under the same Message-ID, and only after a kill that fell between the
  mail server's yes and the note of it: once more for each such kill.
"""

import os
import random
import re
import signal
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.db import connections
from pytest_django import Settings

from contexts.fridge.application import notice_planning, notice_sending
from contexts.fridge.application.households import Membership
from contexts.fridge.application.notice_sending import LEASE
from contexts.fridge.models import Notice
from contexts.fridge.tests.people import World
from contexts.fridge.tests.pressing import NOW, food, somebody
from tests import mail_server
from tests.mail_server import MailServer

KILLS = 100
_MINUTE = timedelta(minutes=1)


@pytest.mark.django_db(databases=["fridge"], transaction=True)
def test_a_sender_that_is_killed_misses_nothing_and_doubles_nothing(world: World, settings: Settings) -> None:
    dice = random.Random(os.environ.get("KILL_SEED", "notices"))
    with mail_server.running() as post:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", post.port
        people = [somebody(world) for _person in range(3)]
        expected: dict[str, str] = {}
        not_noted: Counter[str] = Counter()
        now, killed, longest = NOW, 0, 60.0  # the first one is not killed, and shows how long one takes
        for number in range(4 * KILLS):
            if killed == KILLS:
                break
            _bring_home(people, expected, world, number, now)
            before = len(post.mails)
            ended, lasted = _run_and_kill(now, after=dice.uniform(0.2 if number else 1, 1) * longest)
            # So that kills fall everywhere into a run, however fast the machine and however much is at home.
            longest = min(longest, 1.1 * lasted) if ended else 1.02 * longest
            killed += not ended
            post.await_silence()
            not_noted.update({_name(mail) for mail in post.mails[before:]} & _unsent())
            now += LEASE + _MINUTE
        assert killed == KILLS
        for _twice in range(2):
            _run(now)
            now += LEASE + _MINUTE
        _check(post, expected, not_noted)
        assert not _unsent()


def _bring_home(
    people: list[Membership], expected: dict[str, str], world: World, number: int, now: datetime
) -> None:
    """Something new for one of them, so that there is always something to tell."""
    member = people[number % len(people)]
    item_id = food(member, name=f"Yogurt {number}", now=now)
    expected[str(item_id)] = world.mailboxes[member.account_id]


def _run_and_kill(now: datetime, *, after: float) -> tuple[bool, float]:
    """Whether a sender came to its end before it was killed, and how long it was let run, in seconds."""
    connections["fridge"].close()  # a connection is not to be shared with a copy of this process
    sender = os.fork()
    if sender == 0:
        _run_and_exit(now)
    began = time.monotonic()
    while time.monotonic() < began + after:
        finished, status = os.waitpid(sender, os.WNOHANG)
        if finished:
            assert os.waitstatus_to_exitcode(status) == 0
            return True, time.monotonic() - began
        time.sleep(0.001)
    os.kill(sender, signal.SIGKILL)
    _sender, status = os.waitpid(sender, 0)
    return os.waitstatus_to_exitcode(status) == 0, time.monotonic() - began


def _run_and_exit(now: datetime) -> None:
    """Without what pytest does at the end of a process."""
    code = 1
    try:
        _run(now)
        code = 0
    finally:
        os._exit(code)


def _run(now: datetime) -> None:
    notice_planning.look(now=now)
    notice_sending.send_due(clock=lambda: now)


def _unsent() -> set[str]:
    waiting = Notice.objects.filter(told_in=None, sent_at=None, given_up=False)
    return {str(notice_id) for notice_id in waiting.values_list("id", flat=True)}


def _name(mail: EmailMessage) -> str:
    found = re.fullmatch(r"<([0-9a-f-]{36})@127\.0\.0\.1>", mail["Message-ID"].strip())
    assert found
    return found[1]


def _check(post: MailServer, expected: dict[str, str], not_noted: Counter[str]) -> None:
    told_in = defaultdict(set)
    for mail in post.mails:
        plain = mail.get_body(("plain",))
        assert plain is not None
        for item_id in re.findall(r"/fridge/items/([0-9a-f-]{36})", plain.get_content()):
            told_in[item_id].add(_name(mail))
            assert mail["To"] == expected[item_id]
    assert set(told_in) == set(expected), "none missed"
    assert {len(names) for names in told_in.values()} == {1}, "none in two messages"
    for name, times in Counter(_name(mail) for mail in post.mails).items():
        assert times == 1 + not_noted[name], "doubled without a kill that explains it"
