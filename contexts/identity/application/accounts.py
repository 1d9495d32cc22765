"""Recognising people: one account per issuer and subject, whatever else two people share."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _

from contexts.identity.application.erasures import check_not_erased
from contexts.identity.application.errors import AccountDeactivated, NotAnOperator, TokenEnded, UnknownAccount
from contexts.identity.domain.roles import Role, known_roles
from contexts.identity.models import Account, EndedToken

_LONGEST_DISPLAY_NAME = 150


def sign_in(*, issuer: str, subject: str, display_name: str, roles: Iterable[object]) -> Account:
    """The account of a person who has just proved who they are, made at the first time; stores the roles.

    Two sign-ins of the same person at the same moment find one account. Raises AccountDeactivated, and
    AccountErased for who was forgotten a moment ago.
    """
    with transaction.atomic(using="identity"):
        account, created = Account.objects.update_or_create(
            issuer=issuer,
            subject=subject,
            defaults={"display_name": _shown(display_name), "roles": _stored(roles)},
            create_defaults={
                "display_name": _shown(display_name),
                "roles": _stored(roles),
                "password": make_password(None),
            },
        )
        if created:
            check_not_erased(issuer=issuer, subject=subject)
    _check_active(is_active=account.is_active)
    return account


def recognise(*, issuer: str, subject: str, roles: Iterable[object], token_digest: bytes) -> UUID:
    """Id of the account that a verified bearer token speaks for, made when it is the first we see of it.

    One query, unless the account is new or its roles have changed. Raises TokenEnded, AccountDeactivated,
    AccountErased.
    """
    ended = Exists(EndedToken.objects.filter(digest=token_digest))
    known = Account.objects.filter(issuer=issuer, subject=subject).annotate(token_ended=ended)
    found = known.values_list("pk", "roles", "is_active", "token_ended").first()
    if found is None:
        return _first_seen(issuer=issuer, subject=subject, roles=roles)
    account_id, known_before, is_active, token_ended = found
    if token_ended:
        raise TokenEnded
    if known_before != _stored(roles):
        Account.objects.filter(pk=account_id).update(roles=_stored(roles))
    _check_active(is_active=is_active)
    return account_id


def find_subject(*, account_id: UUID, issuer: str) -> str | None:
    """Who an open account is at its provider; None for a closed one, and for one of another provider."""
    known = Account.objects.filter(pk=account_id, issuer=issuer, is_active=True)
    return known.values_list("subject", flat=True).first()


def _first_seen(*, issuer: str, subject: str, roles: Iterable[object]) -> UUID:
    with transaction.atomic(using="identity"):
        account, created = Account.objects.get_or_create(
            issuer=issuer,
            subject=subject,
            defaults={"roles": _stored(roles), "password": make_password(None)},
        )
        if created:
            check_not_erased(issuer=issuer, subject=subject)
    _check_active(is_active=account.is_active)
    return account.pk


def check_operator(*, account_id: UUID) -> None:
    """Let an operator pass. Raises NotAnOperator, AccountDeactivated, UnknownAccount."""
    account = account_with(account_id=account_id)
    if not account.has_role(Role.OPERATOR):
        raise NotAnOperator(_("These pages are for the operators of this installation."))


def account_with(*, account_id: UUID) -> Account:
    """The active account of that id. Raises UnknownAccount, AccountDeactivated."""
    account = Account.objects.filter(pk=account_id).first()
    if account is None:
        raise UnknownAccount(_("Nobody with this account has signed in here yet."))
    _check_active(is_active=account.is_active)
    return account


def set_active(*, account_id: UUID, active: bool) -> None:
    """Close an account, or open it again; a closed one is out at its next request. Raises UnknownAccount."""
    if not Account.objects.filter(pk=account_id).update(is_active=active):
        raise UnknownAccount(_("Nobody with this account has signed in here yet."))


def _check_active(*, is_active: bool) -> None:
    if not is_active:
        raise AccountDeactivated(_("This account has been closed by an operator of this installation."))


def _stored(roles: Iterable[object]) -> list[str]:
    return sorted(known_roles(roles))


def _shown(name: str) -> str:
    """A provider's display name without characters that cannot be seen, cut to what we keep."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())[:_LONGEST_DISPLAY_NAME]


def names(account_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """How people are called, by account; whose account is gone is not among them."""
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "display_name"))
