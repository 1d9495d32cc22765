"""Files of links: what each row would do, that just this is done, once, and what spreadsheets make of it."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import openpyxl
import pytest
from django.db import connections

from contexts.passport.application import brand_links, link_files
from contexts.passport.application.brand_products import add_product
from contexts.passport.application.errors import LinkFileNotFound, TableRefused
from contexts.passport.application.link_files import Fate, FileView, Stage
from contexts.passport.models import Link, LinkFileWork
from contexts.passport.tests.brand_products import (
    BREAD,
    DRAFT,
    EDITOR,
    MILK,
    NOW,
    OURS,
    THEIRS,
    added,
    own,
)

pytestmark = pytest.mark.django_db(databases=["passport"])
SOON = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _ours() -> None:
    own(OURS)


def table(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=link_files.COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {"gtin": MILK, "linkType": "faqs", "href": "https://example.com/", "title": "FAQ", **row}
        )
    return text.getvalue().encode()


def received(content: bytes, name: str = "links.csv") -> FileView:
    return link_files.receive(editor=EDITOR, content=content, name=name, now=NOW)


def applied(file: FileView, *, most: int = 10_000) -> FileView:
    link_files.confirm(brand_id=OURS, file_id=file.id, digest=file.digest, now=NOW)
    link_files.apply(brand_id=OURS, file_id=file.id, clock=lambda: NOW, until=SOON, most=most)
    return link_files.find(brand_id=OURS, file_id=file.id)


def fates(file: FileView) -> list[tuple[Fate, str]]:
    return [(row.fate, row.field) for row in link_files.rows_of(brand_id=OURS, file_id=file.id, most=100)]


def test_each_row_says_what_it_would_do_and_why_not() -> None:
    same, changed = added(lot="L1"), added(lot="L2")
    twins = [added(lot="L3", href=f"https://example.com/{number}") for number in range(2)]
    kept = {"linkType": "gs1:pip", "title": "Milk", "href": DRAFT.href, "languages": "en"}
    file = received(
        table(
            {**kept, "id": str(same.link.id), "lot": "L1"},
            {**kept, "id": str(changed.link.id), "lot": "L2", "title": "Whole"},
            {},
            {},
            {"gtin": MILK[1:], "lot": "new", "default": "yes", "languages": "de; fr"},
            {"lot": "new", "default": "x", "linkType": "pip"},
            {**kept, "lot": "L3"},
            {"id": str(THEIRS)},
            {"id": "x"},
            {"gtin": BREAD},
            {"gtin": "1"},
            {"validFrom": "tomorrow"},
            {"validFrom": "0001-01-01T00:00+05:00"},
            {"validTo": "9999-12-31T23:59-05:00"},
            {"passQuery": "perhaps"},
            {"href": "http://169.254.169.254/"},
        )
    )
    assert twins
    assert fates(file) == [
        (Fate.SAME, ""),
        (Fate.CHANGED, ""),
        (Fate.NEW, ""),
        (Fate.REFUSED, "id"),
        (Fate.NEW, ""),
        (Fate.REFUSED, "default"),
        (Fate.REFUSED, "id"),
        (Fate.REFUSED, "id"),
        (Fate.REFUSED, "id"),
        (Fate.REFUSED, "gtin"),
        (Fate.REFUSED, "gtin"),
        (Fate.REFUSED, "validFrom"),
        (Fate.REFUSED, "validFrom"),
        (Fate.REFUSED, "validTo"),
        (Fate.REFUSED, "passQuery"),
        (Fate.REFUSED, "href"),
    ]
    assert Link.objects.count() == 4


def test_what_was_shown_is_written_once_however_often_it_is_begun_and_stopped() -> None:
    rows = [{"lot": f"L{number}"} for number in range(120)]
    file = received(table(*rows))
    assert file.to_do == 120
    with pytest.raises(LinkFileNotFound):
        link_files.confirm(brand_id=OURS, file_id=file.id, digest="another", now=NOW)
    begun = applied(file, most=50)
    assert (begun.stage, begun.rows_done, Link.objects.count()) == (Stage.AT_WORK, 50, 50)
    link_files.forget(brand_id=OURS, file_id=file.id)  # not while it is being written
    link_files.apply_all(clock=lambda: NOW, until=SOON)
    done = applied(file)
    assert (done.stage, done.rows_done, done.refused_later) == (Stage.DONE, 120, 0)
    assert Link.objects.count() == 120
    link_files.apply_all(clock=lambda: NOW, until=SOON)
    assert not LinkFileWork.objects.filter(confirmed=True).exists()
    assert fates(received(table(*rows))) == [(Fate.SAME, "")] * 100


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_two_files_about_the_same_products_in_another_order_do_not_wait_for_each_other() -> None:
    cream = "09521001000024"
    add_product(brand_id=OURS, gtin=cream, now=NOW)
    files = [
        received(table(*({"gtin": gtin, "lot": f"{name}{number}"} for gtin in gtins for number in range(25))))
        for name, gtins in (("A", (MILK, cream)), ("B", (cream, MILK)))
    ]
    both = Barrier(2)

    def apply(file: FileView) -> FileView:
        both.wait(timeout=10)
        try:
            return applied(file)
        finally:
            connections["passport"].close()

    with ThreadPoolExecutor(2) as workers:
        assert [one.stage for one in workers.map(apply, files)] == [Stage.DONE] * 2
    assert Link.objects.count() == 100


def test_a_row_whose_link_was_changed_since_is_left_alone_and_says_so() -> None:
    link = added()
    file = received(
        table({"id": str(link.link.id), "linkType": "pip", "title": "From the file"}, {"lot": "A"})
    )
    brand_links.change(
        editor=EDITOR, link_id=link.link.id, version=1, draft=replace(DRAFT, title="By hand"), now=NOW
    )
    done = applied(file)
    assert (done.stage, done.rows_done, done.refused_later) == (Stage.DONE, 2, 1)
    assert Link.objects.get(id=link.link.id).title == "By hand"
    first, second = link_files.rows_of(brand_id=OURS, file_id=file.id, most=5)
    assert "changed since" in first.reason
    assert second.outcome == "new"


def test_a_default_gives_way_to_another_one_of_the_same_file() -> None:
    first = added(is_default=True)
    file = received(
        table(
            {"linkType": "faqs", "default": "yes"},
            {"id": str(first.link.id), "linkType": "pip", "title": "Milk", "languages": "en"},
        )
    )
    assert applied(file).refused_later == 0
    assert Link.objects.get(is_default=True).link_type == "gs1:faqs"


def test_a_row_says_which_default_it_takes_the_place_of() -> None:
    added(is_default=True, title="Milk")
    season = {"default": "yes", "validFrom": "2026-12-01", "validTo": "2026-12-26"}
    file = received(
        table(
            {**season, "linkType": "promotion"},
            {"default": "yes"},
            {**season, "linkType": "recipeInfo", "validFrom": "2026-12-24", "validTo": "2027-01-06"},
        )
    )
    first, second, third = link_files.rows_of(brand_id=OURS, file_id=file.id, most=5)
    assert (first.fate, first.reason) == (Fate.NEW, "")
    assert (second.fate, second.reason) == (Fate.NEW, "No longer the default: “Milk”.")
    assert (third.fate, third.field) == (Fate.REFUSED, "default")


@pytest.mark.parametrize("title", ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "\uff1d1"])
def test_no_exported_cell_begins_a_formula_and_what_was_is_read_again(title: str) -> None:
    link = added(title=title, is_default=True, valid_from=NOW)
    exported = b"".join(link_files.csv_of(brand_id=OURS))
    (row,) = csv.DictReader(io.StringIO(exported.decode("utf-8-sig")))
    assert row["title"] == f"'{title}"
    workbook = link_files.xlsx_of(brand_id=OURS)
    assert workbook is not None
    cells = list(openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0].iter_rows())[1]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    for content, name in ((exported, "links.csv"), (workbook, "links.xlsx")):
        assert fates(received(content, name)) == [(Fate.SAME, "")]
    assert brand_links.find(brand_id=OURS, link_id=link.link.id).version == 1


def test_no_workbook_is_made_of_more_links_than_an_import_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_files, "MOST_ROWS", 1)
    added(lot="L1")
    assert link_files.xlsx_of(brand_id=OURS)
    added(lot="L2")
    assert link_files.xlsx_of(brand_id=OURS) is None


def test_a_table_that_is_none_of_links_is_refused_whole() -> None:
    for content in (
        b"gtin,colour\n1,2\n",
        b"gtin,href\n1,2\n",
        table(),
        b"GTIN,g_tin,linktype,href,title\n1,2,3,4,5",
    ):
        with pytest.raises(TableRefused):
            received(content)
