"""Codes to be printed: the Digital Link of a pack as a QR Code or a Data Matrix, in files for printers.

What draws is imported where it draws: the other processes, and those who never print, do without its memory.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contexts.passport.application.errors import CodeNotPrintable
from contexts.passport.application.tables import guarded
from contexts.passport.domain.code_printing import ErrorCorrection, Style, Symbology, human_readable
from contexts.passport.domain.digital_link import link_to, parse_link
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem

#: Serials of one ZIP file: as many as a busy server draws within the seconds that a browser is given.
MOST_SERIALS: Final = 250
#: Millimetres: modules of posters rather than packs are no larger.
LARGEST_X: Final = 5
#: Dots of an inch in a PNG file, as printers of labels have them; a module is a whole number of dots. Large
#: modules need fewer: a picture takes memory with the square of them.
_DPI: Final = 600
_DPI_OF_LARGE: Final = 200
_LARGE: Final = Decimal(1)
_MM_OF_AN_INCH: Final = Decimal("25.4")
_POINTS_OF_A_MM: Final = 72 / 25.4
#: Millimetres: height of a line of text, and how wide its letters are for their height.
_LINE: Final = 2.8
_LETTER: Final = 2.2
_WIDTH_OF_A_LETTER: Final = 0.6
#: Places of the two colours in a PNG file's palette.
_LIGHT, _DARK = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedCode:
    """A code with all that stands on the paper."""

    link: str
    symbology: Symbology
    rows: tuple[tuple[bool, ...], ...]
    """The symbol without its quiet zone; true is dark."""
    lines: tuple[str, ...]
    """What it says, for people."""
    style: Style

    @property
    def modules(self) -> int:
        """Of one side."""
        return len(self.rows)


def code_of(
    item: ScannedItem,
    *,
    stem: str,
    symbology: Symbology,
    correction: ErrorCorrection = ErrorCorrection.M,
    style: Style | None = None,
    today: date,
) -> PrintedCode:
    """The code of a pack, with the shortest link that says all of it.

    Raises CodeNotPrintable where a value is none that a scanner would take, and for a date that one would
    take for another: a code has two digits for the year, and the century is the nearer one (GS1 General
    Specifications, section 7.12).
    """
    style = style or Style()
    link = link_to(item, stem=stem)
    try:
        read = parse_link(uri=link, today=today)
    except CodeRefused as refused:
        raise CodeNotPrintable(_(refused.rule) % refused.values) from refused
    for day, understood in ((item.expiry, read.expiry), (item.best_before, read.best_before)):
        if day and understood and day != understood:
            raise CodeNotPrintable(
                _(
                    "A code has two digits for the year: %(day)s would be read as %(understood)s. Choose a"
                    " date that is nearer to today."
                )
                % {"day": date_format(day), "understood": date_format(understood)}
            )
    return PrintedCode(
        link=link,
        symbology=symbology,
        rows=_rows(link, symbology=symbology, correction=correction),
        lines=human_readable(_elements(item)) if style.text else (),
        style=style,
    )


def _elements(item: ScannedItem) -> Iterator[tuple[str, str]]:
    dates = {"17": item.expiry, "15": item.best_before}
    said = {
        "01": item.gtin,
        "22": item.cpv,
        "10": item.lot,
        "21": item.serial,
        **{ai: day and f"{day:%y%m%d}" for ai, day in dates.items()},
    }
    yield from ((ai, value) for ai, value in said.items() if value)


def _rows(link: str, *, symbology: Symbology, correction: ErrorCorrection) -> tuple[tuple[bool, ...], ...]:
    if symbology is Symbology.QR_CODE:
        import segno

        # Not a better level where there is room: a batch shall have codes of one size and one level.
        matrix = segno.make(link, error=correction.value, micro=False, boost_error=False).matrix
    else:
        from ppf.datamatrix.datamatrix import DataMatrix

        matrix = DataMatrix(link).matrix
    return tuple(tuple(bool(module) for module in row) for row in matrix)


# --- Drawing ---


class _Drawing(Protocol):
    def __call__(self, code: PrintedCode) -> bytes: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """Places of everything, in millimetres from the upper left corner."""

    code: PrintedCode
    width: float
    height: float
    left: float
    """Of the symbol itself, its quiet zone left out."""
    top: float

    @classmethod
    def of(cls, code: PrintedCode) -> "_Sheet":
        x = float(code.style.x_mm)
        quiet = code.symbology.quiet_zone * x
        symbol = code.modules * x + 2 * quiet
        text = max((len(line) for line in code.lines), default=0) * _LETTER * _WIDTH_OF_A_LETTER
        width = max(symbol, text + 2 * x)
        height = symbol + len(code.lines) * _LINE + (x if code.lines else 0)
        return cls(code=code, width=width, height=height, left=(width - symbol) / 2 + quiet, top=quiet)

    def bars(self) -> Iterator[tuple[float, float, float]]:
        """Left, top and width of every unbroken run of dark modules; each is one module high."""
        x = float(self.code.style.x_mm)
        for row, column, length in _runs(self.code.rows):
            yield self.left + column * x, self.top + row * x, length * x

    def text(self) -> Iterator[tuple[float, str]]:
        """Baseline of each line of text, from the top; all are centred."""
        below = self.height - len(self.code.lines) * _LINE
        for place, line in enumerate(self.code.lines):
            yield below + place * _LINE + _LETTER * 0.85, line


def _runs(rows: Sequence[Sequence[bool]]) -> Iterator[tuple[int, int, int]]:
    """Row, first column and length of every unbroken run of dark modules."""
    for row, modules in enumerate(rows):
        column = 0
        while column < len(modules):
            length = 0
            while column + length < len(modules) and modules[column + length]:
                length += 1
            if length:
                yield row, column, length
            column += length or 1


def _svg(code: PrintedCode) -> bytes:
    sheet, style = _Sheet.of(code), code.style
    x = float(style.x_mm)
    path = "".join(f"M{a:.4g} {b:.4g}h{w:.4g}v{x:.4g}h-{w:.4g}z" for a, b, w in sheet.bars())
    text = "".join(
        f'<text x="{sheet.width / 2:.4g}" y="{baseline:.4g}" font-family="monospace" font-size="{_LETTER}"'
        f' text-anchor="middle" fill="{style.dark}">{_xml(line)}</text>'
        for baseline, line in sheet.text()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width:.4g}mm" height="{sheet.height:.4g}mm"'
        f' viewBox="0 0 {sheet.width:.4g} {sheet.height:.4g}" shape-rendering="crispEdges">'
        f'<rect width="100%" height="100%" fill="{style.light}"/><path fill="{style.dark}" d="{path}"/>'
        f"{text}</svg>\n"
    ).encode()


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _png(code: PrintedCode) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    style = code.style
    # Whole dots, so that every module is as wide as every other.
    per_inch = _DPI if style.x_mm <= _LARGE else _DPI_OF_LARGE
    dots = max(1, round(style.x_mm / _MM_OF_AN_INCH * per_inch))
    of_a_mm = dots / float(style.x_mm)
    sheet = _Sheet.of(code)
    image = Image.new("P", (round(sheet.width * of_a_mm), round(sheet.height * of_a_mm)), _LIGHT)
    image.putpalette([*_channels(style.light), *_channels(style.dark)])
    draw = ImageDraw.Draw(image)
    draw.fontmode = "1"  # two colours and nothing between them
    left = round(sheet.left * of_a_mm)
    top = code.symbology.quiet_zone * dots
    for row, column, length in _runs(code.rows):
        a, b = left + column * dots, top + row * dots
        draw.rectangle((a, b, a + length * dots - 1, b + dots - 1), fill=_DARK)
    font = ImageFont.load_default(size=_LETTER * of_a_mm)
    for baseline, line in sheet.text():
        draw.text((image.width / 2, baseline * of_a_mm), line, fill=_DARK, font=font, anchor="ms")
    file = io.BytesIO()
    dpi = float(dots / style.x_mm * _MM_OF_AN_INCH)
    image.save(file, format="PNG", dpi=(dpi, dpi), bits=1)
    return file.getvalue()


def _pdf(code: PrintedCode) -> bytes:
    from reportlab.lib.colors import HexColor
    from reportlab.pdfgen.canvas import Canvas

    sheet, style = _Sheet.of(code), code.style
    file = io.BytesIO()
    points = _POINTS_OF_A_MM
    # The same code is the same bytes: `invariant` leaves the moment of drawing out.
    canvas = Canvas(file, pagesize=(sheet.width * points, sheet.height * points), invariant=1)
    canvas.setTitle(code.link)
    canvas.setFillColor(HexColor(style.light))
    canvas.rect(0, 0, sheet.width * points, sheet.height * points, stroke=0, fill=1)
    canvas.setFillColor(HexColor(style.dark))
    high = float(style.x_mm)
    for a, b, w in sheet.bars():
        canvas.rect(a * points, (sheet.height - b - high) * points, w * points, high * points, 0, 1)
    canvas.setFont("Courier", _LETTER * points)
    for baseline, line in sheet.text():
        canvas.drawCentredString(sheet.width / 2 * points, (sheet.height - baseline) * points, line)
    canvas.save()
    return file.getvalue()


def _eps(code: PrintedCode) -> bytes:
    """Encapsulated PostScript (Adobe technical note 5002): rectangles and one font, nothing else."""
    sheet, style = _Sheet.of(code), code.style
    points = _POINTS_OF_A_MM
    width, height, high = sheet.width * points, sheet.height * points, float(style.x_mm) * points
    written = [
        "%!PS-Adobe-3.0 EPSF-3.0",
        f"%%BoundingBox: 0 0 {int(width) + 1} {int(height) + 1}",
        f"%%HiResBoundingBox: 0 0 {width:.4f} {height:.4f}",
        "%%EndComments",
        f"{_rgb(style.light)} setrgbcolor 0 0 {width:.4f} {height:.4f} rectfill",
        f"{_rgb(style.dark)} setrgbcolor",
    ]
    written += [
        f"{a * points:.4f} {height - b * points - high:.4f} {w * points:.4f} {high:.4f} rectfill"
        for a, b, w in sheet.bars()
    ]
    if code.lines:
        written.append(f"/Courier findfont {_LETTER * points:.4f} scalefont setfont")
    written += [
        f"{width / 2:.4f} {height - baseline * points:.4f} moveto ({_postscript(line)})"
        " dup stringwidth pop 2 div neg 0 rmoveto show"
        for baseline, line in sheet.text()
    ]
    return ("\n".join([*written, "%%EOF"]) + "\n").encode("ascii")


def _rgb(colour: str) -> str:
    return " ".join(f"{channel / 255:.4f}" for channel in _channels(colour))


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def _postscript(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


_DRAWINGS: Final[Mapping[str, tuple[_Drawing, str]]] = {
    "svg": (_svg, "image/svg+xml"),
    "png": (_png, "image/png"),
    "pdf": (_pdf, "application/pdf"),
    "eps": (_eps, "application/postscript"),
}
#: Kinds of files, by the end of their name.
FORMATS: Final = tuple(_DRAWINGS)


def drawn(code: PrintedCode, *, form: str) -> bytes:
    """A code as a file of one of FORMATS, in the size in which it is to be printed."""
    return _DRAWINGS[form][0](code)


def media_type(form: str) -> str:
    """The media type of one of FORMATS."""
    return _DRAWINGS[form][1]


# --- Many at once ---


def serials_of(text: str) -> tuple[str, ...]:
    """Serials, one a line, each once and in that order. Raises CodeNotPrintable for none or too many."""
    serials = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not serials:
        raise CodeNotPrintable(_("Write at least one serial number, each on a line of its own."))
    if len(serials) > MOST_SERIALS:
        raise CodeNotPrintable(
            _("One file has room for %(most)d serial numbers: make several.") % {"most": MOST_SERIALS}
        )
    return serials


def zipped(codes: Sequence[tuple[str, PrintedCode]], *, form: str) -> bytes:
    """A ZIP file of codes by their serial, with `codes.csv` that says which file is which.

    Files are numbered: a serial may have characters that no file's name has. One that a spreadsheet would
    take for a formula has an apostrophe before it.
    """
    names = [f"{place:04}.{form}" for place in range(1, len(codes) + 1)]
    listing = io.StringIO()
    rows = csv.writer(listing)
    rows.writerow(("file", "serial", "link"))
    for name, (serial, code) in zip(names, codes, strict=True):
        rows.writerow((name, guarded(serial), code.link))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("codes.csv", listing.getvalue())
        for name, (_serial, code) in zip(names, codes, strict=True):
            archive.writestr(name, drawn(code, form=form))
    return file.getvalue()
