"""Codes that people type, looked at before anything is done with them."""

from datetime import date

from contexts.fridge.application import ports, products
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


def nobody_knows(*, code: str, today: date) -> str | None:
    """The GTIN-14 of a code whose product the catalogue does not know; None where it knows it.

    Raises what passport says of a code that is none.
    """
    gtin = ports.packs().of_code(code=code, today=today).gtin
    return gtin if products.remember(gtin=gtin) is None else None
