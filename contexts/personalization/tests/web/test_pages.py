"""/setup and /profile as a browser without a script sees them: every form, and everything wrong with one."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.db import connections
from django.test import Client
from pytest_django import Settings

from contexts.personalization.application.profiles import read_profile, save_profile
from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import Diet, HealthProfile, Intolerance, Sensitivity
from contexts.personalization.models import HealthProfile as ProfileRow
from contexts.personalization.models import PersonKey
from contexts.personalization.tests.people import CANARY, GRANTED, LATER, LUCA, NOW, PROFILE, SARA, World
from contexts.personalization.web.urls import urlpatterns

pytestmark = pytest.mark.django_db(databases=["personalization"])

PAGES = ("/setup", "/setup/allergens", "/setup/wishes", "/profile", "/profile/change")
ACTIONS = ("/profile/delete", "/profile/withdraw")


def fields_of(html: str) -> dict[str, str]:
    """The hidden fields of a page's first form in its content."""
    form = html.partition("<main")[2].partition("<form")[2].partition("</form>")[0]
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def send(client: Client, address: str, **typed: object) -> tuple[int, str, str]:
    """Open a page and send its form: status, where it leads, and the page."""
    hidden = fields_of(client.get(address).content.decode())
    answer = client.post(address, {**hidden, **typed})
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


@pytest.fixture
def kept() -> None:
    save_profile(account_id=SARA, profile=PROFILE, edition=None, at=NOW)


def test_from_nothing_to_a_profile_in_three_steps_and_back(client: Client, world: World) -> None:
    world.grants.clear()
    wanted = "/passport/09521001000017"
    step = f"/setup?next={wanted}"
    assert "What we store, why and for how long" in client.get(step).content.decode()
    status, step, _page = send(client, step)
    assert (status, step) == (303, "/setup/allergens?next=%2Fpassport%2F09521001000017")
    assert SARA in world.grants
    status, step, _page = send(
        client, step, allergens=["milk", "eggs"], traces=["eggs", "nuts"], intolerances=["lactose"]
    )
    assert (status, step) == (303, "/setup/wishes?next=%2Fpassport%2F09521001000017")
    assert send(client, step, diets=["vegan"], avoided="palm oil\r\n\r\n tofu ,soup")[:2] == (303, wanted)
    assert read_profile(account_id=SARA).profile == HealthProfile(
        allergens={
            Allergen.MILK: Sensitivity.CONTAINS,
            Allergen.EGGS: Sensitivity.TRACES_TOO,
            Allergen.NUTS: Sensitivity.TRACES_TOO,
        },
        intolerances=frozenset({Intolerance.LACTOSE}),
        diets=frozenset({Diet.VEGAN}),
        avoided=("palm oil", "tofu", "soup"),
        language="en",
    )
    german = {"Accept-Language": "de"}
    change = "/profile/change"
    words = "palm oil\r\ntofu\r\nsoup"
    fields = fields_of(client.get(change, headers=german).content.decode())
    client.post(change, {**fields, "diets": ["vegan"], "avoided": words}, headers=german)
    assert read_profile(account_id=SARA).profile.language == "en", "the words are the same"
    fields = fields_of(client.get(change, headers=german).content.decode())
    client.post(change, {**fields, "avoided": "Tofu"}, headers=german)
    assert read_profile(account_id=SARA).profile.language == "de"


def test_every_step_can_be_skipped_and_then_nothing_is_kept(client: Client, world: World) -> None:
    world.grants.clear()
    assert 'href="/passport/09521001000017">Not now' in client.get(
        "/setup?next=/passport/09521001000017"
    ).content.decode().replace("\n", "")
    world.grants[SARA] = GRANTED
    page = client.get("/setup/allergens").content.decode()
    assert 'href="/setup/wishes">Skip' in page
    assert 'href="/profile">Skip' in client.get("/setup/wishes").content.decode()
    assert send(client, "/setup/allergens")[:2] == (303, "/setup/wishes")
    assert not ProfileRow.objects.exists()


def test_without_consent_every_step_leads_to_it(client: Client, world: World) -> None:
    world.grants.clear()
    for address in ("/setup/allergens", "/setup/wishes", "/profile/change"):
        assert client.get(address).headers["Location"] == "/setup"
    assert "Set up a health profile" in client.get("/profile").content.decode()


def test_what_is_sent_after_the_consent_was_taken_back_is_said_to_be_lost(
    client: Client, world: World
) -> None:
    hidden = fields_of(client.get("/profile/change").content.decode())
    world.grants.clear()
    answer = client.post("/profile/change", hidden)
    assert answer.headers["Location"] == "/setup?not_saved=1"
    said = "Nothing was saved: you have taken your consent back"
    assert said in client.get(answer.headers["Location"]).content.decode()
    assert said not in client.get("/setup").content.decode()


def test_a_notice_that_changed_meanwhile_is_shown_again(client: Client, world: World) -> None:
    world.grants.clear()
    hidden = fields_of(client.get("/setup").content.decode())
    world.version = "2"
    answer = client.post("/setup", hidden)
    assert answer.status_code == 409
    assert "has changed since you opened this page" in answer.content.decode()
    assert world.grants == {}


@pytest.mark.usefixtures("kept")
class TestProfile:
    def test_whoever_has_a_profile_need_not_set_one_up(self, client: Client) -> None:
        wanted = "/passport/09521001000017"
        assert client.get("/setup", {"next": wanted}).headers["Location"] == wanted

    def test_it_shows_what_is_kept_as_text(self, client: Client) -> None:
        current = read_profile(account_id=SARA)
        script = "<script>alert(1)</script>"
        save_profile(
            account_id=SARA, profile=replace(PROFILE, avoided=(script,)), edition=current.edition, at=LATER
        )
        page = client.get("/profile").content.decode()
        for text in ("Milk", "Peanuts (traces too)", "Lactose intolerance", "Pescatarian", "More protein"):
            assert text in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert script not in page
        assert script not in client.get("/profile/change").content.decode()

    def test_a_change_replaces_what_is_kept(self, client: Client) -> None:
        assert send(client, "/profile/change", diets=["halal"], avoided="")[:2] == (
            303,
            "/profile?done=saved",
        )
        assert read_profile(account_id=SARA).profile == HealthProfile(diets=frozenset({Diet.HALAL}))

    def test_a_step_changes_its_own_fields_alone(self, client: Client) -> None:
        send(client, "/setup/allergens", allergens=["fish"])
        profile = read_profile(account_id=SARA).profile
        assert profile == replace(
            PROFILE, allergens={Allergen.FISH: Sensitivity.CONTAINS}, intolerances=frozenset()
        )

    def test_two_tabs_lose_nothing_and_say_what_differs(self, client: Client) -> None:
        first_tab = fields_of(client.get("/profile/change").content.decode())
        send(client, "/profile/change", goals=["less_salt"], avoided="tofu")
        answer = client.post("/profile/change", {**first_tab, "diets": ["kosher"], "avoided": "soup"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Your profile was changed elsewhere" in page
        saved, typed = page.partition("Only in the saved profile:")[2].split("Only here:")
        assert "Goals: Less salt" in saved
        assert "Ingredients to avoid: tofu" in saved
        assert "Diets: Kosher" in typed.partition("</ul>")[0]
        assert re.search(r'value="kosher" checked', page)
        assert "soup</textarea>" in page
        assert read_profile(account_id=SARA).profile.avoided == ("tofu",), "nothing was saved"
        answer = client.post("/profile/change", {**fields_of(page), "diets": ["kosher"], "avoided": "soup"})
        assert answer.status_code == 303
        assert read_profile(account_id=SARA).profile.avoided == ("soup",)

    def test_one_tap_deletes_it_and_keeps_the_consent(self, client: Client, world: World) -> None:
        hidden = fields_of(client.get("/profile").content.decode())
        answer = client.post("/profile/delete", hidden)
        assert answer.headers["Location"] == "/profile?done=deleted"
        assert not ProfileRow.objects.exists()
        assert not PersonKey.objects.exists()
        assert SARA in world.grants
        assert "is deleted" in client.get(answer.headers["Location"]).content.decode()

    def test_taking_the_consent_back_deletes_it_at_once(self, client: Client, world: World) -> None:
        hidden = fields_of(client.get("/profile").content.decode())
        assert client.post("/profile/withdraw", hidden).headers["Location"] == "/profile?done=withdrawn"
        assert SARA not in world.grants
        assert not ProfileRow.objects.exists()

    def test_a_profile_that_cannot_be_opened_is_said_to_be_and_can_be_deleted(
        self, client: Client, settings: Settings
    ) -> None:
        settings.VAULT_KEYS = ""
        answer = client.get("/profile")
        assert answer.status_code == 503
        assert "cannot be opened right now" in answer.content.decode()
        assert client.get("/profile/change").headers["Location"] == "/profile"
        assert client.post("/profile/delete", fields_of(answer.content.decode())).status_code == 303
        assert not ProfileRow.objects.exists()

    def test_a_profile_without_its_key_is_said_to_be_erased(self, client: Client) -> None:
        PersonKey.objects.all().delete()
        assert "its key was destroyed" in client.get("/profile").content.decode()

    def test_nobody_sees_anothers(self, client: Client, world: World) -> None:
        world.account = LUCA
        for address in PAGES:
            assert CANARY not in client.get(address, follow=True).content.decode()
        send(client, "/profile/change", avoided="luca's")
        assert read_profile(account_id=SARA).profile == PROFILE
        hidden = fields_of(client.get("/profile").content.decode())
        client.post("/profile/delete", hidden)
        assert read_profile(account_id=SARA).profile == PROFILE


class TestWrong:
    @pytest.mark.parametrize(
        "typed",
        ["\n".join(str(number) for number in range(10_000)), "x" * 61, "a\x07b", "!!!", "a\u202eb"],
        ids=["10000 of them", "too long", "control character", "no letter", "turns the text round"],
    )
    def test_what_is_wrong_is_said_at_its_field_and_stays_typed(self, client: Client, typed: str) -> None:
        status, _location, page = send(client, "/profile/change", diets=["vegan"], avoided=typed)
        assert status == 400
        assert 'id="avoided-error"' in page
        assert 'aria-invalid="true"' in page
        assert typed.splitlines()[-1] in unescape(page)
        assert re.search(r'value="vegan" checked', page)
        assert not ProfileRow.objects.exists()

    @pytest.mark.parametrize("field", ["allergens", "traces", "intolerances", "diets", "goals"])
    def test_values_out_of_range_are_refused_at_their_field(self, client: Client, field: str) -> None:
        status, _location, page = send(client, "/profile/change", **{field: ["plutonium"]})
        assert status == 400
        shown = "allergens" if field == "traces" else field
        assert f'id="{shown}-error"' in page
        assert not ProfileRow.objects.exists()

    @pytest.mark.parametrize("address", [*PAGES[:3], "/profile/change", *ACTIONS])
    def test_a_form_without_its_token_does_nothing(self, client: Client, kept: None, address: str) -> None:
        assert client.post(address, {"avoided": "soup"}).status_code == 403
        assert read_profile(account_id=SARA).profile == PROFILE

    @pytest.mark.parametrize(
        "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "x"]
    )
    def test_only_our_own_pages_are_gone_back_to(self, client: Client, wanted: str) -> None:
        answer = client.get("/setup", {"next": wanted})
        assert answer.headers["Location"] == "/setup/allergens"


@pytest.mark.usefixtures("kept")
class TestEverywhere:
    @pytest.mark.parametrize("address", PAGES)
    def test_nothing_is_stored_on_the_way(self, client: Client, address: str) -> None:
        assert "no-store" in client.get(address).headers["Cache-Control"]

    @pytest.mark.parametrize("address", [*PAGES, *ACTIONS])
    def test_whoever_is_not_signed_in_is_sent_there_first(
        self, client: Client, world: World, address: str
    ) -> None:
        hidden = fields_of(client.get("/profile").content.decode())
        world.account = None
        answer = client.post(address, hidden) if address in ACTIONS else client.get(address)
        assert answer.status_code == 500, "what the gate raises passes through"
        assert ProfileRow.objects.count() == 1

    def test_no_address_has_anybodys_id_in_it(self) -> None:
        assert [str(route.pattern) for route in urlpatterns if "<" in str(route.pattern)] == [
            "api/v1/me/verdicts/<str:gtin>"
        ]

    def test_a_crash_shows_no_value(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        from contexts.personalization.web import pages

        def crash(profile: HealthProfile) -> None:
            raise ValueError(profile)

        monkeypatch.setattr(pages, "in_words", crash)
        answer = client.get("/profile")
        assert answer.status_code == 500
        connections["personalization"].ensure_connection()
        for shown in (answer.content.decode(), caplog.text):
            assert CANARY not in shown
            assert "peanuts" not in shown.lower()

    def test_no_admin_shows_profiles(self) -> None:
        from django.contrib.admin.sites import all_sites

        shown = {model._meta.db_table for site in all_sites for model in site._registry}
        assert not shown & {"health_profile", "person_key", "verdict_told", "reason_shared"}
