"""The history of a product's values as a page tells it: what changed when, and who said it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.passport.application.page_nutrition import table_of
from contexts.passport.application.page_scores import called
from contexts.passport.application.passport_page import ALLERGENS, CLAIMS, VALUES
from contexts.passport.application.value_history import ValueChange, history_of
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.precedence import Origin
from contexts.passport.domain.text import shortened
from contexts.passport.models.label_json import label_from_json

#: Versions that a page shows, the newest.
MOST_VERSIONS: Final = 50
#: Characters of a value: what changed in a longer one is told by the passport.
_LONGEST: Final = 600

_ORIGINS: Final = {
    Origin.BRAND: gettext_noop("The brand"),
    Origin.PRODUCER_FILE: gettext_noop("A file of the brand or its producer"),
    Origin.OPEN_FOOD_FACTS: gettext_noop("Open Food Facts"),
    Origin.ESTIMATE: gettext_noop("An estimate for this kind of food"),
    Origin.DEMO: gettext_noop("The demo"),
}
_DATES: Final = {"best_before": gettext_noop("Best before"), "use_by": gettext_noop("Use by")}


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeView:
    """A value that changed."""

    name: str
    before: str
    """Empty where it was not known."""
    after: str
    """Empty where it is not known any more."""
    source: str
    """Who answers for it from then on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionView:
    """A change of what is known of a product."""

    number: int
    at: datetime
    by: str
    is_first: bool
    is_withdrawn: bool
    changes: tuple[ChangeView, ...]


def history_page(*, gtin: str, language: str) -> tuple[VersionView, ...]:
    """The newest versions, the newest first, in the words of a language where the label has them."""
    return tuple(
        VersionView(
            number=version.data_version,
            at=version.at,
            by=", ".join(_(_ORIGINS[origin]) for origin in version.by),
            is_first=version.data_version == 1,
            is_withdrawn=version.is_withdrawn,
            changes=tuple(_change(change, language=language) for change in version.changes),
        )
        for version in history_of(gtin=gtin, most=MOST_VERSIONS)
    )


def _change(change: ValueChange, *, language: str) -> ChangeView:
    return ChangeView(
        name=_name(change),
        before=_said(change.name, change.before, language=language),
        after=_said(change.name, change.after, language=language),
        source=called(change.source) if change.source else "",
    )


def _name(change: ValueChange) -> str:
    if change.lot:
        return _("Journey of lot %(lot)s") % {"lot": change.lot}
    return _(VALUES[change.name]) if change.name in VALUES else change.name


def _said(name: str, value: Any, *, language: str) -> str:
    return "" if value is None else shortened(_text(name, value, language=language), limit=_LONGEST)


def _text(name: str, value: Any, *, language: str) -> str:
    """A value as JSON (`models.label_json`) in words."""
    label = label_from_json({name: value})
    match name:
        case "nutrition" if label.nutrition:
            table = table_of(label.nutrition, portion=None)
            rows = (f"{row.label} {row.per_100} {row.unit}" for row in table.rows)
            return f"{table.basis}: {', '.join(rows)}"
        case "portion" if label.portion:
            return label.portion.words or f"{number_format(label.portion.amount)} {label.portion.unit}"
        case "ingredients":
            found = label.in_language(label.ingredients, language)
            return text_of(found[1]) if found else ""
        case "allergens" | "traces":
            return ", ".join(_(ALLERGENS[allergen]) for allergen in getattr(label, name)) or _(
                "none declared"
            )
        case "claims":
            return ", ".join(_(CLAIMS[claim]) for claim in label.claims)
        case "date_kind":
            return _(_DATES[value])
        case "fruits_vegetables_legumes" | "alcohol":
            return f"{number_format(value)} %"
        case "eco":
            return _("%(score)s of 100") % {"score": value["score"]}
        case "journey":
            return " \N{RIGHTWARDS ARROW} ".join(step["place"] for step in value)
        case "categories":
            return str(value[-1]).partition(":")[2].replace("-", " ")
        case "picture":
            return _("another picture")
    return _plain(value, language=language)


def _plain(value: Any, *, language: str) -> str:
    """Texts, lists of them, and texts in several languages."""
    if isinstance(value, Mapping):
        return str(value.get(language) or "; ".join(map(str, value.values())))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
