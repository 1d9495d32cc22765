"""The doctor says whether every key that people's data keys are under is configured."""

import pytest
from pytest_django import Settings as SettingsWrapper

from packytrace import doctor
from packytrace.doctor import Verdict
from packytrace.vault.tests.keys import entry
from packytrace.vault.tests.people import people

OLD, NEW = entry("old"), entry("new")


@pytest.mark.django_db(databases=["personalization"])
@pytest.mark.parametrize(
    ("configured", "used", "verdict", "said"),
    [
        (OLD, 2, Verdict.GOOD, "2 data keys, each under a configured key"),
        (NEW, 2, Verdict.BAD, "2 people's data keys are under old"),
        ("", 2, Verdict.BAD, "2 people's data keys are under old"),
        ("", 0, Verdict.WARNING, "nobody can keep a health profile"),
    ],
)
def test_every_used_key_is_looked_for(
    configured: str, used: int, verdict: Verdict, said: str, settings: SettingsWrapper
) -> None:
    settings.VAULT_KEYS = OLD
    people(used)
    settings.VAULT_KEYS = configured
    (found,) = doctor._vault()
    assert found.verdict is verdict
    assert said in found.seen
    assert ("new-key" in found.repair) is (not configured)
