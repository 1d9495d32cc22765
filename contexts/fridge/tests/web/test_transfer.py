"""Files and calendars through pages and the API: without a script, and refused where they make no sense."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from contexts.fridge.application import households
from contexts.fridge.application.errors import FileNotAccepted
from contexts.fridge.application.households import Membership
from contexts.fridge.application.table_rows import MOST_ROWS
from contexts.fridge.models import CalendarFeed, Import, Item
from contexts.fridge.tests.people import World, alone
from contexts.fridge.tests.web.api_client import ask, believe_tokens, code_of

pytestmark = pytest.mark.django_db(databases=["fridge"])

TEXT = "name;packs;date\nMilk;2;2030-11-24\nOil;many;\nBread;1;\n"


@pytest.fixture
def sara(world: World, monkeypatch: pytest.MonkeyPatch) -> Membership:
    """In the browser, and with a token."""
    believe_tokens(monkeypatch)
    member = alone()
    world.account = member.account_id
    return member


def upload(text: str | bytes, **more: str) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return Client().post("/fridge/import", {"file": SimpleUploadedFile("list.csv", content), **more})


def page() -> str:
    answer = Client().get("/fridge/import")
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestPages:
    def test_a_file_is_shown_and_then_added(self, sara: Membership) -> None:
        assert "multipart/form-data" in page()
        assert upload(TEXT).headers["Location"] == "/fridge/import"
        shown = page()
        assert "Milk" in shown
        assert "Write a whole number such as 2." in shown
        broken = b"".join(Client().get("/fridge/import/broken.csv").streaming_content)
        assert broken.decode("utf-8-sig").splitlines() == [
            '"row","field","rule","message"',
            '"3","packs","no_number","Write a whole number such as 2."',
        ]
        assert Item.objects.count() == 0
        (number,) = re.findall(r'name="import" value="([^"]+)"', shown)
        for _ in range(2):
            assert Client().post("/fridge/import/confirm", {"import": number}).status_code == 303
        assert "2 items were added." in page()
        assert Item.objects.count() == 2

    def test_numbers_are_written_as_the_reader_writes_them(self, sara: Membership) -> None:
        upload(TEXT)
        Import.objects.update(rows=12_001, checked_rows=12_001)
        for language, most, readable in (("en", "100,000", "12,000"), ("de", "100.000", "12.000")):
            answer = Client().get("/fridge/import", headers={"accept-language": language})
            text = answer.content.decode()
            assert most in text
            assert text.count(readable) == 2, "in the sentence and on the button"
        assert "100,000 rows" in str(FileNotAccepted("more than %(most)s rows", most=MOST_ROWS))

    def test_nothing_is_added_that_is_refused(self, sara: Membership) -> None:
        assert upload("a;b\n1;2").status_code == 400
        assert Client().post("/fridge/import", {}).status_code == 400
        upload(TEXT)
        assert Client().post("/fridge/import/forget").status_code == 303
        gone = Client().post("/fridge/import/confirm", {"import": str(uuid4())})
        assert (gone.status_code, Item.objects.count()) == (404, 0)
        assert Client().get("/fridge/import/broken.csv").status_code == 404

    def test_a_file_of_another_person_is_not_confirmed(self, sara: Membership, world: World) -> None:
        upload(TEXT)
        world.account = alone().account_id
        other = Client().post("/fridge/import/confirm", {"import": str(Import.objects.get().id)})
        assert other.status_code == 404
        assert "Milk" not in page()

    def test_what_is_at_home_goes_along(self, sara: Membership) -> None:
        ask("POST", "/items", {"name": "=Milk"}, who=sara.account_id)
        for format_, kind in (("csv", "text/csv"), ("json", "application/json")):
            answer = Client().get(f"/fridge/export.{format_}")
            assert answer.headers["Content-Type"].startswith(kind)
            assert f'filename="fridge.{format_}"' in answer.headers["Content-Disposition"]
            assert b"Milk" in b"".join(answer.streaming_content)

    def test_a_calendars_address_is_told_once(self, sara: Membership) -> None:
        assert "You have none yet" in Client().get("/fridge/calendar").content.decode()
        made = Client().post("/fridge/calendar").content.decode()
        (address,) = re.findall(r'value="http[^"]*(/calendars/[^"]+\.ics)"', made)
        assert 'href="webcal://' in made
        assert Client().get(address).status_code == 200
        again = Client().get("/fridge/calendar").content.decode()
        assert "You have a calendar" in again
        assert address not in again
        Client().post("/fridge/calendar/revoke")
        assert Client().get(address).status_code == 404
        assert not CalendarFeed.objects.exists()

    def test_nobody_yet_has_a_household_for_looking(self, world: World) -> None:
        world.account = uuid4()
        assert "multipart/form-data" in page()
        assert Client().get("/fridge/calendar").status_code == 200
        assert households.find(account_id=world.account) is None


class TestApi:
    def test_a_file_is_read_and_confirmed(self, sara: Membership) -> None:
        who = sara.account_id
        assert code_of(ask("GET", "/import", who=who)) == (404, "no_import")
        read = ask("POST", "/import", {"file": TEXT}, who=who)
        state = read.json()
        assert (read.status_code, state["stage"], state["brokenRows"]) == (201, "shown", 1)
        assert state["first"][0] == {"row": 2, "values": {"name": "Milk", "packs": "2", "date": "2030-11-24"}}
        assert state["broken"] == ask("GET", "/import/broken?limit=5", who=who).json()["rows"]
        assert state["broken"][0]["message"]
        done = ask("POST", "/import/confirm", {"importId": state["importId"]}, who=who)
        assert (done.status_code, done.json()["stage"], done.json()["added"]) == (202, "done", 2)
        assert ask("DELETE", "/import", who=who).status_code == 204
        assert code_of(ask("GET", "/import/broken", who=who)) == (404, "no_import")

    @pytest.mark.parametrize(
        ("body", "code"),
        [({}, "invalid"), ({"file": "a;b"}, "file_not_accepted"), ({"file": "[", "x": 1}, "invalid")],
    )
    def test_what_is_no_file_is_refused(self, sara: Membership, body: Any, code: str) -> None:
        assert code_of(ask("POST", "/import", body, who=sara.account_id)) == (400, code)

    def test_a_large_file_arrives_and_no_other_body(self, sara: Membership) -> None:
        large = {"file": "name\n" + "Milk\n" * 50_000}
        assert ask("POST", "/import", large, who=sara.account_id).json()["rows"] == 50_000
        assert code_of(ask("POST", "/items", large, who=sara.account_id)) == (413, "body_too_large")

    def test_pages_of_broken_rows(self, sara: Membership) -> None:
        ask("POST", "/import", {"file": "name\n" + f"{'x' * 121}\n" * 5}, who=sara.account_id)
        first = ask("GET", "/import/broken?limit=3", who=sara.account_id).json()
        assert [row["row"] for row in first["rows"]] == [2, 3, 4]
        rest = ask("GET", f"/import/broken?limit=3&after={first['next']}", who=sara.account_id).json()
        assert ([row["row"] for row in rest["rows"]], rest["next"]) == ([5, 6], None)

    def test_exports(self, sara: Membership) -> None:
        ask("POST", "/items", {"name": "Milk"}, who=sara.account_id)
        for address, accept, kind in (
            ("/export", "text/csv", "text/csv"),
            ("/export?format=csv", "*/*", "text/csv"),
            ("/export", "*/*", "application/json"),
        ):
            answer = ask("GET", address, who=sara.account_id, Accept=accept)
            assert answer.headers["Content-Type"].startswith(kind)
            assert b"Milk" in b"".join(answer.streaming_content)

    def test_a_calendar(self, sara: Membership) -> None:
        who = sara.account_id
        assert code_of(ask("GET", "/calendar", who=who)) == (404, "no_calendar")
        made = ask("POST", "/calendar", who=who)
        address = made.json()["address"]
        assert (made.status_code, Client().get(address).status_code) == (201, 200)
        assert ask("GET", "/calendar", who=who).json()["address"] is None
        assert ask("DELETE", "/calendar", who=who).status_code == 204
        assert Client().get(address).status_code == 404
