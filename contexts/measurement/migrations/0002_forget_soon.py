"""Vacuum keys and raw facts as soon as they are deleted, instead of once a fifth of a table is dead."""

from django.db import migrations

TABLES = ("measurement_window", "raw_scan")


class Migration(migrations.Migration):
    dependencies = [("measurement", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=f"ALTER TABLE {table} SET"
            " (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)",
            reverse_sql=f"ALTER TABLE {table} RESET"
            " (autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor)",
        )
        for table in TABLES
    ]
