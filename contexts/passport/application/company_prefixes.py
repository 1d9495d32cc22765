"""Company prefixes that brands claim and operators confirm: who may speak for which numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import Int8Range

from contexts.passport.application.catalogue import withdraw
from contexts.passport.application.errors import (
    PrefixClaimNotFound,
    PrefixHeld,
    PrefixInUse,
    PrefixNotAccepted,
)
from contexts.passport.domain.company_prefixes import (
    Claim,
    Kind,
    PrefixRefused,
    claim_of,
    number_of,
    single_claim_of,
)
from contexts.passport.domain.precedence import Origin
from contexts.passport.models import BrandProduct, Link, LotJourney, PrefixClaim
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"


class State(StrEnum):
    """What an operator has said of a claim."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A claim as brands and operators see it."""

    id: UUID
    brand_id: UUID
    brand_name: str
    claim: Claim
    state: State
    reason: str
    claimed_at: datetime
    decided_at: datetime | None


def claim(*, brand_id: UUID, brand_name: str, text: str, kind: Kind, now: datetime) -> Claimed:
    """Claim a company prefix, or a single GTIN-8, as it was typed; again it changes nothing. A claim that was
    refused waits anew.

    Raises PrefixNotAccepted; PrefixHeld where a confirmed prefix of the brand holds it already.
    """
    try:
        said = single_claim_of(text) if kind is Kind.GTIN_8 else claim_of(text)
    except PrefixRefused as refused:
        raise PrefixNotAccepted(_(str(refused))) from refused
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        row, is_new = PrefixClaim.objects.select_for_update().get_or_create(
            brand_id=brand_id,
            kind=said.kind.value,
            digits=said.digits,
            defaults={
                "id": uuid4(),
                "brand_name": brand_name,
                "block": Int8Range(said.first, said.after),
                "state": State.WAITING.value,
                "claimed_at": now,
            },
        )
        if is_new and _confirmed(brand_id).filter(block__contains=row.block).exists():
            raise PrefixHeld(_("A confirmed company prefix of yours holds these numbers already."))
        if row.state == State.REFUSED.value:
            _decide(row, state=State.WAITING, reason="", at=None)
            PrefixClaim.objects.filter(pk=row.pk).update(claimed_at=now, brand_name=brand_name)
            row.claimed_at, row.brand_name = now, brand_name
    return _claimed(row)


def ensure_confirmed(*, brand_id: UUID, brand_name: str, prefix: str, now: datetime) -> bool:
    """Claim a prefix and confirm it at once, for the demo; says whether it is confirmed.

    Again it changes nothing, and what an operator has decided stands.
    """
    before = next((one for one in claims_of(brand_id=brand_id) if one.claim.digits == prefix), None)
    if before is not None:
        return before.state is State.CONFIRMED
    try:
        made = claim(brand_id=brand_id, brand_name=brand_name, text=prefix, kind=Kind.COMPANY_PREFIX, now=now)
        confirm(claim_id=made.id, now=now)
    except PrefixHeld:
        return False
    return True


def claims_of(*, brand_id: UUID) -> Sequence[Claimed]:
    """A brand's own claims, by their digits."""
    return [_claimed(row) for row in PrefixClaim.objects.filter(brand_id=brand_id).order_by("digits", "kind")]


def listed(*, state: State | None = None) -> Sequence[Claimed]:
    """All brands' claims, the oldest first; for operators."""
    rows = PrefixClaim.objects.order_by("claimed_at", "id")
    return [_claimed(row) for row in (rows.filter(state=state.value) if state else rows)]


def confirm(*, claim_id: UUID, now: datetime) -> Claimed:
    """Say that a claim is right; again it changes nothing.

    Raises PrefixClaimNotFound, and PrefixHeld where a confirmed claim holds numbers of it: the database sees
    to that, whoever confirms what at the same time.
    """
    brand_id = _found(claim_id).brand_id
    try:
        with brand_scope(brand_id=brand_id, using=_DATABASE):
            row = _locked(claim_id)
            if row.state != State.CONFIRMED.value:
                _decide(row, state=State.CONFIRMED, reason="", at=now)
    except IntegrityError as error:
        raise PrefixHeld(_held_by(row)) from error
    return _claimed(row)


def refuse(*, claim_id: UUID, reason: str, with_products: bool = False, now: datetime) -> Claimed:
    """Say that a claim is wrong, and why; also of one that was confirmed.

    `with_products` takes the brand's products under it from it, with their links and with what it says of
    them; what it published stays in the history. Raises PrefixClaimNotFound, and PrefixInUse where there are
    products and that was not said.
    """
    with brand_scope(brand_id=_found(claim_id).brand_id, using=_DATABASE):
        row = _locked(claim_id)
        was_confirmed = row.state == State.CONFIRMED.value
        _decide(row, state=State.REFUSED, reason=reason, at=now)
        if was_confirmed:
            _release(_claimed(row), with_products=with_products, now=now)
    return _claimed(row)


def is_confirmed(*, brand_id: UUID, gtin: str) -> bool:
    """Whether a confirmed claim of the brand holds a GTIN-14."""
    number = number_of(gtin)
    return _confirmed(brand_id).filter(block__contains=Int8Range(number, number + 1)).exists()


def _release(claimed: Claimed, *, with_products: bool, now: datetime) -> None:
    """Take from a brand its products that no confirmed claim holds any more."""
    gtins = [
        gtin
        for gtin in BrandProduct.objects.filter(brand_id=claimed.brand_id).values_list("gtin", flat=True)
        if claimed.claim.holds(gtin)
    ]
    if gtins and not with_products:
        raise PrefixInUse(
            f"{claimed.brand_name} has {len(gtins)} product(s) under {claimed.claim.digits}: say"
            " --with-products to take them, their links and what it says of them from it."
        )
    for gtin in sorted(gtins):
        for origin in (Origin.BRAND, Origin.PRODUCER_FILE):
            withdraw(gtin=gtin, origin=origin, at=now)
    for said in (Link, LotJourney):
        said.objects.filter(brand_id=claimed.brand_id, gtin__in=gtins).delete()
    BrandProduct.objects.filter(gtin__in=gtins).delete()


def _held_by(row: PrefixClaim) -> str:
    holder = PrefixClaim.objects.filter(state=State.CONFIRMED.value, block__overlap=row.block).first()
    name = f"{holder.brand_name} ({holder.digits})" if holder else "somebody"
    return f"Numbers of {row.digits} are confirmed as those of {name}: refuse that claim first, or this one."


def _confirmed(brand_id: UUID) -> QuerySet[PrefixClaim]:
    return PrefixClaim.objects.filter(brand_id=brand_id, state=State.CONFIRMED.value)


def _found(claim_id: UUID) -> PrefixClaim:
    row = PrefixClaim.objects.filter(id=claim_id).first()
    if row is None:
        raise PrefixClaimNotFound(
            f"There is no claim {claim_id}: `manage.py company_prefix list` shows them all."
        )
    return row


def _locked(claim_id: UUID) -> PrefixClaim:
    return PrefixClaim.objects.select_for_update().get(id=claim_id)


def _decide(row: PrefixClaim, *, state: State, reason: str, at: datetime | None) -> None:
    row.state, row.reason, row.decided_at = state.value, reason, at
    with transaction.atomic(using=_DATABASE):
        row.save(update_fields=["state", "reason", "decided_at"])


def _claimed(row: PrefixClaim) -> Claimed:
    return Claimed(
        id=row.id,
        brand_id=row.brand_id,
        brand_name=row.brand_name,
        claim=Claim(kind=Kind(row.kind), digits=row.digits),
        state=State(row.state),
        reason=row.reason,
        claimed_at=row.claimed_at,
        decided_at=row.decided_at,
    )
