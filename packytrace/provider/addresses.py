"""E-mail addresses that are confirmed without a mail: operators vouch for whom they add."""

from django.apps import apps

from packytrace.provider.models import Person


def confirm(person: Person) -> None:
    """Let the person sign in with the own address."""
    # Looked up when it is used: the options of our commands are also read where allauth is not installed.
    addresses = apps.get_app_config("account").get_model("EmailAddress")._default_manager
    addresses.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})
