"""The brand's products in its console: walked as a brand user does, and what another brand cannot."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contexts.passport.application import brand_products, company_prefixes, recalls
from contexts.passport.application import ports as passport_ports
from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.company_prefixes import State
from contexts.passport.application.journeys import journey_of_lot
from contexts.passport.domain.recalls import Reason
from contexts.passport.domain.recalls import Recall as Announcement
from contexts.passport.models import LotJourney, LotJourneyChange, OutboxFact, Recall
from contexts.passport.tests.entries import muesli, stock
from contexts.passport.web.languages import LANGUAGES
from packytrace.databases.scope import brand_scope
from packytrace.edge import ports
from packytrace.edge.ports import BrandIdentity
from tests.browser import Auditor

pytestmark = pytest.mark.django_db(databases=["passport"])

OURS = BrandIdentity(id=UUID(int=0xA), name="Alpenglanz")
THEIRS = BrandIdentity(id=UUID(int=0xB), name="Ostwind")
NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
MILK = "09521001000017"
PAGE = f"/brand/catalogue/{MILK}"
LABEL = {
    "do": "publish",
    "revision": "1",
    "languages": ["en", "ar"],
    "language": "en",
    "names.en": "Mountain milk",
    "ingredients.en": "Milk, sugar",
    "allergens": ["milk"],
    "nutrition.per": "100 ml",
    "nutrition.fat": "3,5",
}


class FakeGate:
    """Knows who works for which brand without asking anybody."""

    brand = OURS

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        assert request.path.startswith("/brand/")
        return self.brand

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        raise AssertionError(f"No page asks for the account {account_id}.")

    def signed_in(self, request: HttpRequest) -> UUID:
        assert request.path.startswith("/brand/")
        return UUID(int=0xC)

    def known(self, request: HttpRequest) -> UUID | None:
        return self.signed_in(request)


@pytest.fixture(autouse=True)
def gate(settings: Settings) -> Iterator[FakeGate]:
    """The fake in the place of the provider's, and static files by their own names."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    provided, who, names = ports.brand_gate(), passport_ports.who(), passport_ports.colleagues()
    fake = FakeGate()
    ports.bind(brand_gate=fake)
    passport_ports.bind(who=fake, colleagues=lambda ids: dict.fromkeys(ids, "Heidi Brunner"))
    yield fake
    ports.bind(brand_gate=provided)
    passport_ports.bind(who=who, colleagues=names)


@pytest.fixture
def milk() -> None:
    """A product of ours."""
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="9521001", now=NOW)
    brand_products.add_product(brand_id=OURS.id, gtin=MILK, now=NOW)


def text(client: Client, address: str, *, status: int = 200) -> str:
    """The words of a page."""
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_from_the_prefix_to_the_first_product(client: Client) -> None:
    assert "Claim your GS1 company prefix first" in text(client, "/brand/catalogue")
    refused = client.post("/brand/catalogue/prefixes", {"digits": "12", "kind": "company_prefix"})
    assert refused.status_code == 400
    assert "A company prefix has 6 to 12 digits" in refused.content.decode()
    client.post("/brand/catalogue/prefixes", {"digits": "952 1001", "kind": "company_prefix"})
    assert "Being looked up" in text(client, "/brand/catalogue/prefixes")
    waiting = client.post("/brand/catalogue/add", {"gtin": "9521001000017"})
    assert (waiting.status_code, b"No confirmed company prefix of yours" in waiting.content) == (400, True)
    (claimed,) = company_prefixes.listed(state=State.WAITING)
    company_prefixes.confirm(claim_id=claimed.id, now=NOW)
    wrong = client.post("/brand/catalogue/add", {"gtin": "9521001000018"})
    assert (wrong.status_code, b'aria-invalid="true"' in wrong.content) == (400, True)
    added = client.post("/brand/catalogue/add", {"gtin": "9521001000017"})
    assert (added.status_code, added.headers["Location"]) == (303, f"{PAGE}/label")
    assert "1 product" in text(client, "/brand/catalogue?q=1000017")
    assert "None of your products" in text(client, "/brand/catalogue?q=cheese")


@pytest.mark.usefixtures("milk")
def test_a_label_is_drafted_looked_at_and_published(client: Client) -> None:
    wrong = client.post(f"{PAGE}/label", {**LABEL, "allergens": [], "names.en": "x" * 10_000})
    page = wrong.content.decode()
    assert wrong.status_code == 400
    assert 'href="#allergens-milk"' in page
    assert "This has 10000 characters, and at most 300 fit" in page
    assert find_entry(gtin=MILK) is None
    shown = client.post(f"{PAGE}/label", {**LABEL, "do": "preview"})
    assert shown.status_code == 200
    assert "A preview: nothing of it is published." in shown.content.decode()
    assert "Mountain milk" in shown.content.decode()
    assert not OutboxFact.objects.exists()
    draft = client.post(f"{PAGE}/label", {**LABEL, "do": "add_language", "new_language": "de"})
    assert draft.status_code == 303
    page = client.get(f"{PAGE}/label").content.decode()
    assert 'name="names.de"' in page
    assert "We recognise in the ingredients:" in page
    done = client.post(f"{PAGE}/label", {**LABEL, "revision": "2"})
    assert (done.status_code, done.headers["Location"]) == (303, PAGE)
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.name == "Mountain milk"
    assert "Version 1 is published" in text(client, PAGE)


@pytest.mark.usefixtures("milk")
def test_no_traces_are_declared_only_where_the_brand_says_so(client: Client) -> None:
    assert '<option value="" selected>Not stated' in client.get(f"{PAGE}/label").content.decode()
    client.post(f"{PAGE}/label", {**LABEL, "tracesUnticked": "none"})
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.label.traces == ()
    assert '<option value="none" selected>' in client.get(f"{PAGE}/label").content.decode()
    client.post(f"{PAGE}/label", {**LABEL, "revision": "2", "tracesUnticked": ""})
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.label.traces is None
    assert '<option value="" selected>Not stated' in client.get(f"{PAGE}/label").content.decode()


@pytest.mark.usefixtures("milk")
def test_a_label_in_24_languages_fits_into_its_form(client: Client) -> None:
    """With letters of two bytes each, which the form's encoding makes six of."""
    codes = sorted(LANGUAGES)[:24]
    lengths = {"names": 60, "genericNames": 60, "ingredients": 700, "storage": 150, "instructions": 200}
    texts = {f"{name}.{code}": "\u03b3" * most for code in codes for name, most in lengths.items()}
    saved = client.post(
        f"{PAGE}/label",
        urlencode({**LABEL, **texts, "do": "save", "languages": codes}, doseq=True),
        content_type="application/x-www-form-urlencoded",
    )
    assert saved.status_code == 303
    draft = brand_products.product_of(brand_id=OURS.id, gtin=MILK).draft
    assert draft is not None
    assert len(draft["ingredients"]) == 24


@pytest.mark.usefixtures("milk")
def test_a_draft_turns_no_words_around(client: Client) -> None:
    client.post(
        f"{PAGE}/label", {**LABEL, "do": "save", "names.en": "Milk \u202ekcor\u202c", "storage.en": "a\nb"}
    )
    own = brand_products.product_of(brand_id=OURS.id, gtin=MILK)
    assert own.draft is not None
    assert (own.name, own.draft["storage"]) == ("Milk kcor", {"en": "a\nb"})


@pytest.mark.usefixtures("milk")
def test_what_somebody_else_has_changed_is_not_overwritten_unseen(client: Client) -> None:
    client.post(f"{PAGE}/label", LABEL)
    late = client.post(f"{PAGE}/label", {**LABEL, "names.en": "Late milk"})
    assert late.status_code == 409
    assert "Somebody changed this product in the meantime" in late.content.decode()
    assert 'value="Late milk"' in late.content.decode()
    assert 'name="revision" value="2"' in late.content.decode()


@pytest.mark.usefixtures("milk")
def test_texts_stay_texts(client: Client) -> None:
    name = '<script>alert("milk")</script> \u202eklim & co'
    client.post(f"{PAGE}/label", {**LABEL, "names.en": name, "names.ar": "\u062d\u0644\u064a\u0628"})
    for address in (PAGE, f"{PAGE}/label", f"{PAGE}/history", f"{PAGE}/recalls", "/brand/catalogue"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
    page = client.get(f"{PAGE}/label").content.decode()
    assert 'dir="rtl" autocomplete="off" lang="ar"' in page


@pytest.mark.usefixtures("milk")
def test_the_first_version_is_compared_with_what_shoppers_saw_before(client: Client) -> None:
    stock(muesli(gtin=MILK), at=NOW)
    own = brand_products.product_of(brand_id=OURS.id, gtin=MILK)
    begun, _stored = brand_products.document_to_edit(own)
    brand_products.publish(
        speaker=brand_products.Speaker(id=OURS.id, name=OURS.name),
        gtin=MILK,
        document={**begun, "storage": {"en": "Keep it dry and cool."}},
        revision=own.revision,
        now=datetime.now(UTC),
    )
    page = client.get(f"{PAGE}/history").content.decode()
    (changed,) = re.findall(r'<td class="console-wraps">(.*?)</td>', page, flags=re.DOTALL)
    assert changed.split() == ["Storage"]


@pytest.mark.usefixtures("milk")
def test_history_is_shown_and_restored(client: Client) -> None:
    client.post(f"{PAGE}/label", LABEL)
    client.post(f"{PAGE}/label", {**LABEL, "revision": "2", "names.en": "Alpine milk"})
    page = text(client, f"{PAGE}/history")
    assert re.search(r"2 now .* Name .*Publish version 1 again", page)
    done = client.post(f"{PAGE}/restore", {"number": "1", "revision": "3"})
    assert done.status_code == 303
    assert "Version 1 again." in text(client, f"{PAGE}/history")
    late = client.post(f"{PAGE}/restore", {"number": "2", "revision": "3"}, follow=True)
    assert "Somebody changed this product" in late.content.decode()


STEPS = {
    "kind": ["packing", "origin", ""],
    "place": ["Kempten", "Allgäu", ""],
    "date": ["2025-03-02", "2025-03-01", ""],
    "latitude": ["", "47,4", ""],
    "longitude": ["", "10.3", ""],
}
NOWHERE = {"date": ["", "", ""], "latitude": ["", "", ""], "longitude": ["", "", ""]}


def seen(client: Client, lot: str) -> str:
    """What the form of a lot says that it shows."""
    found = re.search(
        r'name="seen" value="([^"]*)"', client.get(f"{PAGE}/journey?lot={lot}").content.decode()
    )
    assert found
    return found[1]


@pytest.mark.usefixtures("milk")
def test_a_journey_is_told_lot_by_lot(client: Client) -> None:
    client.post(f"{PAGE}/label", LABEL)
    saved = client.post(f"{PAGE}/journey", {"lot": "L1", "seen": "", **STEPS}, follow=True)
    page = saved.content.decode()
    assert saved.redirect_chain == [(f"{PAGE}/journey?lot=L1", 303)]
    assert "Saved: shoppers see it now" in page
    assert page.index('value="Allgäu"') < page.index('value="Kempten"'), "by their days"
    assert 'value="47.4"' in page
    assert "Heidi Brunner" in page
    told = journey_of_lot(gtin=MILK, lot="L1")
    assert told is not None
    assert (told.by, [step.place for step in told.steps]) == ("Alpenglanz", ["Allgäu", "Kempten"])
    facts = OutboxFact.objects.filter(type="CatalogueEntryChanged").order_by("id")
    assert [fact.payload["dataVersion"] for fact in facts] == [1, 2]
    client.post(f"{PAGE}/journey", {"lot": "L1", "seen": seen(client, "L1"), **STEPS})
    assert facts.all().count() == 2, "the same again changes nothing"
    client.post(f"{PAGE}/journey", {"lot": "L1", "do": "remove", "seen": seen(client, "L1"), **STEPS})
    assert journey_of_lot(gtin=MILK, lot="L1") is None
    assert "Nothing any more." in text(client, f"{PAGE}/journey?lot=L1")
    assert "Nothing is told any more of: Lot L1" in text(client, f"{PAGE}/journey")
    change = LotJourneyChange.objects.order_by("at")[0]
    client.post(f"{PAGE}/journey/again", {"change": str(change.id)})
    again = journey_of_lot(gtin=MILK, lot="L1")
    assert (again and again.steps, facts.all().count()) == (told.steps, 4)
    assert client.post(f"{PAGE}/journey/again", {"change": MILK}).status_code == 404


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lot": "L 1"}, "and no spaces"),
        ({"date": ["31.3.2025", "", ""]}, "no date that we can read"),
        ({"date": ["2999-01-01", "", ""]}, "still to come"),
        ({"latitude": ["", "91", ""]}, "no position that we can read"),
        ({"longitude": ["", "", ""]}, "both or neither"),
        ({"latitude": ["", "47", "1"]}, "Step 3 has no place."),
        (
            {
                "kind": ["packing", "origin", "origin"],
                "place": ["Kempten", "Ulm", "Allgäu"],
                "date": ["2025-03-02", "", "2025-03-01"],
            },
            "we cannot put them in order",
        ),
    ],
)
def test_steps_that_cannot_be_told(client: Client, wrong: dict[str, object], said: str) -> None:
    answer = client.post(f"{PAGE}/journey", {"lot": "L1", "seen": "", **STEPS, **wrong})
    page = " ".join(answer.content.decode().split())
    assert (answer.status_code, said in page, 'value="Kempten"' in page) == (400, True, True)
    assert not LotJourney.objects.exists()


@pytest.mark.usefixtures("milk")
def test_a_journey_with_too_many_steps_is_refused_and_never_cut(client: Client) -> None:
    """A feed's has up to 60, which the brand may have told again."""
    places = [f"Stop {number}" for number in range(1, 26)]
    with brand_scope(brand_id=OURS.id, using="passport"):
        LotJourney.objects.create(
            id=uuid4(),
            brand_id=OURS.id,
            gtin=MILK,
            lot="L1",
            steps=[{"kind": "distribution", "place": place} for place in places],
            origin="brand",
            updated_at=NOW,
        )
    form = client.get(f"{PAGE}/journey?lot=L1").content.decode()
    assert [place for place in places if f'value="{place}"' not in form] == []
    blank = [""] * len(places)
    typed = {"kind": ["distribution"] * len(places), "place": places}
    typed |= dict.fromkeys(("date", "latitude", "longitude"), blank)
    answer = client.post(f"{PAGE}/journey", {"lot": "L1", "seen": seen(client, "L1"), **typed})
    page = answer.content.decode()
    assert (answer.status_code, "at most 20 steps" in page, 'value="Stop 25"' in page) == (400, True, True)
    assert len(LotJourney.objects.get().steps) == len(places)


@pytest.mark.usefixtures("milk")
def test_a_journey_that_somebody_else_has_told_is_not_overwritten_unseen(client: Client) -> None:
    before = seen(client, "L1")
    client.post(f"{PAGE}/journey", {"lot": "L1", "seen": before, **STEPS})
    theirs = {**STEPS, **NOWHERE, "place": ["Ulm", "", ""]}
    late = client.post(f"{PAGE}/journey", {"lot": "L1", "seen": before, **theirs})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Something else is told of this lot already" in page
    assert 'value="Ulm"' in page
    assert f'name="seen" value="{seen(client, "L1")}"' in page


@pytest.mark.usefixtures("milk")
def test_a_recall_of_the_operators_is_theirs_to_take_back(client: Client) -> None:
    said = Announcement(gtin=MILK, lots=(), serial_from="", serial_to="", reason=Reason.OTHER, text="Stop.")
    recall_id = recalls.announce(recall=said, now=NOW).recall_id
    page = text(client, f"{PAGE}/recalls")
    assert "The operators of this site announced it" in page
    assert "Take it back" not in page
    for method in (client.get, client.post):
        refused = method(f"{PAGE}/recalls/{recall_id}", {"sure": "yes"}, follow=True)
        assert "only who announced it can take it back" in refused.content.decode()
    assert not Recall.objects.get().withdrawn


def test_a_prefix_that_another_brand_claims_is_told_at_once(client: Client, gate: FakeGate) -> None:
    claimed = {"kind": "company_prefix", "digits": "9521001"}
    client.post("/brand/catalogue/prefixes", claimed)
    assert "Another company" not in text(client, "/brand/catalogue/prefixes")
    gate.brand = THEIRS
    page = client.post("/brand/catalogue/prefixes", claimed, follow=True).content.decode()
    assert "Another company has claimed numbers of it here" in page
    assert OURS.name not in page


@pytest.mark.usefixtures("milk")
def test_a_product_that_was_added_by_mistake_is_removed(client: Client, gate: FakeGate) -> None:
    assert "Remove this product" in text(client, PAGE)
    late = client.post(f"{PAGE}/remove", {"revision": "9"}, follow=True)
    assert "Somebody changed this product" in late.content.decode()
    gate.brand = THEIRS
    assert client.post(f"{PAGE}/remove", {"revision": "1"}).status_code == 404
    gate.brand = OURS
    gone = client.post(f"{PAGE}/remove", {"revision": "1"}, follow=True)
    assert f"{MILK} is not in your catalogue any more." in gone.content.decode()
    assert client.get(PAGE).status_code == 404


@pytest.mark.usefixtures("milk")
def test_a_product_that_was_published_says_why_it_stays(client: Client) -> None:
    client.post(f"{PAGE}/label", LABEL)
    page = text(client, PAGE)
    assert "This product cannot be removed. Its label was published" in page
    assert "Remove this product" not in page


@pytest.mark.usefixtures("milk")
def test_a_recall_is_looked_at_again_before_it_is_announced_and_taken_back(client: Client) -> None:
    typed = {
        "lots": "L1, L2",
        "serial_from": "",
        "serial_to": "",
        "reason": "allergen",
        "text": "Do not eat it.",
    }
    wrong = client.post(f"{PAGE}/recalls", {**typed, "lots": "L1 L\u00e4"})
    assert (wrong.status_code, "is no lot" in wrong.content.decode()) == (400, True)
    asked = client.post(f"{PAGE}/recalls", {**typed, "do": "check"})
    assert asked.status_code == 200
    assert "2 lots" in asked.content.decode()
    assert client.post(f"{PAGE}/recalls", {**typed, "do": "announce"}).status_code == 400
    assert not Recall.objects.exists()
    announced = client.post(f"{PAGE}/recalls", {**typed, "do": "announce", "sure": "yes"})
    assert announced.status_code == 303
    recall = Recall.objects.get()
    assert (recall.gtin, recall.lots, recall.withdrawn) == (MILK, ["L1", "L2"], False)
    address = f"{PAGE}/recalls/{recall.id}"
    assert client.post(address).status_code == 400
    assert client.post(address, {"sure": "yes"}).status_code == 303
    assert Recall.objects.get().withdrawn
    assert [row.type for row in OutboxFact.objects.order_by("id")] == ["RecallAnnounced"] * 2


@pytest.mark.usefixtures("milk")
def test_another_brands_product_is_not_there(client: Client, gate: FakeGate) -> None:
    client.post(f"{PAGE}/label", LABEL)
    told = {"lots": "", "serial_from": "", "serial_to": "", "reason": "other", "text": "x", "sure": "yes"}
    client.post(f"{PAGE}/recalls", {**told, "do": "announce"})
    recall = Recall.objects.get()
    gate.brand = THEIRS
    facts = OutboxFact.objects.count()
    for part in ("", "/label", "/journey", "/recalls", f"/recalls/{recall.id}", "/history"):
        answer = client.get(f"{PAGE}{part}")
        assert answer.status_code == 404
        assert "Mountain milk" not in answer.content.decode()
    for part, data in (
        ("/label", {**LABEL, "revision": "2"}),
        ("/journey", {"lot": "", "kind": ["origin"], "place": ["X"], "date": [""]}),
        ("/journey/again", {"change": str(recall.id)}),
        ("/recalls", {**told, "text": "Theirs", "do": "announce"}),
        (f"/recalls/{recall.id}", {"sure": "yes"}),
        ("/restore", {"number": "1", "revision": "2"}),
    ):
        assert client.post(f"{PAGE}{part}", data).status_code == 404
    assert OutboxFact.objects.count() == facts
    assert "Mountain milk" not in client.get("/brand/catalogue").content.decode()


@pytest.mark.usefixtures("milk")
def test_a_file_is_mapped_looked_at_and_taken_over(client: Client, gate: FakeGate) -> None:
    empty = client.post("/brand/uploads", {"language": "de"})
    assert (empty.status_code, b"Choose a file first." in empty.content) == (400, True)
    refused = client.post("/brand/uploads", {"file": SimpleUploadedFile("a.csv", b""), "language": "de"})
    assert refused.status_code == 400
    rows = b'nr,was,fett\n9521001000017,Bergmilch,"3,5"\n9521001000024,=HYPERLINK(1),101\n'
    sent = client.post("/brand/uploads", {"file": SimpleUploadedFile("a.csv", rows), "language": "de"})
    assert sent.status_code == 303
    page = sent.headers["Location"]
    assert "Say which column is the number" in text(client, page)
    assert "No column says which traces a product may have" in text(client, page)
    client.post(
        page,
        {
            "do": "map",
            "language": "de",
            "column-0": "gtin",
            "column-1": "names.de",
            "column-2": "nutrition.fat",
        },
    )
    shown = text(client, page)
    assert "New: 1" in shown
    assert "Left out: 1" in shown
    assert "Nutrition: No food has these values" in shown
    assert find_entry(gtin=MILK) is None
    client.post(page, {"do": "confirm"})
    assert "2 of 2 rows" in text(client, page)
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.name == "Bergmilch"
    left_out = client.get(f"{page}/left-out.csv").content.decode("utf-8-sig").splitlines()
    assert left_out[0] == "nr,was,fett,Why it was left out"
    assert left_out[1].startswith("9521001000024,'=HYPERLINK(1),101,")
    gate.brand = THEIRS
    for address in (page, f"{page}/left-out.csv"):
        assert client.get(address).status_code == 404
    assert client.post(page, {"do": "confirm"}).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(databases=["passport"], transaction=True)
@pytest.mark.usefixtures("built", "milk")
class TestInABrowser:
    def test_every_page_fits_a_phone_and_passes_axe(
        self, chromium: Browser, live_server: LiveServer, audit: Auditor
    ) -> None:
        """In dark colours, whose contrast is harder; and nothing is cut off at 320 CSS pixels (WCAG 2.2,
        1.4.10), the tabs of a product included."""
        stock(muesli(gtin=MILK, brand_id=OURS.id), at=NOW)
        context = chromium.new_context(color_scheme="dark")
        page = context.new_page()
        links = f"/brand/links/{MILK}"
        for path in (
            *("/brand/catalogue", "/brand/catalogue/prefixes", "/brand/unknown-products", "/brand/uploads"),
            *(PAGE, f"{PAGE}/label", f"{PAGE}/journey", f"{PAGE}/recalls", f"{PAGE}/history"),
            *("/brand/links", "/brand/links/import", links, f"{links}/add", f"{links}/history"),
            f"/brand/codes/{MILK}",
        ):
            page.set_viewport_size({"width": 390, "height": 844})
            answer = page.goto(live_server.url + path)
            assert answer is not None
            assert answer.status == 200, path
            audit(page)
            page.set_viewport_size({"width": 320, "height": 844})
            cut = page.evaluate(
                """() => [document.documentElement, ...document.querySelectorAll('.console-tabs')]
                    .filter((part) => part.scrollWidth > part.clientWidth + 1)
                    .map((part) => part.className)"""
            )
            assert cut == [], path
        context.close()
