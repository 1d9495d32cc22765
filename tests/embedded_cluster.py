"""pytest plugin: every test session has a throw-away PostgreSQL cluster of its own.

Loaded by `-p` before Django reads its settings, so that the settings find the cluster's address.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path

os.environ["STATE"] = os.environ.get("TEST_STATE") or tempfile.mkdtemp(prefix="packytrace-test-")
# What `collectstatic` fills: without the folder whitenoise warns at each client that a test makes.
(Path(os.environ["STATE"]) / "static").mkdir(parents=True, exist_ok=True)
os.environ.setdefault("ENVIRONMENT", "embedded")
for _name in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "OIDC_ISSUER", "CELERY_BROKER_URL", "CACHE_URL"):
    os.environ.pop(_name, None)


def pytest_configure() -> None:
    """End as on Ctrl-C when somebody ends us, so that the cluster goes, too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_unconfigure() -> None:
    """Stop the cluster, unless somebody named a folder to keep it for the next session."""
    from django.conf import settings

    if os.environ.get("TEST_STATE"):
        return
    settings.EMBEDDED_SERVER.stop()
    shutil.rmtree(os.environ["STATE"], ignore_errors=True)
