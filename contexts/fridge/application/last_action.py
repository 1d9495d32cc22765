"""What was done last, for the bar that offers to take it back."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connections

from contexts.fridge.application.households import Membership

_DATABASE: Final = "fridge"


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAction:
    """One action as the bar tells it."""

    id: UUID
    kind: str
    """As `models.Action` has it."""
    item_ids: tuple[UUID, ...]
    name: str
    """Of the first item; empty where it has none."""
    undoes: str
    """Kind of the action that this one took back; empty where it took none back."""
    is_undone: bool


def last_action(*, member: Membership, action_id: UUID) -> LastAction | None:
    """One action of the household; None for any other id. One query."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT a.kind, a.item_ids, COALESCE(n.name, NULLIF(p.name, ''), i.gtin, ''),"
            " COALESCE(u.kind, ''), EXISTS ("
            "  SELECT FROM action t WHERE t.undoes = a.id AND t.household_id = a.household_id"
            "  AND NOT EXISTS ("
            "   SELECT FROM action r WHERE r.undoes = t.id AND r.household_id = a.household_id))"
            " FROM action a"
            " LEFT JOIN action u ON u.id = a.undoes AND u.household_id = a.household_id"
            " LEFT JOIN item i ON i.id = a.item_ids[1]"
            " LEFT JOIN item_name n ON n.item_id = i.id"
            " LEFT JOIN product p ON p.gtin = i.gtin"
            " WHERE a.id = %s AND a.household_id = %s",
            [action_id, member.household_id],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    kind, item_ids, name, undoes, is_undone = row
    return LastAction(
        id=action_id, kind=kind, item_ids=tuple(item_ids), name=name, undoes=undoes, is_undone=is_undone
    )
