"""What the provider's server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "packytrace.provider.settings"
application = get_wsgi_application()
