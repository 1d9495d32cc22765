"""The public part of a passport as bytes: made once per product, language and data version, for everyone.

A page that was looked at within the last FRESH seconds is served, or answered with 304, without a query;
after that one cheap query for the data version decides. A change is on the page after FRESH seconds at the
latest.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from contexts.passport.application.catalogue import find_entry, version_of
from contexts.passport.application.passport_page import page_of

#: Seconds for which a page is taken for current without asking the database.
FRESH: Final = 5.0
#: Bytes of pages that one process keeps; the ones that nobody asks for go first.
CAPACITY: Final = 32 * 1024 * 1024
#: Stands where the personal part goes. Not a possible part of any text: texts are escaped.
_SLOT: Final = "<!--personal-->"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicPage:
    """A rendered page; `before` and `after` the place of the personal part."""

    before: bytes
    after: bytes
    etag: str
    data_version: int

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        return len(self.before) + len(self.after) + 200


@dataclass(slots=True)
class _Kept:
    page: PublicPage
    checked: float


class PublicPages:
    """The pages that one process keeps. Safe for threads."""

    def __init__(self, *, capacity: int = CAPACITY, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._clock = clock
        self._size = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], _Kept] = OrderedDict()

    def page(self, *, gtin: str, language: str) -> PublicPage | None:
        """The public page of a product, or None for a product that we do not know."""
        key = (gtin, language)
        now = self._clock()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                if now - kept.checked < FRESH:
                    return kept.page
        if kept is not None and version_of(gtin=gtin) == kept.page.data_version:
            kept.checked = now
            return kept.page
        page = _render(gtin=gtin, language=language)
        self._keep(key, page, now=now)
        return page

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _keep(self, key: tuple[str, str], page: PublicPage | None, *, now: float) -> None:
        with self._lock:
            replaced = self._kept.pop(key, None)
            if replaced is not None:
                self._size -= replaced.page.size
            if page is None:
                return
            self._kept[key] = _Kept(page=page, checked=now)
            self._size += page.size
            while self._size > self._capacity:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.page.size


PAGES: Final = PublicPages()


def _render(*, gtin: str, language: str) -> PublicPage | None:
    stored = find_entry(gtin=gtin)
    if stored is None:
        return None
    page = page_of(stored, language=language)
    # Without the request: nothing of who asks can get into what everyone gets.
    html = render_to_string("passport/passport.html", {"page": page, "personal_slot": mark_safe(_SLOT)})  # noqa: S308 - our own constant
    before, _, after = html.partition(_SLOT)
    digest = hashlib.blake2b(f"{before}{after}".encode(), digest_size=12).hexdigest()
    return PublicPage(
        before=before.encode(), after=after.encode(), etag=f'"{digest}"', data_version=stored.data_version
    )
