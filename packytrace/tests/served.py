"""What the web server runs, with the tests' views."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "packytrace.settings")
get_wsgi_application()

from django.conf import settings  # noqa: E402 - settings are changed after they were read, before a handler is made

settings.ROOT_URLCONF = "packytrace.edge.tests.urls"

from packytrace.asgi import application  # noqa: E402

__all__ = ["application"]
