"""Links that brands register for their products."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0004_recalls")]
    operations: ClassVar = []
