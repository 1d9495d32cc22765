"""Codes as a printer gets them are read again by another library than the one that made them."""

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
import resvg_py
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from contexts.passport.application.codes import (
    FORMATS,
    LARGEST_X,
    MOST_SERIALS,
    code_of,
    drawn,
    serials_of,
    zipped,
)
from contexts.passport.application.errors import CodeNotPrintable
from contexts.passport.domain.code_printing import ErrorCorrection, Style, Symbology
from contexts.passport.domain.digital_link import parse_link
from contexts.passport.domain.scanned_item import ScannedItem

TODAY = date(2026, 3, 2)
STEM = "https://id.example.com"
PACK = ScannedItem(gtin="09506000134352", lot="AB/1", serial="X(1)", best_before=date(2026, 12, 31), raw="")

#: GS1's 82 characters.
values = st.text(
    st.sampled_from("!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    min_size=1,
    max_size=20,
)


def _seen(content: bytes, *, form: str) -> Image.Image:
    """The file as a picture, made by what others use to show such a file."""
    if form == "png":
        return Image.open(io.BytesIO(content)).convert("RGB")
    if form == "svg":
        return Image.open(io.BytesIO(resvg_py.svg_to_bytes(svg_string=content.decode(), dpi=600)))
    if form == "pdf":
        return pypdfium2.PdfDocument(content)[0].render(scale=8).to_pil()
    return _seen_postscript(content.decode("ascii"))


def _seen_postscript(text: str) -> Image.Image:
    """The rectangles of an EPS file: no interpreter of PostScript is a wheel."""
    found = re.search(r"%%HiResBoundingBox: 0 0 ([0-9.]+) ([0-9.]+)", text)
    assert found
    scale = 8
    width, height = (float(side) * scale for side in found.groups())
    image, colour = Image.new("RGB", (round(width), round(height))), (0, 0, 0)
    for line in text.splitlines():
        if (channels := re.match(r"([0-9.]+) ([0-9.]+) ([0-9.]+) setrgbcolor", line)) is not None:
            colour = tuple(round(float(channel) * 255) for channel in channels.groups())
        if (drawn_at := re.search(r"([0-9.]+) ([0-9.]+) ([0-9.]+) ([0-9.]+) rectfill", line)) is not None:
            x, y, w, h = (float(number) * scale for number in drawn_at.groups())
            image.paste(colour, (round(x), round(height - y - h), round(x + w), round(height - y)))
    return image


def _read(image: Image.Image) -> zxingcpp.Barcode:
    (barcode,) = zxingcpp.read_barcodes(image)
    return barcode


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("symbology", Symbology)
def test_every_file_is_read_again(symbology: Symbology, form: str) -> None:
    code = code_of(PACK, stem=STEM, symbology=symbology, today=TODAY)
    barcode = _read(_seen(drawn(code, form=form), form=form))
    assert barcode.text == code.link
    item = parse_link(uri=barcode.text, today=TODAY)
    assert (item.gtin, item.lot, item.serial, item.best_before) == (
        PACK.gtin,
        PACK.lot,
        PACK.serial,
        PACK.best_before,
    )


@settings(max_examples=40)
@given(
    lot=values,
    serial=values,
    symbology=st.sampled_from(Symbology),
    correction=st.sampled_from(ErrorCorrection),
)
def test_whatever_a_pack_says_is_read_again(
    lot: str, serial: str, symbology: Symbology, correction: ErrorCorrection
) -> None:
    pack = ScannedItem(gtin=PACK.gtin, lot=lot, serial=serial, raw="")
    code = code_of(pack, stem=STEM, symbology=symbology, correction=correction, today=TODAY)
    item = parse_link(uri=_read(_seen(drawn(code, form="png"), form="png")).text, today=TODAY)
    assert (item.lot, item.serial) == (lot, serial)


def test_the_error_correction_is_the_one_that_was_chosen() -> None:
    for correction in ErrorCorrection:
        code = code_of(PACK, stem=STEM, symbology=Symbology.QR_CODE, correction=correction, today=TODAY)
        assert _read(_seen(drawn(code, form="png"), form="png")).ec_level == correction.value


def test_a_file_has_the_size_in_which_it_is_printed() -> None:
    code = code_of(
        PACK,
        stem=STEM,
        symbology=Symbology.QR_CODE,
        style=Style(x_mm=Decimal("0.5"), text=False),
        today=TODAY,
    )
    side = (code.modules + 8) * 0.5
    width, height = pypdfium2.PdfDocument(drawn(code, form="pdf"))[0].get_size()
    assert (width / 72 * 25.4, height / 72 * 25.4) == pytest.approx((side, side), abs=0.01)
    picture = Image.open(io.BytesIO(drawn(code, form="png")))
    assert picture.width / picture.info["dpi"][0] * 25.4 == pytest.approx(side, rel=0.001)
    assert f'width="{side:.4g}mm"' in drawn(code, form="svg").decode()


def test_the_largest_picture_takes_little_memory() -> None:
    pack = ScannedItem(gtin=PACK.gtin, lot="L" * 20, serial="S" * 20, raw="")
    code = code_of(
        pack,
        stem=STEM,
        symbology=Symbology.QR_CODE,
        correction=ErrorCorrection.H,
        style=Style(x_mm=Decimal(LARGEST_X)),
        today=TODAY,
    )
    picture = Image.open(io.BytesIO(drawn(code, form="png")))
    assert picture.width * picture.height < 10_000_000
    assert _read(picture.convert("L")).text == code.link


def test_the_quiet_zone_is_empty() -> None:
    code = code_of(PACK, stem=STEM, symbology=Symbology.QR_CODE, style=Style(text=False), today=TODAY)
    picture = _seen(drawn(code, form="png"), form="png")
    module = picture.width // (code.modules + 8)
    dark = Image.eval(picture.convert("L"), lambda value: 255 - value).getbbox()
    assert dark == (4 * module, 4 * module, picture.width - 4 * module, picture.height - 4 * module)


def test_people_read_below_it_what_it_says() -> None:
    code = code_of(PACK, stem=STEM, symbology=Symbology.DATA_MATRIX, today=TODAY)
    page = pypdfium2.PdfDocument(drawn(code, form="pdf"))[0].get_textpage().get_text_bounded()
    assert page.split("\r\n") == ["(01) 09506000134352", "(10) AB/1", "(21) X(1)", "(15) 261231"]


@pytest.mark.parametrize("lot", ["é", "a b", "x" * 21, "`"])
def test_what_no_scanner_takes_is_not_printed(lot: str) -> None:
    pack = ScannedItem(gtin=PACK.gtin, lot=lot, raw="")
    with pytest.raises(CodeNotPrintable, match=r"\(10\)"):
        code_of(pack, stem=STEM, symbology=Symbology.QR_CODE, today=TODAY)


def test_a_date_that_would_be_read_as_another_is_not_printed() -> None:
    pack = ScannedItem(gtin=PACK.gtin, expiry=date(TODAY.year + 55, 1, 1), raw="")
    with pytest.raises(CodeNotPrintable, match=str(TODAY.year - 45)):
        code_of(pack, stem=STEM, symbology=Symbology.QR_CODE, today=TODAY)


def test_a_batch_has_a_file_for_each_serial() -> None:
    serials = serials_of(" A1 \n\nB/2\nA1\n-3\n")
    codes = [
        (
            serial,
            code_of(
                ScannedItem(gtin=PACK.gtin, serial=serial, raw=""),
                stem=STEM,
                symbology=Symbology.QR_CODE,
                today=TODAY,
            ),
        )
        for serial in serials
    ]
    archive = zipfile.ZipFile(io.BytesIO(zipped(codes, form="png")))
    rows = list(csv.DictReader(io.StringIO(archive.read("codes.csv").decode())))
    assert [(row["serial"], row["file"]) for row in rows] == [
        ("A1", "0001.png"),
        ("B/2", "0002.png"),
        ("'-3", "0003.png"),  # no formula for who opens it in a spreadsheet program
    ]
    for row in rows:
        assert _read(_seen(archive.read(row["file"]), form="png")).text == row["link"]


@pytest.mark.parametrize("text", ["", " \n ", "\n".join(map(str, range(MOST_SERIALS + 1)))])
def test_no_batch_of_none_or_of_too_many(text: str) -> None:
    with pytest.raises(CodeNotPrintable):
        serials_of(text)
