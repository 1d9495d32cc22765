"""A request of the same key is answered, and not done, again; and nothing of it can be read."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contexts.identity.application.errors import (
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    RequestInProgress,
)
from contexts.identity.application.idempotency import KEPT, Answer, forget_old_answers, once
from contexts.identity.models import IdempotentRequest

pytestmark = pytest.mark.django_db(databases=["identity"])

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = str(uuid.UUID(int=1))


class Work:
    def __init__(self) -> None:
        self.done = 0
        self.trouble: BaseException | None = None

    def __call__(self) -> Answer:
        if self.trouble is not None:
            raise self.trouble
        self.done += 1
        return Answer(status=202, body={"number": self.done})


@pytest.fixture
def work() -> Work:
    return Work()


def send(work: Work, **changed: Any) -> Answer:
    usual: dict[str, Any] = {"client": "198.51.100.7", "key": KEY, "asked": b"secret", "now": NOW}
    return once(**(usual | changed), work=work)


def test_the_first_answer_is_given_again(work: Work) -> None:
    first = send(work)
    assert send(work, now=NOW + timedelta(hours=23)) == first
    assert send(work, key=f'"{KEY}"') == first, "as a structured string it is the same key"
    assert work.done == 1


def test_another_key_or_client_is_another_request(work: Work) -> None:
    send(work)
    send(work, key="another")
    send(work, client="198.51.100.8")
    assert work.done == 3


def test_a_key_is_for_one_request(work: Work) -> None:
    send(work)
    with pytest.raises(IdempotencyKeyReused):
        send(work, asked=b"something else")


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, '"', '"a', "ü", "a\x00", '""'])
def test_what_is_no_key(work: Work, key: str) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        send(work, key=key)
    assert work.done == 0


def test_what_failed_may_be_sent_again(work: Work) -> None:
    work.trouble = RuntimeError("the provider is down")
    with pytest.raises(RuntimeError):
        send(work)
    work.trouble = None
    assert send(work).status == 202


def test_what_is_being_worked_on_is_not_begun_again(work: Work) -> None:
    class Meanwhile(Work):
        def __call__(self) -> Answer:
            with pytest.raises(RequestInProgress):
                send(work)
            return super().__call__()

    send(Meanwhile())
    assert work.done == 0


def test_whoever_died_at_work_is_followed_by_the_next(work: Work) -> None:
    send(work)
    IdempotentRequest.objects.update(status=None, answer=None)
    assert send(work, now=NOW + timedelta(minutes=2)).body == {"number": 2}


def test_after_a_day_nothing_is_left(work: Work) -> None:
    send(work)
    assert forget_old_answers(now=NOW + KEPT) == 0
    assert forget_old_answers(now=NOW + KEPT + timedelta(seconds=1)) == 1


def test_nothing_of_the_request_can_be_read(work: Work) -> None:
    send(work)
    stored = str(IdempotentRequest.objects.values().get())
    for said in ("198.51.100.7", KEY, "secret"):
        assert said not in stored
