"""The fridge's page: what the whole signed-in request asks of the databases, however much is at home."""

from datetime import UTC, datetime, timedelta
from time import time
from uuid import uuid4

import limits
import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from contexts.fridge.application import households, items
from contexts.fridge.application.items import Adding
from contexts.identity.models import Account

CONTEXTS = ("fridge", "identity", "passport")
pytestmark = pytest.mark.django_db(databases=CONTEXTS)

#: Session with its account, household, what is at home.
MOST = 3


@pytest.mark.parametrize("at_home", [1, 60])
def test_it_asks_three_questions_at_most(settings: Settings, at_home: int) -> None:
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.RATE_LIMITS = dict.fromkeys(django_settings.RATE_LIMITS, limits.parse("100000/minute"))
    now = datetime.now(UTC)
    account = Account.objects.create(issuer="https://issuer.example", subject="sara")
    member = households.of(account_id=account.id, now=now)
    for n in range(at_home):
        adding = Adding(name=f"Soup {n}", printed=now.date() + timedelta(days=n))
        items.add(member=member, adding=adding, action_id=uuid4(), now=now)
    client = Client()
    client.force_login(account)
    session = client.session
    session["oidc_id_token_expiration"] = time() + 600
    session.save()
    captured = [CaptureQueriesContext(connections[context]) for context in CONTEXTS]
    for capture in captured:
        capture.__enter__()
    try:
        html = client.get("/fridge").content.decode()
    finally:
        for capture in captured:
            capture.__exit__(None, None, None)
    asked = [query["sql"] for capture in captured for query in capture.captured_queries]
    assert "Soup 0" in html
    assert len(asked) <= MOST, "\n".join(asked)
