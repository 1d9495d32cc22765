"""Codes that people type, looked at before anything is done with them."""

from datetime import date

from contexts.fridge.application import ports
from packytrace.errors import DomainError, Kind


def what_is_wrong(*, code: str, today: date) -> str:
    """What is wrong with a code, as a sentence; empty for one that can be read. Asks no database."""
    try:
        ports.packs().of_code(code=code, today=today)
    except DomainError as error:
        if error.kind is not Kind.INVALID:
            raise
        return str(error)
    return ""
