"""`manage.py demo_brands`: the brands of the demo catalogue, and who works for them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contexts.identity.application.demo import ensure_demo_brand_user, ensure_demo_brands
from packytrace.errors import DomainError
from packytrace.provider.demo import DEMO_PEOPLE


class Command(BaseCommand):
    """Make what is missing; running it again changes nothing."""

    help = "Register the demo brands, and let the demo people of the embedded provider work for them."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            brands = ensure_demo_brands(at=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Demo brands: {', '.join(brands)}.")
        if not settings.OIDC_EMBEDDED:
            return
        for person in DEMO_PEOPLE:
            if person.brand:
                ensure_demo_brand_user(
                    issuer=settings.OIDC_ISSUER,
                    subject=str(person.subject),
                    display_name=person.name,
                    slug=person.brand,
                )
