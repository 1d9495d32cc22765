"""Targets are asked politely, by one worker each, and what was found is kept in the brand's scope."""

from datetime import datetime, timedelta

import pytest

from contexts.passport.application import brand_links, link_checking
from contexts.passport.application.public_web import PublicWeb
from contexts.passport.domain.link_health import Reason, State
from contexts.passport.models import CheckedHost, Link, LinkCheck
from contexts.passport.tests.application.test_public_web import HOST, status, website
from contexts.passport.tests.brand_products import NOW, OURS, added, own
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])


class Clock:
    """Time that passes when somebody pauses."""

    def __init__(self) -> None:
        self.now = NOW
        self.paused: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    own(OURS)
    return Clock()


def look(clock: Clock, *, seconds: float = 60) -> int:
    web = link_checking.polite_web(clock=clock, pause=clock.pause)
    local = PublicWeb(
        user_agent=web.user_agent,
        turn=web.turn,
        lookup=lambda _host, _port: ["127.0.0.1"],
        allows=lambda _address: True,
    )
    return link_checking.check_due(web=local, clock=clock, until=clock() + timedelta(seconds=seconds))


def standing(link: brand_links.BrandLink) -> link_checking.Standing:
    found = brand_links.find(brand_id=OURS, link_id=link.link.id).standing
    assert found is not None
    return found


def test_a_target_is_asked_with_head_after_robots_txt_and_with_pauses(clock: Clock) -> None:
    with website(lambda handler: status(404 if handler.path == "/robots.txt" else 200)(handler)) as site:
        link = added(href=f"{site.url}a")
        assert look(clock) == 1
        assert [(method, path) for method, _host, path in site.asked] == [
            ("GET", "/robots.txt"),
            ("HEAD", "/a"),
        ]
        assert sum(clock.paused) >= 2
        assert "PackyTraceLinkChecker" in next(iter(site.agents))
    assert (standing(link).state, standing(link).status) == (State.OK, 200)
    assert look(clock) == 0  # nothing is due for a week


def test_a_website_may_ask_to_be_left_alone(clock: Clock) -> None:
    rules = status(200, body=b"User-agent: *\nDisallow: /private\n")
    with website(lambda handler: (rules if handler.path == "/robots.txt" else status(200))(handler)) as site:
        link = added(href=f"{site.url}private/a")
        look(clock)
        assert len(site.asked) == 1
    assert (standing(link).state, standing(link).reason) == (State.UNCHECKED, Reason.ROBOTS)


@pytest.mark.parametrize(
    "line",
    ["Disallow: //[x", "Crawl-delay: \u00b2", f"Crawl-delay: {'9' * 400}", f"Crawl-delay: {'9' * 5_000}"],
)
def test_rules_that_cannot_be_parsed_hold_up_nobody(clock: Clock, line: str) -> None:
    said = f"User-agent: *\n{line}\nDisallow: /private\n".encode()
    rules = status(200, body=said)
    with website(lambda handler: (rules if handler.path == "/robots.txt" else status(200))(handler)) as site:
        links = [added(href=f"{site.url}{path}") for path in ("a", "private/a")]
        assert look(clock, seconds=200) == 2
    assert [standing(link).state for link in links] == [State.OK, State.UNCHECKED]
    assert max(clock.paused) <= 30


def test_a_link_is_broken_after_days_and_well_again_once_it_answers(clock: Clock) -> None:
    code = [410]
    with website(lambda handler: status(200 if handler.path == "/robots.txt" else code[0])(handler)) as site:
        link = added(href=f"{site.url}a")
        states = []
        for _ in range(5):
            look(clock)
            states.append(standing(link).state)
            clock.now += timedelta(hours=13)
        assert states == [State.FAILING] * 4 + [State.BROKEN]
        found, _more = brand_links.products(brand_id=OURS, most=5)
        assert found[0].broken == 1
        code[0] = 200
        assert link_checking.ask_again(brand_id=OURS, link_id=link.link.id, now=clock())
        look(clock)
    assert standing(link).state is State.OK


def test_links_to_one_address_ask_it_once(clock: Clock) -> None:
    with website(status(200)) as site:
        links = [added(href=f"{site.url}a", lot=f"L{number}") for number in range(3)]
        assert look(clock) == 3
        assert [path for _method, _host, path in site.asked].count("/a") == 1
    assert {standing(link).state for link in links} == {State.OK}


def test_a_target_that_another_worker_has_taken_is_left_to_it_until_it_is_taken_for_dead(
    clock: Clock,
) -> None:
    with website(status(200)) as site:
        added(href=f"{site.url}a")
        row = LinkCheck.objects.get()
        assert link_checking._take(row, now=clock())
        assert not link_checking._take(row, now=clock())
        assert look(clock) == 0
        clock.now += timedelta(minutes=16)
        assert look(clock) == 1


def test_what_was_found_of_an_old_target_is_not_said_of_the_new_one(clock: Clock) -> None:
    def move(_host: str) -> None:
        with brand_scope(brand_id=OURS, using="passport"):
            LinkCheck.objects.update(url="https://example.com/new")

    with website(status(404)) as site:
        added(href=f"{site.url}a")
        web = PublicWeb(
            user_agent="x", turn=move, lookup=lambda _h, _p: ["127.0.0.1"], allows=lambda _address: True
        )
        link_checking.check_due(web=web, clock=clock, until=clock() + timedelta(seconds=5))
    assert LinkCheck.objects.get().state == State.UNCHECKED.value


def test_a_website_that_wants_more_time_gets_it(clock: Clock) -> None:
    with website(status(200, body=b"User-agent: *\nCrawl-delay: 9\n")) as site:
        added(href=f"{site.url}a")
        look(clock)
        row = CheckedHost.objects.get(host=f"{HOST}:{site.port}")
        assert row.next_at - clock() >= timedelta(seconds=8)


def test_a_link_that_went_with_its_product_is_not_asked_any_more(clock: Clock) -> None:
    added(href="https://example.com/")
    with brand_scope(brand_id=OURS, using="passport"):
        Link.objects.all().delete()
    assert look(clock) == 0
    assert not LinkCheck.objects.exists()
