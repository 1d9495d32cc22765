"""What a brand says of its own products."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0006_link_history")]
    operations: ClassVar = []
