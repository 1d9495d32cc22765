"""What a message says, in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from contexts.fridge.application import wording
from contexts.fridge.application.noticed_items import PressingItem, RecalledItem
from contexts.fridge.domain.freshness import State, severity
from contexts.fridge.domain.recalls import Certainty

#: Items that a message shown by a browser names: there is no room for more.
_NAMED: Final = 3
#: Characters of a name or a recall's text in such a message, which must fit into 3,993 bytes (RFC 8291,
#: section 4) whatever the script.
_LONGEST: Final = 80
_LONGEST_TEXT: Final = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One item."""

    name: str
    detail: str
    """Why, in a few words; may be empty."""
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Items of which the same is to be said."""

    title: str
    advice: str
    """What to do, as one or more sentences; may be empty."""
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A message before it takes the form of its channel."""

    subject: str
    groups: tuple[Group, ...]
    address: str
    """Of the page to look at, where there is room for one alone."""

    @property
    def short(self) -> str:
        """A sentence or two, for where there is no room."""
        group = self.groups[0]
        if group.advice and len(group.lines) == 1:
            return _cut(group.advice, _LONGEST_TEXT)
        lines = [line for group in self.groups for line in group.lines]
        named = ", ".join(_cut(line.name, _LONGEST) for line in lines[:_NAMED])
        more = len(lines) - _NAMED
        if more <= 0:
            return named
        return ngettext("%(names)s and %(more)s more", "%(names)s and %(more)s more", more) % {
            "names": named,
            "more": more,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A text as a mail."""

    subject: str
    plain: str
    html: str


def of_items(*, items: Sequence[PressingItem]) -> Text:
    """What to say of items, the most pressing state first."""
    states = sorted({item.fresh.state for item in items}, key=lambda state: (-severity(state), state))
    groups = tuple(_of_state(state, items) for state in states)
    return Text(subject=_subject(items), groups=groups, address=f"{settings.PUBLIC_URL}/fridge")


def of_recall(*, items: Sequence[RecalledItem]) -> Text:
    """What to say of a recall: to whoever has what is meant, and to whoever has to look at the lot."""
    meant = any(item.certainty is Certainty.MEANT for item in items)
    name = _cut(items[0].name, _LONGEST)
    subject = _("Recalled: %(name)s") if meant else _("Perhaps recalled, check the lot: %(name)s")
    groups = tuple(
        Group(title=title, advice=items[0].text, lines=lines)
        for certainty, title in (
            (Certainty.MEANT, _("Recalled: you have this at home")),
            (Certainty.CHECK_THE_LOT, _("Perhaps recalled: compare the lot that is printed on the pack")),
        )
        if (lines := tuple(_recalled(item) for item in items if item.certainty is certainty))
    )
    address = _address(items[0].item_id) if len(items) == 1 else f"{settings.PUBLIC_URL}/fridge"
    return Text(subject=subject % {"name": name}, groups=groups, address=address)


def letter(*, text: Text, unsubscribe: str) -> Letter:
    """The mail, plain and as HTML. `unsubscribe` is the address of its one-click link."""
    context = {
        "text": text,
        "fridge_address": f"{settings.PUBLIC_URL}/fridge",
        "language": get_language(),
        "settings_address": f"{settings.PUBLIC_URL}/fridge/notices",
        "unsubscribe": unsubscribe,
    }
    return Letter(
        subject=" ".join(text.subject.split()),  # a name of several lines makes no headers
        plain=render_to_string("fridge/mail/notice.txt", context),
        html=render_to_string("fridge/mail/notice.html", context),
    )


def _subject(items: Sequence[PressingItem]) -> str:
    first = items[0]
    if len(items) == 1:
        return _("%(name)s: %(state)s") % {
            "name": _cut(first.name, _LONGEST),
            "state": wording.state_name(first.fresh.state),
        }
    return ngettext(
        "Your fridge: %(count)s item to look at", "Your fridge: %(count)s items to look at", len(items)
    ) % {"count": len(items)}


def _of_state(state: State, items: Sequence[PressingItem]) -> Group:
    return Group(
        title=wording.state_name(state),
        advice=wording.state_advice(state),
        lines=tuple(
            Line(
                name=item.name,
                detail=wording.reasons_text(item.fresh.reasons, today=wording.READ_LATER),
                address=_address(item.item_id),
            )
            for item in items
            if item.fresh.state is state
        ),
    )


def _recalled(item: RecalledItem) -> Line:
    detail = _("lot %(lot)s") % {"lot": item.lot} if item.lot else ""
    return Line(name=item.name, detail=detail, address=_address(item.item_id))


def _address(item_id: UUID) -> str:
    return f"{settings.PUBLIC_URL}/fridge/items/{item_id}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
