"""Keeping what the others tell: released cells, names of products, the brand itself.

Each runs inside the consumer's transaction, in the scope of the brand that the fact is about.
"""

from datetime import datetime
from uuid import UUID

from django.db import connections

from contexts.brand_analytics import models
from contexts.brand_analytics.domain.releases import Release
from packytrace.databases.scope import brand_scope


def keep_release(*, release: Release) -> None:
    """Store a release once; the same one again changes nothing.

    Raises IntegrityError for another release of a cell that is already there: it must not be shown.
    """
    with brand_scope(brand_id=release.brand_id, using="brand_analytics"):
        if models.Release.objects.filter(id=release.release_id).exists():
            return
        models.Release.objects.create(
            id=release.release_id,
            brand_id=release.brand_id,
            cube=release.cube.value,
            day=release.day,
            k=release.k,
        )
        models.ReleasedCell.objects.bulk_create(
            [
                models.ReleasedCell(
                    id=cell.cell_id,
                    release_id=release.release_id,
                    brand_id=release.brand_id,
                    cube=release.cube.value,
                    day=release.day,
                    gtin=cell.gtin,
                    scans=cell.scans,
                    people=cell.people,
                    items=cell.items,
                    outcome=cell.outcome,
                )
                for cell in release.cells
            ],
            batch_size=2000,
        )


def name_product(*, brand_id: UUID, gtin: str, name: str, data_version: int) -> None:
    """Remember a product's name, unless a later version of it is known.

    A product that changes hands keeps its name with the old brand, whose cells still speak of it.
    """
    with (
        brand_scope(brand_id=brand_id, using="brand_analytics"),
        connections["brand_analytics"].cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO product AS known (brand_id, gtin, name, data_version) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (brand_id, gtin) DO UPDATE"
            " SET name = excluded.name, data_version = excluded.data_version"
            " WHERE known.data_version < excluded.data_version",
            [brand_id, gtin, name, data_version],
        )


def change_brand(*, brand_id: UUID, name: str, slug: str, is_active: bool, changed_at: datetime) -> None:
    """Remember a brand, unless a later change of it is known."""
    with (
        brand_scope(brand_id=brand_id, using="brand_analytics"),
        connections["brand_analytics"].cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO brand AS known (brand_id, name, slug, is_active, changed_at)"
            " VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (brand_id) DO UPDATE SET name = excluded.name, slug = excluded.slug,"
            " is_active = excluded.is_active, changed_at = excluded.changed_at"
            " WHERE known.changed_at < excluded.changed_at",
            [brand_id, name, slug, is_active, changed_at],
        )
