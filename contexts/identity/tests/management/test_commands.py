"""The operators' commands: what they say and what they refuse."""

from datetime import UTC, datetime
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from contexts.identity.application.accounts import sign_in
from contexts.identity.application.brand_users import brand_of, roster
from contexts.identity.application.brands import register_brand
from contexts.identity.models import Account, BrandUser, Erasure

pytestmark = pytest.mark.django_db(databases=["identity"])

ISSUER = "https://id.example"


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def _person(subject: str, *roles: str) -> str:
    return str(sign_in(issuer=ISSUER, subject=subject, display_name=subject.title(), roles=roles).pk)


@pytest.fixture
def nordkorn() -> None:
    register_brand(slug="nordkorn", name="Nordkorn", at=datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.usefixtures("nordkorn")
class TestBrandUsers:
    def test_assigned_listed_and_removed(self) -> None:
        marco, heidi, _sara = (
            _person("marco", "brand_user"),
            _person("heidi", "brand_user"),
            _person("sara"),
        )
        assert "works for nordkorn" in _run("brand_users", "assign", marco, "nordkorn")
        assert brand_of(account_id=Account.objects.get(pk=marco).pk).slug == "nordkorn"
        assert _run("brand_users", "list").splitlines() == [
            f"{marco}  nordkorn  Marco",
            f"{heidi}  no brand  Heidi",
        ]
        _run("brand_users", "remove", marco)
        assert not BrandUser.objects.exists()

    def test_a_role_that_is_missing_is_told(self) -> None:
        _run("brand_users", "assign", _person("sara", "consumer"), "nordkorn")
        assert "brand_user is missing" in _run("brand_users", "list")

    def test_refusals_say_why(self) -> None:
        marco = _person("marco", "brand_user")
        with pytest.raises(CommandError, match="Nobody with this account"):
            _run("brand_users", "assign", str(uuid4()), "nordkorn")
        with pytest.raises(CommandError, match="No brand has the slug"):
            _run("brand_users", "assign", marco, "nobody")
        with pytest.raises(CommandError, match="works for no brand"):
            _run("brand_users", "remove", marco)
        with pytest.raises(CommandError, match="account"):
            _run("brand_users", "assign", "marco", "nordkorn")

    def test_the_list_is_one_query(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        for number in range(3):
            _run("brand_users", "assign", _person(f"p{number}", "brand_user"), "nordkorn")
        with django_assert_num_queries(1, using="identity"):
            assert len(roster()) == 3


def test_erasures_are_at_work_until_only_the_last_sweep_is_left() -> None:
    _run("erasures", "request", _person("sara"))
    assert "1 at work, 0 being swept." in _run("erasures", "list")
    Erasure.objects.update(completed_at=datetime.now(UTC))
    assert "0 at work, 1 being swept." in _run("erasures", "list")
