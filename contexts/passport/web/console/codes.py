"""Codes for a brand's packs: how one looks, what is to be said of it, and its files."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from contexts.passport.application import brand_products, codes
from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.errors import CodeNotPrintable
from contexts.passport.application.passport_page import name_without_one
from contexts.passport.domain.code_printing import (
    LEAST_X,
    LONG_LINK,
    MOST_X,
    TARGET_X,
    ContrastAdvice,
    ErrorCorrection,
    SizeAdvice,
    Style,
    Symbology,
    contrast_advice,
    printed_mm,
    size_advice,
    symbol_contrast,
)
from contexts.passport.domain.scanned_item import ScannedItem
from packytrace.edge import console

_SIZES: Final = {
    SizeAdvice.TOO_SMALL: gettext_lazy(
        "A module is smaller than the %(least)s mm that GS1 asks for: tills may not read this code."
    ),
    SizeAdvice.SMALL: gettext_lazy("The size is allowed. GS1's target of %(target)s mm is read more surely."),
    SizeAdvice.GOOD: gettext_lazy("The size is what GS1 asks for."),
    SizeAdvice.TOO_LARGE: gettext_lazy(
        "A module is larger than the %(most)s mm that GS1 allows: tills may not see all of this code."
    ),
}
_CONTRASTS: Final = {
    ContrastAdvice.INVERTED: gettext_lazy(
        "The squares are lighter than the ground: many readers do not see such a code."
    ),
    ContrastAdvice.TOO_LOW: gettext_lazy(
        "The contrast under the red light of scanners is %(contrast)s %%: too low to be read. Red, orange and"
        " brown look white to them; take black, dark blue or dark green."
    ),
    ContrastAdvice.FAIR: gettext_lazy(
        "The contrast under the red light of scanners is %(contrast)s %%: just enough."
    ),
    ContrastAdvice.GOOD: gettext_lazy(
        "The contrast under the red light of scanners is %(contrast)s %%: good."
    ),
    ContrastAdvice.EXCELLENT: gettext_lazy(
        "The contrast under the red light of scanners is %(contrast)s %%: very good."
    ),
}
_WARNINGS: Final = frozenset({
    SizeAdvice.TOO_SMALL, SizeAdvice.TOO_LARGE, ContrastAdvice.INVERTED, ContrastAdvice.TOO_LOW,
})  # fmt: skip


class CodeForm(forms.Form):
    """What a code says and how it is printed. Whether a value may be said is the domain's to judge."""

    template_name = "passport/console/codes/_form.html"

    symbology = forms.ChoiceField(
        label=gettext_lazy("Kind of code"),
        choices=[
            (Symbology.QR_CODE.value, gettext_lazy("QR Code: every telephone reads it")),
            (Symbology.DATA_MATRIX.value, gettext_lazy("Data Matrix: smaller, for tills and warehouses")),
        ],
    )
    correction = forms.ChoiceField(
        label=gettext_lazy("Error correction of the QR Code"),
        choices=[
            (ErrorCorrection.L.value, gettext_lazy("Low: 7 percent may be damaged")),
            (ErrorCorrection.M.value, gettext_lazy("Medium: 15 %, the usual choice")),
            (ErrorCorrection.Q.value, gettext_lazy("High: 25 %")),
            (ErrorCorrection.H.value, gettext_lazy("Highest: 30 %, the largest code")),
        ],
    )
    x_mm = forms.DecimalField(
        label=gettext_lazy("Size of a module in millimetres"),
        help_text=gettext_lazy(
            "A module is the smallest square of the code. GS1: 0.396 to 0.990, best 0.495."
        ),
        min_value=Decimal("0.1"),
        max_value=codes.LARGEST_X,
        max_digits=5,
        decimal_places=3,
    )
    dark = forms.RegexField(
        label=gettext_lazy("Colour of the squares"),
        regex=r"^#[0-9a-f]{6}$",
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": gettext_lazy("Choose a colour.")},
    )
    light = forms.RegexField(
        label=gettext_lazy("Colour of the ground"),
        regex=r"^#[0-9a-f]{6}$",
        widget=forms.TextInput(attrs={"type": "color"}),
        error_messages={"invalid": gettext_lazy("Choose a colour.")},
    )
    cpv = forms.CharField(
        label=gettext_lazy("Consumer product variant (22)"), required=False, max_length=20, strip=True
    )
    lot = forms.CharField(label=gettext_lazy("Lot (10)"), required=False, max_length=20)
    serial = forms.CharField(label=gettext_lazy("Serial number (21)"), required=False, max_length=20)
    expiry = forms.DateField(
        label=gettext_lazy("Use by (17)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    best_before = forms.DateField(
        label=gettext_lazy("Best before (15)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.BooleanField(
        label=gettext_lazy("Print below the code what it says, for people"), required=False
    )

    DEFAULTS: Final[Mapping[str, str]] = {
        "symbology": Symbology.QR_CODE.value,
        "correction": ErrorCorrection.M.value,
        "x_mm": str(TARGET_X),
        "dark": "#000000",
        "light": "#ffffff",
        "text": "on",
    }

    def code(self, *, gtin: str, serial: str | None = None) -> codes.PrintedCode:
        """The code that a valid form asks for. Raises CodeNotPrintable."""
        said = self.cleaned_data
        return codes.code_of(
            ScannedItem(
                gtin=gtin,
                cpv=said["cpv"] or None,
                lot=said["lot"] or None,
                serial=serial or said["serial"] or None,
                expiry=said["expiry"],
                best_before=said["best_before"],
                raw="",
            ),
            stem=settings.PUBLIC_URL,
            symbology=Symbology(said["symbology"]),
            correction=ErrorCorrection(said["correction"]),
            style=Style(x_mm=said["x_mm"], dark=said["dark"], light=said["light"], text=said["text"]),
            today=datetime.now(UTC).date(),
        )


class BatchForm(forms.Form):
    """The serial numbers of a batch, and the kind of files that are wanted."""

    serials = forms.CharField(
        label=gettext_lazy("Serial numbers, one on each line"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=codes.MOST_SERIALS * 24,
    )
    form = forms.ChoiceField(
        label=pgettext_lazy("kind of file", "Files"), choices=[(name, name.upper()) for name in codes.FORMATS]
    )


@require_safe
def code_page(request: HttpRequest, gtin: str) -> HttpResponse:
    """A product's code: the form, how it looks, what is to be said of it, its files."""
    brand_products.check_owned(brand_id=console.brand_of(request).id, gtin=gtin)
    return _page(request, gtin=gtin, form=_asked(request), batch=BatchForm())


@require_safe
def code_file(request: HttpRequest, gtin: str, form: str) -> HttpResponse:
    """The code as a file; as a picture on its page where `show` is asked for."""
    brand_products.check_owned(brand_id=console.brand_of(request).id, gtin=gtin)
    asked = _asked(request)
    if not asked.is_valid():
        raise CodeNotPrintable(
            _("Something in this form is missing or wrong: open the page of the code again.")
        )
    code = asked.code(gtin=gtin)
    shown = "inline" if "show" in request.GET else "attachment"
    return HttpResponse(
        codes.drawn(code, form=form),
        content_type=codes.media_type(form),
        headers={
            "Content-Disposition": f'{shown}; filename="{gtin}.{form}"',
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["POST"])
def code_batch(request: HttpRequest, gtin: str) -> HttpResponse:
    """A ZIP file with a code for each serial number; the page again where something is wrong."""
    brand_products.check_owned(brand_id=console.brand_of(request).id, gtin=gtin)
    asked, batch = _asked(request), BatchForm(request.POST)
    if not (asked.is_valid() and batch.is_valid()):
        return _page(request, gtin=gtin, form=asked, batch=batch, status=400)
    try:
        made = [
            (serial, asked.code(gtin=gtin, serial=serial))
            for serial in codes.serials_of(batch.cleaned_data["serials"])
        ]
    except CodeNotPrintable as error:
        batch.add_error("serials", str(error))
        return _page(request, gtin=gtin, form=asked, batch=batch, status=400)
    return HttpResponse(
        codes.zipped(made, form=batch.cleaned_data["form"]),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{gtin}-codes.zip"',
            "Cache-Control": "private, no-store",
        },
    )


def _asked(request: HttpRequest) -> CodeForm:
    """The form as the address has it: what is not in it is as GS1 would have it."""
    asked = {name: value for name, value in request.GET.items() if name in CodeForm.base_fields}
    return CodeForm(asked if "symbology" in asked else {**CodeForm.DEFAULTS, **asked})


def _page(
    request: HttpRequest, *, gtin: str, form: CodeForm, batch: BatchForm, status: int = 200
) -> HttpResponse:
    stored = find_entry(gtin=gtin)
    name = (stored and stored.entry.name) or name_without_one(gtin=gtin)
    context: dict[str, Any] = {"gtin": gtin, "form": form, "batch": batch, "most_serials": codes.MOST_SERIALS}
    if form.is_valid():
        try:
            context |= _shown(form.code(gtin=gtin), gtin=gtin, query=urlencode(form.data))
        except CodeNotPrintable as error:
            form.add_error(None, str(error))
    if not form.is_valid():
        status = 400
    return console.page(
        request,
        "passport/console/codes/code.html",
        context,
        title=_("Code of %(product)s") % {"product": name},
        status=status,
    )


def _shown(code: codes.PrintedCode, *, gtin: str, query: str) -> dict[str, Any]:
    style = code.style
    size, contrast = size_advice(style.x_mm), contrast_advice(dark=style.dark, light=style.light)
    values = {
        "least": LEAST_X,
        "target": TARGET_X,
        "most": MOST_X,
        "contrast": max(0, symbol_contrast(dark=style.dark, light=style.light)),
    }
    said = [
        {"text": _SIZES[size] % values, "warns": size in _WARNINGS},
        {"text": _CONTRASTS[contrast] % values, "warns": contrast in _WARNINGS},
    ]
    if len(code.link) > LONG_LINK:
        text = _("The link is long, so that the code has many modules: a shorter lot or serial helps.")
        said.append({"text": text, "warns": True})
    files = {form: f"{_file(gtin, form)}?{query}" for form in codes.FORMATS}
    return {
        "code": code,
        "picture": f"{files['svg']}&show",
        "files": files,
        "batch_address": f"{reverse('brand_catalogue:code_batch', args=[gtin])}?{query}",
        "advice": said,
        "millimetres": printed_mm(modules=code.modules, symbology=code.symbology, x_mm=style.x_mm),
        "quiet_zone": code.symbology.quiet_zone,
    }


def _file(gtin: str, form: str) -> str:
    return reverse("brand_catalogue:code_file", args=[gtin, form])
