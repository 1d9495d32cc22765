"""Links that brands register for their products."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("passport", "0004_recalls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("anchor", models.CharField(max_length=400)),
                ("link_type", models.CharField(max_length=200)),
                ("href", models.CharField(max_length=2048)),
                ("title", models.CharField(max_length=200)),
                (
                    "hreflang",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=35), default=list, size=None
                    ),
                ),
                ("media_type", models.CharField(blank=True, max_length=100)),
                (
                    "context",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), default=list, size=None
                    ),
                ),
                ("valid_from", models.DateTimeField(null=True)),
                ("valid_to", models.DateTimeField(null=True)),
                ("is_default", models.BooleanField(default=False)),
                ("passes_query", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "link",
                "indexes": [
                    models.Index(fields=["anchor"], name="link_by_anchor"),
                    models.Index(fields=["brand_id", "gtin"], name="link_by_brand"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("is_default", True), ("valid_from__isnull", True), ("valid_to__isnull", True)
                        ),
                        fields=("anchor",),
                        name="link_one_default",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("is_default", True),
                            models.Q(
                                ("valid_from__isnull", False), ("valid_to__isnull", False), _connector="OR"
                            ),
                        ),
                        expressions=[
                            ("anchor", "="),
                            (models.Func("valid_from", "valid_to", function="TSTZRANGE"), "&&"),
                        ],
                        name="link_one_default_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("href__startswith", "https://"),
                            ("href__startswith", "http://"),
                            _connector="OR",
                        ),
                        name="link_to_a_website",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gt", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="link_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
