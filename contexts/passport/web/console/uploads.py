"""Files of many products in the console: chosen, mapped, looked at, confirmed, and how far they are."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from contexts.passport.application import ports, uploads
from contexts.passport.application.errors import TableRefused
from contexts.passport.application.tables import MOST_BYTES, guarded
from contexts.passport.application.uploads import CheckedRow, RowFate, Stage, UploadView
from contexts.passport.domain.label_documents import TEXTS, sentences
from contexts.passport.domain.product_rows import GTIN, LANGUAGES, PLAIN_TARGETS, targets
from contexts.passport.web.console.label_form import (
    field_word,
    label_words,
    language_name,
    nutrient_words,
)
from contexts.passport.web.console.products import redirect, speaker
from contexts.passport.web.languages import LANGUAGES as LABELS
from packytrace.edge import console

#: Rows that a page shows; the others are counted.
_SHOWN: Final = 200
#: So long whoever confirms waits for the first rows; a worker goes on.
_AT_ONCE: Final = timedelta(seconds=2)
_REFRESH: Final = "3"
_FATES: Final = {
    RowFate.NEW: gettext_noop("New"),
    RowFate.CHANGED: gettext_noop("Changed"),
    RowFate.UNCHANGED: gettext_noop("As before"),
    RowFate.REFUSED: gettext_noop("Left out"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """The files that were brought along, and a form for another one."""
    trouble, language = "", request.POST.get("language", "en")
    if request.method == "POST":
        chosen = request.FILES.get("file")
        if not isinstance(chosen, UploadedFile) or not chosen.size:
            trouble = _("Choose a file first.")
        else:
            try:
                upload = uploads.receive(
                    speaker=speaker(request),
                    name=chosen.name or "",
                    content=chosen.read(MOST_BYTES + 1),
                    language=language if language in LABELS else "en",
                    now=datetime.now(UTC),
                )
            except TableRefused as refused:
                trouble = str(refused)
            else:
                return redirect("upload", str(upload.id))
    return console.page(
        request,
        "passport/console/products/uploads.html",
        {
            "uploads": uploads.uploads_of(brand_id=console.brand_of(request).id),
            "trouble": trouble,
            "languages": _languages(),
            "language": language,
            "most_rows": uploads.MOST_ROWS,
            "most_megabytes": MOST_BYTES // 1_000_000,
        },
        title=_("Files of products"),
        status=400 if trouble else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """One file: its columns and the fate of its rows, then how far it is."""
    brand_id, now = console.brand_of(request).id, datetime.now(UTC)
    found = uploads.upload_of(brand_id=brand_id, upload_id=upload_id)
    if request.method == "POST":
        return _done(request, found, now=now)
    if found.stage is Stage.SHOWN:
        return _to_confirm(request, found, now=now)
    page = console.page(
        request,
        "passport/console/products/upload_progress.html",
        {"upload": found, "counts": _counts(found.counts)},
        title=found.name,
    )
    if found.stage is Stage.AT_WORK:
        page.headers["Refresh"] = _REFRESH
    return page


@require_safe
def refused_file(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The rows that were left out as CSV, each with the reason: to be corrected and sent again."""
    found, rows = uploads.refused_rows(brand_id=console.brand_of(request).id, upload_id=upload_id)
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\r\n")
    words = _target_words(found.language)
    table.writerow([*map(_inert, found.headings), _("Why it was left out")])
    for row in rows:
        table.writerow([*map(_inert, row.cells), " ".join(_reasons(row, words))])
    return HttpResponse(
        # Spreadsheet programs take a file for UTF-8 only if it begins with the byte order mark.
        text.getvalue().encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8; header=present",
        headers={
            "Content-Disposition": 'attachment; filename="packytrace-left-out.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def _done(request: HttpRequest, found: UploadView, *, now: datetime) -> HttpResponse:
    brand_id = console.brand_of(request).id
    wish = request.POST.get("do")
    if wish == "discard":
        uploads.discard(brand_id=brand_id, upload_id=found.id)
        return redirect("uploads")
    if wish == "confirm":
        uploads.confirm(brand_id=brand_id, upload_id=found.id, now=now)
        uploads.take_over(
            brand_id=brand_id,
            upload_id=found.id,
            clock=lambda: datetime.now(UTC),
            until=datetime.now(UTC) + _AT_ONCE,
        )
        ports.soon(uploads.TAKE_OVER)
    else:
        language = request.POST.get("language", found.language)
        uploads.map_columns(
            brand_id=brand_id,
            upload_id=found.id,
            mapping={
                heading: request.POST.get(f"column-{place}", "")
                for place, heading in enumerate(found.headings)
            },
            language=language if language in LABELS else found.language,
        )
    return redirect("upload", str(found.id))


def _to_confirm(request: HttpRequest, found: UploadView, *, now: datetime) -> HttpResponse:
    brand_id = console.brand_of(request).id
    rows = uploads.checked(brand_id=brand_id, upload_id=found.id, now=now)
    words = _target_words(found.language)
    shown = [
        {
            "number": row.number,
            "gtin": row.gtin,
            "name": row.name,
            "fate": row.fate.value,
            "word": _(_FATES[row.fate]),
            "reasons": _reasons(row, words),
        }
        # What has to be looked at comes first.
        for row in sorted(rows, key=lambda row: row.fate is not RowFate.REFUSED)[:_SHOWN]
    ]
    return console.page(
        request,
        "passport/console/products/upload.html",
        {
            "upload": found,
            "columns": [
                {"heading": heading, "sample": sample, "target": found.mapping.get(heading, "")}
                for heading, sample in uploads.sample_of(brand_id=brand_id, upload_id=found.id)
            ],
            "groups": _groups(found.language),
            "languages": _languages(),
            "rows": shown,
            "more": max(0, len(rows) - _SHOWN),
            "counts": _counts(Counter(row.fate.value for row in rows)),
            "good": sum(row.fate is not RowFate.REFUSED for row in rows),
            "has_gtin": GTIN in found.mapping.values(),
            "has_traces": "traces" in found.mapping.values(),
        },
        title=found.name,
    )


def _reasons(row: CheckedRow, words: dict[str, str]) -> list[str]:
    """What is wrong with a row, in words that name the value."""
    return [
        f"{words.get(field) or field_word(field)}: {said}" for field, said in sentences(row.complaints, _)
    ]


def _counts(counts: dict[str, int] | Counter[str] | object) -> list[tuple[str, str, int]]:
    known = counts if isinstance(counts, dict) else {}
    return [(fate.value, _(word), known.get(fate.value, 0)) for fate, word in _FATES.items()]


def _languages() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in sorted(LABELS, key=language_name)]


def _target_words(language: str) -> dict[str, str]:
    """What each value that a column can be is called."""
    plain = label_words() | nutrient_words() | {GTIN: _("GTIN"), "nutrition.per": _("Values are of")}
    plain |= {"portion.amount": _("Portion"), "portion.words": _("Portion in words")}
    languages = (language, *LANGUAGES)
    texts = {
        f"{text}.{code}": f"{plain[text]} ({language_name(code)})" for code in languages for text in TEXTS
    }
    return plain | texts


def _groups(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    words = _target_words(language)
    plain = [(target, words[target]) for target in PLAIN_TARGETS]
    texts = [(target, words[target]) for target in targets(language) if target not in PLAIN_TARGETS]
    return [(_("The product"), plain), (_("Texts"), texts)]


def _inert(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula; a number stays one."""
    bare = cell.lstrip("+-").replace(",", "").replace(".", "")
    return cell if bare.isdigit() else guarded(cell)
