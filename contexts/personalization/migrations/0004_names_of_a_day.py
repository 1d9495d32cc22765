from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("personalization", "0003_forget_people"),
    ]

    operations = [
        # Made anew: what was noted before names people, and does not say under which consent it was told.
        migrations.DeleteModel(name="ReasonShared"),
        migrations.DeleteModel(name="VerdictTold"),
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
                ("measured_since", models.DateTimeField()),
            ],
            options={
                "db_table": "verdict_told",
            },
        ),
        migrations.CreateModel(
            name="ReasonShared",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "reason", "digest", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=120)),
                ("digest", models.BinaryField(max_length=32)),
                ("key", models.CharField(max_length=16)),
            ],
            options={
                "db_table": "reason_shared",
                "indexes": [models.Index(fields=["digest"], name="reason_shared_digest")],
            },
        ),
        migrations.CreateModel(
            name="ToForget",
            fields=[
                ("pseudonym", models.UUIDField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "to_forget",
            },
        ),
    ]
