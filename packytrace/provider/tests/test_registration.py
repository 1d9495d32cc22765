"""Registering and resetting by mail, from outside: who has an account is nobody's business."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest

from packytrace.provider.tests.visitor import Visitor
from tests.embedded_provider import EmbeddedProvider

pytestmark = pytest.mark.provider

PASSWORD = "bread from the third oven"


def fresh_address() -> str:
    return f"nina-{secrets.token_hex(6)}@shop.example"


def register(visitor: Visitor, email: str, *, password: str = PASSWORD, wanted: str = "") -> str:
    """Fill in the form; answers where that leads, or the page with what is wrong."""
    answer = visitor.fill_in("/sign-up", wanted=wanted, name="Nina", email=email, password1=password)
    return answer.headers["Location"] if answer.status_code == 302 else answer.text


def confirm(visitor: Visitor, email: str) -> str:
    """Open the link of the last mail, say yes if the page asks; answers where that leads."""
    link = visitor.provider.link(email)
    assert link.startswith(f"{visitor.provider.issuer}/confirm/")
    path = urlsplit(link).path
    opened = visitor.get(path)
    if opened.status_code == 302:  # this browser began it
        return opened.headers["Location"]
    return visitor.fill_in(path).headers["Location"]


@pytest.fixture
def visitor(embedded_provider: EmbeddedProvider) -> Visitor:
    return Visitor(embedded_provider)


def test_prompt_create_leads_through_the_mail_back_into_the_flow(visitor: Visitor) -> None:
    email = fresh_address()
    asked = visitor.authorize(prompt="create").headers["Location"]
    assert urlsplit(asked).path == "/sign-up"
    wanted = parse_qs(urlsplit(asked).query)["next"][0]
    assert register(visitor, email, wanted=wanted) == "/sign-up/mail"
    assert visitor.authorize().headers["Location"].startswith("/sign-in?"), "not signed in before the mail"
    back = confirm(visitor, email)
    assert back == wanted
    answer = visitor.session.get(f"{visitor.provider.issuer}{back}", timeout=10, allow_redirects=False)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
    assert "access_token" in visitor.exchange(code).json()
    assert re.search(rf"{email}  Nina  consumer ", visitor.provider.command("people", "list").stdout)


def test_a_mail_is_in_the_language_of_whoever_asks_for_it(visitor: Visitor) -> None:
    email = fresh_address()
    visitor.session.headers["Accept-Language"] = "it"
    register(visitor, email)
    (letter,) = visitor.provider.mails(email)
    assert letter.subject == "Conferma il tuo indirizzo"
    assert "apri questo link" in letter.text


def test_who_is_signed_in_is_asked_before_another_account_is_made(visitor: Visitor) -> None:
    visitor.sign_in(visitor.provider.person(role="consumer"))
    page = visitor.authorize(prompt="create")
    assert page.status_code == 200
    assert "Create another account" in page.text


def test_the_link_in_another_browser_confirms_and_signs_nobody_in(visitor: Visitor) -> None:
    email, other = fresh_address(), Visitor(visitor.provider)
    register(visitor, email)
    register(other, fresh_address())
    assert "Was it you?" in other.get(urlsplit(visitor.provider.link(email)).path).text
    assert confirm(other, email) == "/sign-in"
    assert other.authorize().headers["Location"].startswith("/sign-in?")
    assert other.type_in(email=email, password=PASSWORD).headers["Location"].startswith("http")


def test_without_the_link_the_right_password_signs_nobody_in(visitor: Visitor) -> None:
    email = fresh_address()
    register(visitor, email)
    answer = Visitor(visitor.provider).type_in(email=email, password=PASSWORD)
    assert answer.headers["Location"] == "/sign-up/mail"


@pytest.mark.parametrize(
    ("path", "field", "to_known", "to_unknown"),
    [
        ("/sign-up", "password1", "You have an account already", "Confirm your address"),
        ("/password/forgotten", "unused", "A new password", "There is no account with this address"),
    ],
)
def test_a_known_and_an_unknown_address_are_answered_alike(
    visitor: Visitor, path: str, field: str, to_known: str, to_unknown: str
) -> None:
    known, unknown = visitor.provider.person(role="consumer").email, fresh_address()
    answers = []
    for email in (known, unknown):
        somebody = Visitor(visitor.provider)
        answer = somebody.fill_in(path, email=email, **{field: PASSWORD})
        page = somebody.get(answer.headers["Location"])
        answers.append((answer.status_code, answer.headers["Location"], answer.text, page.text))
    assert answers[0] == answers[1]
    assert visitor.provider.mails(known)[-1].subject == to_known
    assert visitor.provider.mails(unknown)[-1].subject == to_unknown


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("fourteen chars", "too short"),
        ("123456789qwerty", "too common"),
        ("passwordpassword", "repeats the same few characters"),
        ("nina@shop.example", "anybody would try that first"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(visitor: Visitor, password: str, complaint: str) -> None:
    assert complaint in register(visitor, "nina@shop.example", password=password)


@pytest.mark.parametrize(
    "password", ["ein Brot und ein Löffel", "aaa bbb ccc ddd", "🥖🧀" * 7 + "🍅", "abcdefghij" * 9 + "k"]
)
def test_nothing_is_asked_of_a_password_but_length(visitor: Visitor, password: str) -> None:
    email = fresh_address()
    assert register(visitor, email, password=password) == "/sign-up/mail"
    confirm(Visitor(visitor.provider), email)
    assert visitor.type_in(email=email, password=password).headers["Location"].startswith("http")


def test_a_new_password_by_mail_ends_the_other_sessions(visitor: Visitor) -> None:
    email = fresh_address()
    register(visitor, email)
    confirm(visitor, email)
    forgetful = Visitor(visitor.provider)
    forgetful.fill_in("/password/forgotten", email=email)
    link = urlsplit(visitor.provider.link(email)).path
    form = forgetful.get(link).headers["Location"]
    new = "cheese from the second cellar"
    changed = forgetful.fill_in(form, password1=new, password2=new)
    assert changed.headers["Location"] == "/password/changed"
    assert visitor.authorize().headers["Location"].startswith("/sign-in?")
    assert Visitor(visitor.provider).type_in(email=email, password=PASSWORD).status_code == 200
    assert Visitor(visitor.provider).type_in(email=email, password=new).status_code == 302
    assert "This link has ended" in Visitor(visitor.provider).get(link).text
    assert visitor.provider.mails(email)[-1].subject == "Your account was changed"


def test_an_account_has_a_page_for_whom_it_belongs_to(visitor: Visitor) -> None:
    assert visitor.get("/account").headers["Location"].startswith("/sign-in?")
    visitor.sign_in(visitor.provider.person(role="consumer"))
    assert "sara@demo.example" in visitor.get("/account").text
