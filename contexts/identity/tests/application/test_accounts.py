"""One account per issuer and subject, whatever happens at the same moment."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from contexts.identity.application.accounts import check_operator, recognise, sign_in
from contexts.identity.application.ended_tokens import end_token, forget_expired_tokens
from contexts.identity.application.errors import (
    AccountDeactivated,
    NotAnOperator,
    TokenEnded,
    UnknownAccount,
)
from contexts.identity.models import Account

ISSUER = "https://id.example"
AT_ONCE = 8
TOKEN = bytes(32)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _sign_in(
    subject: str = "s-1", *, issuer: str = ISSUER, roles: tuple[str, ...] = ("consumer",)
) -> Account:
    return sign_in(issuer=issuer, subject=subject, display_name="Sara", roles=roles)


@pytest.mark.django_db(databases=["identity"])
class TestSignIn:
    def test_the_first_time_makes_an_account_without_a_password(self) -> None:
        account = Account.objects.get(pk=_sign_in().pk)
        assert (account.issuer, account.subject, account.display_name) == (ISSUER, "s-1", "Sara")
        assert not account.has_usable_password()

    def test_the_same_subject_of_two_issuers_is_two_people(self) -> None:
        assert _sign_in().pk != _sign_in(issuer="https://other.example").pk

    def test_two_people_who_share_everything_else_stay_two(self) -> None:
        assert _sign_in("s-1").pk != _sign_in("s-2").pk

    def test_a_subject_is_compared_letter_by_letter(self) -> None:
        assert _sign_in("abc").pk != _sign_in("ABC").pk

    def test_roles_are_those_of_the_last_sign_in(self) -> None:
        _sign_in(roles=("operator", "offline_access"))
        assert Account.objects.get().roles == ["operator"]
        _sign_in(roles=("brand_user", "consumer"))
        assert Account.objects.get().roles == ["brand_user", "consumer"]

    def test_signing_in_again_keeps_the_sessions_of_other_devices(self) -> None:
        first = _sign_in().get_session_auth_hash()
        assert _sign_in().get_session_auth_hash() == first

    def test_a_name_is_shown_without_tricks(self) -> None:
        account = sign_in(issuer=ISSUER, subject="s", display_name=" Ma\u202erco\n" + "o" * 300, roles=[])
        assert account.display_name == "Ma rco " + "o" * 143

    def test_a_deactivated_account_stays_out(self) -> None:
        _sign_in()
        Account.objects.update(is_active=False)
        with pytest.raises(AccountDeactivated):
            _sign_in()


@pytest.mark.django_db(databases=["identity"])
class TestRecognise:
    def test_a_token_of_somebody_new_makes_the_account(self) -> None:
        account_id = recognise(
            issuer=ISSUER, subject="s-1", roles=["consumer", "uma_authorization"], token_digest=TOKEN
        )
        assert Account.objects.get(pk=account_id).roles == ["consumer"]
        assert _sign_in("s-1").pk == account_id

    def test_the_usual_request_is_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        expected = _sign_in().pk
        with django_assert_num_queries(1, using="identity"):
            assert recognise(issuer=ISSUER, subject="s-1", roles=["consumer"], token_digest=TOKEN) == expected

    def test_changed_roles_are_stored(self) -> None:
        _sign_in(roles=("operator",))
        recognise(issuer=ISSUER, subject="s-1", roles=[], token_digest=TOKEN)
        assert Account.objects.get().roles == []

    def test_a_deactivated_account_stays_out(self) -> None:
        _sign_in()
        Account.objects.update(is_active=False)
        with pytest.raises(AccountDeactivated):
            recognise(issuer=ISSUER, subject="s-1", roles=["consumer"], token_digest=TOKEN)

    def test_a_token_that_was_signed_out_with_is_remembered_until_it_has_expired(self) -> None:
        _sign_in()
        for _again in range(2):
            end_token(digest=TOKEN, expires_at=NOW)
        with pytest.raises(TokenEnded):
            recognise(issuer=ISSUER, subject="s-1", roles=["consumer"], token_digest=TOKEN)
        assert recognise(issuer=ISSUER, subject="s-1", roles=["consumer"], token_digest=b"another one")
        assert forget_expired_tokens(now=NOW + timedelta(minutes=2)) == 0, (
            "its times are believed for so long"
        )
        assert forget_expired_tokens(now=NOW + timedelta(minutes=11)) == 1


@pytest.mark.django_db(databases=["identity"])
class TestCheckOperator:
    def test_an_operator_passes(self) -> None:
        check_operator(account_id=_sign_in(roles=("operator",)).pk)

    def test_nobody_else_does(self) -> None:
        with pytest.raises(NotAnOperator):
            check_operator(account_id=_sign_in(roles=("brand_user", "consumer")).pk)
        with pytest.raises(UnknownAccount):
            check_operator(account_id=uuid.uuid4())


@pytest.mark.django_db(databases=["identity"], transaction=True)
@pytest.mark.parametrize("meet", ["sign_in", "recognise"])
def test_many_first_sign_ins_at_once_are_one_account(meet: str) -> None:
    barrier = threading.Barrier(AT_ONCE)

    def first_time(_number: int) -> uuid.UUID:
        barrier.wait()
        try:
            if meet == "sign_in":
                return _sign_in().pk
            return recognise(issuer=ISSUER, subject="s-1", roles=["consumer"], token_digest=TOKEN)
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = set(pool.map(first_time, range(AT_ONCE)))
    assert ids == {Account.objects.get().pk}
