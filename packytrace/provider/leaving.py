"""People who go: everything that the provider has of them is destroyed."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.utils import timezone

from packytrace.provider import mailbox, settings
from packytrace.provider.models import Person

#: How long an address may wait for its confirmation.
_UNCONFIRMED: Final = timedelta(days=3)
#: How long mails are kept that became files: longer than any link in them is good.
_MAILS: Final = timedelta(days=3)


def delete(*, subject: UUID) -> None:
    """Delete a person with addresses, factors, tokens and sessions; one who is not there is gone already."""
    person = Person.objects.filter(pk=subject).first()
    if person is None:
        return
    _end_sessions(person)
    if settings.MAILS_ARE_FILES:
        mailbox.forget(settings.MAIL_FOLDER, address=person.email)
    person.delete()


def forget_unconfirmed() -> None:
    """Delete who registered and never opened the link; and the mails of that time."""
    confirmed = EmailAddress.objects.filter(verified=True).values("user_id")
    Person.objects.filter(created_at__lt=timezone.now() - _UNCONFIRMED).exclude(pk__in=confirmed).delete()
    if settings.MAILS_ARE_FILES:
        mailbox.prune(settings.MAIL_FOLDER, older_than=_MAILS.total_seconds())


def _end_sessions(person: Person) -> None:
    """Sessions know nothing of their person from outside: each is opened. Fit for the embedded default."""
    traces = (str(person.pk), person.email)
    ended = [
        session.pk
        for session in Session.objects.iterator()
        if any(trace in str(session.get_decoded()) for trace in traces)
    ]
    Session.objects.filter(pk__in=ended).delete()
