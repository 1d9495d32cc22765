"""From what a label says of open packs to the reason that the fridge's page gives, through both contexts."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from contexts.fridge.application import households, items, ports
from contexts.fridge.application.items import Adding
from contexts.fridge.domain.commands import Open
from packytrace import wiring

pytestmark = pytest.mark.django_db(databases=["fridge", "passport", "identity"])

ANCHOVIES, OAT_DRINK, SEAFOOD_SAUCE = "09521002000054", "09521003000022", "09521002000078"


class _Somebody:
    """In every browser."""

    account_id = uuid4()

    def signed_in(self, request: HttpRequest) -> UUID:
        return self.account_id

    def known(self, request: HttpRequest) -> UUID | None:
        return self.account_id


@pytest.mark.parametrize(
    ("gtin", "reason"),
    [
        (ANCHOVIES, "opened today, 5 days after opening as the label says"),
        (OAT_DRINK, "opened today, 5 days after opening as the label says"),
        (SEAFOOD_SAUCE, "opened today, 2 days after opening as the label says"),
    ],
)
def test_the_fridge_gives_the_days_of_the_label_as_the_reason(
    gtin: str, reason: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**django_settings.STORAGES, "staticfiles": static}
    monkeypatch.setattr(ports._BOUND, "who", _Somebody())
    now = datetime.now(UTC)
    wiring.load_demo_catalogue(now=now)
    member = households.of(account_id=_Somebody.account_id, now=now, zone="UTC")
    done = items.add(member=member, adding=Adding(gtin=gtin), action_id=uuid4(), now=now)
    items.act(member=member, item_ids=[done.items[0].item.id], command=Open(), action_id=uuid4(), now=now)
    answer = Client().get("/fridge")
    assert answer.status_code == 200
    read = " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())
    assert reason in read
