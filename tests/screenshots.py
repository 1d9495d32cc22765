"""The documentation's pictures, taken anew from a running `make up`: `make screenshots`.

PORT and STATE name the stack, as they did for `make up`; its demo history must be told.
"""

import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from playwright.sync_api import Browser, Page, expect, sync_playwright

from packytrace.configuration import ROOT
from packytrace.provider.demo import DEMO_PEOPLE, DemoPerson
from tests.browser import DESKTOP, PHONE
from tests.shopper import MUESLI, Shopper

IMAGES = ROOT / "docs" / "images"
SCHEMES = ("light", "dark")


def main() -> None:
    """Take every picture in both colour schemes."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "packytrace.settings"
    django.setup()
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("No Chromium found: install the `chromium` package or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for scheme in SCHEMES:
            take(browser, scheme=scheme)
        browser.close()


def take(browser: Browser, *, scheme: str) -> None:
    """All pictures of one colour scheme."""
    from django.conf import settings
    from django.utils import timezone

    from packytrace import wiring

    link = f"{settings.PUBLIC_URL}{wiring.demo_link(today=timezone.now().date())}"
    for device, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        with _page(browser, viewport=viewport, scheme=scheme, scale=2 if device == "phone" else 1) as page:
            page.goto(link)
            expect(page).to_have_url(re.compile("/passport/"))
            _save(page, f"passport-{device}-{scheme}")
    with _page(browser, viewport=PHONE, scheme=scheme, scale=2) as page:
        page.goto(f"{settings.PUBLIC_URL}/search?q=milk")
        _save(page, f"search-phone-{scheme}")
    with _page(browser, viewport=PHONE, scheme=scheme, scale=2) as page:
        _account(page, scheme=scheme)
    with _page(browser, viewport=PHONE, scheme=scheme, scale=2) as page:
        page.goto(f"{settings.PUBLIC_URL}/fridge")
        _sign_in(page, next(person for person in DEMO_PEOPLE if person.role == "consumer"))
        expect(page.get_by_role("heading", name="Eat first")).to_be_visible()
        _save(page, f"fridge-phone-{scheme}")
    with _page(browser, viewport=DESKTOP, scheme=scheme, scale=1) as page:
        page.goto(f"{settings.PUBLIC_URL}/brand/")
        _sign_in(page, next(person for person in DEMO_PEOPLE if person.brand == "campo-vivo"))
        expect(page.get_by_role("group", name="Most scanned products")).to_be_visible()
        _save(page, f"console-{scheme}")


def _sign_in(page: Page, person: DemoPerson) -> None:
    from django.conf import settings

    page.get_by_label(re.compile("e-?mail|login", re.IGNORECASE)).fill(person.email)
    password = person.password(secret=settings.EMBEDDED_SERVER.secret)
    page.get_by_label("Password", exact=False).first.fill(password)
    page.get_by_role("button", name=re.compile("sign in|log in|continue", re.IGNORECASE)).click()


def _account(page: Page, *, scheme: str) -> None:
    """A new shopper's setup, and what a passport says then."""
    from django.conf import settings

    shopper = Shopper(
        url=settings.PUBLIC_URL,
        context=page.context,
        page=page,
        email=f"nina-{secrets.token_hex(6)}@shop.example",
    )
    shopper.open(f"/01/{MUESLI}")
    page.get_by_role("link", name="Sign up and see").click()
    shopper.sign_up(mail=settings.STATE / "mail")
    page.get_by_role("heading", level=1).wait_for()
    _save(page, f"setup-phone-{scheme}")
    shopper.set_up()
    _save(page, f"verdict-phone-{scheme}")


@contextmanager
def _page(browser: Browser, *, viewport: dict[str, int], scheme: str, scale: int) -> Iterator[Page]:
    context = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=scale)
    yield context.new_page()
    context.close()


def _save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png", animations="disabled")
    print(f"docs/images/{name}.png")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
