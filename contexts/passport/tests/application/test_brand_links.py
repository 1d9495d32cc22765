"""A brand's links: who may write them, what is kept of each change, and two people at one link at a time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from contexts.passport.application import brand_links
from contexts.passport.application.brand_links import ChangeKind
from contexts.passport.application.erasing import erase
from contexts.passport.application.errors import (
    IdempotencyKeyReused,
    LinkChanged,
    LinkNotAccepted,
    LinkNotFound,
    ProductNotYours,
)
from contexts.passport.application.exporting import export
from contexts.passport.domain import links
from contexts.passport.domain.link_health import Reason, State
from contexts.passport.models import Link, LinkAuthor, LinkChange, LinkCheck
from contexts.passport.tests.brand_products import (
    BREAD,
    DRAFT,
    EDITOR,
    MILK,
    NOW,
    OURS,
    STRANGER,
    THEIRS,
    added,
    own,
)
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _ours() -> None:
    own(OURS)


def history() -> list[brand_links.Change]:
    return brand_links.history_of(brand_id=OURS, gtin=MILK, most=50)


def test_a_link_is_registered_in_its_one_spelling_at_its_level() -> None:
    link = added(link_type="https://ref.gs1.org/voc/PIP", lot=" A/1 ", title="  Milk  ")
    assert (link.link.anchor, link.link.link_type, link.link.title) == (
        f"/01/{MILK}/10/A%2F1",
        "gs1:pip",
        "Milk",
    )
    assert (link.draft.lot, link.draft.serial, link.version) == ("A/1", "", 1)
    assert brand_links.find(brand_id=OURS, link_id=link.link.id).link == link.link


@pytest.mark.parametrize(
    ("said", "field", "reason"),
    [
        ({"href": "http://localhost/"}, "href", "href_host"),
        ({"href": "javascript:alert(1)"}, "href", "href_scheme"),
        ({"title": " "}, "title", "title_missing"),
        ({"lot": "x" * 21}, "lot", None),
        ({"serial": "€"}, "serial", None),
        ({"lot": "A", "serial": "1"}, "serial", "serial_alone"),
        ({"gtin": "09521001000018"}, "gtin", None),
        ({"valid_from": NOW, "valid_to": NOW}, "valid_to", "valid_never"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(said: dict[str, object], field: str, reason: str | None) -> None:
    with pytest.raises(LinkNotAccepted) as refused:
        added(**said)
    assert refused.value.field == field
    assert reason in {None, refused.value.reason}
    assert not Link.objects.exists()


def test_who_does_not_own_the_product_writes_nothing() -> None:
    own(THEIRS)
    ours = added()
    with pytest.raises(ProductNotYours):
        added(gtin=BREAD)
    with pytest.raises(ProductNotYours):
        brand_links.add(editor=STRANGER, draft=DRAFT, now=NOW)
    for attempt in (
        lambda: brand_links.find(brand_id=THEIRS, link_id=ours.link.id),
        lambda: brand_links.change(
            editor=STRANGER, link_id=ours.link.id, version=1, draft=replace(DRAFT, gtin=BREAD), now=NOW
        ),
        lambda: brand_links.remove(editor=STRANGER, link_id=ours.link.id, version=1, now=NOW),
        lambda: brand_links.restore(editor=STRANGER, link_id=ours.link.id, version=1, now=NOW),
    ):
        with pytest.raises(LinkNotFound):
            attempt()
    assert Link.objects.get().href == DRAFT.href
    assert brand_links.links_of(brand_id=THEIRS, gtin=MILK) == []
    assert brand_links.history_of(brand_id=THEIRS, gtin=MILK, most=9) == []


@pytest.mark.parametrize("table", [Link, LinkChange, LinkCheck])
def test_the_database_refuses_another_brands_hand_even_where_the_code_forgot_to_ask(
    table: type[Link] | type[LinkChange] | type[LinkCheck],
) -> None:
    link_id = added().link.id
    for scope in (None, THEIRS):
        with transaction.atomic(using="passport"):
            rows = table.objects.filter(**{"id" if table is Link else "link_id": link_id})
            if table is not LinkChange:  # nobody may do that with a change
                if scope is None:
                    assert rows.update(brand_id=THEIRS) == 0
                    assert rows.delete()[0] == 0
                else:
                    with brand_scope(brand_id=scope, using="passport"):
                        assert rows.update(brand_id=THEIRS) == 0
                        assert rows.delete()[0] == 0
    row = Link.objects.get()
    row.id = uuid4()
    with pytest.raises(DatabaseError), brand_scope(brand_id=THEIRS, using="passport"):
        row.save(force_insert=True)
    with brand_scope(brand_id=OURS, using="passport"):
        assert table.objects.filter(brand_id=OURS).count() == 1


def test_a_change_is_made_to_the_version_that_was_read() -> None:
    link = added()
    changed = brand_links.change(
        editor=EDITOR, link_id=link.link.id, version=1, draft=replace(DRAFT, title="Whole milk"), now=LATER
    )
    assert (changed.version, changed.link.title) == (2, "Whole milk")
    with pytest.raises(LinkChanged):
        brand_links.change(editor=EDITOR, link_id=link.link.id, version=1, draft=DRAFT, now=LATER)
    with pytest.raises(LinkChanged):
        brand_links.remove(editor=EDITOR, link_id=link.link.id, version=1, now=LATER)
    again = brand_links.change(
        editor=EDITOR, link_id=link.link.id, version=2, draft=replace(DRAFT, title="Whole milk"), now=LATER
    )
    assert again.version == 2  # it says nothing new
    assert [(change.kind, change.differing) for change in history()] == [
        (ChangeKind.CHANGED, ("title",)),
        (ChangeKind.ADDED, ()),
    ]


def test_what_was_can_be_restored_also_after_it_was_removed() -> None:
    link = added()
    brand_links.change(
        editor=EDITOR, link_id=link.link.id, version=1, draft=replace(DRAFT, title="Whole milk"), now=NOW
    )
    brand_links.remove(editor=EDITOR, link_id=link.link.id, version=2, now=NOW)
    assert not Link.objects.exists()
    assert not LinkCheck.objects.exists()
    before_removal = brand_links.restore(editor=EDITOR, link_id=link.link.id, version=3, now=LATER)
    assert (before_removal.link.title, before_removal.version) == ("Whole milk", 4)
    first = brand_links.restore(editor=EDITOR, link_id=link.link.id, version=1, now=LATER)
    assert (first.link, first.version) == (link.link, 5)
    assert brand_links.restore(editor=EDITOR, link_id=link.link.id, version=1, now=LATER).version == 5
    assert {change.kind for change in history()} == {
        ChangeKind.ADDED,
        ChangeKind.CHANGED,
        ChangeKind.REMOVED,
        ChangeKind.RESTORED,
    }


def test_a_new_default_takes_the_place_of_the_present_one() -> None:
    first = added(is_default=True)
    second = added(is_default=True, link_type="gs1:faqs")
    assert not brand_links.find(brand_id=OURS, link_id=first.link.id).link.is_default
    assert brand_links.find(brand_id=OURS, link_id=second.link.id).link.is_default
    assert {change.kind for change in history()} == {ChangeKind.ADDED, ChangeKind.NOT_DEFAULT}


def test_a_default_of_a_season_leaves_the_one_of_all_year_where_it_is() -> None:
    week = timedelta(days=7)
    always = added(is_default=True)
    season = replace(DRAFT, is_default=True, link_type="gs1:promotion", valid_from=NOW, valid_to=NOW + week)
    assert brand_links.demoted(brand_id=OURS, draft=season) == []
    first = brand_links.add(editor=EDITOR, draft=season, now=NOW)
    brand_links.add(editor=EDITOR, draft=replace(season, valid_from=NOW + week, valid_to=None), now=NOW)
    overlapping = replace(season, valid_from=NOW - week, valid_to=NOW + week / 2)
    assert brand_links.demoted(brand_id=OURS, draft=overlapping) == [first.link]
    brand_links.add(editor=EDITOR, draft=overlapping, now=NOW)
    defaults = set(Link.objects.filter(is_default=True).values_list("id", flat=True))
    assert (always.link.id in defaults, first.link.id in defaults, len(defaults)) == (True, False, 3)
    with (
        pytest.raises(IntegrityError, match="link_one_default_at_a_time"),
        brand_scope(brand_id=OURS, using="passport"),
    ):
        Link.objects.filter(id=first.link.id).update(is_default=True)


def test_another_default_is_blamed_for_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def registered(**said: object) -> links.Link:
        values = {name: value for name, value in said.items() if name not in {"link_id", "own_origin"}}
        return links.Link(**{**values, "id": said["link_id"], "href": "ftp://example.com/"})

    monkeypatch.setattr(links, "registered", registered)
    with pytest.raises(IntegrityError, match="link_to_a_website"):
        added()


def test_the_same_request_again_answers_what_it_answered_first() -> None:
    key = uuid4()
    first = brand_links.add(editor=EDITOR, draft=DRAFT, now=NOW, link_id=key)
    brand_links.change(
        editor=EDITOR, link_id=key, version=1, draft=replace(DRAFT, title="Whole milk"), now=NOW
    )
    again = brand_links.add(editor=EDITOR, draft=DRAFT, now=LATER, link_id=key)
    assert (again.link, again.version) == (first.link, 1)
    assert Link.objects.get().title == "Whole milk"
    with pytest.raises(IdempotencyKeyReused):
        brand_links.add(editor=EDITOR, draft=replace(DRAFT, title="Cheese"), now=LATER, link_id=key)


def test_history_cannot_be_rewritten() -> None:
    added()
    for sql in ("UPDATE link_change SET kind = 'removed'", "DELETE FROM link_change"):
        with pytest.raises(DatabaseError), brand_scope(brand_id=OURS, using="passport"):
            connections["passport"].cursor().execute(sql)


def test_who_changes_links_takes_it_home_until_they_are_erased() -> None:
    link = added()
    assert export(person_ids=[EDITOR.account_id])["changes_for_brands.json"] == [
        {
            "changedAt": NOW.isoformat(),
            "gtin": link.gtin,
            "linkId": str(link.link.id),
            "what": "link added",
        }
    ]
    assert export(person_ids=[uuid4()])["changes_for_brands.json"] == []


def test_who_is_erased_is_not_named_in_the_history_any_more() -> None:
    added()
    assert [change.account_id for change in history()] == [EDITOR.account_id]
    erase(person_ids=[EDITOR.account_id])
    assert [change.account_id for change in history()] == [None]
    assert not LinkAuthor.objects.exists()


@pytest.mark.parametrize(
    ("href", "reason"),
    [("https://example.com/{gtin}", None), ("https://example.com/{lot}", Reason.PLACES)],
)
def test_a_target_is_to_be_asked_where_it_is_known_what_to_ask(href: str, reason: Reason | None) -> None:
    link = brand_links.find(brand_id=OURS, link_id=added(href=href).link.id)
    assert link.standing is not None
    assert (link.standing.state, link.standing.reason) == (State.UNCHECKED, reason)
    check = LinkCheck.objects.get()
    assert check.url == href.replace("{gtin}", MILK)
    assert (check.due_at is None) == (reason is not None)


def test_lists_are_of_the_brand_and_go_page_by_page() -> None:
    own(THEIRS)
    for number in range(3):
        added(title=f"Milk {number}", lot=f"L{number}")
    brand_links.add(editor=STRANGER, draft=replace(DRAFT, gtin=BREAD), now=NOW)
    first, after = brand_links.page_of_links(brand_id=OURS, after=None, most=2)
    rest, end = brand_links.page_of_links(brand_id=OURS, after=after, most=2)
    assert len(first) == 2
    assert len(rest) == 1
    assert end is None
    assert {link.gtin for link in (*first, *rest)} == {MILK}
    found, _more = brand_links.products(brand_id=OURS, words="1001", most=10)
    assert [(product.gtin, product.links, product.broken) for product in found] == [(MILK, 3, 0)]
    assert brand_links.products(brand_id=OURS, words="nothing", most=10) == ([], None)


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_of_two_people_who_change_one_version_one_is_told_so_and_there_is_one_default() -> None:
    link = added()
    both = Barrier(2)

    def change(title: str) -> str:
        both.wait(timeout=10)
        try:
            brand_links.change(
                editor=EDITOR, link_id=link.link.id, version=1, draft=replace(DRAFT, title=title), now=NOW
            )
        except LinkChanged:
            return "stale"
        finally:
            connections["passport"].close()
        return title

    def default(number: int) -> str:
        both.wait(timeout=10)
        try:
            added(is_default=True, link_type="gs1:faqs", lot="L", title=str(number))
        except LinkNotAccepted as refused:
            return refused.reason
        finally:
            connections["passport"].close()
        return "default"

    with ThreadPoolExecutor(2) as people:
        done = list(people.map(change, ["Skimmed", "Whole"]))
        defaults = list(people.map(default, [1, 2]))
    assert done.count("stale") == 1
    assert Link.objects.get(id=link.link.id).title == next(title for title in done if title != "stale")
    assert set(defaults) <= {"default", "second_default"}
    assert Link.objects.filter(anchor__endswith="/10/L", is_default=True).count() == 1


def test_a_link_that_is_not_there_is_not_found() -> None:
    with pytest.raises(LinkNotFound):
        brand_links.find(brand_id=OURS, link_id=UUID(int=5))
