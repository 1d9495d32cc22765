"""The archive that a person takes home: JSON for programs, and a page to read."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from packytrace.openid.accounts import account_page

Documents = Mapping[str, Mapping[str, list[dict[str, Any]]]]
"""Context to its documents by name."""

_CONTEXTS: Final[Mapping[str, str | Promise]] = {
    "identity": _("Your account"),
    "passport": _("What you scanned"),
    "personalization": _("Your health profile"),
    "fridge": _("Your fridge"),
    "measurement": _("What is counted for brands"),
}
_DOCUMENTS: Final[Mapping[str, str | Promise]] = {
    "account": _("Account"),
    "linked_browsers": _("Browsers that you have signed in with"),
    "consents": _("What you agreed to, and took back"),
    "notices": _("The notices that you were shown"),
    "scans": _("Scans"),
    "missing_products": _("Products that you reported as missing"),
    "browsers": _("Browsers whose scans are yours"),
    "changes_for_brands": _("What you changed for brands"),
    "health_profile": _("Health profile"),
    "verdicts_counted_today": _("Products whose verdict was noted today"),
    "reasons_counted": _("Reasons of verdicts that are noted for few people"),
    "household": _("Household"),
    "fridge": _("What is and was in the fridge"),
    "used_and_wasted": _("What was eaten, thrown away and given away"),
    "fridge_notices": _("Notices about the fridge"),
    "counted_scans": _("Scans of the days that are still open"),
}
_STYLE: Final = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
dl { border: 1px solid #8884; border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0; }
dl { display: grid; grid-template-columns: minmax(7rem, 30%) 1fr; gap: .25rem 1rem; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
"""


@dataclass(frozen=True, kw_only=True)
class _Document:
    """A part of the page."""

    title: str | Promise
    file: str
    records: list[list[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class _Chapter:
    """What one context holds."""

    title: str | Promise
    documents: list[_Document]


def archive(*, documents: Documents, language: str, at: datetime) -> bytes:
    """A ZIP with a folder of JSON for each context, and index.html, which needs nothing but its style.css."""
    chapters = []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for context, found in documents.items():
            chapter = _Chapter(title=_CONTEXTS.get(context, context), documents=[])
            for name, records in found.items():
                stem = name.removesuffix(".json")
                file = f"{context}/{stem}.json"
                packed.writestr(_entry(file, at), orjson.dumps(records, option=orjson.OPT_INDENT_2))
                chapter.documents.append(
                    _Document(
                        title=_DOCUMENTS.get(stem, stem),
                        file=file,
                        records=[[(key, _text(value)) for key, value in entry.items()] for entry in records],
                    )
                )
            chapters.append(chapter)
        with override(language):
            page = render_to_string(
                "identity/export_index.html",
                {"chapters": chapters, "language": language, "at": at, "account_page": account_page()},
            )
        packed.writestr(_entry("index.html", at), page)
        packed.writestr(_entry("style.css", at), _STYLE)
    return buffer.getvalue()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _text(value: Any) -> str:
    """A value for people: lists by commas, what is nested as JSON."""
    if value is None or value == []:
        return "-"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()
