"""Mails that became files: who reads them, and when they go."""

import io
import os
from email.message import EmailMessage
from pathlib import Path

from rich.console import Console

from packytrace.management.commands.up import NewMails
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


def test_up_shows_each_new_mail_once(tmp_path: Path) -> None:
    put(tmp_path, "1")
    printed = io.StringIO()
    mails = NewMails(console=Console(file=printed), folder=tmp_path)
    mails.tell()
    assert printed.getvalue() == "", "what came before is not told"
    put(tmp_path, "2")
    (tmp_path / "3.new").write_bytes(b"not whole yet")
    mails.tell()
    mails.tell()
    assert printed.getvalue() == f"Mail to nina@shop.example: Confirm your address  {LINK}\n"


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
