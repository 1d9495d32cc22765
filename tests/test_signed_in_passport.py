"""A passport with its verdict on top: what the whole signed-in request asks of the databases."""

from datetime import UTC, datetime, timedelta

import limits
import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from contexts.identity.application import consents, notices
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Account
from contexts.passport.tests.entries import MUESLI, muesli, stock
from contexts.passport.web.pages import PAGES
from contexts.passport.web.public_copy import FRESH
from contexts.personalization.application.profiles import save_profile
from contexts.personalization.domain.profile import Diet, HealthProfile
from contexts.personalization.models import OutboxFact

CONTEXTS = ("passport", "identity", "personalization")
pytestmark = pytest.mark.django_db(databases=CONTEXTS)

#: Session, consent, entry or its version, profile with its key, tell, scanned pack with its lot's journey.
MOST = 6
PAGE = f"/passport/{MUESLI}"


@pytest.fixture
def sara(settings: Settings) -> Client:
    """Signed in, with a Health Profile."""
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.RATE_LIMITS = dict.fromkeys(django_settings.RATE_LIMITS, limits.parse("100000/minute"))
    now = datetime.now(UTC)
    account = Account.objects.create(issuer="https://issuer.example", subject="sara")
    for purpose in (Purpose.HEALTH_PROFILE, Purpose.MEASUREMENT):
        consents.grant(
            person_id=account.id,
            purpose=purpose,
            notice_version=notices.current(purpose).version,
            channel="web",
            at=now - timedelta(days=1),
        )
    save_profile(
        account_id=account.id, profile=HealthProfile(diets=frozenset({Diet.VEGAN})), edition=None, at=now
    )
    stock(muesli())
    PAGES.clear()
    client = Client()
    client.force_login(account)
    return client


def queries_of(client: Client) -> tuple[list[str], str]:
    """What a request asks, transactions' beginnings and ends left out, and the page."""
    captured = [CaptureQueriesContext(connections[context]) for context in CONTEXTS]
    for capture in captured:
        capture.__enter__()
    try:
        html = client.get(PAGE).content.decode()
    finally:
        for capture in captured:
            capture.__exit__(None, None, None)
    asked = [query["sql"] for capture in captured for query in capture.captured_queries]
    return [sql for sql in asked if sql.split(maxsplit=1)[0] not in {"SAVEPOINT", "RELEASE"}], html


def test_it_asks_six_questions_at_most(sara: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sara.cookies.load(sara.get(f"/01/{MUESLI}/10/LOT-1").headers["Set-Cookie"])
    for age in (0.0, 0.0, FRESH):  # no copy yet, a fresh one, one to be compared
        real = PAGES._clock
        monkeypatch.setattr(PAGES, "_clock", lambda real=real, age=age: real() + age)
        asked, html = queries_of(sara)
        assert "LOT-1" in html
        assert html.index("Avoid") < html.index("The pack you scanned")
        assert 'data-dismissible="nudge"' not in html
        assert len(asked) <= MOST, "\n".join(asked)
    assert OutboxFact.objects.count() == 1, "the verdict was told"


def test_after_a_withdrawal_there_is_no_verdict(sara: Client) -> None:
    account = Account.objects.get()
    with transaction.atomic(using="identity"):
        consents.withdraw(
            person_id=account.id, purpose=Purpose.HEALTH_PROFILE, channel="web", at=datetime.now(UTC)
        )
    _asked, html = queries_of(sara)
    assert "Avoid" not in html
    assert 'id="allergens"' in html
