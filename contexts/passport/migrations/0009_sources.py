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
                ("said_by", models.CharField(blank=True, max_length=200)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "lot_journey",
                "constraints": [
                    models.UniqueConstraint(fields=("gtin", "lot", "origin"), name="lot_journey_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LotJourneyChange",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("lot", models.CharField(blank=True, max_length=20)),
                ("origin", models.CharField(max_length=32)),
                ("said_by", models.CharField(blank=True, max_length=200)),
                ("author", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("steps", models.JSONField(default=list)),
                ("data_version", models.PositiveIntegerField(null=True)),
            ],
            options={
                "db_table": "lot_journey_change",
                "indexes": [models.Index(fields=["gtin", "lot", "-at"], name="lot_journey_change_newest")],
            },
        ),
        migrations.CreateModel(
            name="LifeCycleFood",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=300)),
                ("single_score", models.DecimalField(decimal_places=6, max_digits=12)),
                ("co2", models.DecimalField(decimal_places=6, max_digits=12)),
                ("quality", models.DecimalField(decimal_places=2, max_digits=4, null=True)),
                ("edition", models.CharField(max_length=32)),
            ],
            options={
                "db_table": "life_cycle_food",
            },
        ),
        migrations.CreateModel(
            name="SourceState",
            fields=[
                ("source", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField(null=True)),
                ("blocked_until", models.DateTimeField(null=True)),
                ("breaker", models.CharField(default="closed", max_length=10)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("successes", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "source_state",
            },
        ),
        migrations.CreateModel(
            name="JourneyEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id",
                        "gtin",
                        "lot",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("event_id", models.CharField(max_length=500)),
                ("gtin", models.CharField(blank=True, max_length=14)),
                ("lot", models.CharField(blank=True, max_length=20)),
                ("kind", models.CharField(blank=True, max_length=16)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("happened_at", models.DateTimeField()),
                ("day", models.DateField(null=True)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
            ],
            options={
                "db_table": "journey_event",
                "indexes": [models.Index(fields=["gtin", "lot", "happened_at"], name="journey_event_of_lot")],
            },
        ),
        migrations.CreateModel(
            name="SourceAnswer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source", "gtin", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=32)),
                ("gtin", models.CharField(max_length=14)),
                ("known", models.BooleanField(default=False)),
                ("etag", models.CharField(blank=True, max_length=200)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("fresh_until", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=32)),
                ("not_before", models.DateTimeField(null=True)),
                ("wanted_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "db_table": "source_answer",
                "indexes": [
                    models.Index(
                        condition=models.Q(("wanted_at__isnull", False)),
                        fields=["source", "wanted_at"],
                        name="source_answer_wanted",
                    )
                ],
            },
        ),
        migrations.AddIndex("unknownproductreport", models.Index(fields=["gtin"], name="report_by_gtin")),
    ]
