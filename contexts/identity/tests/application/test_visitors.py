"""A visitor belongs to one account, whoever else asks for it at the same moment."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections

from contexts.identity.application.accounts import sign_in
from contexts.identity.application.visitors import account_of, link
from contexts.identity.models import OutboxFact

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT_ONCE = 6


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_of_many_accounts_that_ask_at_once_one_gets_it() -> None:
    visitor = uuid.uuid4()
    accounts = [
        sign_in(issuer="https://id.example", subject=str(number % 2), display_name="", roles=[]).pk
        for number in range(AT_ONCE)
    ]
    barrier = threading.Barrier(AT_ONCE)

    def ask(account_id: uuid.UUID) -> bool:
        barrier.wait()
        try:
            return link(visitor_id=visitor, account_id=account_id, at=NOW)
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, accounts))
    owner = account_of(visitor_id=visitor)
    assert answers == [account_id == owner for account_id in accounts]
    fact = OutboxFact.objects.get()
    assert fact.payload["accountId"] == str(owner)
