"""Of an exception its place is kept always, its message only where it quotes nobody."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError

from packytrace.errors import DomainError, Kind
from packytrace.logs.exceptions import add_exception, describe, render


class Gone(DomainError):
    code = "test_gone"
    kind = Kind.NOT_FOUND


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (ValueError("invalid literal for int(): 'LOT-7'"), "ValueError"),
        (KeyError("sara@example.com"), "KeyError"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), "UnicodeDecodeError"),
        (IntegrityError("duplicate key\nDETAIL: Key (lot)=(LOT-7)"), "django.db.utils.IntegrityError"),
        (DataError('invalid input syntax for type uuid: "LOT-7"'), "django.db.utils.DataError"),
        (
            OperationalError("connection refused\nIs the server running?"),
            "django.db.utils.OperationalError: connection refused",
        ),
        (
            ProgrammingError("permission denied for table scan\nLINE 1: ... 'LOT-7'"),
            "django.db.utils.ProgrammingError: permission denied for table scan",
        ),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (ConnectionRefusedError(111, "refused"), "ConnectionRefusedError: [Errno 111] refused"),
        (
            ImproperlyConfigured("postgresql://app:s3cret@db is no URL"),
            "django.core.exceptions.ImproperlyConfigured: postgresql://app:[redacted]@db is no URL",
        ),
        (Gone("The product is gone."), "packytrace.logs.tests.test_exceptions.Gone: The product is gone."),
        (AttributeError(""), "AttributeError"),
    ],
)
def test_what_is_kept_of_an_error(error: Exception, kept: str) -> None:
    assert describe(error) == kept


def looking_up() -> None:
    raise KeyError("LOT-7")


def failing() -> None:
    try:
        looking_up()
    except KeyError as error:
        raise ValueError("LOT-8") from error


def failing_quietly() -> None:
    try:
        looking_up()
    except KeyError:
        raise ValueError from None


def test_the_chain_is_told_with_every_place() -> None:
    with pytest.raises(ValueError) as caught:
        failing()
    told = render(caught.value)
    assert told.splitlines()[0] == "ValueError"
    assert "\ncaused by KeyError\n" in told
    assert told.count(" in failing") == 2
    assert "LOT" not in told


def test_a_suppressed_cause_is_not_told() -> None:
    with pytest.raises(ValueError) as caught:
        failing_quietly()
    assert "caused by" not in render(caught.value)


def test_a_chain_that_bites_its_tail_ends() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one
    assert render(one) == "ValueError\ncaused by KeyError"


@pytest.mark.parametrize("as_given", ["error", "tuple", "true"])
def test_every_form_of_exc_info_is_understood(as_given: str) -> None:
    try:
        failing()
    except ValueError as error:
        given = {"error": error, "tuple": (type(error), error, error.__traceback__), "true": True}[as_given]
        event = add_exception(None, "error", {"event": "x", "exc_info": given})
    assert str(event["exception"]).startswith("ValueError\n")
    assert "exc_info" not in event


@pytest.mark.parametrize("nothing", [None, False, (None, None, None)])
def test_without_an_exception_there_is_none(nothing: object) -> None:
    assert add_exception(None, "info", {"event": "x", "exc_info": nothing}) == {"event": "x"}
