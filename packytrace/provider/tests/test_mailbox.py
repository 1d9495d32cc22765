"""Mails that became files: who reads them, and when they go."""

import os
from email.message import EmailMessage
from pathlib import Path

from packytrace.provider import mailbox

LINK = "http://127.0.0.1:8001/confirm/abc:def"


def put(
    folder: Path, name: str, *, to: str = "nina@shop.example", text: str = f"Open this:\n\n{LINK}\n"
) -> Path:
    message = EmailMessage()
    message["To"], message["Subject"] = to, "Confirm your address"
    message.set_content(text)
    file = folder / f"{name}.eml"
    file.write_bytes(bytes(message))
    return file


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert list(mailbox.letters(tmp_path / "none")) == []


def test_the_mails_of_one_address_are_forgotten(tmp_path: Path) -> None:
    gone, stays = put(tmp_path, "1", to="Nina@shop.example"), put(tmp_path, "2", to="other@shop.example")
    mailbox.forget(tmp_path, address="nina@shop.example")
    assert (gone.exists(), stays.exists()) == (False, True)


def test_old_mails_are_destroyed(tmp_path: Path) -> None:
    old, young = put(tmp_path, "1"), put(tmp_path, "2")
    os.utime(old, (0, 0))
    mailbox.prune(tmp_path, older_than=60)
    assert (old.exists(), young.exists()) == (False, True)
