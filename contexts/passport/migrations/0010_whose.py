"""Who announced a recall, and that a brand's links are about its own products."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0009_sources")]
    operations: ClassVar = [
        # Of those that were announced so far: operators did it.
        migrations.AddField("recall", "brand_id", models.UUIDField(null=True)),
        migrations.RunSQL(
            "ALTER TABLE link ADD CONSTRAINT link_of_own_product"
            " FOREIGN KEY (brand_id, gtin) REFERENCES brand_product (brand_id, gtin)",
            reverse_sql="ALTER TABLE link DROP CONSTRAINT link_of_own_product",
        ),
    ]
