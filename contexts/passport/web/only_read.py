"""Pages that are only read."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., Any])


def only_read(view: View) -> View:
    """GET and HEAD alone: another method is refused as what it is, not for a missing token."""
    return csrf_exempt(require_safe(view))
