"""Every message that the sources mark for translation, in Python and in Django's templates."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation import templatize

from packytrace.configuration import ROOT

_Arguments: TypeAlias = tuple[int | tuple[int, int] | tuple[int, str], ...] | None

#: What marks a message, and which arguments are its singular, plural and context (`c`).
_KEYWORDS: Final[dict[str, _Arguments]] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_COMMENT: Final = "Translators:"
_PACKAGES: Final = ("contexts", "packytrace")
_NO_MESSAGES: Final = frozenset({"tests", "migrations", "__pycache__"})


def messages() -> Catalog:
    """A template catalogue: each message with the files that have it."""
    template = Catalog(charset="utf-8")
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for context, message, comments in _messages_of(path):
            template.add(message, context=context, locations=[(place, 0)], auto_comments=comments)
    return template


def sources() -> list[Path]:
    """Python files and templates of the product, of pages and of mails, without its tests."""
    found = (ROOT / "frontend" / "templates").rglob("*.html")
    ours = (
        path
        for package in _PACKAGES
        for kind in ("*.py", "*.html", "*.txt")
        for path in (ROOT / package).rglob(kind)
    )
    return sorted(
        path for path in (*found, *ours) if _NO_MESSAGES.isdisjoint(path.relative_to(ROOT).parent.parts)
    )


def _messages_of(path: Path) -> Iterator[tuple[str | None, str | tuple[str, ...], list[str]]]:
    """Context, message (with its plural), and what its author tells the translators."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Python that calls gettext wherever the template translates; its indentation means nothing.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _, message, comments, context in extract(
        "python", BytesIO(source.encode()), _KEYWORDS, (_COMMENT,), {"encoding": "utf-8"}
    ):
        yield context, message, comments
