"""A browser in front of the application, in this process, and of a provider, in another."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.test import Client


class Browser:
    """One person's browser: cookies of the application on one side, of the provider on the other."""

    def __init__(self, *, site: str) -> None:
        self._site = site
        self.site = Client(headers={"host": urlsplit(site).netloc})
        self.at_provider = requests.Session()
        self.passed: list[str] = []

    def open(self, address: str) -> Any:
        """Follow an address through both sides until a page is shown; answers that page."""
        address = urljoin(self._site, address)
        for _step in range(12):
            self.passed.append(address)
            if address.startswith(f"{self._site}/"):
                answer: Any = self.site.get(address.removeprefix(self._site))
            else:
                answer = self.ask_provider("GET", address)
            if answer.status_code not in {301, 302, 303}:
                return answer
            address = urljoin(address, answer.headers["Location"])
        raise AssertionError(f"going round in circles: {self.passed}")

    def ask_provider(self, method: str, address: str, **given: Any) -> requests.Response:
        """One request to the provider; follows nothing."""
        for cookie in self.at_provider.cookies:
            # As browsers do, take loopback for a secure place (W3C Secure Contexts, 3.1).
            cookie.secure = False
        return self.at_provider.request(method, address, timeout=30, allow_redirects=False, **given)

    def send(self, page: requests.Response, **typed: str) -> Any:
        """Fill in the form of a provider's page and follow where it leads."""
        forms = _Forms()
        forms.feed(page.text)
        form = next(form for form in forms.found if typed.keys() <= form.names)
        address = urljoin(page.url, form.action)
        answer = self.ask_provider("POST", address, data={**form.values, **typed})
        assert answer.status_code in {302, 303}, answer.text
        return self.open(urljoin(address, answer.headers["Location"]))


@dataclass
class _Form:
    """Where a form goes, the names of its fields, and what it carries unseen."""

    action: str
    names: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """The forms of a page: beside the one for a password there may be one for a passkey."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Form] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self.found.append(_Form(action=given.get("action") or ""))
        elif tag == "input" and given.get("name") and self.found:
            form, name = self.found[-1], str(given["name"])
            form.names.add(name)
            if given.get("type") == "hidden":
                form.values[name] = given.get("value") or ""
