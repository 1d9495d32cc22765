"""E-mail addresses that are confirmed without a mail: operators vouch for whom they add."""

from typing import Any

from packytrace.provider.models import Person


def confirm(person: Person) -> None:
    """Let the person sign in with the own address."""
    # Not above: the options of our commands are also read where allauth's app is not installed.
    from allauth.account.models import EmailAddress

    addresses: Any = EmailAddress._default_manager
    addresses.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
