"""Two or three products side by side: what differs, and which is the better one where that can be said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from django.utils.translation import gettext as _

from contexts.passport.application.catalogue import StoredEntry, find_entry
from contexts.passport.application.page_nutrition import NutritionRow
from contexts.passport.application.passport_page import PassportPage, page_of

#: What products are ranked by: the lower, the better.
R = TypeVar("R", str, int, Decimal)

#: More do not fit beside each other on a phone.
MOST_PRODUCTS: Final = 3

#: Nutrients of which less is better, and of which more is: what the Nutri-Score counts so.
_LESS: Final = frozenset({"energy_kj", "saturates", "sugars", "salt"})
_MORE: Final = frozenset({"fibre", "protein"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What one product has in a row."""

    text: str
    """Empty where it is not known."""
    is_best: bool = False
    note: str = ""
    level: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing that is compared."""

    title: str
    indent: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The products that are known, and what is compared of them."""

    products: tuple[PassportPage, ...]
    scores: tuple[Row, ...]
    nutrition: tuple[Row, ...]
    """Empty where no product has a table."""
    same_basis: bool
    """Whether all tables are of 100 g, or all of 100 ml: others cannot be compared."""
    contents: tuple[Row, ...]


def compared(*, gtins: Sequence[str], language: str) -> Comparison:
    """The known ones among GTIN-14s, in their order; two queries each; others are left out."""
    found = [stored for gtin in gtins[:MOST_PRODUCTS] if (stored := find_entry(gtin=gtin)) is not None]
    pages = tuple(page_of(stored, language=language) for stored in found)
    bases = {page.nutrition.basis for page in pages if page.nutrition}
    return Comparison(
        products=pages,
        scores=tuple(_scores(pages)),
        nutrition=tuple(_nutrition(found, pages, same_basis=len(bases) == 1)),
        same_basis=len(bases) <= 1,
        contents=tuple(_contents(pages)),
    )


def _scores(pages: Sequence[PassportPage]) -> Iterator[Row]:
    yield _ranked(
        "Nutri-Score",
        pages,
        text=lambda page: page.nutri_score.grade or "",
        rank=lambda page: page.nutri_score.grade,
        note=lambda page: "" if page.nutri_score.published else _("computed by us"),
    )
    yield _ranked(
        _("Degree of processing (NOVA)"),
        pages,
        text=lambda page: _("Group %(group)s of 4") % {"group": page.nova.group} if page.nova.group else "",
        rank=lambda page: page.nova.group,
        note=lambda page: "" if page.nova.published else _("computed by us"),
    )
    yield _ranked(
        _("Eco"),
        pages,
        text=lambda page: f"{page.eco.grade} ({page.eco.score})" if page.eco.grade else "",
        rank=lambda page: None if page.eco.score is None else -page.eco.score,
        note=lambda _page: "",
    )


def _ranked(
    title: str,
    pages: Sequence[PassportPage],
    *,
    text: Callable[[PassportPage], str],
    rank: Callable[[PassportPage], R | None],
    note: Callable[[PassportPage], str],
) -> Row:
    best = _best([rank(page) for page in pages])
    cells = (
        Cell(text=said, is_best=rank(page) in best, note=note(page) if said else "")
        for page in pages
        for said in [text(page)]
    )
    return Row(title=title, indent=False, cells=tuple(cells))


def _best(ranks: Sequence[R | None]) -> frozenset[R]:
    """The lowest of them; none where something is not known, or all are alike: nothing is better then."""
    known = [rank for rank in ranks if rank is not None]
    if len(known) < len(ranks) or len(set(known)) < 2:
        return frozenset()
    return frozenset({min(known)})


def _nutrition(
    found: Sequence[StoredEntry], pages: Sequence[PassportPage], *, same_basis: bool
) -> Iterator[Row]:
    values = [_stated(stored) for stored in found]
    rows = [_rows(stored, page) for stored, page in zip(found, pages, strict=True)]
    for name in dict.fromkeys(name for table in rows for name in table):
        shown = next(table[name] for table in rows if name in table)
        sign = 1 if name in _LESS else -1
        known = [value.get(name) for value in values]
        comparable = same_basis and name in _LESS | _MORE
        best = _best([None if value is None else sign * value for value in known] if comparable else [])
        yield Row(
            title=shown.label,
            indent=shown.indent,
            cells=tuple(
                Cell(
                    text=f"{table[name].per_100} {table[name].unit}" if name in table else "",
                    is_best=value is not None and sign * value in best,
                    note=(table[name].level_words or "") if name in table else "",
                    level=table[name].level if name in table else None,
                )
                for table, value in zip(rows, known, strict=True)
            ),
        )


def _stated(stored: StoredEntry) -> Mapping[str, Decimal]:
    nutrition = stored.entry.label.nutrition
    return dict(nutrition.stated()) if nutrition else {}


def _rows(stored: StoredEntry, page: PassportPage) -> Mapping[str, NutritionRow]:
    return dict(zip(_stated(stored), page.nutrition.rows if page.nutrition else (), strict=True))


def _contents(pages: Sequence[PassportPage]) -> Iterator[Row]:
    for title, said in (
        (_("Contains"), [_listed(page, page.allergens) for page in pages]),
        (_("May contain traces of"), [_traces(page) for page in pages]),
        (_("Additives"), [_listed(page, [additive.name for additive in page.additives]) for page in pages]),
        (_("Labels on the pack"), [", ".join(page.claims) or _("none named in the data") for page in pages]),
        (_("Quantity"), [page.quantity or "" for page in pages]),
    ):
        yield Row(title=title, indent=False, cells=tuple(Cell(text=text) for text in said))


def _traces(page: PassportPage) -> str:
    """What may be there by accident, or whether the pack is said to name none."""
    if page.traces:
        return ", ".join(page.traces)
    return _("none declared") if page.traces_stated else _("not stated")


def _listed(page: PassportPage, named: Sequence[str]) -> str:
    """What a list of ingredients names; without a list nothing is known of what is not named."""
    if named:
        return ", ".join(named)
    return _("none named in the data") if page.ingredients else ""
