"""A producer's file: each row's fate before anything is written, partial acceptance, again, and killed in the
middle."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections, transaction

from contexts.passport.application import brand_products, company_prefixes, uploads
from contexts.passport.application.brand_products import Speaker
from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.errors import TableRefused, UploadNotFound
from contexts.passport.application.uploads import CheckedRow, RowFate, Stage, UploadView
from contexts.passport.domain.gtin import check_digit
from contexts.passport.models import (
    BrandProduct,
    ColumnMapping,
    OutboxFact,
    RefusedRow,
    Upload,
    UploadWork,
)
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
OURS = Speaker(id=UUID(int=0xA), name="Alpenglanz")
THEIRS = Speaker(id=UUID(int=0xB), name="Ostwind")
MILK, OATS = "09521001000017", "09521001000024"
ROWS = (
    "ean;name;zutaten;allergene;fett (g)",
    "9521001000017;Bergmilch;Milch;Milch;3,5",
    "9521001000024;Hafer;Hafer;;7",
    "9521009000019;Fremd;;;",
    "9521001000017;Noch einmal;;;",
    "9521001000031;<b>Müsli</b> \u202eneu;;;1",
    ";Ohne;;;",
)


@pytest.fixture(autouse=True)
def _prefix() -> None:
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="9521001", now=NOW)


def received(rows: tuple[str, ...] = ROWS, *, name: str = "products.csv") -> UploadView:
    content = "\n".join(rows).encode()
    return uploads.receive(speaker=OURS, name=name, content=content, language="de", now=NOW)


def work(upload: UploadView, *, until: datetime = NOW + timedelta(seconds=1)) -> UploadView:
    uploads.take_over(brand_id=OURS.id, upload_id=upload.id, clock=lambda: NOW, until=until)
    return uploads.upload_of(brand_id=OURS.id, upload_id=upload.id)


def fates(upload: UploadView) -> list[RowFate]:
    return [row.fate for row in uploads.checked(brand_id=OURS.id, upload_id=upload.id, now=NOW)]


def test_each_rows_fate_is_shown_before_anything_is_written() -> None:
    upload = received()
    rows = uploads.checked(brand_id=OURS.id, upload_id=upload.id, now=NOW)
    assert [(row.number, row.fate, [said.field for said in row.complaints]) for row in rows] == [
        (2, RowFate.NEW, []),
        (3, RowFate.REFUSED, ["allergens.gluten"]),
        (4, RowFate.REFUSED, ["gtin"]),
        (5, RowFate.REFUSED, ["gtin"]),
        (6, RowFate.NEW, []),
        (7, RowFate.REFUSED, ["gtin"]),
    ]
    assert not OutboxFact.objects.exists()
    assert find_entry(gtin=MILK) is None
    with brand_scope(brand_id=OURS.id, using="passport"):
        assert not BrandProduct.objects.exists()


def test_good_rows_go_in_and_bad_ones_are_kept_with_their_reasons() -> None:
    upload = received()
    uploads.confirm(brand_id=OURS.id, upload_id=upload.id, now=NOW)
    done = work(upload)
    assert (done.stage, done.rows_done, done.counts) == (Stage.DONE, 6, {"new": 2, "refused": 4})
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert (stored.entry.name, stored.entry.brand_id, stored.entry.is_verified) == (
        "Bergmilch",
        OURS.id,
        True,
    )
    assert OutboxFact.objects.count() == 2
    assert not UploadWork.objects.exists()
    _view, refused = uploads.refused_rows(brand_id=OURS.id, upload_id=upload.id)
    assert [(row.number, row.cells[1]) for row in refused] == [
        (3, "Hafer"),
        (4, "Fremd"),
        (5, "Noch einmal"),
        (7, "Ohne"),
    ]
    product = brand_products.product_of(brand_id=OURS.id, gtin=MILK)
    assert (product.name, product.filed_at, product.edition) == ("Bergmilch", NOW, 0)


def test_the_same_file_again_changes_nothing() -> None:
    for _again in range(2):
        upload = received()
        uploads.confirm(brand_id=OURS.id, upload_id=upload.id, now=NOW)
        done = work(upload)
    assert done.counts == {"unchanged": 2, "refused": 4}
    assert OutboxFact.objects.count() == 2


def test_what_is_shown_is_what_becomes_of_it() -> None:
    for lines in (None, None, ("ean;name", "9521001000017;Anders")):
        upload = received(lines) if lines else received()
        shown = uploads.checked(brand_id=OURS.id, upload_id=upload.id, now=NOW)
        told = OutboxFact.objects.count()
        uploads.confirm(brand_id=OURS.id, upload_id=upload.id, now=NOW)
        counts = Counter(row.fate.value for row in shown)
        assert dict(counts) == dict(work(upload).counts)
        assert OutboxFact.objects.count() - told == counts["new"] + counts["changed"]


def test_what_is_published_by_hand_is_shown_before_what_a_file_says() -> None:
    brand_products.add_product(brand_id=OURS.id, gtin=MILK, now=NOW)
    brand_products.publish(
        speaker=OURS, gtin=MILK, document={"names": {"en": "By hand"}}, revision=1, now=NOW
    )
    upload = received()
    uploads.confirm(brand_id=OURS.id, upload_id=upload.id, now=NOW)
    work(upload)
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.name == "By hand"
    assert stored.entry.label.nutrition is not None, "of which the brand says nothing by hand"


def test_killed_in_the_middle_it_goes_on_behind_the_last_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [f"95210012{number:04}" for number in range(250)]
    rows = ("ean;name", *(f"{body}{check_digit(body)};Nr {body}" for body in bodies))
    upload = received(rows)
    uploads.confirm(brand_id=OURS.id, upload_id=upload.id, now=NOW)
    note, noted = uploads._note, list[object]()

    def killed(row: Upload, done: Sequence[CheckedRow], *, now: datetime) -> None:
        noted.append(done)
        if len(noted) == 2:
            raise KeyboardInterrupt
        note(row, done, now=now)

    monkeypatch.setattr(uploads, "_note", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic(using="passport"):
        work(upload)
    monkeypatch.setattr(uploads, "_note", note)
    done = work(upload)
    assert (done.stage, done.counts) == (Stage.DONE, {"new": 250})
    assert OutboxFact.objects.count() == 250


def test_the_mapping_of_columns_is_remembered_for_such_headings() -> None:
    upload = received(("nr;was", "9521001000017;Milch"))
    assert upload.mapping == {}
    assert fates(upload) == [RowFate.REFUSED]
    mapping = {"nr": "gtin", "was": "names.de", "more": "names.en"}
    uploads.map_columns(brand_id=OURS.id, upload_id=upload.id, mapping=mapping, language="de")
    assert fates(upload) == [RowFate.NEW]
    assert received(("nr;was", "9521001000024;Hafer")).mapping == {"nr": "gtin", "was": "names.de"}
    with brand_scope(brand_id=THEIRS.id, using="passport"):
        assert not ColumnMapping.objects.exists()


def test_json_is_a_file_too_and_what_is_none_is_refused() -> None:
    upload = received(('[{"gtin": "9521001000017", "names.de": "Milch"}]',), name="products.json")
    assert fates(upload) == [RowFate.NEW]
    with pytest.raises(TableRefused):
        received(("PK\x03\x04 no workbook",), name="products.xlsx")
    with pytest.raises(TableRefused, match="no row below"):
        received(("ean;name",))


def test_a_lost_leading_zero_is_put_back() -> None:
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="0614141", now=NOW)
    upload = received(("ean;name", "614141007349;Milch"))
    (row,) = uploads.checked(brand_id=OURS.id, upload_id=upload.id, now=NOW)
    assert (row.gtin, row.fate) == ("00614141007349", RowFate.NEW)


def test_another_brand_sees_and_does_nothing_with_it() -> None:
    upload = received()
    for refused in (
        lambda: uploads.upload_of(brand_id=THEIRS.id, upload_id=upload.id),
        lambda: uploads.checked(brand_id=THEIRS.id, upload_id=upload.id, now=NOW),
        lambda: uploads.confirm(brand_id=THEIRS.id, upload_id=upload.id, now=NOW),
        lambda: uploads.discard(brand_id=THEIRS.id, upload_id=upload.id),
        lambda: uploads.refused_rows(brand_id=THEIRS.id, upload_id=upload.id),
    ):
        with pytest.raises(UploadNotFound):
            refused()
    assert not uploads.uploads_of(brand_id=THEIRS.id)
    uploads.confirm(brand_id=OURS.id, upload_id=upload.id, now=NOW)
    uploads.take_over_all(clock=lambda: NOW, until=NOW + timedelta(seconds=1))
    for model in (Upload, RefusedRow):
        assert not model.objects.exists(), "outside of any scope"
        with brand_scope(brand_id=THEIRS.id, using="passport"):
            assert not model.objects.exists()


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_two_files_about_the_same_products_are_looked_at_together() -> None:
    numbers = [f"0952100{number}" for number in range(100_000, 101_500)]
    rows = [f"{number}{check_digit(number)};Milch" for number in numbers]
    both = Barrier(2)

    def look(upload: UploadView) -> list[RowFate]:
        both.wait(timeout=10)
        try:
            return fates(upload)
        finally:
            connections["passport"].close()

    files = [received(("ean;name", *rows[::step])) for step in (1, -1)]
    with ThreadPoolExecutor(2) as people:
        assert list(people.map(look, files)) == [[RowFate.NEW] * len(rows)] * 2
