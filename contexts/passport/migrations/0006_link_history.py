"""What happened to links, and whether their targets answer."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0005_links")]
    operations: ClassVar = []
