"""Taking an action back."""

from collections.abc import Sequence
from uuid import UUID

from contexts.fridge.domain.events import ActionUndone, Recorded


def undo(history: Sequence[Recorded], *, action_id: UUID) -> tuple[ActionUndone, ...]:
    """The event that takes an action back in one item's history; an action that undid another one, too.

    Raises CannotUndo: the action did nothing here, is undone already, or something later rests on it.
    """
    raise NotImplementedError
