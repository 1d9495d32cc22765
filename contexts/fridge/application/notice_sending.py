"""Sending what was claimed.

A sender takes a message by putting off, in a transaction, when the next one may take it; sends it; and notes
that it was sent. One that is killed on the way leaves a message that is found again when that time has come.
So every message goes out at least once, for as long as it is worth trying, and exactly once but for one case:
the mail server or push service had taken it, and the sender died before it could note so. Then it goes out
again under the same name, the Message-ID of the mail (RFC 5322, section 3.6.4) or the Topic of the push
message (RFC 8030, section 5.4), by which mailboxes and push services tell it as the same.
"""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections
from django.utils import translation

from contexts.fridge.application import households, notice_text, ports, web_push
from contexts.fridge.application.households import Membership
from contexts.fridge.application.noticed_items import pressing_items, recalled_items
from contexts.fridge.application.notices import browsers_gone, unsubscribe_secret, wishes_of
from contexts.fridge.application.web_push import Delivered
from contexts.fridge.domain.notices import Channel, about_recall, about_state, is_quiet, is_urgent
from contexts.fridge.models import Notice, NoticeSettings, PushSubscription
from packytrace.errors import DomainError, Kind

#: For how long a message belongs to the sender that has taken it: longer than any sending lasts.
LEASE: Final = timedelta(minutes=5)
#: A run takes no more messages after so long: the next one begins every minute.
LONGEST_RUN: Final = timedelta(seconds=45)
#: After so many failures of one kind in a row it is not the message, and the others wait for the next run.
_PATIENCE: Final = 3
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_WORTH_TRYING: Final = timedelta(days=2)
_WORTH_TRYING_IF_URGENT: Final = timedelta(days=7)

_log = structlog.get_logger(__name__)

#: The next message through a channel, recalls first. Another sender's are passed over.
_TAKE: Final = """
    UPDATE notice SET due_at = %(until)s, attempts = attempts + 1 WHERE id = (
        SELECT id FROM notice
        WHERE told_in IS NULL AND sent_at IS NULL AND NOT given_up AND due_at <= %(now)s
            AND channel = %(channel)s
        ORDER BY about NOT LIKE 'recall:%%', due_at, id
        FOR UPDATE SKIP LOCKED LIMIT 1
    ) RETURNING id, account_id, about, item_ids, claimed_at, attempts
"""


@dataclass(kw_only=True, slots=True)
class Sent:
    """What became of the messages of one run."""

    sent: int = 0
    put_off: int = 0
    """The other side did not take them; they are tried again."""
    dropped: int = 0
    """Not to be sent any more: what they tell is over, nobody wants or allows them, or nobody takes them."""


class _NotNow(Exception):
    """The message was not taken; later it may be."""


class _Never(Exception):
    """The message is not to be sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Message:
    id: UUID
    account_id: UUID
    about: str
    item_ids: list[UUID]
    claimed_at: datetime
    attempts: int

    @property
    def is_urgent(self) -> bool:
        return is_urgent(about=self.about)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Recipient:
    settings: NoticeSettings
    member: Membership


@dataclass(kw_only=True, slots=True)
class _MailServer:
    """One connection for all mails of a run; a broken one is made anew."""

    backend: BaseEmailBackend = field(default_factory=get_connection)

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Raises _NotNow, and _Never where the server does not know the address."""
        mail.connection = self.backend
        try:
            self.backend.open()
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            self.close()
            if all(code >= 500 for code, _why in refused.recipients.values()):
                raise _Never from refused
            raise _NotNow from refused
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise _NotNow from error

    def close(self) -> None:
        """Hang up, however broken the line is."""
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            self.backend = get_connection()


def send_due(*, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Sent:
    """Send what is due, browsers first: their services answer at once.

    Several may run at once, and be killed anywhere.
    """
    sent = Sent()
    end = clock() + LONGEST_RUN
    _run(Channel.PUSH, _push, sent=sent, clock=clock, end=end)
    with _mail_server() as server:
        _run(
            Channel.MAIL,
            lambda message, to, now: _mail(message, to, now, server=server),
            sent=sent,
            clock=clock,
            end=end,
        )
    return sent


@contextmanager
def _mail_server() -> Iterator[_MailServer]:
    server = _MailServer()
    try:
        yield server
    finally:
        server.close()


def _run(
    channel: Channel,
    deliver: Callable[[_Message, _Recipient, datetime], None],
    *,
    sent: Sent,
    clock: Callable[[], datetime],
    end: datetime,
) -> None:
    failures = 0
    while failures < _PATIENCE and (now := clock()) < end and (message := _take(channel, now=now)):
        try:
            recipient = _recipient(message, channel=channel)
            if not message.is_urgent and (loud_at := _end_of_quiet(recipient, now=now)):
                _note(message, due_at=loud_at)
                continue
            deliver(message, recipient, now)
        except _Never:
            _note(message, given_up=True)
            sent.dropped += 1
        except _NotNow:
            failures += 1
            _try_later(message, now=now, sent=sent)
        else:
            failures = 0
            _note(message, sent_at=clock())
            sent.sent += 1
    if failures >= _PATIENCE:
        _log.warning("notices_wait", channel=channel.value)


def _take(channel: Channel, *, now: datetime) -> _Message | None:
    with connections["fridge"].cursor() as cursor:
        cursor.execute(_TAKE, {"until": now + LEASE, "now": now, "channel": channel.value})
        row = cursor.fetchone()
    if row is None:
        return None
    names = ("id", "account_id", "about", "item_ids", "claimed_at", "attempts")
    return _Message(**dict(zip(names, row, strict=True)))


def _recipient(message: _Message, *, channel: Channel) -> _Recipient:
    """Whoever is to be told, who still wants and allows it now. Raises _Never."""
    row = NoticeSettings.objects.filter(account_id=message.account_id).first()
    member = households.find(account_id=message.account_id)
    if row is None or member is None or channel not in wishes_of(row).channels:
        raise _Never
    if ports.consents().notifications(account_id=message.account_id) != row.consented_at:
        raise _Never
    return _Recipient(settings=row, member=member)


def _end_of_quiet(recipient: _Recipient, *, now: datetime) -> datetime | None:
    """When the quiet hours are over that it is in now; None outside of them."""
    quiet, zone = wishes_of(recipient.settings).quiet, recipient.member.zone
    if not is_quiet(now=now, zone=zone, quiet=quiet):
        return None
    later = now.replace(minute=0, second=0, microsecond=0)
    while is_quiet(now=later, zone=zone, quiet=quiet):
        later += timedelta(minutes=15)  # some zones are off by a quarter of an hour
    return later


def _text(message: _Message, recipient: _Recipient, *, now: datetime) -> notice_text.Text:
    """What is to be said now of what was claimed. Raises _Never where nothing of it is left to say.

    An item that is not what it was any more is left out: what it is now is told, if at all, by a message that
    claims that.
    """
    member = recipient.member
    claimed = frozenset(Notice.objects.filter(told_in=message.id).values_list("about", flat=True))
    if message.is_urgent:
        recalled = [
            item
            for item in recalled_items(member=member, item_ids=message.item_ids)
            if about_recall(found=item.found) in claimed
        ]
        if not recalled:
            raise _Never
        return notice_text.of_recall(items=recalled)
    wishes = wishes_of(recipient.settings)
    items = [
        item
        for item in pressing_items(member=member, now=now, item_ids=message.item_ids)
        if item.fresh.state in wishes.digest_states | wishes.instant_states
        and about_state(item=item.at_home) in claimed
    ]
    if not items:
        raise _Never
    return notice_text.of_items(items=items)


def _mail(message: _Message, recipient: _Recipient, now: datetime, *, server: _MailServer) -> None:
    try:
        address = ports.mailboxes().address(account_id=message.account_id)
    except DomainError as error:
        if error.kind is not Kind.UNAVAILABLE:
            raise
        raise _NotNow from error
    if address is None:
        raise _Never
    unsubscribe = f"{settings.PUBLIC_URL}/notices/unsubscribe/{_secret(recipient.settings)}"
    with translation.override(recipient.settings.language):
        letter = notice_text.letter(text=_text(message, recipient, now=now), unsubscribe=unsubscribe)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.plain,
        to=[address],
        headers={
            "Message-ID": f"<{message.id}@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Date": format_datetime(message.claimed_at),
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",  # no mailbox answers that its owner is away (RFC 3834)
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    server.send(mail)


def _secret(row: NoticeSettings) -> str:
    secret = unsubscribe_secret(account_id=row.account_id, consented_at=row.consented_at)
    digest = sha256(secret.encode()).digest()
    if bytes(row.unsubscribe_digest) != digest:  # SECRET_KEY was changed
        NoticeSettings.objects.filter(account_id=row.account_id).update(unsubscribe_digest=digest)
    return secret


def _push(message: _Message, recipient: _Recipient, now: datetime) -> None:
    """Hand it to every browser of the person. Told is who was told in one of them: browsers whose push
    service did not answer then are not tried again, so that the others do not hear it twice."""
    browsers = list(PushSubscription.objects.filter(account_id=message.account_id))
    with translation.override(recipient.settings.language):
        text = _text(message, recipient, now=now)
    content = {
        "title": text.subject,
        "body": text.short,
        "address": text.address,
        "language": recipient.settings.language,
        "tag": str(message.id),
    }
    outcomes = [_push_to(browser, message, content, now) for browser in browsers]
    gone = [
        browser.id for browser, outcome in zip(browsers, outcomes, strict=True) if outcome is Delivered.GONE
    ]
    if gone or not browsers:
        browsers_gone(account_id=message.account_id, browser_ids=gone, notice_id=message.id, at=now)
    if Delivered.TAKEN in outcomes:
        return
    if Delivered.LATER in outcomes:
        raise _NotNow
    raise _Never


def _push_to(
    browser: PushSubscription, message: _Message, content: dict[str, str], now: datetime
) -> Delivered:
    return web_push.send(
        target=web_push.Target(endpoint=browser.endpoint, p256dh=browser.p256dh, auth=browser.auth),
        notice_id=message.id,
        content=content,
        urgent=message.is_urgent,
        now=now,
    )


def _try_later(message: _Message, *, now: datetime, sent: Sent) -> None:
    worth = _WORTH_TRYING_IF_URGENT if message.is_urgent else _WORTH_TRYING
    if now - message.claimed_at > worth:
        _note(message, given_up=True)
        sent.dropped += 1
        return
    pause = min(_FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), _LONGEST_PAUSE)
    _note(message, due_at=now + pause)
    sent.put_off += 1


def _note(message: _Message, **what: datetime | bool) -> None:
    Notice.objects.filter(id=message.id, sent_at=None).update(**what)
