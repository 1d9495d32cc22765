"""What must not be kept is known by its field's name or by its form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packytrace.logs.redaction import LONGEST_TEXT, REDACTED, is_sensitive, redact, redact_text

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"header was Bearer {TOKEN}", f"header was Bearer {REDACTED}"),
        ("authorization: Basic dXNlcjpwYXNz", f"authorization: Basic {REDACTED}"),
        (f"got {TOKEN} from there", f"got {REDACTED} from there"),
        ("postgresql://app:s3cret@db:5432/x", f"postgresql://app:{REDACTED}@db:5432/x"),
        ("redis://:s3cret@cache/0", f"redis://:{REDACTED}@cache/0"),
        ("password=s3cret host=db", f"password={REDACTED} host=db"),
        ("{'access_token': 'abc', 'x': 1}", f"{{'access_token': '{REDACTED}', 'x': 1}}"),
        ('{"client_secret": "abc"}', f'{{"client_secret": "{REDACTED}"}}'),
        (
            "packytrace_session=abc; packytrace_visitor=def",
            f"packytrace_session={REDACTED}; packytrace_visitor={REDACTED}",
        ),
        ("/callback?code=abc&state=def", f"/callback?code={REDACTED}&state={REDACTED}"),
        ("sara@example.com wrote", f"{REDACTED} wrote"),
        ("to <sara.b+x@mail.example.co.uk>", f"to <{REDACTED}>"),
        ("/01/09521234543213/10/LOT/21/SER?17=270101", f"/01/09521234543213/{REDACTED}"),
        (
            "https://id.example.com/01/09521234543213?15=270101",
            f"https://id.example.com/01/09521234543213/{REDACTED}",
        ),
        # What is none of these stays.
        ("/01/09521234543213", "/01/09521234543213"),
        ('relation "scan" does not exist', 'relation "scan" does not exist'),
        ("Watching for changes at 10:15:00", "Watching for changes at 10:15:00"),
        ("passport:resolve", "passport:resolve"),
        ("ended with exit code: 1, state: stopped", "ended with exit code: 1, state: stopped"),
        (
            'connection to server at "10.0.0.1", port 5432 failed',
            'connection to server at "10.0.0.1", port 5432 failed',
        ),
    ],
)
def test_what_is_kept_of_a_text(text: str, kept: str) -> None:
    assert redact_text(text) == kept


@pytest.mark.parametrize(
    "field",
    [
        "password",
        "db_passwd",
        "client_secret",
        "access_token",
        "Authorization",
        "cookie",
        "Set-Cookie",
        "session_id",
        "sessionKey",
        "api_key",
        "private-key",
        "email",
        "e_mail",
        "lot",
        "serial",
        "cpv",
        "body",
    ],
)
def test_fields_that_are_never_kept(field: str) -> None:
    assert redact(None, "info", {field: "value"}) == {field: REDACTED}
    assert redact(None, "info", {"request": {field: ["value"]}}) == {"request": {field: REDACTED}}


@pytest.mark.parametrize(
    "field", ["passport", "lots", "context", "event", "route", "status", "gtin", "correlation_id", "seconds"]
)
def test_fields_that_are_kept(field: str) -> None:
    assert not is_sensitive(field)


def test_numbers_are_kept_whatever_they_are_called() -> None:
    assert redact(None, "info", {"tokens": 3, "cookies": True, "email": None}) == {
        "tokens": 3,
        "cookies": True,
        "email": None,
    }


def test_it_looks_into_what_is_nested_and_gives_up_on_what_is_deep() -> None:
    event = {
        "a": [{"b": ("sara@example.com", 1)}],
        "c": b"bytes",
        "d": {"e": {"f": {"g": {"h": {"i": "deep"}}}}},
    }
    assert redact(None, "info", event) == {
        "a": [{"b": [REDACTED, 1]}],
        "c": REDACTED,
        "d": {"e": {"f": {"g": {"h": REDACTED}}}},
    }


def test_an_object_is_kept_as_its_redacted_text() -> None:
    class Person:
        def __str__(self) -> str:
            return "Sara <sara@example.com>"

    assert redact(None, "info", {"who": Person()}) == {"who": f"Sara <{REDACTED}>"}


def test_long_texts_are_cut() -> None:
    assert len(redact_text("x" * 100_000)) == LONGEST_TEXT + 3


@given(st.from_regex(r"[a-z0-9.+-]{1,20}@[a-z0-9-]{1,20}\.[a-z]{2,6}", fullmatch=True), st.text(), st.text())
def test_no_address_survives(address: str, before: str, after: str) -> None:
    assert address not in redact_text(f"{before} {address} {after}")
