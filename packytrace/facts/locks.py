"""The advisory locks that facts take, by name: two uses never meet by accident."""

from enum import IntEnum
from typing import LiteralString
from zlib import crc32

#: For `cursor.execute`: waits until the lock is free; it goes with the transaction.
TAKE: LiteralString = "SELECT pg_advisory_xact_lock(%s::int, %s::int)"
#: Takes the lock only when it is free now, and answers whether it was.
TRY: LiteralString = "SELECT pg_try_advisory_xact_lock(%s::int, %s::int)"


class AdvisoryLock(IntEnum):
    """First half of an advisory lock's key; the second says which one of its kind."""

    PROVISION_LOG = 0x46414301
    """One process makes the log's tables at a time."""
    RELAY = 0x46414302
    """One relay at a time moves the facts of a (context, shard)."""
    APPEND = 0x46414303
    """One transaction at a time appends to a topic of the PostgreSQL log."""
    LETTERS = 0x46414304
    """A consumer's letters are set aside, or tried again, but not both at once."""

    def of(self, *what: object) -> tuple[int, int]:
        """The lock's key for one thing; two things may share a key, which costs a wait and nothing else."""
        checksum = crc32("\x1f".join(map(str, what)).encode())
        return self.value, checksum - (checksum & 0x80000000) * 2
