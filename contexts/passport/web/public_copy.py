"""The public part of a passport as bytes: made once per product, language and version, for everyone.

A copy that was compared with the catalogue within the last FRESH seconds is served, or answered with 304,
without a query; after that one cheap query for the version decides. A browser or a cache in front adds its
own seconds: a changed label, or a recall, has reached everyone after FRESH + MAX_AGE + STALE seconds.
"""

import gzip
import hashlib
import pickle
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse

from contexts.passport.application.catalogue import StoredEntry, find_entry, version_of

#: Seconds for which this process takes a copy for current without asking the database.
FRESH: Final = 5.0
#: Seconds for which a browser or a cache in front may do the same, and then go on while it asks.
MAX_AGE: Final = 30
STALE: Final = 30
#: Of 9: more takes longer and saves next to nothing.
_EFFORT: Final = 6
#: Bytes of copies that one process keeps of one kind; those that nobody asks for go first.
CAPACITY: Final = 32 * 1024 * 1024
#: What Python needs beside the bytes of a copy, about.
_OVERHEAD: Final = 600
#: And for an entry, of each byte that it has when it is written down: measured on real products.
_MEMORY_OF_A_BYTE: Final = 4


class Beside(Protocol):
    """What a page shows beside the entry, such as its sections."""

    @property
    def version(self) -> object:
        """Changes with everything that a page shows of it."""


B = TypeVar("B", bound=Beside)

Render = Callable[[StoredEntry, str, B], tuple[bytes, bytes, bytes]]
"""Makes an entry's bytes in a language: those before the place of the personal part, those that stand there
for whoever has none, and those after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicCopy:
    """Bytes that are the same for everyone."""

    before: bytes
    invitation: bytes
    """Stands at the place of the personal part, for whoever has none."""
    after: bytes
    etag: str
    """A strong validator (RFC 9110 section 8.8.3): made of the bytes, so it changes with each of them."""
    packed: bytes
    """The whole with gzip. What has a personal part is sent as it is: how well it packs could tell of it."""
    stored: StoredEntry
    """What the bytes were made of, for a part that is made anew each time: no query asks for it again."""

    @property
    def body(self) -> bytes:
        """The whole, as everyone gets it."""
        return self.before + self.invitation + self.after

    def size(self) -> int:
        """Bytes in memory, about."""
        page = len(self.before) + len(self.invitation) + len(self.after) + len(self.packed)
        return page + _OVERHEAD + _MEMORY_OF_A_BYTE * len(pickle.dumps(self.stored))


@dataclass(slots=True)
class _Kept:
    copy: PublicCopy
    beside: object
    """Version of what it shows beside the entry."""
    compared: float
    size: int


class PublicCopies(Generic[B]):
    """The copies of one kind that one process keeps. Safe for threads."""

    def __init__(
        self,
        *,
        render: Render[B],
        beside: Callable[[StoredEntry], B],
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._render = render
        self._beside = beside
        self._capacity = capacity
        self._clock = clock
        self._size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def find(self, *, gtin: str, language: str) -> PublicCopy | None:
        """The copy for a GTIN-14, or None for a product that we do not know.

        At most two queries, and as many more as what is shown beside the entry takes.
        """
        key = (gtin, language)
        now = self._clock()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                if now - kept.compared < FRESH:
                    return kept.copy
        stored: StoredEntry | None
        if kept is not None and version_of(gtin=gtin) == kept.copy.stored.version:
            stored = kept.copy.stored
        else:
            stored, kept = find_entry(gtin=gtin), None
        if stored is None:
            self._keep(key, None)
            return None
        beside = self._beside(stored)
        if kept is not None and kept.beside == beside.version:
            kept.compared = now
            return kept.copy
        copy = self._made(stored, language=language, beside=beside)
        self._keep(key, _Kept(copy=copy, beside=beside.version, compared=now, size=copy.size()))
        return copy

    def new(self, *, gtin: str, language: str) -> PublicCopy | None:
        """A copy as of now, which is not kept."""
        stored = find_entry(gtin=gtin)
        if stored is None:
            return None
        return self._made(stored, language=language, beside=self._beside(stored))

    def clear(self) -> None:
        """Forget every copy."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    @property
    def size(self) -> int:
        """Bytes that are kept, about."""
        return self._size

    def _made(self, stored: StoredEntry, *, language: str, beside: B) -> PublicCopy:
        return copy_of(stored, self._render(stored, language, beside))

    def _keep(self, key: tuple[str, str], kept: _Kept | None) -> None:
        with self._lock:
            replaced = self._kept.pop(key, None)
            if replaced is not None:
                self._size -= replaced.size
            if kept is None:
                return
            self._kept[key] = kept
            self._size += kept.size
            while self._size > self._capacity:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.size


def copy_of(stored: StoredEntry, parts: tuple[bytes, bytes, bytes]) -> PublicCopy:
    """A copy of what a `Render` has made."""
    before, invitation, after = parts
    digest = hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest()
    return PublicCopy(
        before=before,
        invitation=invitation,
        after=after,
        etag=f'"{digest}"',
        packed=gzip.compress(before + invitation + after, _EFFORT, mtime=0),
        stored=stored,
    )


def answer(request: HttpRequest, copy: PublicCopy, *, content_type: str, vary: str) -> HttpResponse:
    """The copy, with gzip for who understands it, or 304 when the client has these very bytes. Everyone may
    keep it for a short time."""
    is_packed = understands_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    # Other bytes have another strong validator. Not one that ends with "-gzip": servers in front take that
    # for their own, and off again when it comes back.
    etag = f'{copy.etag[:-1]}.gzip"' if is_packed else copy.etag
    headers = {
        "ETag": etag,
        "Cache-Control": f"public, max-age={MAX_AGE}, stale-while-revalidate={STALE}",
        "Vary": f"{vary}, Accept-Encoding",
    }
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known is not None and (known == etag or matches(known, etag)):
        return HttpResponse(status=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(copy.packed if is_packed else copy.body, content_type=content_type, headers=headers)


@lru_cache(maxsize=256)
def understands_gzip(accept_encoding: str) -> bool:
    """Whether a header `Accept-Encoding` (RFC 9110 section 12.5.3) names gzip, and not to refuse it."""
    for choice in accept_encoding.lower().split(","):
        coding, _, weight = choice.replace(" ", "").partition(";")
        if coding == "gzip":
            return not re.fullmatch(r"q=0(\.0*)?", weight)
    return False


def matches(if_none_match: str, etag: str) -> bool:
    """Weak comparison, `*` for any (RFC 9110 section 13.1.2): caches in front may have made it weak."""
    return if_none_match.strip() == "*" or etag in re.findall(r'"[^"]*"', if_none_match)
