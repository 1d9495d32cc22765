"""Files of a brand's links in the console: see what each row would do, have it done; export."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.passport.application import link_files, ports
from contexts.passport.application.brand_links import Editor
from contexts.passport.application.errors import TableRefused
from contexts.passport.application.link_files import APPLY, COLUMNS, Fate, Stage
from contexts.passport.application.tables import MOST_BYTES
from packytrace.edge import console

_ROWS: Final = 100
_FILES: Final = 10
#: What is written while the person waits; a worker goes on with the rest.
_AT_ONCE: Final = 200
_AT_ONCE_TIME: Final = timedelta(seconds=3)
_SECONDS_BETWEEN: Final = "4"
_FATES: Final = {
    Fate.NEW: (pgettext_lazy("fate of a row", "New"), "is-good"),
    Fate.CHANGED: (pgettext_lazy("fate of a row", "Changed"), "is-warn"),
    Fate.SAME: (pgettext_lazy("fate of a row", "Same as before"), ""),
    Fate.REFUSED: (pgettext_lazy("fate of a row", "Refused"), "is-bad"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a file of links; nothing of it is written before its rows were shown."""
    if request.method != "POST":
        return _import_page(request)
    chosen = request.FILES.get("file")
    if not isinstance(chosen, UploadedFile) or not chosen.size or chosen.file is None:
        return _import_page(request, trouble=_("Choose a file that is not empty."))
    try:
        file = link_files.receive(
            editor=_who(request),
            content=chosen.file.read(MOST_BYTES + 1),
            name=chosen.name or "",
            now=datetime.now(UTC),
        )
    except TableRefused as refused:
        return _import_page(request, trouble=str(refused))
    return HttpResponseRedirect(_address(file.id), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """What the rows of a file would do, or how far it is."""
    brand_id, now = console.brand_of(request).id, datetime.now(UTC)
    if request.method == "POST":
        link_files.confirm(brand_id=brand_id, file_id=file_id, digest=request.POST.get("digest", ""), now=now)
        link_files.apply(
            brand_id=brand_id,
            file_id=file_id,
            clock=lambda: datetime.now(UTC),
            until=now + _AT_ONCE_TIME,
            most=_AT_ONCE,
        )
        ports.soon(APPLY)
        return HttpResponseRedirect(_address(file_id), status=303)
    file = link_files.find(brand_id=brand_id, file_id=file_id)
    fate = next((fate for fate in Fate if fate.value == request.GET.get("fate")), None)
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 8 else 0
    rows = link_files.rows_of(brand_id=brand_id, file_id=file_id, after=start, most=_ROWS + 1, fate=fate)
    response = console.page(
        request,
        "passport/console/links/file.html",
        {
            "file": file,
            "rows": [_row(row) for row in rows[:_ROWS]],
            "next": rows[_ROWS - 1].number if len(rows) > _ROWS else None,
            "fate": fate.value if fate else "",
            "fates": [
                {"name": name.value, "title": title, "class": look, "number": file.fates.get(name, 0)}
                for name, (title, look) in _FATES.items()
            ],
        },
        title=_("Import links"),
    )
    if file.stage is Stage.AT_WORK:
        response.headers["Refresh"] = _SECONDS_BETWEEN
    return response


@require_POST
def forget(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Another file, or none."""
    link_files.forget(brand_id=console.brand_of(request).id, file_id=file_id)
    return HttpResponseRedirect(reverse("brand_catalogue:links_import"), status=303)


@require_safe
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All links of the brand for a spreadsheet, as the import reads them."""
    return StreamingHttpResponse(
        link_files.csv_of(brand_id=console.brand_of(request).id),
        content_type="text/csv; charset=utf-8; header=present",
        headers=_saved("csv"),
    )


@require_safe
def export_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    workbook = link_files.xlsx_of(brand_id=console.brand_of(request).id)
    if workbook is None:
        return _import_page(
            request,
            trouble=_("You have more links than a workbook here has rows (%(most)s): export them as CSV.")
            % {"most": number_format(link_files.MOST_ROWS, force_grouping=True)},
        )
    return HttpResponse(
        workbook,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers=_saved("xlsx"),
    )


def _who(request: HttpRequest) -> Editor:
    return Editor(brand_id=console.brand_of(request).id, account_id=ports.who().signed_in(request))


def _address(file_id: UUID) -> str:
    return reverse("brand_catalogue:links_file", args=[file_id])


def _saved(ending: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="packytrace-links.{ending}"',
        "Cache-Control": "private, no-store",
    }


def _import_page(request: HttpRequest, *, trouble: str = "") -> HttpResponse:
    return console.page(
        request,
        "passport/console/links/import.html",
        {
            "trouble": trouble,
            "columns": COLUMNS,
            "most_rows": link_files.MOST_ROWS,
            "most_mb": MOST_BYTES // 1_000_000,
            "files": link_files.newest(brand_id=console.brand_of(request).id, most=_FILES),
        },
        title=_("Import and export links"),
        status=400 if trouble else 200,
    )


def _row(row: link_files.RowView) -> dict[str, Any]:
    fate = Fate.REFUSED if row.outcome == Fate.REFUSED.value else row.fate
    title, look = _FATES[fate]
    return {"row": row, "title": title, "class": look, "done": row.outcome and fate is not Fate.REFUSED}
