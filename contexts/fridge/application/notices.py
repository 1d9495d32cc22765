"""Which notices a person wants, and in which browsers: saved by the person, who allows to be written to."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import connections, transaction

from contexts.fridge.application import ports
from contexts.fridge.application.errors import (
    AccountForgotten,
    BrowserNotAccepted,
    NoNoticeSettings,
    NoticeSettingsChanged,
    NoticesNeedConsent,
    NoticesNotOffered,
    NoticesNotStopped,
)
from contexts.fridge.application.households import hold_people
from contexts.fridge.domain.freshness import State
from contexts.fridge.domain.notices import Channel, QuietHours, Wishes
from contexts.fridge.models import Notice, NoticeSettings, PushSubscription
from packytrace.people.erasing import is_erased

#: What the form shows to whoever has said nothing yet.
DEFAULTS: Final = Wishes(
    channels=frozenset({Channel.MAIL}),
    digest_hour=8,
    digest_states=frozenset({State.USE_SOON, State.USE_TODAY, State.CHECK}),
    instant_states=frozenset({State.EXPIRED, State.OPENED_TOO_LONG}),
    quiet=QuietHours(begin=21, end=8),
)
#: Browsers of one person; the oldest one makes room.
MOST_BROWSERS: Final = 10

_DATABASE: Final = "fridge"
_LONGEST_ENDPOINT: Final = 2000
#: The addresses that everybody reads alike (RFC 3986): a host of plain labels, perhaps a port, then a path.
#: Where a backslash, a control or a foreign character stands, one reader sees the host of a push service and
#: another asks a different machine.
_ENDPOINT: Final = re.compile(
    r"https://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """A browser that takes Web Push messages. Its address at the push service is told to nobody."""

    id: UUID
    service: str
    """Host of its push service."""
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSettings:
    """What a person wants to be told, as it is kept."""

    wishes: Wishes
    language: str
    edition: str
    """Names this very content."""
    browsers: tuple[Browser, ...]
    """The oldest first."""


def read_settings(*, account_id: UUID) -> StoredSettings:
    """What the person wants, under the consent that is in force. Raises NoticesNeedConsent and
    NoNoticeSettings."""
    consented_at = check_consent(account_id=account_id)
    row = NoticeSettings.objects.filter(account_id=account_id, consented_at=consented_at).first()
    if row is None:
        raise NoNoticeSettings
    return _stored(row)


def check_consent(*, account_id: UUID) -> datetime:
    """Moment of the grant in force. Raises NoticesNeedConsent."""
    consented_at = ports.consents().notifications(account_id=account_id)
    if consented_at is None:
        raise NoticesNeedConsent
    return consented_at


def save_settings(
    *, account_id: UUID, wishes: Wishes, language: str, edition: str | None, at: datetime
) -> StoredSettings:
    """Replace what the person wants, or say it for the first time where `edition` is None.

    Raises NoticesNeedConsent, NoticeSettingsChanged (nothing was saved), NoticesNotOffered (a channel that
    this installation does not have) and AccountForgotten.
    """
    if not wishes.channels <= offered():
        raise NoticesNotOffered
    with transaction.atomic(using=_DATABASE):
        row, consented_at = _held(account_id)
        if edition != (None if row is None else _edition(row)):
            raise NoticeSettingsChanged
        row = row or _first(account_id, consented_at=consented_at)
        _wish(row, wishes)
        row.language, row.changed_at, row.look_at = language, at, at
        row.save()
        # Through a channel that the person has left, nothing more goes out.
        left = [channel.value for channel in Channel if channel not in wishes.channels]
        _drop_unsent(account_id=account_id, channels=left)
        return _stored(row)


def delete_settings(*, account_id: UUID, edition: str | None = None) -> None:
    """Destroy what the person wanted, with browsers and notices. Needs no consent; again changes nothing.

    Raises NoticeSettingsChanged where another edition than the given one is there.
    """
    with transaction.atomic(using=_DATABASE):
        hold_people([account_id])
        if edition is not None:
            row = NoticeSettings.objects.filter(account_id=account_id).first()
            if row is None or _edition(row) != edition:
                raise NoticeSettingsChanged
        forget(account_ids=[account_id])


def add_browser(
    *, account_id: UUID, endpoint: str, p256dh: str, auth: str, language: str, at: datetime
) -> Browser:
    """Let a browser be told, and from now on tell the person by Web Push; again keeps its id.

    A browser belongs to whoever said so last. Raises BrowserNotAccepted, NoticesNeedConsent,
    NoticesNotOffered and AccountForgotten.
    """
    if Channel.PUSH not in offered():
        raise NoticesNotOffered
    _check_browser(endpoint=endpoint, p256dh=p256dh, auth=auth)
    with transaction.atomic(using=_DATABASE):
        row, consented_at = _held(account_id)
        if row is None:
            row = _first(account_id, consented_at=consented_at)
            _wish(row, DEFAULTS)
            row.by_mail, row.language = False, language
        row.by_push, row.changed_at, row.look_at = True, at, at
        row.save()
        browser, _is_new = PushSubscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={"account_id": account_id, "p256dh": p256dh, "auth": auth},
            create_defaults={
                "id": uuid4(),
                "account_id": account_id,
                "p256dh": p256dh,
                "auth": auth,
                "created_at": at,
            },
        )
        known = PushSubscription.objects.filter(account_id=account_id).exclude(id=browser.id)
        too_many = known.order_by("-created_at").values_list("id", flat=True)[MOST_BROWSERS - 1 :]
        PushSubscription.objects.filter(id__in=list(too_many)).delete()
    return _browser(browser)


def remove_browser(*, account_id: UUID, browser_id: UUID, at: datetime) -> None:
    """Tell a browser nothing more; with the last one the person is not told by Web Push any more.

    Needs no consent. Another person's browser, and one that is not there, stay as they are.
    """
    with transaction.atomic(using=_DATABASE):
        hold_people([account_id])
        PushSubscription.objects.filter(id=browser_id, account_id=account_id).delete()
        _without_browser(account_id=account_id, at=at)


def browsers_gone(*, account_id: UUID, browser_ids: Collection[UUID], notice_id: UUID, at: datetime) -> None:
    """Forget browsers that take nothing any more, as a push service said when it was handed a notice.

    Who has no other one is not told by Web Push any more, and may be told of all this again elsewhere.
    """
    with transaction.atomic(using=_DATABASE):
        hold_people([account_id])
        PushSubscription.objects.filter(id__in=browser_ids, account_id=account_id).delete()
        if not PushSubscription.objects.filter(account_id=account_id).exists():
            # On the first try, it is sure that nobody has it.
            Notice.objects.filter(id=notice_id, attempts=1).update(attempts=0)
        _without_browser(account_id=account_id, at=at)


def stop_mails(*, secret: str, at: datetime) -> None:
    """Send no more mails to whoever this secret was sent to (RFC 8058); again changes nothing.

    Raises NoticesNotStopped where nobody's settings have it any more.
    """
    account_id = holder_of(secret=secret)
    with transaction.atomic(using=_DATABASE):
        hold_people([account_id])
        NoticeSettings.objects.filter(account_id=account_id, by_mail=True).update(
            by_mail=False, changed_at=at
        )
        _drop_unsent(account_id=account_id, channels=[Channel.MAIL])


def holder_of(*, secret: str) -> UUID:
    """Whose one-click address has this secret. Raises NoticesNotStopped."""
    digest = hashlib.sha256(secret.encode()).digest()
    holder = (
        NoticeSettings.objects.filter(unsubscribe_digest=digest).values_list("account_id", flat=True).first()
    )
    if holder is None:
        raise NoticesNotStopped
    return holder


def unsubscribe_secret(*, account_id: UUID, consented_at: datetime) -> str:
    """The secret of a person's one-click address: made anew each time it is needed, and kept nowhere."""
    key = hmac.digest(settings.SECRET_KEY.encode(), b"packytrace notices unsubscribe", "sha256")
    of = hmac.digest(key, account_id.bytes + consented_at.isoformat().encode(), "sha256")
    return base64.urlsafe_b64encode(of).decode().rstrip("=")


def offered() -> frozenset[Channel]:
    """The channels that this installation has."""
    return frozenset(
        channel
        for channel, there in (
            (Channel.MAIL, settings.MAILS_CAN_BE_SENT),
            (Channel.PUSH, bool(settings.VAPID_PRIVATE_KEY)),
        )
        if there
    )


def signing_key() -> ec.EllipticCurvePrivateKey:
    """The key that signs messages to push services (RFC 8292)."""
    return ec.derive_private_key(int.from_bytes(_decoded(settings.VAPID_PRIVATE_KEY), "big"), ec.SECP256R1())


def application_server_key() -> str:
    """Its public half, which a browser asks for before it takes messages (W3C Push API), in Base64url."""
    point = signing_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def is_push_service(*, endpoint: str) -> bool:
    """Whether messages may be sent there: https, and one of the hosts in PUSH_SERVICES. Nobody makes us ask
    any other machine."""
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None:
        return False
    host, port = found["host"], int(found["port"] or 443)
    place = host if port == 443 else f"{host}:{port}"
    return any(
        place.endswith(service) if service.startswith(".") else place == service
        for service in settings.PUSH_SERVICES
    )


def forget(*, account_ids: Collection[UUID]) -> None:
    """Destroy what these people wanted, their browsers, and what was and was to be sent to them, in the
    caller's transaction. Again changes nothing."""
    for model in (NoticeSettings, PushSubscription, Notice):
        model._default_manager.filter(account_id__in=account_ids).delete()


def forget_withdrawn(*, account_id: UUID, withdrawn_at: datetime) -> None:
    """Destroy what rests on a grant from before a withdrawal, in the caller's transaction; what was saved
    under a later one stays. Again changes nothing."""
    hold_people([account_id])
    stays = NoticeSettings.objects.filter(account_id=account_id, consented_at__gt=withdrawn_at).exists()
    if not stays:
        forget(account_ids=[account_id])


def forget_old(*, before: datetime) -> int:
    """Forget notices from before a moment, but for those that keep an item at home from being told again."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "DELETE FROM notice WHERE claimed_at < %s AND (sent_at IS NOT NULL OR given_up"
            " OR told_in IS NOT NULL) AND NOT EXISTS ("
            "SELECT FROM item WHERE item.id = ANY(notice.item_ids) AND item.status = 'here')",
            [before],
        )
        return int(cursor.rowcount)


def settings_to_json(stored: StoredSettings) -> dict[str, Any]:
    """As the API says it."""
    wishes = stored.wishes
    return {
        "byMail": Channel.MAIL in wishes.channels,
        "byPush": Channel.PUSH in wishes.channels,
        "digestHour": wishes.digest_hour,
        "digestStates": sorted(wishes.digest_states),
        "instantStates": sorted(wishes.instant_states),
        "quietFrom": wishes.quiet.begin if wishes.quiet else None,
        "quietTo": wishes.quiet.end if wishes.quiet else None,
        "language": stored.language,
        "subscriptions": [
            {"id": str(browser.id), "service": browser.service, "since": browser.since.isoformat()}
            for browser in stored.browsers
        ],
    }


def wishes_of(row: NoticeSettings) -> Wishes:
    """What a row says."""
    channels = {Channel.MAIL: row.by_mail, Channel.PUSH: row.by_push}
    quiet = None
    if row.quiet_from is not None and row.quiet_to is not None:
        quiet = QuietHours(begin=row.quiet_from, end=row.quiet_to)
    return Wishes(
        channels=frozenset(channel for channel, wanted in channels.items() if wanted),
        digest_hour=row.digest_hour,
        digest_states=frozenset(State(state) for state in row.digest_states),
        instant_states=frozenset(State(state) for state in row.instant_states),
        quiet=quiet,
    )


def _held(account_id: UUID) -> tuple[NoticeSettings | None, datetime]:
    """The person's row, until the transaction ends, and the grant it rests on. What rests on an earlier grant
    is destroyed."""
    hold_people([account_id])
    # Asked while nobody else may touch what is kept: a withdrawal or an erasure is either seen here, or comes
    # for the row that is written here.
    if is_erased(person_ids=[account_id], using=_DATABASE):
        raise AccountForgotten
    consented_at = check_consent(account_id=account_id)
    row = NoticeSettings.objects.select_for_update().filter(account_id=account_id).first()
    if row is not None and row.consented_at != consented_at:
        forget(account_ids=[account_id])
        row = None
    return row, consented_at


def _first(account_id: UUID, *, consented_at: datetime) -> NoticeSettings:
    secret = unsubscribe_secret(account_id=account_id, consented_at=consented_at)
    return NoticeSettings(
        account_id=account_id,
        consented_at=consented_at,
        unsubscribe_digest=hashlib.sha256(secret.encode()).digest(),
    )


def _wish(row: NoticeSettings, wishes: Wishes) -> None:
    row.by_mail, row.by_push = Channel.MAIL in wishes.channels, Channel.PUSH in wishes.channels
    row.digest_hour = wishes.digest_hour
    row.digest_states = sorted(wishes.digest_states)
    row.instant_states = sorted(wishes.instant_states)
    row.quiet_from = wishes.quiet.begin if wishes.quiet else None
    row.quiet_to = wishes.quiet.end if wishes.quiet else None


def _without_browser(*, account_id: UUID, at: datetime) -> None:
    """Where none is left, Web Push is none of the person's channels."""
    if not PushSubscription.objects.filter(account_id=account_id).exists():
        NoticeSettings.objects.filter(account_id=account_id, by_push=True).update(
            by_push=False, changed_at=at
        )
        _drop_unsent(account_id=account_id, channels=[Channel.PUSH])


def _drop_unsent(*, account_id: UUID, channels: Collection[str]) -> None:
    """Send no more of what was claimed. What no sender has taken yet may be told again, should the person
    come back to that channel."""
    waiting = Notice.objects.filter(
        account_id=account_id, channel__in=channels, told_in=None, sent_at=None, given_up=False
    )
    untouched = list(waiting.filter(attempts=0).values_list("id", flat=True))
    Notice.objects.filter(told_in__in=untouched).delete()
    Notice.objects.filter(id__in=untouched, attempts=0).delete()
    waiting.update(given_up=True)


def _check_browser(*, endpoint: str, p256dh: str, auth: str) -> None:
    if len(endpoint) > _LONGEST_ENDPOINT or not is_push_service(endpoint=endpoint):
        raise BrowserNotAccepted(field="endpoint")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decoded(p256dh))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BrowserNotAccepted(field="p256dh") from error
    try:
        secret = _decoded(auth)
    except ValueError as error:
        raise BrowserNotAccepted(field="auth") from error
    if len(secret) != 16:  # RFC 8291, section 3.2
        raise BrowserNotAccepted(field="auth")


def _decoded(text: str) -> bytes:
    """Base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _stored(row: NoticeSettings) -> StoredSettings:
    browsers = PushSubscription.objects.filter(account_id=row.account_id).order_by("created_at", "id")
    return StoredSettings(
        wishes=wishes_of(row),
        language=row.language,
        edition=_edition(row),
        browsers=tuple(_browser(browser) for browser in browsers),
    )


def _browser(row: PushSubscription) -> Browser:
    return Browser(id=row.id, service=urlsplit(row.endpoint).hostname or "", since=row.created_at)


def _edition(row: NoticeSettings) -> str:
    return f"{round(row.changed_at.timestamp() * 1_000_000):x}"
