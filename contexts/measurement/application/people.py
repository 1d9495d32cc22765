"""People in the open windows: found by their pseudonyms, as long as a window's key exists, and not after."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connections

from contexts.measurement.application import ports
from contexts.measurement.domain import windows
from contexts.measurement.domain.pseudonyms import pseudonym
from contexts.measurement.models import RawFinished, RawScan, RawStored, Week, Window
from packytrace.people.erasing import remember_erased


def erase(*, person_ids: Collection[UUID]) -> None:
    """Delete every raw fact of these people, in the transaction at hand; again changes nothing.

    Released cells stay: they name nobody (GDPR, recital 26).
    """
    for day, brand_id, pseudonyms in _pseudonyms(person_ids=person_ids):
        RawScan.objects.filter(pseudonym__in=pseudonyms, window_id=day, brand_id=brand_id).delete()


def forget_holder(*, holder: UUID) -> None:
    """Delete every raw fact of a holder of some fridge, and take nothing more of it that is still on its way.

    In the transaction at hand; again changes nothing.
    """
    hold_holder(holder=holder, shared=False)
    until = datetime.now(UTC).date() + windows.RAW_LIFETIME
    remember_erased(person_ids=[holder], until=until, using="measurement")
    for window, raw in ((Window, RawStored), (Week, RawFinished)):
        keys = dict(window.objects.filter(closed_at=None).values_list("pk", "key"))
        where = "window_id" if raw is RawStored else "week_id"
        brands = raw.objects.filter(**{f"{where}__in": keys}).values_list(where, "brand_id").distinct()
        for start, brand_id in list(brands.order_by(where, "brand_id")):
            known_as = pseudonym(key=bytes(keys[start] or b""), brand_id=brand_id, person_id=holder)
            raw.objects.filter(**{where: start}, brand_id=brand_id, pseudonym=known_as).delete()


def hold_holder(*, holder: UUID, shared: bool) -> None:
    """Until the transaction ends, a holder is either counted (shared) or forgotten. Facts of one holder come
    through several consumers at once: whoever comes second sees what the first one wrote."""
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connections["measurement"].cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"holder:{holder}"])


def link(*, visitor_id: UUID, account_id: UUID) -> None:
    """A visitor turned out to be an account holder: count the visitor's raw facts as the account's.

    Without the account's consent they are deleted: they are facts about that account now.
    """
    if ports.consents().counted_as(visitor_id=None, account_id=account_id) is None:
        erase(person_ids=[visitor_id])
        return
    with connections["measurement"].cursor() as cursor:
        for day, brand_id, (before, after) in _pseudonyms(person_ids=[visitor_id, account_id]):
            cursor.execute(
                "UPDATE raw_scan SET pseudonym = %s"
                " WHERE window_id = %s AND brand_id = %s AND pseudonym = %s",
                [after, day, brand_id, before],
            )


def export(*, person_ids: Collection[UUID]) -> Mapping[str, list[dict[str, str]]]:
    """What the open windows hold of these people: which products they scanned on which day."""
    scans = [
        {"day": day.isoformat(), "gtin": gtin}
        for day, brand_id, pseudonyms in _pseudonyms(person_ids=person_ids)
        for gtin in RawScan.objects.filter(
            pseudonym__in=pseudonyms, window_id=day, brand_id=brand_id
        ).values_list("gtin", flat=True)
    ]
    return {"counted_scans": scans} if scans else {}


def _pseudonyms(*, person_ids: Collection[UUID]) -> Iterator[tuple[date, UUID, list[bytes]]]:
    """Day, brand and these people's pseudonyms there, in their order, by open window and brand."""
    keys = dict(Window.objects.filter(closed_at=None).values_list("day", "key"))
    brands = RawScan.objects.filter(window_id__in=keys).values_list("window_id", "brand_id").distinct()
    for day, brand_id in brands.order_by("window_id", "brand_id"):
        key = bytes(keys[day] or b"")
        yield (
            day,
            brand_id,
            [pseudonym(key=key, brand_id=brand_id, person_id=person_id) for person_id in person_ids],
        )
