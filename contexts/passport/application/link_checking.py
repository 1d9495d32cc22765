"""Looking after the targets of links: which answer, which have moved, which are broken.

Asked politely: under a name of our own, one question per website every two seconds, as its robots.txt
allows, with HEAD first. Several workers may look at once, and be stopped anywhere.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from contexts.passport.application.public_web import NotAnswered, PublicWeb, place_of
from contexts.passport.domain.digital_link import parse_uri
from contexts.passport.domain.link_health import Finding, Health, Reason, State
from contexts.passport.domain.link_targets import filled
from contexts.passport.domain.links import Link
from contexts.passport.models import CheckedHost, LinkCheck
from contexts.passport.models import Link as StoredLink
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"
#: As robots.txt may name it.
AGENT: Final = "PackyTraceLinkChecker"
#: Between two questions to one website.
_BETWEEN: Final = timedelta(seconds=2)
_MOST_BETWEEN: Final = timedelta(seconds=30)
"""What a website may ask for with Crawl-delay."""
#: After which a worker that has taken a link is taken for dead.
_TAKEN_FOR: Final = timedelta(minutes=15)
#: For so long what was found at an address holds for every link that leads there.
_FRESH: Final = timedelta(hours=6)
_ROBOTS_KEPT: Final = timedelta(days=1)
_MOST_ROBOTS: Final = 100_000
_FEW_BYTES: Final = 1_024


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a brand is told of a link's target."""

    state: State
    reason: Reason | None
    status: int | None
    moved_to: str
    checked_at: datetime | None
    failing_since: datetime | None


def enrol(*, link: Link, brand_id: UUID, now: datetime) -> None:
    """Have the target of a link that is new, or leads elsewhere, asked. Inside the brand's scope."""
    identified = parse_uri("https://id.gs1.org" + link.anchor, today=now.date())
    url = filled(link.href, identified=identified)
    reason = None
    if url is None:
        reason = Reason.PLACES
    elif place_of(url) == place_of(settings.PUBLIC_URL):
        reason = Reason.OWN_PAGE
    health = Health(reason=reason, due_at=None if reason else now)
    LinkCheck.objects.update_or_create(
        link_id=link.id,
        defaults={
            "brand_id": brand_id,
            "url": url or link.href,
            "host": place_of(url) if url and not reason else "",
            **_columns(health),
        },
    )


def standings(link_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """What is known of the targets of links, by their ids."""
    return {
        row.link_id: Standing(
            state=State(row.state),
            reason=Reason(row.reason) if row.reason else None,
            status=row.status,
            moved_to=row.moved_to,
            checked_at=row.checked_at,
            failing_since=row.failing_since,
        )
        for row in LinkCheck.objects.filter(link_id__in=link_ids)
    }


def broken_by_product(*, brand_id: UUID, gtins: Sequence[str]) -> Mapping[str, int]:
    """How many links of a product are broken, for those that have some."""
    broken = LinkCheck.objects.filter(brand_id=brand_id, state=State.BROKEN.value).values("link_id")
    rows = StoredLink.objects.filter(brand_id=brand_id, gtin__in=gtins, id__in=broken)
    return dict(rows.values_list("gtin").annotate(number=Count("id")))


def ask_again(*, brand_id: UUID, link_id: UUID, now: datetime) -> bool:
    """Have a target asked at the next opportunity; False where it cannot be asked, or is about to be."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = LinkCheck.objects.filter(link_id=link_id, brand_id=brand_id, due_at__gt=now)
        return bool(rows.update(due_at=now))


def polite_web(*, clock: Callable[[], datetime], pause: Callable[[float], None] = time.sleep) -> PublicWeb:
    """The public web, each website of it at most every two seconds by all workers together."""
    contact = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return PublicWeb(
        user_agent=f"{AGENT}/1.0 (+{settings.PUBLIC_URL}; {contact})",
        turn=lambda host: _await_turn(host, clock=clock, pause=pause),
    )


def check_due(*, web: PublicWeb, clock: Callable[[], datetime], until: datetime) -> int:
    """Look at the targets that are due, those that wait longest first; says how many were looked at."""
    looked = 0
    while (now := clock()) < until:
        row = _next(now)
        if row is None:
            break
        if not StoredLink.objects.filter(id=row.link_id).exists():
            _forget(row)  # its product is the brand's no more
            continue
        if not _take(row, now=now):
            continue
        _note(row, _looked_at(row, web=web, now=now), now=clock())
        looked += 1
    return looked


def _next(now: datetime) -> LinkCheck | None:
    """The link that waits longest of those whose website may be asked; else of all."""
    due = LinkCheck.objects.filter(due_at__lte=now).order_by("due_at")
    resting = CheckedHost.objects.filter(next_at__gt=now).values("host")
    return due.exclude(host__in=resting).first() or due.first()


def _take(row: LinkCheck, *, now: datetime) -> bool:
    """Whether this worker is the one that looks."""
    with brand_scope(brand_id=row.brand_id, using=_DATABASE):
        mine = LinkCheck.objects.filter(link_id=row.link_id, due_at=row.due_at)
        return bool(mine.update(due_at=now + _TAKEN_FOR))


def _forget(row: LinkCheck) -> None:
    with brand_scope(brand_id=row.brand_id, using=_DATABASE):
        LinkCheck.objects.filter(link_id=row.link_id).delete()


def _note(row: LinkCheck, finding: Finding, *, now: datetime) -> None:
    """Keep what was found, unless the link leads elsewhere by now."""
    was = Health(state=State(row.state), failing_since=row.failing_since, failures=row.failures)
    with brand_scope(brand_id=row.brand_id, using=_DATABASE):
        LinkCheck.objects.filter(link_id=row.link_id, url=row.url).update(
            **_columns(was.after(finding, at=now))
        )


def _columns(health: Health) -> dict[str, object]:
    return {
        "state": health.state.value,
        "reason": health.reason.value if health.reason else "",
        "status": health.status,
        "moved_to": health.moved_to,
        "checked_at": health.checked_at,
        "failing_since": health.failing_since,
        "failures": health.failures,
        "due_at": health.due_at,
    }


def _looked_at(row: LinkCheck, *, web: PublicWeb, now: datetime) -> Finding:
    """What is at the target: as another link to it was just found, or by asking."""
    same = LinkCheck.objects.filter(url=row.url, checked_at__gt=now - _FRESH).exclude(link_id=row.link_id)
    if (known := same.order_by("-checked_at").first()) is not None:
        failed = known.state in {State.FAILING.value, State.BROKEN.value}
        return Finding(
            status=known.status,
            reason=Reason(known.reason) if known.reason and (failed or known.reason == "robots") else None,
            moved_to=known.moved_to,
        )
    try:
        if not _welcome(row, web=web, now=now):
            return Finding(reason=Reason.ROBOTS)
        answered = web.read(row.url, method="HEAD", most=0)
        if answered.status >= 400:  # websites that do not know HEAD say anything
            answered = web.read(row.url, most=_FEW_BYTES)
    except NotAnswered as silence:
        return Finding(reason=silence.reason)
    return Finding(status=answered.status, moved_to=answered.moved_to[:4_096])


def _welcome(row: LinkCheck, *, web: PublicWeb, now: datetime) -> bool:
    """Whether the website lets programs look at the target (RFC 9309). Raises NotAnswered."""
    host, _is_new = CheckedHost.objects.get_or_create(host=row.host, defaults={"next_at": now})
    if host.robots_at is None or host.robots_at < now - _ROBOTS_KEPT:
        address = urlsplit(row.url)._replace(path="/robots.txt", query="", fragment="").geturl()
        answered = web.read(address, most=_MOST_ROBOTS)
        if answered.status >= 500:
            raise NotAnswered(Reason.STATUS)  # it may not be asked then (RFC 9309, section 2.3.1.4)
        robots = answered.body.decode(errors="replace") if answered.status < 300 else ""
        host.robots, host.robots_at = robots.replace("\0", ""), now
        CheckedHost.objects.filter(host=row.host).update(robots=host.robots, robots_at=now)
    return _rules(host.robots).can_fetch(AGENT, row.url)


def _rules(robots: str) -> RobotFileParser:
    """The rules of a robots.txt. A line that cannot be parsed is left out (RFC 9309, section 2.3.1.5)."""
    rules = RobotFileParser()
    rules.parse([line for line in robots.splitlines() if _is_rule(line)])
    return rules


def _is_rule(line: str) -> bool:
    try:
        RobotFileParser().parse(["User-agent: *", line, "Allow: /"])
    except ValueError:  # such as an address without end, or a number of other digits than 0 to 9
        return False
    return True


def _await_turn(host: str, *, clock: Callable[[], datetime], pause: Callable[[float], None]) -> None:
    """Return when a website may be asked, and have nobody else ask it for a while."""
    while True:
        now = clock()
        row, is_new = CheckedHost.objects.get_or_create(host=host, defaults={"next_at": now + _BETWEEN})
        if is_new:
            return
        mine = CheckedHost.objects.filter(host=host, next_at__lte=now)
        if mine.update(next_at=now + _between(row.robots)):
            return
        row.refresh_from_db()
        pause(max(0.05, (row.next_at - now).total_seconds()))


def _between(robots: str) -> timedelta:
    if "crawl-delay" not in robots.lower():
        return _BETWEEN
    most = int(_MOST_BETWEEN.total_seconds())
    wanted = timedelta(seconds=min(int(_rules(robots).crawl_delay(AGENT) or 0), most))
    return max(wanted, _BETWEEN)
