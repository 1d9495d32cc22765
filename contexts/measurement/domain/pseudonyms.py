"""Pseudonyms: the same person is the same only inside one window and one brand.

HMAC-SHA256 (RFC 2104, FIPS 180-4) under a random key that is destroyed at the window's close: from then on
nobody, we included, can tell whose pseudonym it was, or find one person's in two windows or two brands.
"""

import hashlib
import hmac
from typing import Final
from uuid import UUID

#: As long as the hash: RFC 2104 section 3 discourages less and says that more adds nothing.
KEY_BYTES: Final = 32


def pseudonym(*, key: bytes, brand_id: UUID, person_id: UUID) -> bytes:
    """The person's pseudonym, 32 bytes. Both ids have 16 bytes, so that no two pairs read alike."""
    return hmac.digest(key, brand_id.bytes + person_id.bytes, hashlib.sha256)
