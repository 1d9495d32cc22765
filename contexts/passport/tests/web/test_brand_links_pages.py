"""The link editor: walked as a brand user does, without JavaScript; what two people do at once; what another
brand's person cannot."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from contexts.passport.application import brand_links, link_files
from contexts.passport.application import ports as passport_ports
from contexts.passport.application.link_files import Stage
from contexts.passport.models import Link, LinkFile
from contexts.passport.tests.brand_products import BREAD, EDITOR, MILK, NOW, OURS, THEIRS, added, own
from packytrace.edge import ports
from packytrace.edge.ports import BrandIdentity

pytestmark = pytest.mark.django_db(databases=["passport"])

PAGE = f"/brand/links/{MILK}"
FORM = {
    "link_type": "gs1:pip",
    "href": "https://example.com/{lot}",
    "title": "Milk",
    "hreflang": "en, de-CH",
    "passes_query": "on",
}


class Door:
    """Who stands at the gate, and that it is one person."""

    brand_id = OURS

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        return BrandIdentity(id=self.brand_id, name="Alpenglanz")

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        return BrandIdentity(id=self.brand_id, name="Alpenglanz")

    def signed_in(self, request: HttpRequest) -> UUID:
        return EDITOR.account_id

    def known(self, request: HttpRequest) -> UUID | None:
        return EDITOR.account_id


@pytest.fixture(autouse=True)
def door(settings: Settings) -> Iterator[Door]:
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    gate, who, names = ports.brand_gate(), passport_ports.who(), passport_ports.colleagues()
    fake = Door()
    ports.bind(brand_gate=fake)
    passport_ports.bind(who=fake, colleagues=lambda ids: dict.fromkeys(ids, "Heidi Brunner"))
    own(OURS)
    yield fake
    ports.bind(brand_gate=gate)
    passport_ports.bind(who=who, colleagues=names)


def text(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    assert "no-store" in answer.headers["Cache-Control"]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_link_is_added_changed_removed_and_restored(client: Client) -> None:
    assert "Codes lead to the product passport" in text(client, "/brand/links")
    assert "No links of your own yet" in text(client, PAGE)
    assert "Product information" in text(client, f"{PAGE}/add")
    made = client.post(f"{PAGE}/add", {**FORM, "lot": "L1", "is_default": "on"})
    assert (made.status_code, made.headers["Location"]) == (303, PAGE)
    page = text(client, PAGE)
    assert "Lot L1" in page
    assert "en, de-CH" in page
    assert "Not checked yet" in page
    link = Link.objects.get()
    edit = f"{PAGE}/{link.id}"
    assert 'value="L1"' in client.get(edit).content.decode()
    changed = client.post(edit, {**FORM, "lot": "L1", "title": "Whole milk", "version": "1"})
    assert changed.status_code == 303
    assert "Remove this link?" in text(client, f"{edit}/remove")
    assert client.post(f"{edit}/remove", {"version": "2"}).status_code == 303
    assert not Link.objects.exists()
    history = text(client, f"{PAGE}/history")
    assert "Heidi Brunner" in history
    assert "Before: Milk After: Whole milk" in history
    assert client.post(f"{PAGE}/restore", {"link": str(link.id), "version": "1"}).status_code == 303
    assert Link.objects.get().title == "Milk"


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client: Client) -> None:
    refused = client.post(f"{PAGE}/add", {**FORM, "href": "http://localhost/x", "serial": "1", "lot": "A"})
    page = refused.content.decode()
    assert refused.status_code == 400
    assert re.search(r'id="id_serial_error">\s*[^<]+', page) or "id_serial_error" in page
    assert 'value="http://localhost/x"' in page
    page = client.post(f"{PAGE}/add", {**FORM, "href": "http://localhost/x"}).content.decode()
    assert re.search(r'aria-invalid="true"[^>]*id="id_href"', page)
    assert "public website" in page
    assert client.post(f"{PAGE}/add", {**FORM, "link_type": "other", "other_type": "x y"}).status_code == 400
    assert not Link.objects.exists()


def test_a_stale_form_says_what_changed_keeps_the_input_and_can_be_saved_again(client: Client) -> None:
    link = added(title="Milk", href="https://example.com/a")
    edit = f"{PAGE}/{link.link.id}"
    client.post(edit, {**FORM, "title": "Theirs", "href": "https://example.com/a", "version": "1"})
    mine = {**FORM, "title": "Mine", "href": "https://example.com/b", "version": "1"}
    stale = client.post(edit, mine)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert 'name="version" value="2"' in page
    assert client.post(edit, {**mine, "version": "2"}).status_code == 303
    assert Link.objects.get().title == "Mine"
    gone = client.post(f"{edit}/remove", {"version": "1"})
    assert (gone.status_code, b"this is what it is now" in gone.content) == (409, True)


def test_who_saves_is_told_first_which_link_stops_being_the_default(client: Client) -> None:
    old = added(is_default=True, title="Old page")
    season = {**FORM, "is_default": "on", "valid_from": "2026-12-01T00:00", "valid_to": "2026-12-26T00:00"}
    assert client.post(f"{PAGE}/add", season).status_code == 303
    asked = client.post(f"{PAGE}/add", {**FORM, "is_default": "on", "title": "New page"})
    page = asked.content.decode()
    assert (asked.status_code, "Old page" in page, 'value="New page"' in page) == (200, True, True)
    assert Link.objects.get(id=old.link.id).is_default
    told = re.search(r'name="demoting" value="([^"]+)"', page)
    assert told is not None
    sure = {**FORM, "is_default": "on", "title": "New page", "demoting": told[1]}
    assert client.post(f"{PAGE}/add", sure).status_code == 303
    assert not Link.objects.get(id=old.link.id).is_default
    assert Link.objects.filter(is_default=True).count() == 2


def test_the_preview_says_what_a_phone_would_get(client: Client) -> None:
    added(href="https://example.com/en", is_default=True)
    added(href="https://example.com/de", hreflang=("de",), title="Milch")
    added(href="https://example.com/{lot}", link_type="gs1:traceability", lot="L1", title="Batch")
    german = text(client, f"{PAGE}?ask-language=de-CH&ask-accept=text/html,application/xhtml%2Bxml,*/*;q=0.8")
    assert "It is led to: Milch" in german
    batch = text(client, f"{PAGE}?ask-lot=L1&ask-link_type=gs1:traceability")
    assert "https://example.com/L1" in batch.partition("It is led to:")[2]
    assert "none of this type" in text(client, f"{PAGE}?ask-link_type=gs1:faqs")
    assert "as a linkset" in text(client, f"{PAGE}?ask-link_type=linkset")
    assert client.get(f"{PAGE}?ask-lot={'x' * 30}&ask-at=never").status_code == 200


def test_another_brands_person_finds_and_changes_nothing(client: Client, door: Door) -> None:
    link = added()
    file = link_files.receive(editor=EDITOR, content=b"gtin,linkType,href,title\n1,2,3,4", name="a", now=NOW)
    own(THEIRS)
    door.brand_id = THEIRS
    for address in ("", "/add", "/history", f"/{link.link.id}", f"/{link.link.id}/remove"):
        assert client.get(PAGE + address).status_code == 404
    for address in (
        f"/{link.link.id}",
        f"/{link.link.id}/remove",
        f"/{link.link.id}/check",
        "/restore",
        "/add",
    ):
        sent = {**FORM, "version": "1", "link": str(link.link.id)}
        assert client.post(PAGE + address, sent).status_code == 404
        assert client.post(f"/brand/links/{BREAD}{address}", sent).status_code in {303, 404}
    assert client.get(f"/brand/links/import/{file.id}").status_code == 404
    assert client.post(f"/brand/links/import/{file.id}", {"digest": file.digest}).status_code == 404
    client.post(f"/brand/links/import/{file.id}/forget")
    assert brand_links.find(brand_id=OURS, link_id=link.link.id).version == 1
    assert link_files.find(brand_id=OURS, file_id=file.id).stage is Stage.SHOWN
    assert MILK not in client.get("/brand/links/export.csv").getvalue().decode()


def test_a_file_is_shown_and_then_written(client: Client) -> None:
    added(href="https://example.com/old")
    exported = client.get("/brand/links/export.csv").getvalue()
    changed = exported.replace(b"https://example.com/old", b"https://example.com/new")
    changed += (
        f'"","{MILK}","","","","","pip","http://10.0.0.1/","Bad"'.encode() + b',"","","","","","",""\r\n'
    )
    changed += f'"","{MILK}","","","","","faqs","https://example.com/faq","FAQ"'.encode()
    changed += b',"","","","","","",""\r\n'
    upload = _file(changed)
    shown = client.post("/brand/links/import", {"file": upload})
    assert shown.status_code == 303
    address = shown.headers["Location"]
    page = text(client, address)
    assert "Nothing is written yet" in page
    assert "Write 2 rows" in page
    assert "public website" in page
    assert Link.objects.get().href == "https://example.com/old"
    digest = LinkFile.objects.none()
    digest = link_files.newest(brand_id=OURS, most=1)[0].digest
    assert client.post(address, {"digest": "other"}).status_code == 404
    assert client.post(address, {"digest": digest}).status_code == 303
    assert "Done: 2 rows were written." in text(client, address)
    assert {link.href for link in Link.objects.all()} == {
        "https://example.com/new",
        "https://example.com/faq",
    }
    assert client.get("/brand/links/export.xlsx").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not empty"),
        (b"x,y\n1,2\n", "no column"),
        (b"gtin,title\n1,2", "missing"),
        (b"\0", "neither CSV"),
    ],
)
def test_what_is_no_file_of_links_is_refused(client: Client, content: bytes, words: str) -> None:
    refused = client.post("/brand/links/import", {"file": _file(content)})
    assert refused.status_code == 400
    assert words in refused.content.decode()


def test_a_file_of_more_than_10_mb_is_refused(client: Client) -> None:
    assert client.post("/brand/links/import", {"file": _file(b"x" * 10_000_001)}).status_code == 400
    assert client.post("/brand/links/import", {"file": _file(b"x" * 12_000_000)}).status_code == 413


def test_files_are_forgotten_after_a_day(client: Client) -> None:
    link_files.receive(
        editor=EDITOR, content=b"gtin,linkType,href,title\n1,2,3,4", name="a.csv", now=timezone.now()
    )
    link_files.forget_old(now=timezone.now())
    assert "a.csv" in text(client, "/brand/links/import")
    link_files.forget_old(now=timezone.now() + timedelta(days=2))
    assert "a.csv" not in text(client, "/brand/links/import")


def _file(content: bytes) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("links.csv", content, content_type="text/csv")
