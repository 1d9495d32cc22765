"""Drop the second index that Django gives to a text as primary key: no query asks for a part of one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("passport", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="DROP INDEX IF EXISTS catalogue_entry_gtin_5ae9748f_like",
            reverse_sql="CREATE INDEX catalogue_entry_gtin_5ae9748f_like"
            " ON catalogue_entry (gtin varchar_pattern_ops)",
        ),
        migrations.RunSQL(
            sql="DROP INDEX IF EXISTS import_progress_digest_3502637c_like",
            reverse_sql="CREATE INDEX import_progress_digest_3502637c_like"
            " ON import_progress (digest varchar_pattern_ops)",
        ),
    ]
