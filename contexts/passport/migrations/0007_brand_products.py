"""Whose products are whose, what a brand says of its own products, and the files that it brings along."""

from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0006_link_history")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PrefixClaim",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("brand_name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=16)),
                ("digits", models.CharField(max_length=12)),
                ("block", django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                ("state", models.CharField(max_length=16)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("claimed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "prefix_claim",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("brand_id", "kind", "digits"), name="prefix_claimed_once"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "confirmed")),
                        expressions=[("block", "&&")],
                        name="prefix_of_one_brand",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BrandProduct",
            fields=[
                ("gtin", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("name", models.CharField(blank=True, max_length=500)),
                ("search_text", models.TextField(blank=True)),
                ("draft", models.JSONField(null=True)),
                ("published", models.JSONField(null=True)),
                ("edition", models.PositiveIntegerField(default=0)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("filed_at", models.DateTimeField(null=True)),
                ("added_as", models.UUIDField(null=True)),
                ("asked", models.BinaryField(max_length=32, null=True)),
            ],
            options={
                "db_table": "brand_product",
                "constraints": [
                    models.UniqueConstraint(fields=("added_as",), name="brand_product_added_once"),
                    models.UniqueConstraint(fields=("brand_id", "gtin"), name="brand_product_of_brand"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelEdition",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "brand_id",
                        "gtin",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("brand_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("number", models.PositiveIntegerField()),
                ("label", models.JSONField()),
                ("at", models.DateTimeField()),
                ("restores", models.PositiveIntegerField(null=True)),
            ],
            options={"db_table": "label_edition"},
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("brand_name", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField(null=True)),
                (
                    "headings",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("language", models.CharField(max_length=2)),
                ("mapping", models.JSONField(default=dict)),
                ("state", models.CharField(max_length=16)),
                ("rows", models.PositiveIntegerField()),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "upload",
                "indexes": [models.Index(fields=["brand_id", "-created_at"], name="upload_newest")],
            },
        ),
        migrations.CreateModel(
            name="RefusedRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "upload_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("upload_id", models.UUIDField()),
                ("brand_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                (
                    "cells",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("reasons", models.JSONField()),
            ],
            options={"db_table": "upload_refused_row"},
        ),
        migrations.CreateModel(
            name="UploadWork",
            fields=[
                ("upload_id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("since", models.DateTimeField()),
            ],
            options={"db_table": "upload_work"},
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "brand_id",
                        "headings_digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("brand_id", models.UUIDField()),
                ("headings_digest", models.CharField(max_length=64)),
                ("mapping", models.JSONField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={"db_table": "column_mapping"},
        ),
    ]
