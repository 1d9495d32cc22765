"""Everybody before was added by an operator: their addresses count as confirmed."""

import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def confirm(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    addresses = apps.get_model("account", "EmailAddress")
    for person in apps.get_model("provider", "Person").objects.all():
        addresses.objects.get_or_create(
            user_id=person.pk, email=person.email, defaults={"verified": True, "primary": True}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("provider", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="person",
            name="name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.RunPython(confirm, migrations.RunPython.noop),
    ]
