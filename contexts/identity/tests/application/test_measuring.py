"""As whom somebody is counted: accounts with their consent, visitors as the operator has decided."""

import uuid
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from contexts.identity.application import consents
from contexts.identity.application.accounts import sign_in
from contexts.identity.application.measuring import may_measure
from contexts.identity.application.visitors import link
from contexts.identity.domain.consents import Purpose

pytestmark = pytest.mark.django_db(databases=["identity"])

NOW = datetime(2026, 3, 1, tzinfo=UTC)
VISITOR = uuid.UUID(int=1)


def _account() -> uuid.UUID:
    return sign_in(issuer="https://id.example", subject="sara", display_name="Sara", roles=[]).pk


def _agree(person_id: uuid.UUID) -> None:
    consents.grant(
        person_id=person_id, purpose=Purpose.MEASUREMENT, notice_version="1", channel="web", at=NOW
    )


def test_an_account_is_counted_with_its_consent_alone() -> None:
    account = _account()
    assert may_measure(visitor_id=None, account_id=account) is None
    assert may_measure(visitor_id=VISITOR, account_id=account) is None, "nor as the visitor it was"
    _agree(account)
    assert may_measure(visitor_id=VISITOR, account_id=account) == account


def test_a_linked_visitor_is_its_account() -> None:
    account = _account()
    link(visitor_id=VISITOR, account_id=account, at=NOW)
    assert may_measure(visitor_id=VISITOR, account_id=None) is None
    _agree(account)
    assert may_measure(visitor_id=VISITOR, account_id=None) == account


def test_a_visitor_is_counted_unless_visitors_are_asked(settings: Settings) -> None:
    assert may_measure(visitor_id=VISITOR, account_id=None) == VISITOR
    settings.MEASUREMENT_OF_VISITORS = "opt_in"
    assert may_measure(visitor_id=VISITOR, account_id=None) is None
    _agree(VISITOR)
    assert may_measure(visitor_id=VISITOR, account_id=None) == VISITOR


def test_nobody_is_nobody() -> None:
    assert may_measure(visitor_id=None, account_id=None) is None
