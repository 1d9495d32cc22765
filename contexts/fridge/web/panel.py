"""The button on a product's page that puts the pack into the fridge with one tap."""

from uuid import uuid4

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string


def save_form(*, request: HttpRequest, gtin: str, code: str | None) -> bytes:
    """The form, in the active language; it may be stored by nobody. No query.

    `code` is what was scanned, with lot, serial, date and weight, if this page came from a scan.
    """
    context = {"action": uuid4(), "gtin": gtin, "code": code or "", "csrf_token": get_token(request)}
    return render_to_string("fridge/_save.html", context).encode()
