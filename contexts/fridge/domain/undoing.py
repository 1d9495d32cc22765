"""Taking an action back."""

from collections.abc import Sequence
from uuid import UUID

from contexts.fridge.domain.events import ActionUndone, Recorded
from contexts.fridge.domain.item import HistoryBroken, effective, replayed, undone_in
from contexts.fridge.domain.refusals import CannotUndo, Why


def undo(history: Sequence[Recorded], *, action_id: UUID) -> tuple[ActionUndone, ...]:
    """The event that takes an action back in one item's history; an action that undid another one, too.

    What came later stays as it was recorded. It rests on the action where it could not have happened without
    it: more was taken than would have been there, it was thawed and would not have been frozen, and anything
    at all after its adding.

    Raises CannotUndo: the action did nothing here, is undone already, or something later rests on it.
    """
    if all(recorded.action_id != action_id for recorded in history):
        raise CannotUndo(why=Why.NOT_HERE)
    if action_id in undone_in(history):
        raise CannotUndo(why=Why.ALREADY_UNDONE)
    try:
        replayed(history, effective(history, undoing=action_id))
    except HistoryBroken:
        raise CannotUndo(why=Why.LATER_RESTS_ON_IT) from None
    return (ActionUndone(action_id=action_id),)
