"""People, what they allow and what they eat, for tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from contexts.personalization.application.ports import Notice, Product, Standing
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity

SARA = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e04")
LUCA = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e44")
GRANTED = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
NOW = datetime(2026, 3, 14, 10, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

#: Words that a profile of SARA has and that stand nowhere else.
CANARY = "zibibbo-canary"
PROFILE = HealthProfile(
    allergens={Allergen.MILK: Sensitivity.CONTAINS, Allergen.PEANUTS: Sensitivity.TRACES_TOO},
    intolerances=frozenset({Intolerance.LACTOSE}),
    diets=frozenset({Diet.PESCATARIAN}),
    goals=frozenset({Goal.MORE_PROTEIN}),
    avoided=(CANARY, "palm oil"),
)


class SignInFirst(Exception):
    """Nobody is signed in."""


class World:
    """What the other contexts know, in place of their providers."""

    def __init__(self) -> None:
        self.grants: dict[UUID, datetime] = {SARA: GRANTED, LUCA: GRANTED}
        self.measured: dict[UUID, datetime] = {}
        """By default everybody who agreed to a profile agreed to be counted, at the same time."""
        self.uncounted: set[UUID] = set()
        self.asked_again: set[UUID] = set()
        """Whose notice has changed since they agreed."""
        self.account: UUID | None = SARA
        self.catalogue: dict[str, Product] = {}
        self.asked = 0
        self.version = "1"

    def standing(self, *, account_id: UUID) -> Standing:
        self.asked += 1
        if account_id in self.asked_again:
            return Standing(health_profile=None, measurement=None)
        return self.never_withdrawn(account_id=account_id)

    def never_withdrawn(self, *, account_id: UUID) -> Standing:
        granted = self.grants.get(account_id)
        counted = None if account_id in self.uncounted else self.measured.get(account_id, granted)
        return Standing(health_profile=granted, measurement=counted)

    def product(self, *, gtin: str) -> Product | None:
        return self.catalogue.get(gtin)

    def notice(self, *, language: str) -> Notice:
        text = f"What we store, why and for how long ({language})."
        return Notice(version=self.version, html=f"<p>{text}</p>", text=text)

    def grant(self, *, account_id: UUID, notice_version: str, at: datetime) -> None:
        assert notice_version == self.version
        self.grants.setdefault(account_id, at)

    def withdraw(self, *, account_id: UUID, at: datetime) -> None:
        self.grants.pop(account_id, None)

    def signed_in(self, request: HttpRequest) -> UUID:
        if self.account is None:
            raise SignInFirst
        return self.account

    def known(self, request: HttpRequest) -> UUID | None:
        return self.account


def product(label: Label | None = None, *, gtin: str = "09521001000017") -> Product:
    """A product with a label."""
    return Product(gtin=gtin, brand_id=None, label=label or Label(), name="Whole milk 1 l")
