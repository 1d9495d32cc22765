"""The command says what was done, or what is wrong: exit code 1, never a stack trace."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from contexts.passport.tests.entries import MUESLI, muesli, stock

pytestmark = pytest.mark.django_db(databases=["passport"])


def run(*words: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("recall", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def announce(*words: str, gtin: str = MUESLI) -> tuple[str, str]:
    return run("announce", gtin, "--reason", "packaging", "--text", "Bring it back.", *words)


def test_a_recall_from_its_announcement_to_its_end() -> None:
    stock(muesli())
    said, noted = announce("--lot", "L1", "--lot", "L2", gtin=MUESLI[1:])
    recall_id = said.split()[0]
    assert f"{MUESLI}: the packs that are named recalled." in said
    assert noted == ""
    assert "nothing changed" in announce("--lot", "L2", "--lot", "L1")[0]
    assert f"{recall_id}  " in run("list")[0]
    assert "stands  by operators  09520123456788  L1 L2  packaging: Bring it back." in run("list")[0]
    assert run("withdraw", recall_id)[0] == f"{recall_id} was taken back.\n"
    assert "withdrawn" in run("list")[0]


def test_notes_that_stop_nobody() -> None:
    said, noted = announce("--serial-from", "10", "--serial-to", "9")
    assert "recalled" in said
    assert "the catalogue has no product" in noted
    assert "differ in length" in noted
    assert "10..9" in run("list")[0]


@pytest.mark.parametrize(
    ("words", "gtin", "why"),
    [
        ((), "09520123456789", "last digit"),
        ((), "milk", "digits"),
        (("--lot", "L 1"), MUESLI, "is no lot"),
        (("--serial-from", "1"), MUESLI, "both, or neither"),
        (("--reason", "taste"), MUESLI, "invalid"),
        (("--id", "x"), MUESLI, "invalid UUID"),
    ],
)
def test_what_is_wrong_in_a_sentence(words: tuple[str, ...], gtin: str, why: str) -> None:
    with pytest.raises(CommandError, match=why):
        announce(*words, gtin=gtin)
    assert run("list") == ("", "No recall was announced.\n")


def test_an_unknown_recall() -> None:
    with pytest.raises(CommandError, match="There is no recall"):
        run("withdraw", "00000000-0000-4000-8000-000000000000")
