"""Who announced a recall, and that a brand's links are about its own products."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0009_sources")]
    operations: ClassVar = [
        # Of those that were announced so far: operators did it.
        migrations.AddField("recall", "brand_id", models.UUIDField(null=True)),
        # Of links that are there the owner looks for the products, which forced row-level security hides from
        # it, too.
        migrations.RunSQL(
            [
                "ALTER TABLE brand_product NO FORCE ROW LEVEL SECURITY",
                (
                    "ALTER TABLE link ADD CONSTRAINT link_of_own_product"
                    " FOREIGN KEY (brand_id, gtin) REFERENCES brand_product (brand_id, gtin)"
                ),
                "ALTER TABLE brand_product FORCE ROW LEVEL SECURITY",
            ],
            reverse_sql="ALTER TABLE link DROP CONSTRAINT link_of_own_product",
        ),
    ]
