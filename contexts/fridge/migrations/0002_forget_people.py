"""Tables of forgetting: erasures under way, and people about whom nothing is taken any more."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fridge", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasedPerson",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("until", models.DateField()),
            ],
            options={
                "db_table": "erased_person",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("erasure_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "person_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
            ],
            options={
                "db_table": "erasure",
                "abstract": False,
            },
        ),
    ]
