"""A brand's links in the console: which there are, what a phone would get, their changes and history."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contexts.passport.application import brand_links, link_checking, ports
from contexts.passport.application.brand_links import BrandLink, Change, ChangeKind, Draft, Editor
from contexts.passport.application.brand_products import check_owned
from contexts.passport.application.errors import LinkChanged, LinkNotAccepted, LinkNotFound
from contexts.passport.application.resolving import preview
from contexts.passport.domain.choosing import Choice, Outcome, wish_of
from contexts.passport.domain.digital_link import link_to
from contexts.passport.domain.link_types import LINK_TYPES
from contexts.passport.domain.links import LONGEST_TITLE, PASSPORT_ID, Link
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem
from packytrace.edge import console

_PRODUCTS: Final = 50
_CHANGES: Final = 200
_OTHER: Final = "other"
_MOMENT: Final = "%Y-%m-%dT%H:%M"
_NOTHING: Final = "\N{EN DASH}"

#: How people call the identifiers of a level.
_LEVELS: Final[Mapping[str, Any]] = {
    "22": pgettext_lazy("level of a link", "Variant"),
    "10": pgettext_lazy("level of a link", "Lot"),
    "21": pgettext_lazy("level of a link", "Serial number"),
    "235": pgettext_lazy("level of a link", "Third party's serial number"),
}
_KINDS: Final = {
    ChangeKind.ADDED: pgettext_lazy("change of a link", "Added"),
    ChangeKind.CHANGED: pgettext_lazy("change of a link", "Changed"),
    ChangeKind.REMOVED: pgettext_lazy("change of a link", "Removed"),
    ChangeKind.RESTORED: pgettext_lazy("change of a link", "Restored"),
    ChangeKind.NOT_DEFAULT: pgettext_lazy("change of a link", "No longer the default"),
}


def _moment(**said: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Write a day and a time, such as 2026-03-01T08:00.")},
        **said,
    )


class LinkForm(forms.Form):
    """A link as it is typed. Whether it may be registered is the domain's to judge."""

    link_type = forms.ChoiceField(label=gettext_lazy("What it leads to"))
    other_type = forms.CharField(
        label=gettext_lazy("Another link type"),
        help_text=gettext_lazy("Only if you chose “another link type” above: its whole web address."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}),
    )
    href = forms.CharField(
        label=gettext_lazy("Target"),
        help_text=gettext_lazy(
            "A whole web address. {gtin}, {lot}, {serial} and {cpv} are filled with what was scanned:"
            " https://example.com/batches/{lot}"
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocapitalize": "none"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("What people read where they choose, in the language of the target."),
        max_length=LONGEST_TITLE,
    )
    hreflang = forms.CharField(
        label=gettext_lazy("Languages of the target"),
        help_text=gettext_lazy("Such as de, de-CH. Empty if it suits every language."),
        required=False,
    )
    media_type = forms.CharField(
        label=gettext_lazy("Media type"),
        help_text=gettext_lazy("Such as text/html or application/pdf. Empty if you would rather not say."),
        required=False,
    )
    context = forms.CharField(
        label=gettext_lazy("Context"),
        help_text=gettext_lazy("Words of your own, such as retail: only for those who ask for them."),
        required=False,
    )
    cpv = forms.CharField(label=gettext_lazy("Variant (22)"), required=False)
    lot = forms.CharField(label=gettext_lazy("Lot (10)"), required=False)
    serial = forms.CharField(label=gettext_lazy("Serial number (21)"), required=False)
    third_party = forms.CharField(label=gettext_lazy("Third party's serial number (235)"), required=False)
    valid_from = _moment(label=gettext_lazy("Valid from (UTC)"))
    valid_to = _moment(label=gettext_lazy("Valid until (UTC)"))
    is_default = forms.BooleanField(
        label=gettext_lazy("The default: codes lead here unless something else is asked for"),
        help_text=gettext_lazy(
            "A code has one default at a time. One with a period counts while it lasts; before and after, the"
            " one without a period does."
        ),
        required=False,
    )
    passes_query = forms.BooleanField(
        label=gettext_lazy("Pass on what the code says behind the question mark"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    demoting = forms.CharField(widget=forms.HiddenInput, required=False)
    """The links of which was said that they stop being the default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted(((name, _(title)) for name, title in LINK_TYPES.items()), key=lambda pair: pair[1])
        first = [pair for pair in titles if pair[0] == "gs1:pip"]
        rest = [pair for pair in titles if pair[0] != "gs1:pip"]
        other = (_OTHER, _("Another link type: by its address"))
        self.fields["link_type"].choices = [*first, *rest, other]  # type: ignore[attr-defined] # a ChoiceField

    def draft(self, *, gtin: str) -> Draft:
        """What a form that is complete asks for."""
        said = self.cleaned_data
        return Draft(
            gtin=gtin,
            cpv=said["cpv"],
            lot=said["lot"],
            serial=said["serial"],
            third_party=said["third_party"],
            link_type=said["other_type"] if said["link_type"] == _OTHER else said["link_type"],
            href=said["href"],
            title=said["title"],
            hreflang=_words(said["hreflang"]),
            media_type=said["media_type"],
            context=_words(said["context"]),
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            is_default=said["is_default"],
            passes_query=said["passes_query"],
        )

    def refuse(self, refused: LinkNotAccepted) -> None:
        """Say at its field what is wrong."""
        field = refused.field
        if field == "link_type" and self.cleaned_data.get("link_type") == _OTHER:
            field = "other_type"
        self.add_error(field if field in self.fields else None, refused.advice)


class PreviewForm(forms.Form):
    """A request that a phone would make."""

    prefix = "ask"

    lot = forms.CharField(label=gettext_lazy("Lot"), required=False)
    serial = forms.CharField(label=gettext_lazy("Serial number"), required=False)
    cpv = forms.CharField(label=gettext_lazy("Variant"), required=False)
    language = forms.CharField(label=gettext_lazy("Languages (Accept-Language)"), required=False)
    accept = forms.ChoiceField(
        label=gettext_lazy("Who asks (Accept)"),
        choices=[
            ("text/html,application/xhtml+xml,*/*;q=0.8", gettext_lazy("A phone's browser")),
            ("application/json", gettext_lazy("A program that wants JSON")),
            ("application/pdf", gettext_lazy("Somebody who wants a PDF")),
            ("image/*", gettext_lazy("Somebody who wants a picture")),
            ("*/*", gettext_lazy("Whoever takes anything")),
        ],
        required=False,
    )
    link_type = forms.ChoiceField(label=gettext_lazy("Link type that is asked for"), required=False)
    context = forms.CharField(label=gettext_lazy("Context"), required=False)
    at = _moment(label=gettext_lazy("At (UTC)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted(((name, _(title)) for name, title in LINK_TYPES.items()), key=lambda pair: pair[1])
        kinds = [("", _("None: the default")), ("linkset", _("The list of all links")), *titles]
        self.fields["link_type"].choices = kinds  # type: ignore[attr-defined] # a ChoiceField


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """The brand's products, how many links each has and how many of them are broken."""
    words, after = request.GET.get("q", "")[:100], request.GET.get("after", "")[:14]
    found, more = brand_links.products(brand_id=_brand(request), words=words, after=after, most=_PRODUCTS)
    return console.page(
        request,
        "passport/console/links/products.html",
        {"products": found, "words": words, "next": more and urlencode({"q": words, "after": more})},
        title=_("Links"),
    )


@require_safe
def product(request: HttpRequest, gtin: str) -> HttpResponse:
    """The links of a product by level, and what a phone would get."""
    brand_id, now = _brand(request), datetime.now(UTC)
    check_owned(brand_id=brand_id, gtin=gtin)
    asked = any(name.startswith("ask-") for name in request.GET)
    usual = {"ask-accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    usual["ask-language"] = request.headers.get("Accept-Language", "en").split(",")[0]
    form = PreviewForm({**usual, **request.GET.dict()} if asked else usual)
    return console.page(
        request,
        "passport/console/links/product.html",
        {
            "gtin": gtin,
            "levels": _levels(brand_links.links_of(brand_id=brand_id, gtin=gtin), now=now),
            "form": form,
            "asked": asked,
            "answer": _answer(form, gtin=gtin, now=now),
        },
        title=_title(request, gtin),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, gtin: str) -> HttpResponse:
    """A form for a new link."""
    check_owned(brand_id=_brand(request), gtin=gtin)
    if request.method != "POST":
        usual = {"link_type": "gs1:pip", "passes_query": True}
        return _editor(request, gtin=gtin, form=LinkForm(initial=usual), link=None)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            if demoted := _unsaid(request, form, gtin=gtin):
                return _ask_first(request, gtin=gtin, form=form, link=None, demoted=demoted)
            brand_links.add(editor=_who(request), draft=form.draft(gtin=gtin), now=datetime.now(UTC))
        except LinkNotAccepted as refused:
            form.refuse(refused)
        else:
            return _back(gtin)
    return _editor(request, gtin=gtin, form=form, link=None, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, gtin: str, link_id: str) -> HttpResponse:
    """A form for a link that is there. Where somebody else was faster it says what they changed, and keeps
    what was typed."""
    link = _of_product(request, gtin, link_id)
    if request.method != "POST":
        return _editor(request, gtin=gtin, form=LinkForm(initial=_initial(link)), link=link)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            if demoted := _unsaid(request, form, gtin=gtin, link_id=link.link.id):
                return _ask_first(request, gtin=gtin, form=form, link=link, demoted=demoted)
            brand_links.change(
                editor=_who(request),
                link_id=link.link.id,
                version=form.cleaned_data["version"] or 0,
                draft=form.draft(gtin=gtin),
                now=datetime.now(UTC),
            )
        except LinkNotAccepted as refused:
            form.refuse(refused)
        except LinkChanged:
            return _overtaken(request, gtin=gtin, form=form, link=_of_product(request, gtin, link_id))
        else:
            return _back(gtin)
    return _editor(request, gtin=gtin, form=form, link=link, status=400)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, gtin: str, link_id: str) -> HttpResponse:
    """Ask whether a link shall go, and take it away."""
    link = _of_product(request, gtin, link_id)
    changed = False
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            brand_links.remove(
                editor=_who(request),
                link_id=link.link.id,
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
                now=datetime.now(UTC),
            )
        except LinkChanged:
            changed, link = True, _of_product(request, gtin, link_id)
        else:
            return _back(gtin)
    return console.page(
        request,
        "passport/console/links/remove.html",
        {"gtin": gtin, "link": _shown(link, now=datetime.now(UTC)), "changed": changed},
        title=_("Remove this link?"),
        status=409 if changed else 200,
    )


@require_POST
def check_again(request: HttpRequest, gtin: str, link_id: str) -> HttpResponse:
    """Have the target of a link asked soon."""
    link = _of_product(request, gtin, link_id)
    link_checking.ask_again(brand_id=_brand(request), link_id=link.link.id, now=datetime.now(UTC))
    return _back(gtin)


@require_safe
def history(request: HttpRequest, gtin: str) -> HttpResponse:
    """What was changed, by whom and when."""
    check_owned(brand_id=_brand(request), gtin=gtin)
    return _history(request, gtin)


@require_POST
def restore(request: HttpRequest, gtin: str) -> HttpResponse:
    """Let a link be again what it was."""
    try:
        link_id, version = UUID(request.POST.get("link", "")), int(request.POST.get("version", "")[:9])
    except ValueError as error:
        raise LinkNotFound from error
    try:
        brand_links.restore(editor=_who(request), link_id=link_id, version=version, now=datetime.now(UTC))
    except LinkNotAccepted as refused:
        return _history(request, gtin, trouble=refused.advice)
    return _back(gtin)


def _brand(request: HttpRequest) -> UUID:
    return console.brand_of(request).id


def _who(request: HttpRequest) -> Editor:
    return Editor(brand_id=_brand(request), account_id=ports.who().signed_in(request))


def _back(gtin: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("brand_catalogue:product_links", args=[gtin]), status=303)


def _title(request: HttpRequest, gtin: str) -> str:
    name = brand_links.name_of(brand_id=_brand(request), gtin=gtin)
    return _("Links of %(product)s") % {"product": name or gtin}


def _of_product(request: HttpRequest, gtin: str, link_id: str) -> BrandLink:
    link = brand_links.find(brand_id=_brand(request), link_id=UUID(link_id))
    if link.gtin != gtin:
        raise LinkNotFound
    return link


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").replace(";", " ").split())


def _initial(link: BrandLink) -> dict[str, Any]:
    draft = link.draft
    known = draft.link_type in LINK_TYPES
    values = {name: getattr(draft, name) for name in LinkForm.base_fields if hasattr(draft, name)}
    return values | {
        "link_type": draft.link_type if known else _OTHER,
        "other_type": "" if known else draft.link_type,
        "hreflang": ", ".join(draft.hreflang),
        "context": ", ".join(draft.context),
        "version": link.version,
    }


def _editor(
    request: HttpRequest,
    *,
    gtin: str,
    form: LinkForm,
    link: BrandLink | None,
    status: int = 200,
    overtaken: list[dict[str, str]] | None = None,
    demoted: list[Link] | None = None,
) -> HttpResponse:
    return console.page(
        request,
        "passport/console/links/edit.html",
        {
            "gtin": gtin,
            "form": form,
            "link": link and _shown(link, now=datetime.now(UTC)),
            "overtaken": overtaken,
            "demoted": demoted,
            "opened": any(
                form[name].errors or form[name].value()
                for name in ("media_type", "context", "valid_from", "valid_to")
            ),
            "levelled": any(
                form[name].errors or form[name].value() for name in ("cpv", "lot", "serial", "third_party")
            ),
        },
        title=_("Change a link") if link else _("Add a link"),
        status=status,
    )


def _unsaid(request: HttpRequest, form: LinkForm, *, gtin: str, link_id: UUID | None = None) -> list[Link]:
    """The links that would stop being the default, unless whoever saves was told of each. Raises
    LinkNotAccepted."""
    demoted = brand_links.demoted(brand_id=_brand(request), draft=form.draft(gtin=gtin), link_id=link_id)
    told = form.cleaned_data["demoting"].split()
    return [] if all(str(other.id) in told for other in demoted) else demoted


def _ask_first(
    request: HttpRequest, *, gtin: str, form: LinkForm, link: BrandLink | None, demoted: list[Link]
) -> HttpResponse:
    """The form as it was filled, and what stops being the default when it is saved again."""
    said = " ".join(str(other.id) for other in demoted)
    again = LinkForm({**form.data.dict(), "demoting": said})  # type: ignore[attr-defined] # a QueryDict
    again.is_valid()
    return _editor(request, gtin=gtin, form=again, link=link, demoted=demoted)


def _overtaken(request: HttpRequest, *, gtin: str, form: LinkForm, link: BrandLink) -> HttpResponse:
    """The form as it was filled, what the link says by now, and the version that saving again replaces."""
    typed, now_there = form.data, _initial(link)
    differing = []
    for name, value in now_there.items():
        if name == "version":
            continue
        bound = form.fields[name]
        there = value.strftime(_MOMENT) if isinstance(value, datetime) else value
        mine = (name in typed) if isinstance(bound, forms.BooleanField) else typed.get(name, "").strip()
        if (there or "") != (mine or ""):
            shown = _("yes") if there is True else _("no") if there is False else str(there or _NOTHING)
            if name == "link_type" and there in LINK_TYPES:
                shown = _(LINK_TYPES[there])
            differing.append({"label": str(bound.label), "value": shown})
    again = LinkForm({**typed.dict(), "version": str(link.version)})  # type: ignore[attr-defined] # a QueryDict
    again.is_valid()
    return _editor(request, gtin=gtin, form=again, link=link, overtaken=differing, status=409)


def _levels(found: list[BrandLink], *, now: datetime) -> list[dict[str, Any]]:
    """The links grouped by what they are registered for, the product first."""
    levels: dict[str, dict[str, Any]] = {}
    for link in found:
        level = levels.setdefault(
            link.link.anchor, {"said": _said(link.link), "anchor": link.link.anchor, "links": []}
        )
        level["links"].append(_shown(link, now=now))
    return list(levels.values())


def _said(link: Link) -> list[dict[str, str]]:
    """The identifiers of a level behind its GTIN: what they are called and their values."""
    return [
        {"name": str(_LEVELS.get(ai, ai)), "value": value}
        for ai, value in brand_links.level_of(link.anchor)[1:]
    ]


def _shown(link: BrandLink, *, now: datetime) -> dict[str, Any]:
    one = link.link
    return {
        "id": one.id,
        "version": link.version,
        "type": _type_title(one),
        "type_name": one.link_type,
        "link": one,
        "said": _said(one),
        "not_yet": one.valid_from is not None and now < one.valid_from,
        "over": one.valid_to is not None and now >= one.valid_to,
        "standing": link.standing,
    }


def _type_title(link: Link) -> str:
    return _(LINK_TYPES[link.link_type]) if link.link_type in LINK_TYPES else link.link_type


def _answer(form: PreviewForm, *, gtin: str, now: datetime) -> dict[str, Any] | None:
    """What the request of the form would be answered; None where it cannot be made."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    item = ScannedItem(
        gtin=gtin,
        cpv=said["cpv"].strip() or None,
        lot=said["lot"].strip() or None,
        serial=said["serial"].strip() or None,
        raw="",
    )
    asked = {name: said[field] for name, field in (("linkType", "link_type"), ("context", "context"))}
    query = urlencode({name: value for name, value in asked.items() if value})
    wish = wish_of(query=query, accept=said["accept"], accept_language=said["language"])
    path = link_to(item, stem="")
    try:
        choice = preview(anchor=path, wish=wish, at=said["at"] or now)
    except CodeRefused as refused:
        form.add_error(None, _(refused.plain))
        return None
    return {
        "code": path + (f"?{query}" if query else ""),
        "linkset": wish.linkset,
        "outcome": choice.outcome.value,
        "links": _offered(choice),
        "one": choice.outcome is Outcome.ONE and not wish.linkset,
    }


def _offered(choice: Choice) -> list[dict[str, Any]]:
    return [
        {"link": link, "type": _type_title(link), "ours": link.id == PASSPORT_ID} for link in choice.links
    ]


def _history(request: HttpRequest, gtin: str, *, trouble: str = "") -> HttpResponse:
    changes = brand_links.history_of(brand_id=_brand(request), gtin=gtin, most=_CHANGES)
    accounts = {change.account_id for change in changes if change.account_id is not None}
    names = ports.colleagues()(accounts)
    newest: dict[UUID, int] = {}
    for change in changes:
        newest[change.link_id] = max(newest.get(change.link_id, 0), change.version)
    labels = {name: str(field.label) for name, field in LinkForm.base_fields.items()}
    return console.page(
        request,
        "passport/console/links/history.html",
        {
            "gtin": gtin,
            "trouble": trouble,
            "most": _CHANGES if len(changes) == _CHANGES else 0,
            "changes": [
                {
                    "change": change,
                    "kind": _KINDS[change.kind],
                    "who": names.get(change.account_id) if change.account_id else None,
                    "type": _type_title(change.shown),
                    "said": _said(change.shown),
                    "differences": _differences(change, labels),
                    "restorable": change.after is None or change.version != newest[change.link_id],
                }
                for change in changes
            ],
        },
        title=_("History of the links"),
        status=400 if trouble else 200,
    )


def _differences(change: Change, labels: Mapping[str, str]) -> list[dict[str, str]]:
    if change.before is None or change.after is None:
        return []
    named = {**labels, "anchor": _("Which packs")}
    return [
        {
            "name": named.get(name, name),
            "before": _text(getattr(change.before, name)),
            "after": _text(getattr(change.after, name)),
        }
        for name in change.differing
    ]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple):
        value = ", ".join(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return str(value or _NOTHING)
