"""Mails that become files, in a folder that only their owner may read: the embedded default sends none.

The application's notices lie there beside the provider's own mails.

Plain Python but for Django's back end: also read by who shows their links.
"""

import email
import email.policy
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

_LINK: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail that was written."""

    file: Path
    to: str
    subject: str
    text: str

    @property
    def link(self) -> str | None:
        """What it asks its reader to open."""
        found = _LINK.search(self.text)
        return found[0] if found else None


class FileBackend(BaseEmailBackend):
    """EMAIL_BACKEND: a file for each mail, whole from the moment that it has its name."""

    def __init__(self, *, fail_silently: bool = False, **_options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._folder = settings.MAIL_FOLDER

    def send_messages(self, email_messages: Any) -> int:
        """Answers how many were written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        file = self._folder / f"{time.time_ns()}-{os.getpid()}.eml"
        fresh = file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(message.message().as_bytes())
        fresh.rename(file)


def letters(folder: Path, *, after: str = "") -> Iterator[Letter]:
    """The mails in a folder, oldest first; those alone whose file's name comes after another's."""
    for file in sorted(folder.glob("*.eml")):
        if file.name > after:
            try:
                content = file.read_bytes()
            except FileNotFoundError:  # destroyed a moment ago
                continue
            message = email.message_from_bytes(content, policy=email.policy.default)
            plain = message.get_body(("plain",))
            yield Letter(
                file=file,
                to=str(message["To"]),
                subject=str(message["Subject"]),
                text=plain.get_content() if plain else "",
            )


def forget(folder: Path, *, address: str) -> None:
    """Destroy the mails to an address."""
    for letter in letters(folder):
        if letter.to.casefold() == address.casefold():
            letter.file.unlink(missing_ok=True)


def prune(folder: Path, *, older_than: float) -> None:
    """Destroy mails of more than so many seconds: their links have ended."""
    for file in folder.glob("*.eml"):
        if time.time() - file.stat().st_mtime > older_than:
            file.unlink(missing_ok=True)
