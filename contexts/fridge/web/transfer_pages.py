"""/fridge/import and /fridge/export: files of what is at home, in and out."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.fridge.application import households, importing, ports, table_export
from contexts.fridge.application.errors import FileNotAccepted, ImportAtWork, NoImport
from contexts.fridge.application.households import Membership
from contexts.fridge.application.importing import LARGEST_FILE, Stage
from contexts.fridge.application.table_rows import FIELDS, MOST_ROWS, BrokenRow
from contexts.fridge.web.forms import uuid_of
from contexts.fridge.web.transfer_api import AT_ONCE, AT_ONCE_SECONDS, download, understood

_SHOWN: Final = 10


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what was read, and how far it is."""
    account_id, now = ports.who().signed_in(request), datetime.now(UTC)
    if request.method != "POST":
        return _page(request, households.find(account_id=account_id), now=now)
    member = households.of(account_id=account_id, now=now)
    chosen = request.FILES.get("file")
    if not isinstance(chosen, UploadedFile) or not chosen.size or chosen.file is None:
        return _page(request, member, now=now, trouble="no_file", status=400)
    try:
        importing.receive(
            member=member, source=chosen.file, month_first=request.POST.get("month_first") == "yes", now=now
        )
    except FileNotAccepted as error:
        return _page(request, member, now=now, trouble="refused", refused=str(error), status=400)
    except ImportAtWork:
        return _page(request, member, now=now, trouble="at_work", status=409)
    return HttpResponseRedirect(reverse("fridge:import"), status=303)


@never_cache
@require_POST
def import_confirm(request: HttpRequest) -> HttpResponse:
    """Add what was shown. The first few hundred rows at once; a worker goes on with the others."""
    account_id, now = ports.who().signed_in(request), datetime.now(UTC)
    member = households.of(account_id=account_id, now=now)
    try:
        import_id = uuid_of(request.POST.get("import", "")) or UUID(int=0)
        found = importing.confirm(member=member, import_id=import_id, now=now)
    except NoImport:
        return _page(request, member, now=now, trouble="gone", status=404)
    importing.take_in(
        import_id=found.id, clock=lambda: datetime.now(UTC), until=now + AT_ONCE_SECONDS, most=AT_ONCE
    )
    return HttpResponseRedirect(reverse("fridge:import"), status=303)


@never_cache
@require_POST
def import_forget(request: HttpRequest) -> HttpResponse:
    """Another file, or none."""
    account_id, now = ports.who().signed_in(request), datetime.now(UTC)
    member = households.of(account_id=account_id, now=now)
    try:
        importing.forget(member=member)
    except ImportAtWork:
        return _page(request, member, now=now, trouble="at_work", status=409)
    return HttpResponseRedirect(reverse("fridge:import"), status=303)


@never_cache
@require_safe
def import_broken(request: HttpRequest) -> StreamingHttpResponse:
    """Every row that is left out, with what to do, as a file to correct the own one by."""
    member, now = _member(request)
    try:
        rows = importing.broken_rows(member=member, now=now)
    except NoImport as error:
        raise Http404 from error
    return download(_broken_csv(rows), format_="csv")


@never_cache
@require_safe
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """What is at home, for a spreadsheet."""
    member, now = _member(request)
    return download(table_export.csv_of(member=member, now=now), format_="csv")


@never_cache
@require_safe
def export_json(request: HttpRequest) -> StreamingHttpResponse:
    """What is at home, for programs."""
    member, now = _member(request)
    return download(table_export.json_of(member=member, now=now), format_="json")


def _member(request: HttpRequest) -> tuple[Membership, datetime]:
    now = datetime.now(UTC)
    return households.of(account_id=ports.who().signed_in(request), now=now), now


def _broken_csv(rows: Iterator[BrokenRow]) -> Iterator[bytes]:
    yield table_export.csv_start(("row", "field", "rule", "message"))
    for row in rows:
        yield table_export.csv_line((str(row.number), row.field, row.rule, row.says))


def _page(
    request: HttpRequest,
    member: Membership | None,
    *,
    now: datetime,
    trouble: str = "",
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {
        "trouble": trouble,
        "refused": refused,
        "fields": FIELDS,
        "largest": LARGEST_FILE >> 20,
        "most_rows": MOST_ROWS,
    }
    if member is not None:
        try:
            found = importing.import_of(member=member, now=now)
        except NoImport:
            pass
        else:
            seen = f"{found.id}-{found.checked_rows}-{found.done_rows}-{found.stage}"
            if request.headers.get("HX-Request") == "true" and request.GET.get("seen") == seen:
                return HttpResponse(status=204)
            context |= {"found": found, "seen": seen}
            if found.stage is Stage.SHOWN:
                rows = importing.first_rows(member=member, now=now, most=_SHOWN)
                context["rows"] = [(number, understood(adding)) for number, adding in rows]
            if found.stage in {Stage.SHOWN, Stage.DONE}:
                context["broken"] = importing.first_broken_rows(member=member, now=now)
    return render(request, "fridge/import.html", context, status=status)
