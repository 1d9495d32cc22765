"""Copies of public pages in a process: made once, compared rarely, changed soon, bounded, thread-safe."""

import gzip
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction
from django.test import RequestFactory

from contexts.passport.application.catalogue import StoredEntry, contribute
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.models import CatalogueEntry as Row
from contexts.passport.web.public_copy import FRESH, PublicCopies, PublicCopy, answer

NOW = datetime(2026, 5, 1, tzinfo=UTC)
MILK, OATS = "09521001000017", "09521001000024"
#: Of six, so that those that nobody asks for go.
_ROOM_FOR_FOUR = 20_000
Counting = Callable[..., AbstractContextManager[object]]

pytestmark = pytest.mark.django_db(databases=["passport"])


def stock(name: str, *, gtin: str = MILK) -> None:
    entry = CatalogueEntry(gtin=gtin, label=DigitalLabel(names={"en": name}), sources=())
    with transaction.atomic(using="passport"):
        contribute(contributions=[Contribution(origin=Origin.BRAND, entry=entry)], at=NOW)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is shown beside the entry."""

    @property
    def version(self) -> object:
        return None

    @classmethod
    def of(cls, _stored: StoredEntry) -> "Nothing":
        return cls()


class Names:
    """Renders a product's name, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, stored: StoredEntry, language: str, _: Nothing) -> tuple[bytes, bytes, bytes]:
        self.times += 1
        return f"{language}:{stored.entry.name}[".encode(), b"", b"]"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def copies(clock: Clock, names: Names) -> PublicCopies[Nothing]:
    return PublicCopies(render=names, beside=Nothing.of, clock=clock)


def body(copies: PublicCopies, *, gtin: str = MILK, language: str = "en") -> bytes | None:
    found = copies.find(gtin=gtin, language=language)
    return found and found.body


class TestFreshness:
    def test_one_query_makes_a_copy_and_none_serves_it_while_it_is_fresh(
        self, copies: PublicCopies, clock: Clock, names: Names, django_assert_num_queries: Counting
    ) -> None:
        stock("Milk")
        with django_assert_num_queries(1, using="passport"):
            assert body(copies) == b"en:Milk[]"
        clock.seconds += FRESH - 0.001
        with django_assert_num_queries(0, using="passport"):
            assert body(copies) == b"en:Milk[]"
        assert names.times == 1

    def test_after_that_one_query_says_that_it_is_still_right(
        self, copies: PublicCopies, clock: Clock, names: Names, django_assert_num_queries: Counting
    ) -> None:
        stock("Milk")
        body(copies)
        for _ in range(3):
            clock.seconds += FRESH
            with django_assert_num_queries(1, using="passport"):
                assert body(copies) == b"en:Milk[]"
            with django_assert_num_queries(0, using="passport"):
                body(copies)
        assert names.times == 1

    def test_a_change_is_seen_after_fresh_seconds_and_not_before(
        self, copies: PublicCopies, clock: Clock
    ) -> None:
        stock("Milk")
        first = copies.find(gtin=MILK, language="en")
        stock("Whole milk")
        clock.seconds += FRESH - 0.001
        assert body(copies) == b"en:Milk[]"
        clock.seconds += 0.001
        second = copies.find(gtin=MILK, language="en")
        assert first is not None
        assert second is not None
        assert second.body == b"en:Whole milk[]"
        assert first.etag != second.etag

    def test_a_copy_is_as_old_as_the_question_that_it_answers(
        self, clock: Clock, copies: PublicCopies, names: Names
    ) -> None:
        """Rendering takes time: what changes meanwhile is not seen later than what changes after it."""
        stock("Milk")

        def slow(stored: StoredEntry, language: str, beside: Nothing) -> tuple[bytes, bytes, bytes]:
            clock.seconds += 3
            return names(stored, language, beside)

        slowly = PublicCopies(render=slow, beside=Nothing.of, clock=clock)
        assert body(slowly) == b"en:Milk[]"
        stock("Whole milk")
        clock.seconds += FRESH - 3
        assert body(slowly) == b"en:Whole milk[]"

    def test_an_entry_that_is_gone_is_gone(self, copies: PublicCopies, clock: Clock) -> None:
        stock("Milk")
        body(copies)
        Row.objects.all().delete()
        clock.seconds += FRESH
        assert body(copies) is None
        assert copies.size == 0

    def test_an_unknown_product_is_asked_for_each_time_and_known_at_once(
        self, copies: PublicCopies, django_assert_num_queries: Counting
    ) -> None:
        for _ in range(2):
            with django_assert_num_queries(1, using="passport"):
                assert body(copies) is None
        stock("Milk")
        assert body(copies) == b"en:Milk[]"


def test_each_language_has_its_own_copy(copies: PublicCopies) -> None:
    stock("Milk")
    assert (body(copies, language="de"), body(copies)) == (b"de:Milk[]", b"en:Milk[]")


def test_equal_bytes_have_equal_etags_in_every_process_and_others_differ(clock: Clock) -> None:
    stock("Milk")
    stock("Oats", gtin=OATS)
    etags = [
        PublicCopies(render=Names(), beside=Nothing.of, clock=clock).find(gtin=gtin, language="en")
        for gtin in (MILK, MILK, OATS)
    ]
    here, there, other = (found.etag for found in etags if found)
    assert here == there != other
    assert here.startswith('"')
    assert here.endswith('"')


class TestCapacity:
    def test_those_that_nobody_asked_for_longest_go_first(
        self, clock: Clock, names: Names, django_assert_num_queries: Counting
    ) -> None:
        stock("Milk")
        room_for_two = PublicCopies(render=names, beside=Nothing.of, clock=clock)
        body(room_for_two)
        copies = PublicCopies(render=names, beside=Nothing.of, clock=clock, capacity=room_for_two.size * 2)
        for language in ("de", "en", "de", "fr"):
            body(copies, language=language)
        assert copies.size == room_for_two.size * 2
        with django_assert_num_queries(0, using="passport"):
            body(copies, language="de")
            body(copies, language="fr")
        with django_assert_num_queries(1, using="passport"):
            body(copies, language="en")

    def test_a_copy_that_is_too_large_is_served_and_not_kept(self, clock: Clock, names: Names) -> None:
        stock("Milk")
        copies = PublicCopies(render=names, beside=Nothing.of, clock=clock, capacity=10)
        assert body(copies) == b"en:Milk[]"
        assert copies.size == 0

    def test_replacing_and_forgetting_keep_the_count_right(self, copies: PublicCopies, clock: Clock) -> None:
        for name in ("Milk", "Whole milk", "Milk"):
            stock(name)
            clock.seconds += FRESH
            body(copies)
        before = copies.size
        stock("Mylk")
        clock.seconds += FRESH
        body(copies)
        assert copies.size == before
        copies.clear()
        assert copies.size == 0


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_many_threads_at_once_get_whole_copies_and_the_count_stays_right() -> None:
    gtins = [MILK, OATS]
    for gtin in gtins:
        stock("0", gtin=gtin)
    threads, rounds = 8, 150
    barrier = threading.Barrier(threads)
    clock = Clock()
    names = Names()
    copies = PublicCopies(render=names, beside=Nothing.of, clock=clock, capacity=_ROOM_FOR_FOUR)

    def read(number: int) -> set[bytes | None]:
        barrier.wait()
        seen = set()
        try:
            for turn in range(rounds):
                clock.seconds += 0.5
                if number == 0 and turn % 10 == 0:
                    stock(str(turn), gtin=gtins[turn // 10 % 2])
                seen.add(body(copies, gtin=gtins[turn % 2], language=("en", "de", "fr")[turn % 3]))
        finally:
            connections["passport"].close()
        return seen

    with ThreadPoolExecutor(threads) as pool:
        seen = set().union(*pool.map(read, range(threads)))
    possible = {
        f"{language}:{turn}[]".encode() for language in ("en", "de", "fr") for turn in range(0, rounds, 10)
    }
    assert seen <= possible
    clock.seconds += FRESH
    newest = {gtin: Row.objects.get(gtin=gtin).name for gtin in gtins}
    for gtin in gtins:
        assert body(copies, gtin=gtin) == f"en:{newest[gtin]}[]".encode()
    assert 0 < copies.size <= _ROOM_FOR_FOUR
    copies.clear()
    assert copies.size == 0


class TestAnswer:
    COPY = PublicCopy(
        before=b"a",
        invitation=b"!",
        after=b"b",
        etag='"abc"',
        packed=gzip.compress(b"a!b"),
        stored=StoredEntry(
            entry=CatalogueEntry(gtin=MILK, label=DigitalLabel(), sources=()), data_version=1, updated_at=NOW
        ),
    )

    def status(self, if_none_match: str | None) -> int:
        headers = {} if if_none_match is None else {"If-None-Match": if_none_match}
        request = RequestFactory().get("/", headers=headers)
        response = answer(request, self.COPY, content_type="text/plain", vary="Cookie")
        assert response.headers["ETag"] == '"abc"'
        assert response.headers["Vary"] == "Cookie, Accept-Encoding"
        assert response.headers["Cache-Control"].startswith("public, max-age=")
        assert response.content == (b"" if response.status_code == 304 else b"a!b")
        return response.status_code

    @pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"x", "abc"', '"x",W/"abc" , "y"', "*", " * "])
    def test_who_has_these_bytes_is_told_so(self, known: str) -> None:
        """RFC 9110 section 13.1.2."""
        assert self.status(known) == 304

    @pytest.mark.parametrize(
        "known", [None, "", '"abd"', '"ab"', "abc", '"xabc"', '"abc', 'W/"x", "**"', ","]
    )
    def test_everybody_else_gets_them(self, known: str | None) -> None:
        assert self.status(known) == 200

    @pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.8", "GZIP", "deflate,gzip ; q=1.0"])
    def test_who_understands_gzip_gets_the_same_in_less(self, accepted: str) -> None:
        request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
        response = answer(request, self.COPY, content_type="text/plain", vary="Cookie")
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(response.content) == b"a!b"
        assert response.headers["ETag"] == '"abc.gzip"'
        again = RequestFactory().get(
            "/", headers={"Accept-Encoding": accepted, "If-None-Match": '"abc.gzip"'}
        )
        assert answer(again, self.COPY, content_type="text/plain", vary="Cookie").status_code == 304

    def test_who_packs_in_front_leaves_its_validator_alone(self) -> None:
        """Caddy takes its own `-gzip` off what a client sends back."""
        packed = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
        etag = answer(packed, self.COPY, content_type="text/plain", vary="Cookie").headers["ETag"]
        known = etag.removesuffix('-gzip"').removesuffix('"') + '"'
        again = RequestFactory().get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": known})
        assert answer(again, self.COPY, content_type="text/plain", vary="Cookie").status_code == 304

    @pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip", "*"])
    def test_who_does_not_gets_it_as_it_is(self, accepted: str) -> None:
        request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
        response = answer(request, self.COPY, content_type="text/plain", vary="Cookie")
        assert "Content-Encoding" not in response.headers
        assert (response.content, response.headers["ETag"]) == (b"a!b", '"abc"')
