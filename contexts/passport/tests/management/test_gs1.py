"""`manage.py gs1`: what a code identifies, or which rule it breaks and where."""

from io import StringIO

import pytest
from django.core.management import call_command

from contexts.passport.domain.application_identifiers import IDENTIFIERS
from contexts.passport.domain.data_titles import title_of


def explain(text: str) -> str:
    out = StringIO()
    call_command("gs1", "explain", text, stdout=out)
    return out.getvalue()


def test_a_right_code_is_explained_element_by_element() -> None:
    told = explain("https://brand.example/en/01/09520123456788/10/AB%2FC?17=271231&utm_source=pack")
    assert told.splitlines() == [
        "This code identifies a trade item.",
        "",
        "Key",
        "  (01)   GTIN                     09520123456788",
        "Qualifiers",
        "  (10)   BATCH/LOT                AB/C",
        "Attributes",
        "  (17)   USE BY or EXPIRY         271231",
        "Other parameters",
        "  utm_source=pack",
        "Canonical link",
        "  https://id.gs1.org/01/09520123456788/10/AB%2FC?17=271231",
        "Element string",
        "  (01)09520123456788(10)AB/C(17)271231",
        "Levels, the most specific first",
        "  /01/09520123456788/10/AB%2FC",
        "  /01/09520123456788",
    ]


def test_a_wrong_code_is_refused_with_a_mark_under_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("gs1", "explain", "^0109520123456788\x1d17271331", stdout=out)
    assert left.value.code == 1
    assert out.getvalue().splitlines() == [
        "This code is refused: ai_date",
        "",
        "  ^0109520123456788␝17271331",
        "                      ^",
        "  at character 21",
        "  at the identifier (17), USE BY or EXPIRY",
        "",
        "The value of (17) must be a date of the calendar, written YYMMDD.",
    ]


def test_every_identifier_has_a_title() -> None:
    untitled = [ai for ai in IDENTIFIERS if title_of(ai) == "INTERNAL"]
    assert untitled == [str(ai) for ai in range(90, 100)]
