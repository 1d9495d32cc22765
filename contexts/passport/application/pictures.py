"""Pictures of products: static files of ours, so that no other house learns who looks at what."""

import structlog
from django.templatetags.static import static

log = structlog.get_logger(__name__)


def picture_url(path: str | None) -> str | None:
    """Address of an entry's picture; None where it has none, or one that this release does not ship."""
    if not path:
        return None
    try:
        return static(path)
    except ValueError:  # the manifest of hashed names does not have it
        log.warning("picture is missing", path=path)
        return None
