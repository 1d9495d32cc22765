"""An import can be killed, repeated and doubled: catalogue, facts and report come out the same."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.conf import settings
from django.db import connections

from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.errors import ImportOvertaken
from contexts.passport.application.import_products import Progress, Summary, import_products
from contexts.passport.application.sources.open_food_facts import NAME
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry as Entry
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.precedence import Origin
from contexts.passport.models import CatalogueEntry, ImportProgress, OutboxFact
from contexts.passport.tests import exports
from contexts.passport.tests.entries import stock
from contracts.registry import contract

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db(databases=["passport"])
in_transactions = pytest.mark.django_db(databases=["passport"], transaction=True)


def run(
    path: Path, *, batch_rows: int = 50, on_progress: Callable[[Progress], None] = lambda _: None
) -> Summary:
    return import_products(
        path=path,
        report=path.with_name("report.jsonl"),
        now=lambda: NOW,
        on_progress=on_progress,
        batch_rows=batch_rows,
    )


def report_of(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.with_name("report.jsonl").read_bytes().splitlines()]


def versions() -> dict[str, int]:
    return dict(CatalogueEntry.objects.values_list("gtin", "data_version"))


def facts() -> list[dict[str, Any]]:
    return list(
        OutboxFact.objects.filter(type="CatalogueEntryChanged")
        .order_by("id")
        .values_list("payload", flat=True)
    )


class TestRealProducts:
    def test_what_comes_in(self, tmp_path: Path) -> None:
        summary = import_products(path=exports.sample(), report=tmp_path / "report.jsonl", now=lambda: NOW)
        assert summary.rows == 167
        assert summary.fates == Counter(created=164)
        assert summary.refused == Counter(no_name=2, wrong_check_digit=1)
        assert CatalogueEntry.objects.count() == 164
        for payload in facts():
            contract(fact="CatalogueEntryChanged").check_written(payload)
        assert len(facts()) == 164

    def test_every_value_says_where_it_comes_from(self, tmp_path: Path) -> None:
        import_products(path=exports.sample(), report=tmp_path / "report.jsonl", now=lambda: NOW)
        for gtin in versions():
            stored = find_entry(gtin=gtin)
            assert stored is not None
            assert stored.entry.unsourced() == frozenset()
            (source,) = stored.entry.sources
            assert (source.name, source.verified, source.fetched) == (NAME, False, NOW.date())
            assert source.licence_url == "https://opendatacommons.org/licenses/odbl/1-0/"

    def test_values_that_can_be_looked_up(self, tmp_path: Path) -> None:
        import_products(path=exports.sample(), report=tmp_path / "report.jsonl", now=lambda: NOW)
        gingerbread = find_entry(gtin="00000168178238")
        shortbread = find_entry(gtin="00000000028271")
        assert gingerbread is not None
        assert shortbread is not None
        label = gingerbread.entry.label
        assert gingerbread.entry.brand_name == "Mcvitie's"
        assert label.allergens == (Allergen.GLUTEN, Allergen.SOYBEANS, Allergen.MILK)
        assert label.nutrition is not None
        assert [f"{value}" for _, value in label.nutrition.stated()][:3] == ["2008", "480", "20"]
        set_apart = [run.text for run in label.ingredients["en"] if run.is_allergen]
        assert set_apart[:3] == ["wheat flour", "milk", "dried skimmed milk"]
        assert "cocoa butter" not in set_apart
        assert shortbread.entry.label.allergens == (Allergen.GLUTEN, Allergen.MILK, Allergen.NUTS)
        assert text_of(shortbread.entry.label.ingredients["fr"]).startswith("Farine de blé contient Gluten")
        assert set(shortbread.entry.label.names) == {"en", "fr"}
        assert shortbread.entry.eco is not None
        assert (shortbread.entry.eco.score, shortbread.entry.eco.grade.value) == (50, "C")

    def test_the_source_may_call_contained_a_trace_and_keeps_its_word(self, tmp_path: Path) -> None:
        import_products(path=exports.sample(), report=tmp_path / "report.jsonl", now=lambda: NOW)
        chocolate = find_entry(gtin="00009542018061")
        assert chocolate is not None
        label = chocolate.entry.label
        assert {Allergen.GLUTEN, Allergen.NUTS} <= {*label.allergens} & {*label.traces}
        assert not {*label.allergens} & {*label.accidental()}

    def test_again_nothing_changes(self, tmp_path: Path) -> None:
        import_products(path=exports.sample(), report=tmp_path / "report.jsonl", now=lambda: NOW)
        report, before = (tmp_path / "report.jsonl").read_bytes(), versions()
        summary = import_products(
            path=exports.sample(),
            report=tmp_path / "report.jsonl",
            now=lambda: datetime(2026, 6, 1, tzinfo=UTC),
            batch_rows=7,
        )
        assert summary.fates == Counter(unchanged=164)
        assert versions() == before == dict.fromkeys(before, 1)
        assert len(facts()) == 164
        assert (tmp_path / "report.jsonl").read_bytes() == report


class TestChanges:
    def test_again_it_brings_what_an_earlier_release_did_not_read(self, tmp_path: Path) -> None:
        known = exports.product(1, categories_tags=None)
        run(exports.parquet(tmp_path / "before.parquet", [known]))
        (gtin,) = versions()
        summary = run(exports.parquet(tmp_path / "now.parquet", [exports.product(1)]))
        assert summary.fates == {"changed": 1}
        stored = find_entry(gtin=gtin)
        assert stored is not None
        assert stored.entry.categories == ("en:snacks", "en:biscuits", "en:oat-biscuits")
        assert stored.entry.unsourced() == frozenset()

    def test_a_newer_record_changes_the_entry_and_tells(self, tmp_path: Path) -> None:
        run(exports.parquet(tmp_path / "old", [exports.product(1), exports.product(2)]))
        newer = exports.product(
            1, product_name=exports.texts(en="Oat cookies"), last_modified_t=exports.MODIFIED + 1
        )
        summary = run(exports.parquet(tmp_path / "new", [newer, exports.product(2)]))
        assert summary.fates == Counter(changed=1, unchanged=1)
        assert versions() == {"0" + exports.code(1): 2, "0" + exports.code(2): 1}
        assert facts()[-1] == {
            "gtin": "0" + exports.code(1),
            "brandId": None,
            "name": "Oat cookies",
            "brandName": "Mill & Sons",
            "changeKind": "updated",
            "dataVersion": 2,
            "changedAt": NOW.isoformat(),
        }

    def test_an_older_export_overwrites_nothing(self, tmp_path: Path) -> None:
        run(exports.parquet(tmp_path / "new", [exports.product(1)]))
        older = exports.product(1, quantity="1 kg", last_modified_t=exports.MODIFIED - 1)
        assert run(exports.parquet(tmp_path / "old", [older])).fates == Counter(older=1)
        assert versions() == {"0" + exports.code(1): 1}

    def test_a_brands_own_word_stays_and_the_rest_stands_beside_it(self, tmp_path: Path) -> None:
        gtin, brand_id = "0" + exports.code(1), uuid4()
        theirs = Entry(gtin=gtin, label=DigitalLabel(names={"en": "Theirs"}), sources=(), brand_id=brand_id)
        stock(theirs, origin=Origin.BRAND)
        assert run(exports.parquet(tmp_path / "export", [exports.product(1)])).fates == Counter(changed=1)
        stored = find_entry(gtin=gtin)
        assert stored is not None
        assert (stored.entry.name, stored.entry.brand_id) == ("Theirs", brand_id)
        assert stored.entry.label.quantity == "200 g"
        assert CatalogueEntry.objects.get(gtin=gtin).name == "Theirs"
        assert (facts()[-1]["name"], facts()[-1]["brandId"]) == ("Theirs", str(brand_id))

    @pytest.mark.parametrize("batch_rows", [1, 50])
    @pytest.mark.parametrize("padded_first", [True, False])
    def test_one_product_under_two_codes_is_taken_once_whatever_the_order(
        self, tmp_path: Path, batch_rows: int, padded_first: bool
    ) -> None:
        rows = [exports.product(1), exports.product(1, code="0" + exports.code(1), quantity="1 kg")]
        path = exports.parquet(tmp_path / "export", rows[::-1] if padded_first else rows)
        run(path, batch_rows=batch_rows)
        stored, before = find_entry(gtin="0" + exports.code(1)), versions()
        assert stored is not None
        assert stored.entry.label.quantity == "200 g"
        told = len(facts())
        run(path, batch_rows=batch_rows)
        assert versions() == before
        assert len(facts()) == told


class TestTheReport:
    def test_each_refusal_with_its_row_and_reason(self, tmp_path: Path) -> None:
        rows = [
            exports.product(1),
            exports.product(2, code="4000000000012"),
            exports.product(3, product_name=[]),
            exports.product(4, nutriments=exports.nutriments(fat=300.0)),
            exports.product(1),
        ]
        path = exports.parquet(tmp_path / "export", rows)
        summary = run(path)
        assert summary.refused == Counter(wrong_check_digit=1, no_name=1, same_product_twice=1)
        lines = report_of(path)
        assert [(line["row"], line["code"]) for line in lines] == [
            (2, "wrong_check_digit"),
            (3, "no_name"),
            (5, "same_product_twice"),
        ]
        assert all(line["reason"] and line["sourceCode"] for line in lines)

    def test_a_value_that_cannot_be_is_left_out_when_it_is_read(self, tmp_path: Path) -> None:
        row = exports.product(1, nutriments=exports.nutriments(fat=300.0))
        path = exports.parquet(tmp_path / "export", [row])
        assert run(path).fates == Counter(created=1)
        stored = find_entry(gtin="0" + exports.code(1))
        assert stored is not None
        assert stored.entry.label.nutrition is None
        assert report_of(path) == []

    @pytest.mark.parametrize("batch_rows", [1, 2, 50])
    def test_lines_that_cannot_be_read_are_told_among_the_others(
        self, tmp_path: Path, batch_rows: int
    ) -> None:
        path = tmp_path / "export"
        good = [orjson.dumps(exports.json_product(number)).decode() for number in (1, 2)]
        path.write_text("\n".join(["{", "[]", good[0], "{", good[1], "{"]), encoding="utf-8")
        summary = run(path, batch_rows=batch_rows)
        assert (summary.rows, summary.fates) == (6, Counter(created=2))
        assert [line["row"] for line in report_of(path)] == [1, 2, 4, 6]

    def test_a_character_that_cannot_be_stored_stops_nothing(self, tmp_path: Path) -> None:
        tags = ["en:sna\0cks", "en:bars"]
        said = dict.fromkeys(("allergens_tags", "traces_tags", "labels_tags", "categories_tags"), tags)
        row = exports.product(1, brands="a\0b", quantity="1\0 kg", origins="\0", **said)
        assert run(exports.parquet(tmp_path / "export", [row])).fates == {"created": 1}

    def test_a_clean_export_leaves_an_empty_report(self, tmp_path: Path) -> None:
        path = exports.parquet(tmp_path / "export", [exports.product(1)])
        path.with_name("report.jsonl").write_text("of another day\n", encoding="utf-8")
        run(path)
        assert report_of(path) == []


ROWS = [
    exports.product(number, code="4000000000012") if number % 10 == 3 else exports.product(number)
    for number in range(200)
]

#: Imports in a process of its own and kills it, as SIGKILL does, at the named moment of the fourth batch.
KILLED_IMPORT = textwrap.dedent("""
    import os, signal, sys
    from datetime import UTC, datetime
    from pathlib import Path

    import django
    django.setup()
    from conftest import _point_at
    from contexts.passport.application import import_products
    database, path, moment = sys.argv[1:]
    _point_at(database)
    calls = 0

    def kill_at_the_fourth(*_args):
        global calls
        calls += 1
        if calls == 4:
            os.kill(os.getpid(), signal.SIGKILL)

    keep_words = import_products.keep_words
    def keep_then_kill(words):
        keep_words(words)
        kill_at_the_fourth()

    progress = lambda _: None
    if moment == "before the commit":
        import_products.keep_words = keep_then_kill
    else:
        progress = lambda at: at.rows and kill_at_the_fourth()
    import_products.import_products(
        path=Path(path),
        report=Path(path).with_name("report.jsonl"),
        now=lambda: datetime(2026, 5, 1, 12, tzinfo=UTC),
        on_progress=progress,
        batch_rows=20,
    )
""")


@in_transactions
@pytest.mark.parametrize(("moment", "rows_done"), [("before the commit", 60), ("after the commit", 80)])
def test_killed_and_started_again_it_goes_on(tmp_path: Path, moment: str, rows_done: int) -> None:
    path = exports.parquet(tmp_path / "export", ROWS, row_group=40)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_IMPORT, settings.DATABASE_SERVER["dbname"], str(path), moment],
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "packytrace.settings"},
        cwd=Path(__file__).parents[4],
    )
    assert killed.returncode == -signal.SIGKILL
    assert ImportProgress.objects.get().rows_done == rows_done
    assert CatalogueEntry.objects.count() == len(facts()) == rows_done * 9 // 10

    summary = run(path, batch_rows=20)

    assert summary.resumed_at == rows_done
    assert (summary.rows, summary.fates, summary.refused) == (
        200,
        Counter(created=180),
        Counter(wrong_check_digit=20),
    )
    assert versions() == {"0" + row["code"]: 1 for row in ROWS if row["code"] != "4000000000012"}
    assert sorted(payload["gtin"] for payload in facts()) == sorted(versions())
    assert [line["row"] for line in report_of(path)] == list(range(4, 201, 10))
    assert not ImportProgress.objects.exists()


@in_transactions
def test_two_at_once_on_one_file_do_every_row_once(tmp_path: Path) -> None:
    path = exports.parquet(tmp_path / "export", ROWS)
    barrier = threading.Barrier(2)
    overtaken: list[ImportOvertaken] = []

    def importer(name: str) -> None:
        try:
            import_products(
                path=path,
                report=path.with_name(f"{name}.jsonl"),
                now=lambda: NOW,
                on_progress=lambda at: None if at.rows else barrier.wait() and None,
                batch_rows=20,
            )
        except ImportOvertaken as error:
            overtaken.append(error)
        finally:
            connections["passport"].close()

    threads = [threading.Thread(target=importer, args=[name]) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(overtaken) == 1
    assert versions() == {"0" + row["code"]: 1 for row in ROWS if row["code"] != "4000000000012"}
    assert sorted(payload["gtin"] for payload in facts()) == sorted(versions())


@in_transactions
def test_two_files_at_once_with_the_same_products_never_wait_for_each_other_forever(tmp_path: Path) -> None:
    newer = [{**row, "last_modified_t": exports.MODIFIED + 1, "quantity": "1 kg"} for row in ROWS]
    paths = [exports.parquet(tmp_path / "a", ROWS), exports.parquet(tmp_path / "b", newer[::-1])]
    barrier = threading.Barrier(2)
    failed: list[BaseException] = []

    def importer(path: Path) -> None:
        try:
            import_products(
                path=path,
                report=path.with_name(f"{path.name}.jsonl"),
                now=lambda: NOW,
                on_progress=lambda at: None if at.rows else barrier.wait() and None,
                batch_rows=50,
            )
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            connections["passport"].close()

    threads = [threading.Thread(target=importer, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert set(CatalogueEntry.objects.values_list("card__quantity", flat=True)) == {"1 kg"}
    told = Counter(payload["gtin"] for payload in facts())
    assert told == Counter(versions())


def test_an_import_writes_each_batch_with_a_known_number_of_queries(
    tmp_path: Path, django_assert_num_queries: Any
) -> None:
    path = exports.parquet(tmp_path / "export", ROWS[:40])
    # Progress is looked up and made (3, with its savepoint); each batch is a savepoint, the lock, how to
    # look, what is there, a savepoint around two copies (which are not counted), the words and its end, the
    # progress and the savepoint's end (9); in the end the progress is forgotten.
    with django_assert_num_queries(4 + 2 * 9 + 1, using="passport"):
        run(path, batch_rows=20)
