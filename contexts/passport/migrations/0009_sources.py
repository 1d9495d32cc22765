"""What sources answered, and the journeys of lots."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0008_catalogue")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="LotJourney",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("lot", models.CharField(blank=True, max_length=20)),
                ("steps", models.JSONField(default=list)),
                ("origin", models.CharField(max_length=32)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "lot_journey",
                "constraints": [
                    models.UniqueConstraint(fields=("gtin", "lot", "origin"), name="lot_journey_once")
                ],
            },
        ),
    ]
