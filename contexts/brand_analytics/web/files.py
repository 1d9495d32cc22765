"""Tables as CSV files (RFC 4180, UTF-8) to save."""

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

from contexts.brand_analytics.domain.periods import Period
from contexts.brand_analytics.domain.tables import Row


def csv_file(*, rows: Iterable[Row], name: str, period: Period | None) -> HttpResponse:
    """A file named after what is in it and for which days; never after the brand."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    days = f"-{period.first.isoformat()}-to-{period.last.isoformat()}" if period else ""
    return HttpResponse(
        # Spreadsheet programs take a file for UTF-8 only if it begins with the byte order mark.
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="packytrace-{name}{days}.csv"'},
    )
