"""What a person may do here, as the OpenID provider says it."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """The roles that mean something in this application."""

    CONSUMER = "consumer"
    BRAND_USER = "brand_user"
    OPERATOR = "operator"


def known_roles(names: Iterable[object]) -> frozenset[Role]:
    """The roles among `names`; others that a provider grants are none of our business and are dropped."""
    return frozenset(role for role in Role if role.value in _texts(names))


def _texts(names: Iterable[object]) -> frozenset[str]:
    return frozenset(name for name in names if isinstance(name, str))
