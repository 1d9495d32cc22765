"""Which packs a recall means, and what can be announced at all."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.recalls import (
    Certainty,
    Reason,
    Recall,
    RecallRefused,
    StandingRecall,
    recall_of,
    worst,
)

MEANT, CHECK, NOT_MEANT = Certainty


def recall(**said: Any) -> Recall:
    known = {
        "gtin": "09520123456788",
        "lots": (),
        "serial_from": "",
        "serial_to": "",
        "reason": Reason.CHEMICAL,
        "text": "Do not eat it.",
    }
    return recall_of(**{**known, **said})


BY_LOT = recall(lots=["B", "A", "A"])
BY_SERIAL = recall(serial_from="0100", serial_to="0199")
BY_BOTH = recall(lots=["A"], serial_from="0100", serial_to="0199")


@pytest.mark.parametrize(
    ("said", "lot", "serial", "certainty"),
    [
        (recall(), None, None, MEANT),
        (recall(), "Z", "9", MEANT),
        (BY_LOT, "A", None, MEANT),
        (BY_LOT, "a", None, NOT_MEANT),
        (BY_LOT, None, "0150", CHECK),
        (BY_SERIAL, None, "0100", MEANT),
        (BY_SERIAL, None, "0199", MEANT),
        (BY_SERIAL, "A", "0200", NOT_MEANT),
        (BY_SERIAL, "A", "01", NOT_MEANT),
        (BY_SERIAL, "A", None, CHECK),
        (BY_BOTH, "A", "9999", MEANT),
        (BY_BOTH, "Z", "0150", MEANT),
        (BY_BOTH, "Z", None, CHECK),
        (BY_BOTH, None, "9999", CHECK),
        (BY_BOTH, "Z", "9999", NOT_MEANT),
    ],
)
def test_what_it_says_of_a_pack(
    said: Recall, lot: str | None, serial: str | None, certainty: Certainty
) -> None:
    assert said.means(lot=lot, serial=serial) is certainty


def test_of_several_recalls_the_worst_counts() -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    all_of_them = [StandingRecall(id=uuid4(), recall=one, announced_at=at) for one in (BY_LOT, BY_SERIAL)]
    assert worst(all_of_them, lot="Z", serial="0150") is MEANT
    assert worst(all_of_them, lot="Z", serial=None) is CHECK
    assert worst(all_of_them, lot="Z", serial="1") is NOT_MEANT
    assert worst([], lot="Z", serial="1") is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"lots": [""]}, "is no lot"),
        ({"lots": ["A" * 21]}, "is no lot"),
        ({"lots": ["Ä"]}, "is no lot"),
        ({"lots": ["A B"]}, "is no lot"),
        ({"lots": ["A\n"]}, "is no lot"),
        ({"lots": [str(number) for number in range(1001)]}, "at most 1000 lots"),
        ({"serial_from": "1"}, "both, or neither"),
        ({"serial_to": "1"}, "both, or neither"),
        ({"serial_from": "1", "serial_to": "é"}, "is no serial"),
        ({"serial_from": "9", "serial_to": "10"}, "filled up|fill them up"),
        ({"text": " \n\u200b"}, "Say in the text"),
        ({"text": "x" * 4001}, "over 4000 characters"),
    ],
)
def test_what_cannot_be_announced(said: dict[str, Any], why: str) -> None:
    with pytest.raises(RecallRefused, match=why):
        recall(**said)


@given(st.lists(st.sampled_from(["A", "B", "C"]), max_size=5), st.randoms())
def test_the_same_recall_has_one_id_however_its_lots_are_said(lots: list[str], random: Any) -> None:
    again = lots * 2
    random.shuffle(again)
    assert recall(lots=lots).own_id() == recall(lots=again).own_id()
    assert recall(lots=lots).own_id() != recall(lots=[*lots, "D"]).own_id()
