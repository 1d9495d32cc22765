"""A camera that shows what a test draws: Chromium takes a file's frames for what its camera sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import segno
import zxingcpp
from PIL import Image, ImageFilter

from tests.browser import chromium_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: What a cheap camera makes, in pixels.
WIDTH: Final = 640
HEIGHT: Final = 480

#: A table in a kitchen, as grey value.
_TABLE: Final = 150


def qr_code(text: str) -> Image.Image:
    """A QR code, black on white with its quiet zone, 5 pixels to a module."""
    matrix = [
        [255 * (not dark) for dark in row] for row in segno.make(text, micro=False).matrix_iter(border=4)
    ]
    small = Image.new("L", (len(matrix[0]), len(matrix)))
    small.putdata([grey for row in matrix for grey in row])
    return small.resize((small.width * 5, small.height * 5), Image.Resampling.NEAREST)


def data_matrix(elements: str) -> Image.Image:
    """A GS1 DataMatrix with bracketed elements, 6 pixels to a module."""
    return _written(elements, zxingcpp.BarcodeFormat.DataMatrix, scale=6, gs1=True)


def ean_13(digits: str) -> Image.Image:
    """The bars of an EAN-13, 3 pixels to a module."""
    return _written(digits, zxingcpp.BarcodeFormat.EAN13, scale=3)


def _written(text: str, symbology: zxingcpp.BarcodeFormat, *, scale: int, **options: bool) -> Image.Image:
    written = zxingcpp.create_barcode(text, symbology, **options).to_image(scale=scale)
    height, width = memoryview(written).shape
    return Image.frombytes("L", (width, height), bytes(memoryview(written).cast("B")))


def blurred(drawn: Image.Image) -> Image.Image:
    """The same, out of focus."""
    wide = Image.new("L", (WIDTH, HEIGHT), _TABLE)
    wide.paste(drawn, ((WIDTH - drawn.width) // 2, (HEIGHT - drawn.height) // 2))
    return wide.filter(ImageFilter.GaussianBlur(14))


class FakeCamera:
    """The camera of a browser; what is shown counts from the next time that the camera is opened."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.show(None)

    def show(self, drawn: Image.Image | None, *, light: float = 1) -> None:
        """Let it see a drawing on a table, or the bare table; `light` is a share of daylight."""
        seen = Image.new("L", (WIDTH, HEIGHT), _TABLE)
        if drawn is not None:
            seen.paste(drawn, ((WIDTH - drawn.width) // 2, (HEIGHT - drawn.height) // 2))
        luma = seen.point([round(16 + grey * light * 219 / 255) for grey in range(256)]).tobytes()
        chroma = bytes([128]) * (WIDTH * HEIGHT // 2)
        frame = b"FRAME\n" + luma + chroma
        written = self.file.with_suffix(".new")
        written.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F30:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)
        # Swapped in, so that a camera that is still open goes on with the file that it knows.
        written.replace(self.file)


@contextmanager
def browser_with(camera: FakeCamera, *, like: "Browser") -> "Iterator[Browser]":
    """A second Chromium, of the same program, with that camera; pages must still be granted it."""
    browser = like.browser_type.launch(
        executable_path=chromium_program(),
        args=[
            "--no-sandbox",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera.file}",
        ],
    )
    yield browser
    browser.close()
