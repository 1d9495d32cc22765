"""Company prefixes that brands claim and operators confirm: who may speak for which numbers.

Whoever writes in a brand's name does so inside `speaking_for`, which holds the brand's confirmed claims until
the transaction ends; whoever takes something away from a brand holds its claim alone, first of all. So
nothing is written under a claim that is refused meanwhile, and nobody waits crosswise, for all take their
locks in this order: the claims; then the product or a recall, the catalogue, links and journeys.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from psycopg.types.range import Int8Range

from contexts.passport.application import journeys, recalls
from contexts.passport.application.catalogue import withdraw
from contexts.passport.application.errors import (
    PrefixClaimNotFound,
    PrefixHeld,
    PrefixInUse,
    PrefixNotAccepted,
)
from contexts.passport.application.recalls import ListedRecall
from contexts.passport.domain.company_prefixes import (
    Claim,
    Kind,
    PrefixRefused,
    claim_of,
    number_of,
    single_claim_of,
)
from contexts.passport.domain.precedence import Origin
from contexts.passport.models import BrandProduct, Link, PrefixClaim
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"


class State(StrEnum):
    """What an operator has said of a claim."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """Another brand's claim of numbers that a claim holds, too; not one that was refused."""

    brand_name: str
    digits: str
    state: State


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
    clashes: tuple[Clash, ...] = ()
    """In lists, of one that was not refused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """A claim that was refused, and what that leaves behind."""

    claimed: Claimed
    recalls_standing: Sequence[ListedRecall]
    """Recalls of products that were taken from the brand, whoever announced them: shoppers are still told."""
    recalls_taken_back: Sequence[ListedRecall]


@contextmanager
def speaking_for(*, brand_id: UUID) -> Iterator[Sequence[Claim]]:
    """The scope of a brand for whoever writes in its name, with its confirmed claims: none of them is refused
    before the transaction has ended. One that is being refused at this moment is waited for."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = PrefixClaim.objects.raw(
            "SELECT * FROM prefix_claim WHERE brand_id = %s AND state = %s ORDER BY id FOR SHARE",
            [brand_id, State.CONFIRMED.value],
        )
        yield [_claim(row) for row in rows]


@contextmanager
def taking_from(*, brand_id: UUID, gtin: str) -> Iterator[Sequence[Claim]]:
    """The scope of a brand for whoever takes a product (GTIN-14) away from it, with the confirmed claim that
    holds it, if one does: until the transaction ends nobody else writes in the brand's name. Not to be opened
    inside `speaking_for`: two who did so at once would wait for each other."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = _confirmed_for(gtin).filter(brand_id=brand_id).select_for_update()
        yield [_claim(row) for row in rows]


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
    """A brand's own claims, by their digits. One query."""
    rows = with_clashes(PrefixClaim.objects.filter(brand_id=brand_id))
    return [_claimed(row) for row in rows.order_by("digits", "kind")]


def listed(*, state: State | None = None) -> Sequence[Claimed]:
    """All brands' claims, the oldest first; for operators. One query."""
    rows = with_clashes(PrefixClaim.objects.order_by("claimed_at", "id"))
    return [_claimed(row) for row in (rows.filter(state=state.value) if state else rows)]


def with_clashes(rows: QuerySet[PrefixClaim]) -> QuerySet[PrefixClaim]:
    """Claims with what `clashes_of` reads."""
    live = PrefixClaim.objects.exclude(state=State.REFUSED.value)
    others = live.filter(block__overlap=OuterRef("block")).exclude(brand_id=OuterRef("brand_id"))
    said = JSONObject(brand_name="brand_name", digits="digits", state="state")
    return rows.annotate(clashes=ArraySubquery(others.order_by("claimed_at", "id").values(said=said)))


def clashes_of(row: PrefixClaim) -> tuple[Clash, ...]:
    """Of a row of `with_clashes`; none of one that was refused, or read otherwise."""
    if row.state == State.REFUSED.value:
        return ()
    return tuple(
        Clash(brand_name=one["brand_name"], digits=one["digits"], state=State(one["state"]))
        for one in getattr(row, "clashes", ())
    )


def confirm(*, claim_id: UUID, now: datetime) -> Claimed:
    """Say that a claim is right; again it changes nothing.

    Raises PrefixClaimNotFound, and PrefixHeld where a confirmed claim holds numbers of it: the database sees
    to that, whoever confirms what at the same time. For operators: in a brand's scope the database refuses.
    """
    try:
        with transaction.atomic(using=_DATABASE):
            row = _locked(claim_id)
            if row.state != State.CONFIRMED.value:
                _decide(row, state=State.CONFIRMED, reason="", at=now)
    except IntegrityError as error:
        raise PrefixHeld(_held_by(row)) from error
    return _claimed(row)


def refuse(
    *,
    claim_id: UUID,
    reason: str,
    with_products: bool = False,
    with_recalls: bool = False,
    now: datetime,
) -> Refused:
    """Say that a claim is wrong, and why; also of one that was confirmed. For operators, as `confirm` is.

    `with_products` takes the brand's products under it from it, with their links, their journeys and what it
    says of them; what it published stays in the history. Recalls of them stand on: `with_recalls` takes back
    those that the brand itself announced. Raises PrefixClaimNotFound, and PrefixInUse where there are
    products and that was not said.
    """
    with transaction.atomic(using=_DATABASE):
        row = _locked(claim_id)
        was_confirmed = row.state == State.CONFIRMED.value
        _decide(row, state=State.REFUSED, reason=reason, at=now)
        claimed = _claimed(row)
        if not was_confirmed:
            return Refused(claimed=claimed, recalls_standing=(), recalls_taken_back=())
        with brand_scope(brand_id=row.brand_id, using=_DATABASE):
            gtins = _gtins_under(claimed, with_products=with_products)
            standing = [one for gtin in gtins for one in recalls.listed(gtin=gtin) if not one.withdrawn]
            back = [one for one in standing if with_recalls and one.brand_id == row.brand_id]
            for one in back:
                recalls.withdraw(recall_id=one.standing.id, now=now)
            _release(claimed.brand_id, gtins, now=now)
    return Refused(
        claimed=claimed,
        recalls_standing=[one for one in standing if one not in back],
        recalls_taken_back=back,
    )


def is_confirmed(*, brand_id: UUID, gtin: str) -> bool:
    """Whether a confirmed claim of the brand holds a GTIN-14."""
    return _confirmed_for(gtin).filter(brand_id=brand_id).exists()


def _gtins_under(claimed: Claimed, *, with_products: bool) -> Sequence[str]:
    """The brand's products that no confirmed claim holds any more. Raises PrefixInUse."""
    gtins = BrandProduct.objects.filter(brand_id=claimed.brand_id).order_by("gtin")
    found = [gtin for gtin in gtins.values_list("gtin", flat=True) if claimed.claim.holds(gtin)]
    if found and not with_products:
        raise PrefixInUse(
            f"{claimed.brand_name} has {len(found)} product(s) under {claimed.claim.digits}: say"
            " --with-products to take them, their links and what it says of them from it."
        )
    return found


def _release(brand_id: UUID, gtins: Sequence[str], *, now: datetime) -> None:
    """Take products from a brand."""
    for gtin in gtins:
        for origin in (Origin.BRAND, Origin.PRODUCER_FILE):
            withdraw(gtin=gtin, origin=origin, at=now)
    Link.objects.filter(brand_id=brand_id, gtin__in=gtins).delete()
    journeys.fall_silent(brand_id=brand_id, gtins=gtins, at=now)
    BrandProduct.objects.filter(gtin__in=gtins).delete()


def _held_by(row: PrefixClaim) -> str:
    holder = PrefixClaim.objects.filter(state=State.CONFIRMED.value, block__overlap=row.block).first()
    name = f"{holder.brand_name} ({holder.digits})" if holder else "somebody"
    return f"Numbers of {row.digits} are confirmed as those of {name}: refuse that claim first, or this one."


def _confirmed(brand_id: UUID) -> QuerySet[PrefixClaim]:
    return PrefixClaim.objects.filter(brand_id=brand_id, state=State.CONFIRMED.value)


def _confirmed_for(gtin: str) -> QuerySet[PrefixClaim]:
    number = number_of(gtin)
    return PrefixClaim.objects.filter(
        state=State.CONFIRMED.value, block__contains=Int8Range(number, number + 1)
    )


def _locked(claim_id: UUID) -> PrefixClaim:
    row = PrefixClaim.objects.select_for_update().filter(id=claim_id).first()
    if row is None:
        raise PrefixClaimNotFound(
            f"There is no claim {claim_id}: `manage.py company_prefix list` shows them all."
        )
    return row


def _decide(row: PrefixClaim, *, state: State, reason: str, at: datetime | None) -> None:
    row.state, row.reason, row.decided_at = state.value, reason, at
    with transaction.atomic(using=_DATABASE):
        row.save(update_fields=["state", "reason", "decided_at"])


def _claimed(row: PrefixClaim) -> Claimed:
    return Claimed(
        id=row.id,
        brand_id=row.brand_id,
        brand_name=row.brand_name,
        claim=_claim(row),
        state=State(row.state),
        reason=row.reason,
        claimed_at=row.claimed_at,
        decided_at=row.decided_at,
        clashes=clashes_of(row),
    )


def _claim(row: PrefixClaim) -> Claim:
    return Claim(kind=Kind(row.kind), digits=row.digits)
