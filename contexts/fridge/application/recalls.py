"""Recalls as they were last announced."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections

_DATABASE: Final = "fridge"

#: The newest announcement counts, whatever the order in which they come. Of two of the same moment, the one
#: that does not take the recall back.
_KEEP: Final = """
    INSERT INTO recall (id, gtin, lots, serial_from, serial_to, reason, text, announced_at, withdrawn)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET
        gtin = excluded.gtin, lots = excluded.lots, serial_from = excluded.serial_from,
        serial_to = excluded.serial_to, reason = excluded.reason, text = excluded.text,
        announced_at = excluded.announced_at, withdrawn = excluded.withdrawn
    WHERE (recall.announced_at, NOT recall.withdrawn) < (excluded.announced_at, NOT excluded.withdrawn)
"""

#: Whoever has the product at home is looked at next, instead of within the hour.
_LOOK: Final = """
    UPDATE notice_settings SET look_at = least(look_at, %s)
    WHERE account_id IN (
        SELECT member.account_id FROM item JOIN member USING (household_id)
        WHERE item.gtin = %s AND item.status = 'here'
    )
"""


def receive(data: Mapping[str, Any]) -> None:
    """Take a RecallAnnounced, in the consumer's transaction. Out of order and twice change nothing.

    A recall that was taken back stays as such, so that an older announcement of it does not revive it.
    """
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                UUID(data["recallId"]),
                data["gtin"],
                list(data["lots"]),
                data.get("serialFrom", ""),
                data.get("serialTo", ""),
                data["reason"],
                data["text"],
                datetime.fromisoformat(data["announcedAt"]),
                data["withdrawn"],
            ],
        )
        if cursor.rowcount and not data["withdrawn"]:
            cursor.execute(_LOOK, [datetime.now(UTC), data["gtin"]])
