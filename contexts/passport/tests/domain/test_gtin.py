"""GTINs: lengths, check digits, and that a misread digit is always found."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contexts.passport.domain.gtin import check_digit, gtin14, has_right_check_digit
from contexts.passport.domain.refusals import CodeRefused, GtinCheckDigit, GtinLength, GtinZero

digits = st.text(alphabet="0123456789")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("9520123456788", "09520123456788"),
        ("12312312312333", "12312312312333"),
    ],
)
def test_every_length_is_kept_as_fourteen_digits(text: str, expected: str) -> None:
    assert gtin14(text) == expected


@pytest.mark.parametrize(
    "text", ["", "0", "123456789", "95201234567881234", "952012345678X", "٩٥٢٠١٢٣٤٥٦٧٨٨"]
)
def test_other_lengths_and_other_characters_are_refused(text: str) -> None:
    with pytest.raises(GtinLength):
        gtin14(text)


@pytest.mark.parametrize("text", ["0" * 8, "0" * 12, "0" * 13, "0" * 14, "10000000000007", "90000000000003"])
def test_zeros_alone_identify_nothing(text: str) -> None:
    assert has_right_check_digit(text)
    with pytest.raises(GtinZero):
        gtin14(text)


def test_the_smallest_number_is_accepted() -> None:
    assert gtin14("00000017") == "00000000000017"


@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: digits.filter(bool).map(lambda d: d.zfill(n)[:n])))
def test_a_computed_check_digit_is_accepted(body: str) -> None:
    assume(body.zfill(13)[1:].strip("0"))
    assert gtin14(body + check_digit(body)).endswith(body[-7:] + check_digit(body))


@given(
    body=st.text(alphabet="0123456789", min_size=13, max_size=13),
    place=st.integers(min_value=0, max_value=13),
    change=st.integers(min_value=1, max_value=9),
)
def test_one_misread_digit_is_always_found(body: str, place: int, change: int) -> None:
    right = body + check_digit(body)
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    with pytest.raises(GtinCheckDigit):
        gtin14(wrong)


@given(st.text())
def test_no_text_crashes(text: str) -> None:
    try:
        padded = gtin14(text)
    except CodeRefused:
        return
    assert len(padded) == 14
    assert padded.endswith(text)
