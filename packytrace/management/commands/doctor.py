"""`manage.py doctor`: what is wrong, and how to repair it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from packytrace import doctor
from packytrace.doctor import Verdict


class Command(BaseCommand):
    """Examine every part; exit code 1 when one is bad."""

    help = "Check everything that can be reached and say how to repair what is wrong."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        marks = {
            Verdict.GOOD: self.style.SUCCESS("good   "),
            Verdict.REMARK: self.style.NOTICE("remark "),
            Verdict.WARNING: self.style.WARNING("warning"),
            Verdict.BAD: self.style.ERROR("bad    "),
        }
        bad = False
        for finding in doctor.examine():
            bad |= finding.verdict is Verdict.BAD
            self.stdout.write(f"{marks[finding.verdict]}  {finding.part:<16} {finding.seen}")
            if finding.repair:
                self.stdout.write(f"{'':27}{finding.repair}")
        if bad:
            sys.exit(1)
