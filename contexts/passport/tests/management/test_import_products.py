"""The command says what was done, or what is wrong and what to do: exit code 1, never a stack trace."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import orjson
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from contexts.passport.application import import_products
from contexts.passport.models import CatalogueEntry, ImportProgress
from contexts.passport.tests import exports
from contexts.passport.tests.application.sources.test_open_food_facts_export import UNREADABLE

ROOT = Path(__file__).parents[4]


def run(path: Path) -> str:
    out = StringIO()
    call_command(
        "import_products", path, report=path.with_name("report.jsonl"), stdout=out, stderr=StringIO()
    )
    return out.getvalue()


@pytest.mark.django_db(databases=["passport"])
class TestTheSummary:
    def test_what_was_done_in_numbers_and_whom_to_thank(self, tmp_path: Path) -> None:
        rows = [
            exports.product(1),
            exports.product(2),
            exports.product(3, product_name=[]),
            exports.product(4, nutriments=exports.nutriments(fat=300.0)),
        ]
        said = run(exports.parquet(tmp_path / "export", rows))
        assert "Read 4 rows" in said
        assert "3  new" in said
        assert "1  rows refused (no_name 1)" in said
        assert str(tmp_path / "report.jsonl") in said
        assert "© Open Food Facts contributors, Open Database License (ODbL) 1.0" in said

    def test_again(self, tmp_path: Path) -> None:
        path = exports.json_lines(tmp_path / "export", [exports.json_product(1)], compressed=True)
        run(path)
        assert "1  the same as before" in run(path)

    def test_the_report_is_kept_below_the_state_if_nothing_else_is_said(self, tmp_path: Path) -> None:
        path = exports.parquet(tmp_path / "some export.parquet", [exports.product(1, product_name=[])])
        out = StringIO()
        call_command("import_products", path, stdout=out, stderr=StringIO())
        report = settings.STATE / "imports" / "some export.parquet.refused.jsonl"
        assert str(report) in out.getvalue()
        assert b'"code":"no_name"' in report.read_bytes()


@pytest.mark.django_db(databases=["passport"])
class TestLinesThatCannotBeRead:
    PRETTY = orjson.dumps(exports.json_product(1), option=orjson.OPT_INDENT_2).splitlines()

    def test_nothing_else_in_a_file_stops_with_the_form_that_is_expected(self, tmp_path: Path) -> None:
        path = exports.json_lines(tmp_path / "export", self.PRETTY)
        for _ in range(2):
            with pytest.raises(CommandError, match=r"No line .* one whole product, a JSON") as error:
                run(path)
            assert error.value.returncode == 1
        assert b'"code":"not_json"' in (tmp_path / "report.jsonl").read_bytes()
        assert not CatalogueEntry.objects.exists()
        assert not ImportProgress.objects.exists()

    def test_all_products_on_one_line_are_too_long_for_one(self, tmp_path: Path) -> None:
        path = exports.json_lines(tmp_path / "export", [{"products": ["x" * (2 << 20)]}])
        with pytest.raises(CommandError, match="No line"):
            run(path)

    @pytest.mark.parametrize("row", [{}, {"code": "1"}])
    def test_one_product_among_them_is_an_import(self, tmp_path: Path, row: dict[str, str]) -> None:
        path = exports.json_lines(tmp_path / "export", [*self.PRETTY, exports.json_product(2, **row)])
        assert f"not_json {len(self.PRETTY)}" in run(path)


@pytest.mark.django_db(databases=["passport"])
@pytest.mark.parametrize(("write", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_is_no_export_leaves_nothing_behind(
    tmp_path: Path, write: Callable[[Path], Path], says: str
) -> None:
    with pytest.raises(CommandError, match=says) as error:
        run(write(tmp_path / "export"))
    assert error.value.returncode == 1
    assert not CatalogueEntry.objects.exists()
    assert not ImportProgress.objects.exists()
    assert not (tmp_path / "report.jsonl").exists()


def test_from_a_shell_it_is_one_sentence_and_exit_code_one(tmp_path: Path) -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "manage.py",
            "import_products",
            str(tmp_path / "none"),
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "packytrace.settings"},
    )
    assert ended.returncode == 1
    assert ended.stderr == f"CommandError: There is no file {tmp_path / 'none'}: check the path.\n"


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_a_database_that_goes_away_is_told_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = exports.parquet(tmp_path / "export", [exports.product(number) for number in range(60)])
    original = import_products.share_catalogue
    calls = 0

    def with_a_broken_connection() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename = 'passport_app' AND datname = %s",
                    [settings.DATABASE_SERVER["dbname"]],
                )
        original()

    monkeypatch.setattr(import_products, "share_catalogue", with_a_broken_connection)
    defaults = {**import_products.import_products.__kwdefaults__, "batch_rows": 20}
    monkeypatch.setattr(import_products.import_products, "__kwdefaults__", defaults)
    with pytest.raises(CommandError, match=r"does not answer.*start this command again"):
        run(path)
    assert CatalogueEntry.objects.count() == 20
    assert "Went on after row 20" in run(path)
    assert CatalogueEntry.objects.count() == 60


@pytest.mark.django_db(databases=["passport"])
def test_a_report_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = exports.parquet(tmp_path / "export", [exports.product(1)])
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(CommandError, match=r"file.*: .+ start this command again"):
        call_command("import_products", path, report=tmp_path / "file" / "report.jsonl", stdout=StringIO())
    assert not CatalogueEntry.objects.exists()
