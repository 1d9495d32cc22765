"""Dates and numbers as people of each language write them, and machine values as machines read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, number_format

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("language", "long", "short", "month_and_day", "number"),
    [
        ("en", "1 March 2026", "1 Mar 2026", "1 Mar", "1,234.5"),
        ("it", "1 marzo 2026", "1 mar 2026", "1 mar", "1.234,5"),
        ("de", "1. März 2026", "1. März 2026", "1. März", "1.234,5"),
        ("fr", "1 mars 2026", "1 mars 2026", "1 mars", "1\xa0234,5"),
        ("es", "1 de marzo de 2026", "1 mar 2026", "1 mar", "1\xa0234,5"),
    ],
)
def test_a_language_has_its_own_way(
    language: str, long: str, short: str, month_and_day: str, number: str
) -> None:
    with translation.override(language):
        assert date_format(DAY, "DATE_FORMAT") == long
        assert date_format(DAY, "SHORT_DATE_FORMAT") == short
        assert date_format(DAY, "MONTH_DAY_FORMAT") == month_and_day
        assert date_format(datetime(2026, 3, 1, 15, 4, tzinfo=UTC), "DATETIME_FORMAT").endswith(", 15:04 UTC")
        assert number_format(Decimal("1234.5"), use_l10n=True, force_grouping=True) == number


@pytest.mark.parametrize("language", ["en", "it", "de", "fr", "es"])
def test_a_machine_reads_the_same_date_in_every_language(language: str) -> None:
    template = Template("<time datetime=\"{{ day|date:'Y-m-d' }}\">")
    with translation.override(language):
        assert template.render(Context({"day": DAY})) == '<time datetime="2026-03-01">'
