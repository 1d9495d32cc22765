"""The bar after an action: what was done, and one tap to take it back.

It works without JavaScript: the page that an action leads to has the action's id in its address (`?done=`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Done
from contexts.fridge.application.last_action import LastAction, last_action
from contexts.fridge.application.wording import caution_text
from contexts.fridge.domain.deciding import Caution
from contexts.fridge.web.forms import uuid_of

_DONE: Final[Mapping[str, Promise]] = {
    "add": _("Put into the fridge: %(what)s."),
    "use": _("Eaten: %(what)s."),
    "waste": _("Thrown away: %(what)s."),
    "give": _("Given away: %(what)s."),
    "open": _("Opened: %(what)s."),
    "freeze": _("Frozen: %(what)s."),
    "thaw": _("Thawed: %(what)s."),
    "move": _("Moved: %(what)s."),
    "split": _("Split: %(what)s."),
    "set_date": _("Date saved: %(what)s."),
    "skip_date": _("Noted, it has no date: %(what)s."),
    "correct_quantity": _("Amount corrected: %(what)s."),
    "set_price": _("Price saved: %(what)s."),
    "undo": _("Taken back: %(what)s."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoBar:
    """What the bar says and offers."""

    said: str
    hints: tuple[str, ...]
    action_id: UUID
    undo_action: UUID
    undo: str
    back: str
    can_be_undone: bool
    opened: UUID | None
    """The line that the opened one of several packs has now; None for anything else."""


def undo_bar(request: HttpRequest, *, member: Membership) -> UndoBar | None:
    """The bar of the action that the page's address names; None where it names none of the household.

    One query, or none.
    """
    action_id = uuid_of(request.GET.get("done", ""))
    action = last_action(member=member, action_id=action_id) if action_id else None
    if action is None:
        return None
    hints = tuple(
        caution_text(caution) for caution in Caution if caution.value in request.GET.getlist("mind")
    )
    return UndoBar(
        said=gettext("This was taken back.") if action.is_undone else _said(action),
        hints=hints,
        action_id=action.id,
        undo_action=uuid4(),
        undo=gettext("Do it again") if action.undoes else gettext("Undo"),
        back=without_bar(request.get_full_path()),
        can_be_undone=not action.is_undone,
        opened=action.item_ids[-1]
        if action.kind == "open" and len(action.item_ids) > 1 and not action.is_undone
        else None,
    )


def after(done: Done, *, back: str) -> HttpResponseRedirect:
    """Lead to a page that shows the bar."""
    said = [("done", str(done.action_id)), *(("mind", caution.value) for caution in done.warnings)]
    path, _question, query = without_bar(back).partition("?")
    address = f"{path}?{query}&{urlencode(said)}" if query else f"{path}?{urlencode(said)}"
    return HttpResponseRedirect(address, status=303)


def noting(note: str, *, back: str) -> str:
    """The address of a page that is to say something before anything was done."""
    address = without_bar(back)
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'mind': note})}"


def without_bar(address: str) -> str:
    """The address of a page without the bar on it."""
    parts = urlsplit(address)
    rest = [(key, value) for key, value in parse_qsl(parts.query) if key not in {"done", "mind", "do"}]
    return f"{parts.path}?{urlencode(rest)}" if rest else parts.path


def _said(action: LastAction) -> str:
    more = len(action.item_ids) - 1
    what = action.name or gettext("Food without a name")
    if action.kind == "open" and more:
        return gettext("Opened one: %(what)s.") % {"what": what}
    if more:
        what = ngettext("%(name)s and %(more)s more", "%(name)s and %(more)s more", more) % {
            "name": what,
            "more": more,
        }
    return str(_DONE.get(action.kind, _("Done: %(what)s."))) % {"what": what}
