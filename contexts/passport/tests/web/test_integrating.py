"""What docs/integrating.md shows is answered as it says, with nothing but the demo's products."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from contexts.passport.application.demo_catalogue import load_demo_catalogue
from contexts.passport.demo import BRANDS
from contexts.passport.web.product_view import ProductView

PAGE = (Path(__file__).parents[4] / "docs/integrating.md").read_text(encoding="utf-8")
#: What needs no account.
TEXT, _SECTION, _REST = PAGE.partition("### For account holders")
SHOWN = re.findall(r"(?:-d '(?P<body>\{.*\})' )?\"?http://127\.0\.0\.1:\$PORT(?P<path>/api/[^\s\"]*)", TEXT)
#: What the Resolver is asked, and whether for its list.
RESOLVED = re.findall(r"curl (?:-i )?(-H 'Accept: .*' )?\"http://127\.0\.0\.1:\$PORT(/(?!api)[^\s\"]*)", TEXT)

pytestmark = [pytest.mark.django_db(databases=["passport"]), pytest.mark.usefixtures("plain_static_files")]


def test_each_request_that_is_shown_works_in_the_order_of_the_page(client: Client) -> None:
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=datetime.now(UTC))
    scan_id = ""
    answers = []
    for body, path in SHOWN:
        send: Callable[..., object] = client.post if body or path.endswith("/report") else client.get
        response = send(path.replace("SCAN-ID", scan_id), body or None, content_type="application/json")
        told = response.json()
        scan_id = told.get("scanId", scan_id)
        answers.append((path.removeprefix("/api/v1/"), response.status_code, told.get("productKnown")))
    assert answers == [
        ("products/09521002000016", 200, None),
        ("products/09521002000016?lot=L6041", 200, None),
        ("products?q=tomato", 200, None),
        ("products?q=pasta&without=milk&grade=A&grade=B", 200, None),
        ("scans", 201, True),
        ("scans/SCAN-ID", 200, True),
        ("scans", 201, False),
        ("scans/SCAN-ID/report", 200, None),
    ]


def test_each_field_of_a_product_is_named_and_no_other() -> None:
    table = TEXT.partition("### A product")[2].partition("```json")[0]
    named = [
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for name in re.findall("`(.*?)`", row)
    ]
    assert sorted(named) == sorted(ProductView().get_fields())


def test_the_answer_that_is_shown_is_a_real_one(client: Client) -> None:
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=datetime.now(UTC))
    (shown,) = re.findall(r"```json\n(\{.*?\})\n```", TEXT.partition("### A product")[2], re.DOTALL)
    told = client.get("/api/v1/products/09521002000016", headers={"Accept-Language": "it"}).json()
    part = json.loads(shown)
    assert {name: told[name] for name in part} == part


def test_each_code_that_is_shown_is_resolved(client: Client) -> None:
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=datetime.now(UTC))
    answers = [
        client.get(path, headers={"Accept": "application/linkset+json" if accept else "*/*"}).status_code
        for accept, path in RESOLVED
    ]
    assert answers == [307, 200, 307, 200]
