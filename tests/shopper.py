"""A shopper with a phone in front of the application: from a scanned passport to a verdict."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packytrace.provider import mailbox

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Response

PASSWORD: Final = "bread from the third oven"
#: Products of the demonstration: one has whey powder, which is milk; the other is milk without lactose.
MUESLI: Final = "09521003000039"
LACTOSE_FREE: Final = "09521001000017"


@dataclass(kw_only=True)
class Shopper:
    """Somebody, and what the phone has shown."""

    url: str
    """Of the application."""
    context: "BrowserContext"
    page: "Page"
    email: str
    complaints: list[str] = field(default_factory=list)
    """Of the browser's console: policy violations and failed scripts."""
    screens: list[str] = field(default_factory=list)
    """Pages that wanted something of the person, by heading."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(15_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type == "error" else None
        )

    def open(self, path: str) -> "Response":
        response = self.page.goto(f"{self.url}{path}")
        assert response is not None
        return response

    def asked(self, heading: str) -> None:
        """Be on a page that wants something."""
        self.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
        self.screens.append(heading)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def tick(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()

    def sign_up(
        self, *, mail: Path, asked: str = "Create an account", press: str = "Create the account"
    ) -> None:
        """From the provider's form to where the application goes on; `mail` is the folder of its mails."""
        self.asked(asked)
        self.page.locator("[name=email]").fill(self.email)
        self.page.locator("[name=password1]").fill(PASSWORD)
        self.press(press)
        # The page that follows asks nothing that could be answered there, so it is no screen of its own.
        self.page.wait_for_url(re.compile("/sign-up/mail$"))
        letters = [letter for letter in mailbox.letters(mail) if letter.to == self.email]
        self.page.goto(str(letters[-1].link))

    def set_up(self) -> None:
        """The three steps: consent, "lactose intolerant", "more protein"."""
        self.asked("See whether a product suits you")
        self.press("I agree")
        self.asked("What is bad for you?")
        self.tick("Lactose intolerance")
        self.press("Save and go on")
        self.asked("What do you want to eat?")
        self.tick("More protein")
        self.press("Save and finish")
        self.page.wait_for_url(f"{self.url}/passport/*")

    @property
    def verdict(self) -> "Locator":
        return self.page.locator("section", has=self.page.locator("#verdict"))
