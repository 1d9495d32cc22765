"""What each source says of a product, side by side."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0007_brand_products")]
    operations: ClassVar = []
