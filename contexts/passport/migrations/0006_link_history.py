"""What happened to links, whether their targets answer, and files of links."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0005_links")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="CheckedHost",
            fields=[
                ("host", models.CharField(max_length=260, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
                ("robots", models.TextField(blank=True)),
                ("robots_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "checked_host",
            },
        ),
        migrations.CreateModel(
            name="LinkFileWork",
            fields=[
                ("file_id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("touched_at", models.DateTimeField()),
                ("confirmed", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "link_file_work",
            },
        ),
        migrations.CreateModel(
            name="LinkAuthor",
            fields=[
                ("reference", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("account_id", models.UUIDField(db_index=True)),
            ],
            options={
                "db_table": "link_author",
                "constraints": [
                    models.UniqueConstraint(fields=("brand_id", "account_id"), name="link_author_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkChange",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "link_id", "version", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("link_id", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                ("brand_id", models.UUIDField()),
                ("gtin", models.CharField(max_length=14)),
                ("kind", models.CharField(max_length=16)),
                ("author", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
            ],
            options={
                "db_table": "link_change",
                "indexes": [models.Index(fields=["brand_id", "gtin", "-at"], name="link_change_newest")],
            },
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("link_id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("url", models.CharField(max_length=4096)),
                ("host", models.CharField(max_length=260)),
                ("state", models.CharField(max_length=16)),
                ("reason", models.CharField(blank=True, max_length=32)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("moved_to", models.CharField(blank=True, max_length=4096)),
                ("checked_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "link_check",
                "indexes": [models.Index(fields=["due_at"], name="link_check_due")],
            },
        ),
        migrations.CreateModel(
            name="LinkFile",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("brand_id", models.UUIDField()),
                ("name", models.CharField(max_length=200)),
                ("read_as", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("author", models.UUIDField()),
                ("state", models.CharField(max_length=16)),
                ("rows", models.PositiveIntegerField()),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
            ],
            options={
                "db_table": "link_file",
                "indexes": [models.Index(fields=["brand_id", "-created_at"], name="link_file_newest")],
            },
        ),
        migrations.CreateModel(
            name="LinkFileRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("brand_id", models.UUIDField()),
                ("fate", models.CharField(max_length=16)),
                ("field", models.CharField(blank=True, max_length=32)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("link_id", models.UUIDField(null=True)),
                ("version", models.PositiveIntegerField(null=True)),
                ("draft", models.JSONField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
            ],
            options={
                "db_table": "link_file_row",
                "indexes": [models.Index(fields=["file_id", "fate", "number"], name="link_file_row_fate")],
            },
        ),
    ]
