"""Agribalyse's file: the real sheet, and files that are not it."""

import io
from decimal import Decimal

import openpyxl
import pytest

from contexts.passport.application.sources import agribalyse
from contexts.passport.application.sources.adapter import FileRefused
from contexts.passport.models import LifeCycleFood
from tests import parts

pytestmark = pytest.mark.django_db(databases=["passport"])

HEADINGS = (
    "Code\nAGB",
    "Code\nCIQUAL",
    "LCI Name",
    "DQR - Note de qualité de la donnée (1 excellente ; 5 très faible)",
    "Score unique EF (mPt/kg de produit)",
    "Changement climatique (kg CO2 eq/kg de produit)",
)


def rows(number: int = 120, **changed: str) -> list[list[str]]:
    """The sheet's title, its headings and some foods; values of the last food changed."""
    foods = [[str(10_000 + at), str(10_000 + at), f"Food {at}", "2.5", "0,25", "1.5"] for at in range(number)]
    columns = {"code": 0, "name": 2, "quality": 3, "score": 4, "co2": 5}
    for column, value in changed.items():
        foods[-1][columns[column]] = value
    return [["", "", "Synthèse", "", "", ""], list(HEADINGS), *foods]


def as_csv(table: list[list[str]], *, separator: str = ";", encoding: str = "utf-8-sig") -> bytes:
    return "".join(separator.join(f'"{cell}"' for cell in row) + "\r\n" for row in table).encode(encoding)


def as_xlsx(table: list[list[str]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Notes"
    sheet = workbook.create_sheet("Synthese")
    for row in table:
        sheet.append(row)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def test_the_real_sheet_is_taken_over() -> None:
    content = parts.shared("data", "agribalyse-3.0.1-synthese.csv").read_bytes()
    assert agribalyse.load(content, "agribalyse-3.0.1-synthese.csv") > 2_000
    biscuit = agribalyse.life_cycles(codes=["24000"])["24000"]
    assert biscuit.name.startswith("Biscuit")
    assert Decimal(1) < biscuit.co2_kg < Decimal(5)
    assert biscuit.ef_millipoints > 0


@pytest.mark.parametrize("content", [as_csv(rows()), as_csv(rows(), separator=","), as_xlsx(rows())])
def test_it_may_be_csv_or_a_workbook_and_takes_the_place_of_the_last_one(content: bytes) -> None:
    LifeCycleFood.objects.create(code="1", name="Old", single_score=1, co2=1, edition="2.0")
    assert agribalyse.load(content, "edition.csv") == 120
    assert LifeCycleFood.objects.count() == 120
    assert agribalyse.life_cycles(codes=["10000", "1"])["10000"].ef_millipoints == Decimal("0.25")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "0 foods|no row with the headings"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (as_csv(rows(), encoding="utf-16"), "not text in UTF-8"),
        (b"PK\x03\x04 and no workbook", "no XLSX workbook"),
        (b"name;price\nmilk;1\n", "no row with the headings"),
        (as_csv(rows(number=5)), "5 foods"),
        (as_csv(rows(score="a lot")), "no number"),
        (as_csv(rows(score="NaN")), "No food has"),
        (as_csv(rows(co2="-1")), "No food has"),
        (as_csv(rows(co2="1e99")), "No food has"),
        (as_csv(rows(quality="9")), "No food has"),
        (as_csv(rows(code="10000")), "a second time"),
        (b'"' + b"x" * 200_000, "no CSV"),
    ],
)
def test_another_file_is_refused_and_the_old_one_stays(content: bytes, why: str) -> None:
    LifeCycleFood.objects.create(code="1", name="Old", single_score=1, co2=1, edition="2.0")
    with pytest.raises(FileRefused, match=why):
        agribalyse.load(content, "edition.csv")
    assert LifeCycleFood.objects.get().name == "Old"
