"""The verdict on top of a passport: in words and by an icon, with reasons; one line where there is none."""

import re

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from contexts.personalization.application.profiles import save_profile
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import HealthProfile, Intolerance, Sensitivity
from contexts.personalization.models import OutboxFact, PersonKey
from contexts.personalization.tests.people import NOW, SARA, World, product
from contexts.personalization.web.panel import verdict_panel

pytestmark = pytest.mark.django_db(databases=["personalization"])

ALLERGY = HealthProfile(allergens={Allergen.MILK: Sensitivity.CONTAINS})
MILK = Label(ingredients={"en": "whole milk"}, allergens=frozenset({Allergen.MILK}), verified=True)
TRACES = Label(ingredients={"en": "oats"}, traces=frozenset({Allergen.MILK}), verified=True)
OATS = Label(ingredients={"en": "oats"}, verified=True)


def panel(label: Label = MILK) -> str:
    return verdict_panel(account_id=SARA, product=product(label)).decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def kept() -> None:
    save_profile(account_id=SARA, profile=ALLERGY, edition=None, at=NOW)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("label", "heading", "icon", "reason"),
    [
        (MILK, "Avoid", "close", "Contains one of your allergens: milk."),
        (TRACES, "Be careful", "alert", "May contain traces of one of your allergens: milk."),
        (OATS, "Good for you", "check", "Nothing on the label speaks against it"),
    ],
    ids=["avoid", "careful", "good"],
)
def test_the_outcome_stands_in_words_and_as_an_icon_first(
    label: Label, heading: str, icon: str, reason: str
) -> None:
    html = panel(label)
    assert re.match(r'\s*<section [^>]*aria-labelledby="verdict">\s*<h2 [^>]*id="verdict">', html)
    assert words(html).startswith(heading)
    assert f"#{icon}" in html.partition("</h2>")[0]
    assert reason in words(html)
    assert "Rules of version" in html
    assert 'href="/profile"' in html


@pytest.mark.usefixtures("kept")
def test_a_reason_names_its_place_on_the_label_and_quotes_it() -> None:
    assert "On the label: list of ingredients (en), “whole milk”." in words(panel()) or (
        "On the label: list of ingredients (en), “milk”." in words(panel())
    )


@pytest.mark.usefixtures("kept")
def test_a_label_in_many_languages_is_quoted_in_the_readers() -> None:
    lists = {"de": "Vollmilch", "en": "milk", "it": "latte"}
    for language, quoted in lists.items():
        with translation.override(language):
            html = panel(Label(ingredients=lists, verified=True))
        assert [said for said in lists.values() if f"{said}”" in html or f"{said}“" in html] == [quoted]
    with translation.override("fr"):
        assert "Vollmilch" in panel(Label(ingredients={"de": "Vollmilch"}, verified=True))


@pytest.mark.usefixtures("kept")
def test_what_is_missing_is_said() -> None:
    assert "Missing on this label: the list of ingredients" in words(panel(Label(verified=True)))


def test_what_a_label_says_is_text() -> None:
    profile = HealthProfile(intolerances=frozenset({Intolerance.LACTOSE}), avoided=("<b>milk</b>", "milk"))
    save_profile(account_id=SARA, profile=profile, edition=None, at=NOW)
    html = panel(Label(ingredients={"en": "<b>milk</b>, <script>milk</script>"}, verified=True))
    assert "<script" not in html
    assert "<b>" not in html


class TestWithout:
    def test_consent_one_line_leads_to_the_setup_and_back(self, world: World) -> None:
        world.grants.clear()
        assert "Set up a health profile" in panel()
        assert 'href="/setup?next=%2Fpassport%2F09521001000017"' in panel()

    def test_a_profile_one_line_leads_to_it(self) -> None:
        assert "Your health profile is empty." in panel()
        assert 'href="/profile/change?next=%2Fpassport%2F09521001000017"' in panel()

    @pytest.mark.usefixtures("kept")
    def test_a_key_a_short_note_and_no_verdict(self, settings: Settings) -> None:
        settings.VAULT_KEYS = ""
        assert words(panel()).endswith("so there is no verdict. Check the pack.")
        assert not OutboxFact.objects.exists()

    @pytest.mark.usefixtures("kept")
    def test_an_erased_key_a_short_note(self) -> None:
        PersonKey.objects.all().delete()
        assert "can no longer be read" in words(panel())


@pytest.mark.usefixtures("kept")
def test_it_costs_the_consent_the_profile_and_the_telling(world: World) -> None:
    asked = world.asked
    with CaptureQueriesContext(connections["personalization"]) as queries:
        panel()
    assert world.asked - asked == 1
    assert len(queries) <= 2
