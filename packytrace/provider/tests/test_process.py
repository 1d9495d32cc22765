"""The embedded provider from outside, as the process that it is."""

import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from django.conf import settings

from packytrace.edge import access_tokens
from packytrace.openid.id_token import verify_id_token
from packytrace.openid.issuer import Issuer
from packytrace.provider.tests.visitor import Visitor
from tests.embedded_provider import EmbeddedProvider

pytestmark = pytest.mark.provider


@pytest.fixture
def visitor(embedded_provider: EmbeddedProvider) -> Visitor:
    return Visitor(embedded_provider)


@pytest.fixture(scope="module")
def signed_in(embedded_provider: EmbeddedProvider) -> Visitor:
    # Once: thirty sign-ins a minute from one address are the limit.
    first = Visitor(embedded_provider)
    first.sign_in(embedded_provider.person(role="operator"))
    return first


@pytest.fixture
def operator(visitor: Visitor, signed_in: Visitor) -> Visitor:
    visitor.session.cookies.update(signed_in.session.cookies)
    return visitor


class TestTokens:
    def test_both_tokens_say_who_may_do_what_here(self, operator: Visitor) -> None:
        person = operator.provider.person(role="operator")
        answer: dict[str, Any] = operator.exchange(operator.code()).json()
        issuer = Issuer(url=operator.provider.issuer)
        who = verify_id_token(
            answer["id_token"], issuer=issuer, client_id="packytrace-web", nonce="the nonce"
        )
        assert (who.subject, who.name) == (str(person.subject), person.name)
        assert who.roles == {"operator"}
        bearer = access_tokens.verify(answer["access_token"], issuer=issuer, audience="packytrace-api")
        assert (bearer.subject, bearer.roles) == (who.subject, frozenset({"operator"}))

    def test_no_token_has_the_e_mail_address(self, operator: Visitor) -> None:
        answer = operator.exchange(operator.code()).json()
        for name in ("id_token", "access_token"):
            claims = jwt.decode(answer[name], options={"verify_signature": False})
            assert "demo.example" not in str(claims)

    def test_no_token_is_renewed_without_the_person(self, operator: Visitor) -> None:
        token = operator.exchange(operator.code()).json().get("refresh_token", "none was made")
        renewed = operator.exchange("", grant_type="refresh_token", refresh_token=token)
        assert renewed.status_code == 400
        assert "access_token" not in renewed.json()

    def test_a_code_is_good_once(self, operator: Visitor) -> None:
        code = operator.code()
        assert operator.exchange(code).status_code == 200
        assert operator.exchange(code).status_code == 400

    @pytest.mark.parametrize(
        "changes",
        [
            {"code_verifier": "x" * 64},
            {"code_verifier": ""},
            {"redirect_uri": "http://127.0.0.1:1/sign-in/callback"},
            {"grant_type": "password"},
            {"grant_type": "client_credentials"},
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"},
        ],
        ids=str,
    )
    def test_an_exchange_that_does_not_fit_is_refused(
        self, operator: Visitor, changes: dict[str, str]
    ) -> None:
        answer = operator.exchange(operator.code(), **changes)
        assert answer.status_code in {400, 401}
        assert "access_token" not in answer.json()

    def test_without_the_secret_a_code_is_worth_nothing(self, operator: Visitor) -> None:
        assert operator.exchange(operator.code(), secret="guessed").status_code == 401


class TestAuthorization:
    @pytest.mark.parametrize(
        "changes",
        [
            {"code_challenge": None, "code_challenge_method": None},
            {"code_challenge_method": "plain"},
            {"code_challenge_method": None},
            {"redirect_uri": "https://evil.example/"},
            {"redirect_uri": None},
            {"client_id": "somebody-else"},
            {"client_id": None},
        ],
        ids=str,
    )
    def test_a_request_that_must_not_be_answered_ends_here(
        self, operator: Visitor, changes: dict[str, str | None]
    ) -> None:
        answer = operator.authorize(**changes)
        assert answer.status_code == 400
        assert "This link does not work" in answer.text

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"scope": "openid email"}, "invalid_scope"),
            ({"response_type": "token"}, "unauthorized_client"),
            ({"response_type": "id_token"}, "unauthorized_client"),
        ],
        ids=str,
    )
    def test_what_the_application_may_not_have_is_refused_to_it(
        self, operator: Visitor, changes: dict[str, str], error: str
    ) -> None:
        answer = operator.authorize(**changes)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(operator.provider.public_url)
        assert f"error={error}" in answer.headers["Location"]

    def test_nobody_signed_in_is_asked_first_and_comes_back(self, visitor: Visitor) -> None:
        asked = visitor.authorize()
        assert asked.status_code == 302
        assert urlsplit(asked.headers["Location"]).path == "/sign-in"
        person = visitor.provider.person(role="consumer")
        wanted = parse_qs(urlsplit(asked.headers["Location"]).query)["next"][0]
        answer = visitor.type_in(
            email=person.email, password=visitor.provider.password(person), wanted=wanted
        )
        assert answer.headers["Location"].startswith("/identity/o/authorize?")

    def test_asked_to_answer_silently_it_does(self, visitor: Visitor, operator: Visitor) -> None:
        stranger = Visitor(visitor.provider)
        assert "error=login_required" in stranger.authorize(prompt="none").headers["Location"]


class TestSigningIn:
    def test_a_wrong_password_says_so_and_names_no_field(self, visitor: Visitor) -> None:
        known = visitor.provider.person(role="brand_user", brand="nordkorn").email
        texts = []
        for email in (known, "nobody@demo.example"):
            answer = visitor.type_in(email=email, password="not the password")
            assert answer.status_code == 200
            texts.append(re.findall(r'role="alert">(.*?)</div>\s*</div>', answer.text, re.DOTALL))
        assert texts[0]
        assert texts[0] == texts[1], "nobody learns which addresses exist"

    def test_guessing_is_slowed_down(self, visitor: Visitor) -> None:
        person = visitor.provider.person(role="brand_user", brand="campo-vivo")
        for _attempt in range(5):
            visitor.type_in(email=person.email, password="a guess")
        answer = visitor.type_in(email=person.email, password=visitor.provider.password(person))
        assert answer.status_code == 200
        assert "Too many attempts failed" in answer.text

    def test_a_form_of_another_site_signs_nobody_in(self, visitor: Visitor) -> None:
        answer = visitor.session.post(
            f"{visitor.provider.issuer}/sign-in", data={"login": "a@b.c", "password": "x"}, timeout=10
        )
        assert answer.status_code == 403
        assert "This form was open for too long" in answer.text

    @pytest.mark.parametrize(
        ("path", "status"),
        [("/nothing", 404), ("/identity/o/authorize?client_id=stranger", 400)],
        ids=["nothing", "a client that is not known"],
    )
    def test_a_page_of_trouble_has_the_number_that_the_log_has(
        self, visitor: Visitor, path: str, status: int
    ) -> None:
        answers = [
            requests.get(f"{visitor.provider.issuer}{path}", timeout=10, allow_redirects=False)
            for _ in range(2)
        ]
        numbers = [answer.headers["X-Correlation-ID"] for answer in answers]
        assert [answer.status_code for answer in answers] == [status, status]
        assert all(
            f">{number}</code>" in answer.text for number, answer in zip(numbers, answers, strict=True)
        )
        assert len(set(numbers)) == 2

    def test_no_wish_leads_elsewhere(self, visitor: Visitor) -> None:
        person = visitor.provider.person(role="consumer")
        for wanted in ("https://evil.example/", "//evil.example"):
            answer = Visitor(visitor.provider).type_in(
                email=person.email, password=visitor.provider.password(person), wanted=wanted
            )
            assert answer.headers["Location"] == f"{visitor.provider.public_url}/sign-in"

    @pytest.mark.parametrize(
        "path",
        [
            "/signup/",
            "/accounts/signup/",
            "/password/reset/",
            "/email/",
            "/identity/o/device",
            "/identity/o/api/device/code",
            "/identity/o/api/clients",
            "/admin/",
        ],
    )
    def test_nothing_is_there_that_is_not_offered(self, visitor: Visitor, path: str) -> None:
        assert visitor.get(path).status_code == 404


class TestSigningOut:
    def test_with_the_hint_it_ends_at_once_and_leads_back(self, visitor: Visitor) -> None:
        operator = visitor
        operator.sign_in(operator.provider.person(role="operator"))
        hint = operator.exchange(operator.code()).json()["id_token"]
        answer = operator.get(
            "/identity/o/logout",
            id_token_hint=hint,
            client_id="packytrace-web",
            post_logout_redirect_uri=f"{operator.provider.public_url}/signed-out",
        )
        assert answer.headers["Location"] == f"{operator.provider.public_url}/signed-out"
        assert urlsplit(operator.authorize().headers["Location"]).path == "/sign-in"

    def test_without_it_the_person_is_asked(self, operator: Visitor) -> None:
        answer = operator.get("/identity/o/logout", client_id="packytrace-web")
        assert answer.status_code == 200
        assert "Sign out?" in answer.text
        assert operator.code()

    def test_it_leads_to_no_other_site(self, operator: Visitor) -> None:
        answer = operator.get(
            "/identity/o/logout",
            client_id="packytrace-web",
            post_logout_redirect_uri="https://evil.example/",
        )
        assert "evil.example" not in answer.headers.get("Location", "")


class TestTheHouse:
    def test_what_it_says_of_itself(self, visitor: Visitor) -> None:
        said = visitor.get("/.well-known/openid-configuration").json()
        assert said["issuer"] == visitor.provider.issuer
        assert said["grant_types_supported"] == ["authorization_code"]
        assert said["code_challenge_methods_supported"] == ["S256"]
        assert not {"device_authorization_endpoint", "registration_endpoint"} & said.keys()
        assert all(v.startswith(said["issuer"]) for k, v in said.items() if k.endswith("_endpoint"))

    def test_another_host_name_changes_nothing_of_it(self, visitor: Visitor) -> None:
        port = urlsplit(visitor.provider.issuer).port
        said = requests.get(f"http://localhost:{port}/.well-known/openid-configuration", timeout=5).json()
        assert said["token_endpoint"] == f"{visitor.provider.issuer}/identity/o/api/token"

    def test_an_invented_host_name_is_refused(self, visitor: Visitor) -> None:
        answer = requests.get(
            f"{visitor.provider.issuer}/sign-in", headers={"Host": "evil.example"}, timeout=5
        )
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        "path", ["/sign-in", "/nothing", "/static/app.css", "/.well-known/openid-configuration"]
    )
    def test_no_script_runs_on_any_page_but_our_own(self, visitor: Visitor, path: str) -> None:
        policy = visitor.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert f"form-action 'self' {visitor.provider.public_url}" in policy

    def test_its_cookies_are_its_own(self, operator: Visitor) -> None:
        names = {cookie.name for cookie in operator.session.cookies}
        assert names == {"packytrace_provider_session", "packytrace_provider_csrf"}
        assert names.isdisjoint({settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME})
        assert all(cookie.has_nonstandard_attr("HttpOnly") for cookie in operator.session.cookies)

    def test_it_sends_everybody_home(self, visitor: Visitor) -> None:
        assert visitor.get("/").headers["Location"] == visitor.provider.public_url


class TestPeople:
    def test_added_signed_in_and_closed(self, visitor: Visitor) -> None:
        provider, email = visitor.provider, f"nina-{secrets.token_hex(4)}@brand.example"
        added = provider.command(
            "people", "add", email, "--name", "Nina", "--role", "brand_user", typed="a long good password\n"
        )
        assert added.returncode == 0, added.stderr
        assert visitor.type_in(email=email, password="a long good password").status_code == 302
        assert visitor.authorize().status_code == 302
        assert email in provider.command("people", "list").stdout
        assert provider.command("people", "close", email).returncode == 0
        assert urlsplit(visitor.authorize().headers["Location"]).path == "/sign-in"
        refused = Visitor(provider).type_in(email=email, password="a long good password")
        assert refused.headers.get("Location") == "/closed"
        assert "This account is closed" in visitor.get("/closed").text

    def test_another_password_ends_the_sessions(self, visitor: Visitor) -> None:
        provider, email = visitor.provider, f"nina-{secrets.token_hex(4)}@brand.example"
        provider.command("people", "add", email, "--name", "Nina", typed="a long good password\n")
        visitor.type_in(email=email, password="a long good password")
        provider.command("people", "password", email, typed="another good password\n")
        assert urlsplit(visitor.authorize().headers["Location"]).path == "/sign-in"

    @pytest.mark.parametrize("password", ["short", "password1234", ""])
    def test_a_password_that_is_easy_to_guess_is_refused(
        self, embedded_provider: EmbeddedProvider, password: str
    ) -> None:
        answer = embedded_provider.command(
            "people", "add", "weak@brand.example", "--name", "Weak", typed=f"{password}\n"
        )
        assert answer.returncode == 1
        assert "password" in answer.stderr

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (("add", "no address", "--name", "X"), "is no e-mail address"),
            (("add", "olga@demo.example", "--name", "X"), "can sign in already"),
            (("close", "nobody@demo.example"), "Nobody signs in as"),
            (("roles", "nobody@demo.example", "operator"), "Nobody signs in as"),
        ],
    )
    def test_refusals_say_why(
        self, embedded_provider: EmbeddedProvider, arguments: tuple[str, ...], complaint: str
    ) -> None:
        answer = embedded_provider.command("people", *arguments, typed="a long good password\n")
        assert answer.returncode == 1
        assert complaint in answer.stderr
        assert "Traceback" not in answer.stderr

    def test_preparing_again_changes_nothing(self, embedded_provider: EmbeddedProvider) -> None:
        before = embedded_provider.command("people", "list").stdout
        again = embedded_provider.command("prepare")
        assert again.returncode == 0, again.stderr
        assert embedded_provider.command("people", "list").stdout == before

    def test_beside_another_provider_it_does_not_start(self, embedded_provider: EmbeddedProvider) -> None:
        embedded_provider.environment.update(OIDC_ISSUER="https://id.example", OIDC_CLIENT_SECRET="x")
        try:
            answer = embedded_provider.command("prepare")
        finally:
            for name in ("OIDC_ISSUER", "OIDC_CLIENT_SECRET"):
                del embedded_provider.environment[name]
        assert answer.returncode == 1
        assert "OIDC_ISSUER names another provider" in answer.stderr


def test_a_query_is_escaped_where_it_is_shown(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in", next='/"><script>alert(1)</script>')
    assert "<script>" not in answer.text
    assert urlencode({"x": "<"}) not in answer.text
