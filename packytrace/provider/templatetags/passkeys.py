"""What a page hands to the script that asks for passkeys."""

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(options: Any) -> str:
    """WebAuthn's options as text for an attribute, where no policy takes them for a script."""
    return json.dumps(options, default=dict)
