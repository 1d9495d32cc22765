"""What sources answered, and the journeys of lots."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("passport", "0008_catalogue")]
    operations: ClassVar = []
