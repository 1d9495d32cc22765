"""The scanner in a real browser, on the real server: a camera that shows codes, and all that can go wrong."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final, Literal
from urllib.parse import parse_qs

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, expect

from tests import fake_camera
from tests.browser import PHONE, Auditor
from tests.conftest import Stack
from tests.fake_camera import FakeCamera
from tests.shopper import MUESLI

pytestmark = [pytest.mark.stack, pytest.mark.browser]

#: Milliseconds from the camera's first picture to the passport that a person can read. Meant are 3 seconds; a
#: machine that does other things besides may take more.
PATIENCE: Final = 10_000

#: Of somebody else's host, as brands print them.
LINK: Final = f"https://brand.example/p/01/{MUESLI}/10/L6041?15=271227"

#: Marks do not outlive their page: they are noted down for the next one, in milliseconds since 1970.
_NOTE_MARKS: Final = """
    const mark = performance.mark.bind(performance);
    performance.mark = (name) => {
        sessionStorage.setItem(`mark.${name}`, performance.timeOrigin + performance.now());
        return mark(name);
    };
"""
_FROM_PICTURE_TO_PASSPORT: Final = """() => {
    const [loaded] = performance.getEntriesByType("navigation");
    const readable = performance.timeOrigin + loaded.domContentLoadedEventEnd;
    const at = (name) => Number(sessionStorage.getItem(`mark.${name}`));
    return [readable - at("scanner-first-picture"), at("scanner-code-read") - at("scanner-first-picture")];
}"""


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    return FakeCamera(tmp_path_factory.mktemp("camera") / "seen.y4m")


@pytest.fixture(scope="module")
def with_camera(chromium: Browser, camera: FakeCamera) -> Iterator[Browser]:
    """A browser whose device has a camera."""
    with fake_camera.browser_with(camera, like=chromium) as browser:
        yield browser


class Visit:
    """Somebody's phone on the page with the scanner."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.stack = stack
        self.context = browser.new_context(viewport=PHONE)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, *, camera: Literal["granted", "denied", "asked"] = "granted") -> Page:
        """Open the page; then say what the browser's person will answer, whom nobody can ask here."""
        self.page.goto(self.stack.url)
        if camera != "asked":
            # Playwright denies what it does not grant as soon as it grants anything.
            permission = "camera" if camera == "granted" else "geolocation"
            self.context.grant_permissions([permission], origin=self.stack.url)
        return self.page

    def scan(self) -> None:
        self.page.get_by_role("button", name="Scan a code").click()

    @property
    def alert(self) -> Any:
        return self.page.get_by_role("region", name="Scanner").get_by_role("alert")

    @property
    def status(self) -> Any:
        return self.page.get_by_role("region", name="Scanner").get_by_role("status")


@pytest.fixture
def visit(with_camera: Browser, stack: Stack) -> Iterator[Visit]:
    visit = Visit(with_camera, stack)
    yield visit
    visit.context.close()
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("drawn", "pack"),
    [
        pytest.param(fake_camera.qr_code(LINK), "L6041", id="qr-digital-link"),
        pytest.param(
            fake_camera.data_matrix(f"(01){MUESLI}(10)L6041(15)271227"),
            "L6041",
            id="data-matrix-element-string",
        ),
        pytest.param(fake_camera.ean_13(MUESLI[1:]), None, id="ean-13"),
    ],
)
def test_from_what_the_camera_sees_to_the_passport(
    visit: Visit, camera: FakeCamera, drawn: Image.Image, pack: str | None, request: pytest.FixtureRequest
) -> None:
    camera.show(drawn)
    visit.page.add_init_script(_NOTE_MARKS)
    page = visit.open()
    visit.scan()
    page.wait_for_url(re.compile(f"/passport/{MUESLI}(\\?|$)"), timeout=30_000)
    if pack is not None:
        expect(page.get_by_text(pack).first).to_be_visible()
    took, read = page.evaluate(_FROM_PICTURE_TO_PASSPORT)
    request.config.get_terminal_writer().line(
        f" first picture to passport {took:.0f} ms, of which until the code was read {read:.0f} ms"
    )
    assert took < PATIENCE
    # Nothing of somebody else's was asked for.
    assert {url.split("/")[2] for url in visit.asked} == {visit.stack.url.split("/")[2]}


def test_where_the_camera_was_allowed_before_it_opens_by_itself_and_escape_closes_it(
    visit: Visit, camera: FakeCamera, audit: Auditor
) -> None:
    camera.show(None)
    page = visit.open()
    assert [url for url in visit.asked if "code_reader" in url] == []
    page.reload()
    close = page.get_by_role("button", name="Close the camera")
    expect(visit.status).to_contain_text("Hold the code in front of the camera")
    audit(page)
    page.keyboard.press("Escape")
    scan = page.get_by_role("button", name="Scan a code")
    expect(scan).to_be_focused()
    assert page.evaluate("document.querySelector('video').srcObject") is None
    # Who closed it does not want it to open by itself.
    page.reload()
    expect(scan).to_be_visible()
    scan.click()
    expect(close).to_be_focused()


def test_a_code_that_is_none_of_a_product_says_so_and_the_next_one_is_read(
    visit: Visit, camera: FakeCamera
) -> None:
    page = visit.open()
    for text, said in {
        "https://shop.example/win": "ordinary web address",
        "hello": "not a product code",
        "https://brand.example/01/09521003000030": "digit of this code",
    }.items():
        camera.show(fake_camera.qr_code(text))
        visit.scan()
        expect(visit.alert).to_contain_text(said, timeout=15_000)
        page.keyboard.press("Escape")
    assert page.url == f"{visit.stack.url}/"
    assert "https://shop.example/win" not in visit.asked


def test_what_the_camera_cannot_see_says_what_to_do(visit: Visit, camera: FakeCamera) -> None:
    page = visit.open()
    for light, said in {1.0: "picture is blurred", 0.1: "too dark"}.items():
        camera.show(fake_camera.blurred(fake_camera.qr_code(LINK)), light=light)
        visit.scan()
        expect(visit.status).to_contain_text(said, timeout=15_000)
        page.keyboard.press("Escape")


def test_a_camera_that_is_refused_says_how_to_allow_it(visit: Visit, audit: Auditor) -> None:
    visit.open(camera="denied")
    visit.scan()
    expect(visit.alert).to_contain_text("The camera is not allowed")
    expect(visit.page.get_by_role("button", name="Scan a code")).to_be_focused()
    audit(visit.page)


def test_a_device_without_a_camera_is_told_what_else_there_is(chromium: Browser, stack: Stack) -> None:
    visit = Visit(chromium, stack)
    visit.open()
    visit.scan()
    expect(visit.alert).to_contain_text("No camera found")
    visit.context.close()


def test_a_camera_that_another_app_has_is_told_from_none(visit: Visit) -> None:
    visit.page.add_init_script(
        "navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('busy', 'NotReadableError'))"
    )
    visit.open()
    visit.scan()
    expect(visit.alert).to_contain_text("Another app or page may be using it")


def test_an_unsafe_connection_is_told_from_a_refusal(visit: Visit) -> None:
    visit.page.add_init_script(
        "Object.defineProperty(window, 'isSecureContext', { value: false });"
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
    )
    visit.open(camera="asked")
    visit.scan()
    expect(visit.alert).to_contain_text("must begin with https")


def test_a_reader_of_the_browser_s_own_is_used_where_it_can_read_packs(
    visit: Visit, camera: FakeCamera
) -> None:
    camera.show(None)
    visit.page.add_init_script(
        f"""window.BarcodeDetector = class {{
            static async getSupportedFormats() {{
                return ["qr_code", "data_matrix", "ean_13", "ean_8", "upc_a"];
            }}
            async detect() {{ return [{{ format: "data_matrix", rawValue: "01{MUESLI}10L6041" }}]; }}
        }}"""
    )
    page = visit.open()
    visit.scan()
    page.wait_for_url(re.compile(f"/passport/{MUESLI}(\\?|$)"))
    assert [url for url in visit.asked if "code_reader" in url] == []
    assert f"{visit.stack.url}/scan" in visit.asked
    expect(page.get_by_text("L6041").first).to_be_visible()


def _jpeg(drawn: Image.Image, *, width: int) -> bytes:
    """A photo: the code is a small part of it, and it lies aslant."""
    photo = Image.new("L", (width, width * 3 // 4), 170)
    photo.paste(drawn.rotate(17, expand=True, fillcolor=255), (width // 3, width // 4))
    file = BytesIO()
    photo.save(file, "JPEG", quality=80)
    return file.getvalue()


def _choose(visit: Visit, *, name: str, content: bytes) -> None:
    with visit.page.expect_file_chooser() as chooser:
        visit.page.get_by_role("button", name="Picture").click()
    chooser.value.set_files({"name": name, "mimeType": "image/jpeg", "buffer": content})


def test_a_photo_of_a_code_is_read_in_the_browser_and_goes_nowhere(visit: Visit) -> None:
    page = visit.open(camera="asked")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    _choose(visit, name="photo.jpg", content=_jpeg(fake_camera.qr_code(LINK), width=3000))
    page.wait_for_url(re.compile(f"/passport/{MUESLI}(\\?|$)"))
    (scan,) = sent
    assert scan.url == f"{visit.stack.url}/scan"
    # What the code says, and nothing of the picture it was read from.
    read = f"{visit.stack.url}/01/{MUESLI}/10/L6041?15=271227"
    assert parse_qs(scan.post_data or "", strict_parsing=True) == {"code": [read]}


def test_a_picture_that_says_nothing_says_why(visit: Visit) -> None:
    visit.open(camera="asked")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for name, content, said in (
        ("code.png", svg, "Drawings (SVG)"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64, "HEIC"),
        ("photo.jpg", b"%PDF-1.7 not a photo", "not a picture"),
        ("bomb.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0", "too large"),
        ("broken.jpg", b"\xff\xd8\xff\xe0 begins like one", "not a picture"),
        ("table.jpg", _jpeg(Image.new("L", (40, 40), 200), width=400), "No code found in this picture"),
        ("other.jpg", _jpeg(fake_camera.qr_code("hello"), width=900), "not a product code"),
    ):
        _choose(visit, name=name, content=content)
        expect(visit.alert).to_contain_text(said, timeout=15_000)


def test_what_this_browser_scanned_stands_below(visit: Visit) -> None:
    page = visit.open(camera="asked")
    assert page.get_by_role("region", name="Your recent scans").count() == 0
    page.goto(f"{visit.stack.url}/01/{MUESLI}")
    page.goto(visit.stack.url)
    scans = page.get_by_role("region", name="Your recent scans").get_by_role("listitem")
    expect(scans).to_have_count(1)


def test_without_javascript_the_code_is_typed(chromium: Browser, stack: Stack) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(stack.url)
    assert not page.get_by_role("button", name="Scan a code", include_hidden=True).is_visible()
    page.get_by_label("Type or paste the code").fill(MUESLI)
    page.get_by_role("button", name="Show the product").click()
    expect(page).to_have_url(re.compile(f"/passport/{MUESLI}(\\?|$)"))
    context.close()
