"""In which language somebody is answered."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from packytrace.edge.languages import COOKIE, LanguageMiddleware, language_of
from packytrace.edge.preferences import THEME_COOKIE

FORM = "/preferences/language"


def _request(path: str = "/search", *, wishes: str = "", cookie: str = "") -> HttpRequest:
    request = RequestFactory().get(path, headers={"accept-language": wishes} if wishes else {})
    if cookie:
        request.COOKIES[COOKIE] = cookie
    return request


@pytest.mark.parametrize(
    ("wishes", "cookie", "language"),
    [
        ("", "", "en"),
        ("it", "", "it"),
        ("de-AT,de;q=0.9,en;q=0.5", "", "de"),
        ("pt, fr;q=0.4, en;q=0.8", "", "en"),
        ("pt, fr;q=0.9", "", "fr"),
        ("zh, *", "", "en"),
        ("de;q=0, es;q=0.1", "", "es"),
        (";;q=x,,", "", "en"),
        ("it", "fr", "fr"),
        ("it", "xx", "it"),
        ("it", "../../etc", "it"),
    ],
)
def test_the_choice_counts_then_the_browsers_wish_then_english(
    wishes: str, cookie: str, language: str
) -> None:
    assert language_of(_request(wishes=wishes, cookie=cookie)) == language


def test_programs_are_answered_by_accept_language_alone() -> None:
    assert language_of(_request("/api/v1/products", wishes="de", cookie="it")) == "de"


def _answering(seen: list[str | None]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append(translation.get_language())
        return HttpResponse()

    return answer


def test_a_page_is_made_in_the_language_and_says_so() -> None:
    seen: list[str | None] = []
    response = LanguageMiddleware(_answering(seen))(_request(wishes="fr"))
    assert seen == ["fr"]
    assert response.headers["Content-Language"] == "fr"
    assert response.headers["Vary"] == "Accept-Language, Cookie"


def test_what_programs_read_varies_by_their_wish_alone() -> None:
    response = LanguageMiddleware(_answering([]))(_request("/api/v1/products", wishes="fr"))
    assert response.headers["Vary"] == "Accept-Language"


def test_the_resolver_activates_nothing_and_inherits_nothing() -> None:
    seen: list[str | None] = []
    middleware = LanguageMiddleware(_answering(seen))
    middleware(_request(wishes="fr"))
    response = middleware(_request("/01/08000500037560", wishes="fr"))
    assert seen == ["fr", "en"]
    assert "Content-Language" not in response.headers


def test_an_error_is_told_in_the_language_of_who_asks(client: Client) -> None:
    page = client.get("/nowhere", headers={"accept-language": "de"})
    assert page.headers["Content-Language"] == "de"
    assert '<html lang="de"' in page.text
    body = client.get("/api/v1/nowhere", headers={"accept-language": "it"})
    assert body.headers["Content-Language"] == "it"
    assert body.json()["code"] == "not_found"


def test_the_description_of_the_api_is_english_whoever_asks_first(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"accept-language": "de"})
    assert answer.headers["Content-Language"] == "en"
    assert "There is nothing at this address." in answer.text


def test_a_form_keeps_both_choices_and_leads_back_to_its_page(client: Client) -> None:
    answer = client.post(
        FORM,
        {"language": "it", "theme": "dark"},
        headers={"referer": "http://testserver/search?q=pasta", "sec-fetch-site": "same-origin"},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=pasta")
    assert answer.cookies[COOKIE].value == "it"
    assert answer.cookies[COOKIE]["httponly"]
    assert answer.cookies[THEME_COOKIE].value == "dark"
    assert not answer.cookies[THEME_COOKIE]["httponly"]


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("", "/"),
        ("https://evil.example/search", "/"),
        ("http://testserver//evil.example/", "/"),
        ("http://testserver/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver@evil.example/", "/"),
        ("http://testserver/01/08000500037560", "/"),
        ("http://testserver/passport/08000500037560#eco", "/passport/08000500037560"),
    ],
)
def test_nobody_is_led_off_the_site_or_into_a_second_scan(
    client: Client, referer: str, leads_to: str
) -> None:
    answer = client.post(FORM, {"language": "it"}, headers={"referer": referer})
    assert answer.headers["Location"] == leads_to


def test_a_value_that_is_not_offered_changes_nothing(client: Client) -> None:
    assert not client.post(FORM, {"language": "xx", "theme": "pink"}).cookies


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}]
)
def test_another_sites_form_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = client.post(FORM, {"language": "it"}, headers=headers)
    assert answer.status_code == 403
    assert not answer.cookies


def test_looking_at_the_form_address_is_refused(client: Client) -> None:
    assert client.get(FORM).status_code == 405
