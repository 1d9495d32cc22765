"""A shopper with a phone in front of the application: from a scanned passport to a verdict."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

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
