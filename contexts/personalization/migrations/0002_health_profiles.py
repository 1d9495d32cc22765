from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("personalization", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                ("person_id", models.UUIDField(primary_key=True, serialize=False)),
                ("kek_id", models.CharField(max_length=63)),
                ("wrapped", models.BinaryField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "db_table": "person_key",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VerdictTold",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "gtin",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("day", models.DateField()),
                ("consented_at", models.DateTimeField()),
            ],
            options={
                "db_table": "verdict_told",
            },
        ),
        migrations.CreateModel(
            name="HealthProfile",
            fields=[
                ("person_id", models.UUIDField(primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("consented_at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "db_table": "health_profile",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="health_profile_from_version_1"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonShared",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reason", "person_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=120)),
                ("person_id", models.UUIDField()),
                ("consented_at", models.DateTimeField()),
            ],
            options={
                "db_table": "reason_shared",
                "indexes": [models.Index(fields=["person_id"], name="reason_shared_person")],
            },
        ),
    ]
