"""What each source says of a product, side by side, and what it said before."""

from typing import ClassVar

from django.db import migrations, models

#: An entry had one source: its brand or the demo, or Open Food Facts. Texts that were understood already stay
#: as they were; the next import brings the source's own.
_TO_CONTRIBUTIONS = """
UPDATE catalogue_entry SET
    contributions = jsonb_build_object(
        CASE WHEN brand_id IS NOT NULL OR is_demo THEN 'brand' ELSE 'open_food_facts' END,
        jsonb_strip_nulls(jsonb_build_object(
            'at', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'),
            'said', nullif(label, '{}'),
            'sources', nullif(provenance, '[]'),
            'brand_name', nullif(brand_name, ''),
            'brand_id', brand_id,
            'is_demo', nullif(is_demo, false)
        ))
    ),
    card = jsonb_strip_nulls(jsonb_build_object(
        'names', label -> 'names',
        'quantity', label -> 'quantity',
        'picture', label -> 'picture',
        'verified', nullif(provenance <> '[]' AND NOT provenance @> '[{"verified": false}]', false)
    )),
    content_digest = ''
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0007_brand_products")]
    operations: ClassVar = [
        migrations.AddField("catalogueentry", "contributions", models.JSONField(default=dict)),
        migrations.AddField("catalogueentry", "card", models.JSONField(default=dict)),
        migrations.RunSQL(_TO_CONTRIBUTIONS, migrations.RunSQL.noop),
        migrations.RemoveField("catalogueentry", "label"),
        migrations.RemoveField("catalogueentry", "provenance"),
        migrations.CreateModel(
            name="ContributionChange",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "gtin",
                        "data_version",
                        "origin",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("gtin", models.CharField(max_length=14)),
                ("data_version", models.PositiveIntegerField()),
                ("origin", models.CharField(max_length=32)),
                ("was", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                ("withdrawn", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "contribution_change",
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn", True)),
                        fields=["gtin"],
                        name="contribution_change_withdrawn",
                    )
                ],
            },
        ),
    ]
