"""The documentation builds without a warning and loads nothing from elsewhere; its decisions are complete."""

import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
from django.test import Client

from packytrace.edge import openapi

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "contracts").glob("*.md")])
DECISIONS = sorted((ROOT / "docs/adr").glob("0*.md"))


class Loaded(HTMLParser):
    """What a page makes a browser load, as opposed to what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the address of a script, picture, frame, style or hint."""
        given = dict(attrs)
        if tag in {"script", "img", "iframe", "source", "link"}:
            self.addresses += [address for name in ("src", "href") if (address := given.get(name))]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert loaded.addresses
        assert [address for address in loaded.addresses if re.match(r"(https?:)?//", address)] == [], page


def test_the_reference_of_the_facts_is_in_the_documentation(site: Path) -> None:
    page = (site / "contracts/index.html").read_text(encoding="utf-8")
    assert "ProductScanned v1" in page
    assert "shareTenths" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_on_this_disk_is_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    missing = [
        target
        for target in local
        if (path := target.partition("#")[0]) and not (page.parent / path).resolve().exists()
    ]
    assert missing == []


def _requests(text: str) -> list[tuple[str, str, object]]:
    """Method, path and body of every `curl` on a page; a number that the reader fills in is a UUID."""
    found: list[tuple[str, str, object]] = []
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line.replace("$(cat /proc/sys/kernel/random/uuid)", "KEY"))
            if words[:1] != ["curl"]:
                continue
            (address,) = [word for word in words if word.startswith("http://127.0.0.1:$PORT/")]
            body = orjson.loads(words[words.index("-d") + 1]) if "-d" in words else None
            method = words[words.index("-X") + 1] if "-X" in words else "GET" if body is None else "POST"
            path = re.sub(r"[A-Z]+-ID", "6d1f2b9a-5a3c-4a6e-8d55-0f4b9a1c2d3e", address.partition("$PORT")[2])
            found.append((method, path.partition("?")[0], body))
    return found


@pytest.fixture
def _described_anew() -> None:
    """The description is made once a process: perhaps by a test that has addresses of its own."""
    openapi.document.cache_clear()


@pytest.mark.usefixtures("_described_anew")
def test_every_request_of_the_integrators_page_is_one_that_the_api_describes() -> None:
    asked = [
        request
        for request in _requests((ROOT / "docs/integrating.md").read_text(encoding="utf-8"))
        if request[1].startswith("/api/")  # the Resolver's are GS1's, and no OpenAPI describes them
    ]
    assert len(asked) > 10
    described = orjson.loads(Client().get("/api/v1/openapi.json").content)
    fields = described["components"]["schemas"]
    for method, path, body in asked:
        (operations,) = [
            operations
            for template, operations in described["paths"].items()
            if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path)
            and method.lower() in operations
        ]
        operation = operations[method.lower()]
        assert ("requestBody" in operation) is (body is not None), (method, path)
        if body is not None:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
            asks = {**fields[schema], "components": described["components"]}
            # What is read only is required of answers alone.
            told = {name for name, one in asks["properties"].items() if not one.get("readOnly")}
            asks["required"] = [name for name in asks.get("required", []) if name in told]
            jsonschema_rs.validate(asks, body)


@pytest.mark.usefixtures("_described_anew")
def test_every_code_of_an_error_that_the_integrators_page_names_is_described() -> None:
    text = (ROOT / "docs/integrating.md").read_text(encoding="utf-8")
    named = re.findall(r"(?:40[0-9]|41[0-9]|42[0-9]|503)\s+`([a-z_]+)`", text)
    assert len(named) > 5
    described = Client().get("/api/v1/openapi.json").content.decode()
    assert [code for code in named if code not in described] == []


def test_pictures_come_in_light_and_dark_and_are_all_shown() -> None:
    pictures = {path.name for path in (ROOT / "docs/images").glob("*.png")}
    assert {name.replace("-light", "-dark") for name in pictures if "-light" in name} == {
        name for name in pictures if "-light" not in name
    }
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in sorted(pictures) if f"images/{name}" not in shown] == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts_and_is_listed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    number = int(page.name[:4])
    assert re.match(rf"# {number}\. .+\n\n\*\*Status:\*\* (accepted|replaced by \d+)\n", text)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.split()) < 600, "a decision fits one page"
    assert f"]({page.name})" in (ROOT / "docs/adr/index.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
