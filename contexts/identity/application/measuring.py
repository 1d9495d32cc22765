"""As whom somebody may be counted: the rules for accounts and for visitors are not the same."""

from uuid import UUID

from django.conf import settings

from contexts.identity.application.consents import in_force
from contexts.identity.application.visitors import account_of
from contexts.identity.domain.consents import Purpose


def may_measure(*, visitor_id: UUID | None, account_id: UUID | None) -> UUID | None:
    """The person as whom measurement may count this activity, or None where it may not.

    An account, also that of a visitor's link, is counted with its consent and never as the visitor it was.
    Anybody else is counted as a visitor: without a question where MEASUREMENT_OF_VISITORS is `counted`, with
    the visitor's own consent where it is `opt_in`.
    """
    if account_id is None and visitor_id is not None:
        account_id = account_of(visitor_id=visitor_id)
    if account_id is not None:
        return account_id if _consents(account_id) else None
    if visitor_id is None:
        return None
    counted = settings.MEASUREMENT_OF_VISITORS == "counted" or _consents(visitor_id)
    return visitor_id if counted else None


def _consents(person_id: UUID) -> bool:
    return in_force(person_id=person_id, purpose=Purpose.MEASUREMENT) is not None
