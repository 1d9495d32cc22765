"""What `up` tells of the embedded provider's mails."""

import io
from pathlib import Path

from rich.console import Console

from packytrace.management.commands.up import NewMails

LINK = "http://127.0.0.1:8001/confirm/abc:def"


def _put(folder: Path, name: str) -> None:
    text = f"To: nina@shop.example\nSubject: Confirm your address\n\nOpen this:\n\n{LINK}\n"
    (folder / f"{name}.eml").write_text(text)


def test_up_shows_each_new_mail_once(tmp_path: Path) -> None:
    _put(tmp_path, "1")
    printed = io.StringIO()
    mails = NewMails(console=Console(file=printed), folder=tmp_path)
    mails.tell()
    assert printed.getvalue() == "", "what came before is not told"
    _put(tmp_path, "2")
    (tmp_path / "3.new").write_bytes(b"not whole yet")
    mails.tell()
    mails.tell()
    assert printed.getvalue() == f"Mail to nina@shop.example: Confirm your address  {LINK}\n"
