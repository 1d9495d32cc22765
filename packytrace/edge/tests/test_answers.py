"""Whatever goes wrong: one body for programs, a friendly page for people, no stack trace for anybody."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from packytrace.edge import failures, problems
from packytrace.edge.answers import answer
from packytrace.errors import Kind

Written = Callable[[], list[dict[str, Any]]]

EXPECTED = {
    "missing": (404, "not_found"),
    "denied": (403, "forbidden"),
    "empty": (404, "test_shelf_empty"),
    "taken": (409, "test_shelf_taken"),
    "closed": (503, "test_shelf_closed"),
    "database": (503, "unavailable"),
    "connection": (503, "unavailable"),
    "crash": (500, "server_error"),
}


@pytest.mark.parametrize(("how", "status", "code"), [(how, *told) for how, told in EXPECTED.items()])
@pytest.mark.parametrize("path", ["/api/v1/fail/", "/fail/"])
def test_a_program_reads_one_body(client: Client, path: str, how: str, status: int, code: str) -> None:
    response = client.get(path + how, headers={"Accept": "application/json"})
    body = response.json()
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    assert set(body) == {"code", "message", "correlationId"}
    assert body["code"] == code
    assert body["message"]
    assert body["correlationId"] == response["X-Correlation-ID"]
    assert response["Cache-Control"] == "no-store"
    assert ("Retry-After" in response) == (status == 503)


@pytest.mark.parametrize(("how", "status"), [(how, told[0]) for how, told in EXPECTED.items()])
def test_a_person_sees_a_page(client: Client, how: str, status: int) -> None:
    response = client.get(f"/fail/{how}", headers={"Accept": "text/html,*/*;q=0.8"})
    page = response.content.decode()
    assert (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert response["X-Correlation-ID"] in page
    assert not re.search(r"Traceback|Exception|Error:|\.py", page)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("console", ["/brand/", "/admin/"])
@pytest.mark.parametrize("problem", [p for p in problems.ALL if p.status != 401], ids=lambda p: p.code)
@pytest.mark.usefixtures("client")
def test_people_at_work_are_led_back_to_their_work(console: str, problem: problems.Problem) -> None:
    request = RequestFactory().get(f"{console}somewhere")
    response = answer(request, problem)
    page = response.content.decode()
    assert response.status_code == problem.status
    assert f'href="{console}"' in page
    for shoppers in ("Scan another product", "on the pack", "barcode", 'href="/"', 'href="/search"'):
        assert shoppers not in page


def test_an_error_in_the_domains_words_keeps_them(client: Client) -> None:
    assert client.get("/api/v1/fail/empty").json()["message"] == "The shelf is empty."
    assert "The shelf is empty." in client.get("/fail/empty").content.decode()


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("PUT", "/api/v1/shelves", 405, "method_not_allowed"),
        ("GET", "/api/v1/mine", 401, "not_signed_in"),
        ("GET", "/api/v1/fail/throttled", 429, "too_many_requests"),
        ("POST", "/health/live", 405, "method_not_allowed"),
    ],
)
def test_programs_are_answered_as_programs_whatever_they_accept(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    response = client.generic(method, path, headers={"Accept": "text/html, */*"})
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_wrong_method_is_told_the_right_ones(client: Client) -> None:
    page = client.post("/safe")
    assert (page.status_code, page["Allow"]) == (405, "GET, HEAD")
    assert page.content.decode().lower().startswith("<!doctype html>")
    assert set(client.delete("/api/v1/shelves")["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_401_names_the_scheme(client: Client) -> None:
    assert client.get("/api/v1/mine")["WWW-Authenticate"] == "Bearer"


def test_a_form_without_its_token_is_told_to_reload(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/form", headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["code"]) == (403, "form_expired")
    assert "reload" in strict.post("/form").content.decode()


@pytest.mark.parametrize("host", ["evil.example", "testserver/x", "a b", ""])
def test_another_host_is_not_answered(client: Client, host: str) -> None:
    response = client.get("/api/v1/show", headers={"Host": host}, SERVER_NAME="evil.example")
    assert (response.status_code, response.json()["code"]) == (400, "bad_host")


def test_without_templates_there_is_still_a_page(
    client: Client, settings: Settings, written: Written
) -> None:
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": []}]
    response = client.get("/none")
    page = response.content.decode()
    assert response.status_code == 404
    assert "There is nothing at this address." in page
    assert response["X-Correlation-ID"] in page
    assert "<style" not in page
    assert "error page failed" in [line["event"] for line in written()]


def test_a_crash_is_in_the_log_with_its_place(client: Client, written: Written) -> None:
    response = client.get("/api/v1/fail/crash")
    [crash] = [line for line in written() if line["event"] == "request failed"]
    assert crash["correlation_id"] == response["X-Correlation-ID"]
    assert crash["level"] == "error"
    assert re.search(r"urls\.py:\d+ in api_fail", crash["exception"])


def test_a_lost_database_is_a_line_not_a_stack_trace(client: Client, written: Written) -> None:
    client.get("/fail/database")
    [line] = [line for line in written() if line["event"] == "request failed"]
    assert line["reason"] == "django.db.utils.OperationalError: server closed the connection unexpectedly"
    assert "exception" not in line


@pytest.mark.usefixtures("_views")
def test_a_database_lost_in_a_middleware_is_no_crash_either() -> None:
    def save_session(_request: HttpRequest) -> HttpResponse:
        raise OperationalError("gone while the session was saved")

    response = convert_exception_to_response(save_session)(HttpRequest())
    assert isinstance(response, HttpResponse)
    assert (response.status_code, response["Retry-After"]) == (503, "10")


def test_a_body_that_django_refuses_is_too_large() -> None:
    assert failures.bad_request(HttpRequest(), RequestDataTooBig()).status_code == 413


def test_every_kind_of_error_has_a_status() -> None:
    assert set(problems.STATUS_OF_KIND) == set(Kind)
    for status in problems.STATUS_OF_KIND.values():
        assert problems.of_status(status).status == status


def test_codes_are_unique_and_snake_case() -> None:
    codes = [problem.code for problem in problems.ALL]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", code) for code in codes)
