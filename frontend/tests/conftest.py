"""A stage for templates: what the tests of this folder look at pages with."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pytest_django import Settings

from tests.browser import PHONE

_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CONTENT_SECURITY_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Static files by their own names: the manifest of hashed names is made by `collectstatic` only."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


class Stage:
    """A browser window that shows templates as a server would: with the built files and a strict policy."""

    def __init__(self, *, context: BrowserContext, built: Path) -> None:
        self.context = context
        self.built = built
        self.complaints: list[str] = []
        self.sent: list[str] = []
        self._html = ""
        context.route("**/*", self._answer)
        self.page = context.new_page()
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, html: str) -> Page:
        self._html = html
        self.page.goto("http://stage.test/")
        return self.page

    def _answer(self, route: Route) -> None:
        request = route.request
        path = re.sub(r"^http://stage\.test", "", request.url)
        if path.startswith("/static/"):
            file = self.built / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=_MEDIA_TYPES[file.suffix])
            return
        if request.resource_type == "fetch":
            route.fulfill(status=204)
            return
        if request.method == "POST":
            self.sent.append(f"{path} {request.post_data}")
        route.fulfill(
            body=self._html,
            content_type="text/html; charset=utf-8",
            headers={"content-security-policy": CONTENT_SECURITY_POLICY},
        )


@pytest.fixture
def stage(chromium: Browser, built: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A stage; `@pytest.mark.parametrize("stage", [{...}], indirect=True)` gives options of the window."""
    options = {"viewport": PHONE, **getattr(request, "param", {})}
    context = chromium.new_context(**options)
    yield Stage(context=context, built=built)
    context.close()
