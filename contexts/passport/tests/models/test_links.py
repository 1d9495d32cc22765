"""Who may write a link is PostgreSQL's to say: row-level security under the application's own role."""

from datetime import UTC, datetime
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from contexts.passport.models import BrandProduct, Link
from contexts.passport.models.links import LINKS
from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])

OURS, THEIRS = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _of_ours() -> None:
    with brand_scope(brand_id=OURS, using="passport"):
        BrandProduct.objects.create(gtin="09506000134352", brand_id=OURS, created_at=NOW, updated_at=NOW)


def _link(*, brand_id: UUID) -> Link:
    return Link(
        id=uuid4(),
        brand_id=brand_id,
        gtin="09506000134352",
        anchor="/01/09506000134352",
        link_type="gs1:pip",
        href="https://example.com/",
        title="Passport",
        created_at=NOW,
        updated_at=NOW,
    )


def test_what_a_brand_registers_everybody_reads() -> None:
    with brand_scope(brand_id=OURS, using="passport"):
        _link(brand_id=OURS).save(force_insert=True)
    assert Link.objects.count() == 1


@pytest.mark.parametrize("scope", [None, THEIRS])
def test_nobody_else_writes_it(scope: UUID | None) -> None:
    with brand_scope(brand_id=OURS, using="passport"):
        link = _link(brand_id=OURS)
        link.save(force_insert=True)
    with transaction.atomic(using="passport"):
        if scope is None:
            changed = Link.objects.filter(id=link.id).update(href="https://elsewhere.example/")
            deleted, _ = Link.objects.filter(id=link.id).delete()
        else:
            with brand_scope(brand_id=scope, using="passport"):
                changed = Link.objects.filter(id=link.id).update(href="https://elsewhere.example/")
                deleted, _ = Link.objects.filter(id=link.id).delete()
    assert (changed, deleted) == (0, 0)
    assert Link.objects.get().href == "https://example.com/"


@pytest.mark.parametrize("scope", [OURS, THEIRS])
def test_nobody_registers_in_anothers_name(scope: UUID) -> None:
    other = THEIRS if scope == OURS else OURS
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        brand_scope(brand_id=scope, using="passport"),
    ):
        _link(brand_id=other).save(force_insert=True)


def test_a_brand_registers_links_of_its_own_products_alone() -> None:
    """Also where no use case has looked whose number it is."""
    with (
        pytest.raises(IntegrityError, match="link_of_own_product"),
        brand_scope(brand_id=THEIRS, using="passport"),
    ):
        _link(brand_id=THEIRS).save(force_insert=True)
    assert not Link.objects.exists()


def test_how_links_are_read_is_planned_once() -> None:
    """Not anew for each code, which takes the server several times as long as reading them: a plan must not
    seem cheaper to PostgreSQL where it knows the anchors."""
    costs = set()
    with connections["passport"].cursor() as cursor:
        for number in (1, 2, 20):
            anchors = ",".join(f"/01/09506000134352/10/{lot}" for lot in range(number))
            cursor.execute(
                f"EXPLAIN (FORMAT JSON) {LINKS}", {"gtin": "09506000134352", "anchors": f"{{{anchors}}}"}
            )
            costs.add(cursor.fetchone()[0][0]["Plan"]["Total Cost"])
    assert max(costs) - min(costs) < 1, costs  # of the array alone; a look into the index counts as more


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_links_that_are_there_are_told_whose_products_they_are_about() -> None:
    """The migration runs as the owner, whom the policy of the products binds as everybody."""
    with brand_scope(brand_id=OURS, using="passport"):
        _link(brand_id=OURS).save()
    *_others, of_own_product = import_module("contexts.passport.migrations.0010_whose").Migration.operations
    with connect(roles.owner("passport")) as owner, owner.transaction():
        owner.execute(of_own_product.reverse_sql)
        for statement in of_own_product.sql:
            owner.execute(statement)
    with brand_scope(brand_id=OURS, using="passport"), pytest.raises(IntegrityError):
        BrandProduct.objects.all().delete()
