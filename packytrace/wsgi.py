"""What the web server runs."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "packytrace.settings")
_django = get_wsgi_application()


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Django, with the path as it came: Django repairs a broken one before any middleware can refuse it."""
    environ["packytrace.path"] = environ.get("PATH_INFO", "")
    return _django(environ, start_response)
