"""Which packs a recall means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.fridge.domain.recalls import Certainty, RecalledPacks, match

MEANT, CHECK = Certainty.MEANT, Certainty.CHECK_THE_LOT
EVERY = RecalledPacks()
LOTS = RecalledPacks(lots=("L1", "L2"))
SERIALS = RecalledPacks(serial_from="0001000", serial_to="0001999")
BOTH = RecalledPacks(lots=("L1",), serial_from="0001000", serial_to="0001999")


@pytest.mark.parametrize(
    ("recall", "lot", "serial", "expected"),
    [
        (EVERY, None, None, MEANT),
        (EVERY, "L9", "5", MEANT),
        (LOTS, "L1", None, MEANT),
        (LOTS, "l1", None, None),
        (LOTS, "L3", "0001500", None),
        (LOTS, None, "0001500", CHECK),
        (LOTS, "", "", CHECK),
        (SERIALS, "L1", "0001000", MEANT),
        (SERIALS, "L1", "0001999", MEANT),
        (SERIALS, "L1", "0002000", None),
        (SERIALS, "L1", "00010", None),
        (SERIALS, "L1", None, CHECK),
        (BOTH, "L1", None, MEANT),
        (BOTH, "L3", "0001500", MEANT),
        (BOTH, "L3", "0002000", None),
        (BOTH, "L3", None, CHECK),
        (BOTH, None, "0002000", CHECK),
    ],
)
def test_a_recall_means_packs_by_lot_or_serial(
    recall: RecalledPacks, lot: str | None, serial: str | None, expected: Certainty | None
) -> None:
    assert match(recall=recall, lot=lot, serial=serial) is expected


_word = st.sampled_from(["A1", "A2", "B1", "0005", "0015", "0025"])
_recall = st.builds(
    RecalledPacks, lots=st.lists(_word, max_size=2), serial_from=st.just("0010"), serial_to=st.just("0020")
) | st.builds(RecalledPacks, lots=st.lists(_word, max_size=2))


@given(recall=_recall, lot=_word, serial=_word)
def test_what_is_not_known_of_a_pack_never_clears_it(recall: RecalledPacks, lot: str, serial: str) -> None:
    known = match(recall=recall, lot=lot, serial=serial)
    for less in ((None, serial), (lot, None), (None, None)):
        unknown = match(recall=recall, lot=less[0], serial=less[1])
        assert not (known is Certainty.MEANT and unknown is None)
