"""What a household does with its items: added, changed, used up, and all of it undone.

Each is one transaction: the events, what the pages read and what may be told of it stand together or not at
all. Whoever writes second finds the version taken, and the whole command is decided again on what is there.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import psycopg
from django.db import IntegrityError, OperationalError, connections, transaction

from contexts.fridge.application import event_store, ports, products, projecting, reading
from contexts.fridge.application.errors import (
    ActionNotFound,
    ActionReused,
    AlreadyAtHome,
    HouseholdNotAccepted,
    ItemBusy,
    ItemChanged,
    ItemNotFound,
    NoLongerMember,
    NothingToAdd,
    PlaceNotFound,
)
from contexts.fridge.application.event_store import Stream
from contexts.fridge.application.households import Membership
from contexts.fridge.application.projecting import Projection
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.application.refusals import in_our_words
from contexts.fridge.domain import undoing
from contexts.fridge.domain.commands import Add, Command, Freeze, Give, Move, Thaw, Use, Waste
from contexts.fridge.domain.deciding import Caution, Decision, decide
from contexts.fridge.domain.events import Event, Place, Recorded, Source
from contexts.fridge.domain.food_kinds import KindFound, kind_of
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.domain.households import HouseholdRefused, clean_name
from contexts.fridge.domain.item import Item, Status, fold
from contexts.fridge.domain.quantity import Quantity, QuantityRefused, Unit
from contexts.fridge.domain.refusals import CommandRefused
from contexts.fridge.domain.storage_guidance import guidance
from contexts.fridge.models import Product

_DATABASE: Final = "fridge"

#: How often a command is decided. From the second time on its items are held, so that nobody else's change
#: comes in between: it takes a crowd, or an unlucky deadlock each time, to need more.
_ATTEMPTS: Final = 5

_LONGEST_NAME: Final = 120
#: A GTIN in any of its lengths, its digits grouped as printed. GS1 element strings have 16 digits or more.
_NUMBER_ALONE: Final = re.compile(r"\W*(?:\d\W*){8,14}", re.ASCII)
_SERIAL_ONCE: Final = "item_serial_once_at_home"


@dataclass(frozen=True, kw_only=True, slots=True)
class Adding:
    """What is to be added: by its code, else by its product, else by a name alone.

    What is said here wins over what the code says, and that over what the catalogue says.
    """

    code: str | None = None
    """Digital Link, GS1 element string, DataMatrix text or bare GTIN."""
    gtin: str | None = None
    """In any of its lengths."""
    name: str | None = None
    """As typed; kept where the catalogue knows no name."""
    packs: int = 1
    per_pack: Quantity | None = None
    printed: date | None = None
    date_kind: DateKind | None = None
    place: Place | None = None
    """None: where such food is kept unopened, as the storage guidance has it."""
    kind: str | None = None
    """A row of the storage guidance."""
    price: Decimal | None = None
    """Of one pack, in the household's currency."""
    opened_on: date | None = None
    lot: str | None = None
    serial: str | None = None
    source: Source | None = None
    """None: told by what it is added by."""
    allow_duplicate: bool = False
    """Add a pack whose serial is at home already, as a line of its own without the serial."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What an action did."""

    action_id: UUID
    items: tuple[StoredItem, ...]
    """Every item it touched, as it is now, those made by it included."""
    warnings: tuple[Caution, ...]
    repeated: bool
    """Whether this very request had been done before: then nothing was written now."""


def add(*, member: Membership, adding: Adding, action_id: UUID, now: datetime) -> Done:
    """Put a pack, or several as one line, into the fridge.

    Raises NothingToAdd, AlreadyAtHome, ActionReused, ItemBusy, NoLongerMember, PlaceNotFound,
    HouseholdNotAccepted (the name), CommandNotAccepted for what no item has, and what passport says of a code
    that is none.
    """
    today = _today(member, now)
    found = _found(adding, today=today)

    def plan(_ground: _Ground) -> _Plan:
        _check_place(member, found.place)
        command = _as_command(found, adding, member=member)
        if adding.allow_duplicate and _at_home(member, {(command.gtin, command.serial)}) is not None:
            command = replace(command, serial=None)
        plan = _Plan()
        plan.decided(command.item_id, Stream(events=()), _decide(None, command, at=now, today=today))
        if found.name:
            plan.names[command.item_id] = found.name
        return plan

    asked = _digest("add", adding)
    return _do(member=member, action_id=action_id, kind="add", asked=asked, plan=plan, now=now)


def act(
    *,
    member: Membership,
    item_ids: Sequence[UUID],
    command: Command,
    action_id: UUID,
    now: datetime,
    expected_version: int | None = None,
) -> Done:
    """Do one thing to one item or to many, all or none.

    With `expected_version` it is done only if every item is at that version; without, it is decided on what
    is there now. Raises ItemNotFound, ItemChanged, ActionReused, ItemBusy, NoLongerMember, PlaceNotFound,
    and CommandNotAccepted for what makes no sense with one of the items.
    """
    today = _today(member, now)
    ids = tuple(dict.fromkeys(item_ids))
    kind = _snake(type(command).__name__)

    def plan(ground: _Ground) -> _Plan:
        if isinstance(command, Move | Freeze | Thaw):
            _check_place(member, command.place)
        plan = _Plan()
        for item_id in ids:
            stream = ground.stream(item_id)
            item = fold(stream.events)
            if expected_version not in {None, item.version}:
                raise ItemChanged(item_id=item_id, version=item.version)
            plan.decided(item_id, stream, _decide(item, command, at=now, today=today))
            if isinstance(command, Use | Waste | Give) and item.price is None and item.gtin is not None:
                plan.without_price[item_id] = item.gtin
        return plan

    return _do(
        member=member,
        action_id=action_id,
        kind=kind,
        asked=_digest(kind, ids, command),
        plan=plan,
        item_ids=ids,
        now=now,
    )


def undo(*, member: Membership, action_id: UUID, as_action: UUID, now: datetime) -> Done:
    """Take a whole action back, in everything it touched; anybody in the household may. Undoing an undoing
    does it again.

    Raises ActionNotFound, ActionReused, ItemBusy, NoLongerMember, AlreadyAtHome where the pack that would
    come back has come in again since, and CommandNotAccepted where something that came later rests on it.
    """

    def plan(ground: _Ground) -> _Plan:
        plan = _Plan()
        for item_id in ground.of_undone:
            stream = ground.stream(item_id)
            try:
                plan.follow(item_id, stream, undoing.undo(stream.events, action_id=action_id))
            except CommandRefused as refused:
                raise in_our_words(refused) from refused
        return plan

    return _do(
        member=member,
        action_id=as_action,
        kind="undo",
        asked=_digest("undo", action_id),
        plan=plan,
        undoes=action_id,
        now=now,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ground:
    """What is there when an action is decided."""

    account_ids: tuple[UUID, ...]
    """Of everybody in the household."""
    streams: Mapping[UUID, Stream]
    of_undone: tuple[UUID, ...]
    """The items of the action that is to be undone."""

    def stream(self, item_id: UUID) -> Stream:
        return self.streams[item_id]


class _Plan:
    """What an action is going to record."""

    def __init__(self) -> None:
        self.events: dict[UUID, tuple[Stream, tuple[Event, ...]]] = {}
        """By item, behind its history, in the order in which they are answered."""
        self.warnings: list[Caution] = []
        self.names: dict[UUID, str] = {}
        """Of items that are added by a name alone."""
        self.named_as: dict[UUID, UUID] = {}
        """Items that are called as the one they were split off."""
        self.serials: set[tuple[str | None, str | None]] = set()
        """GTIN and serial of what is here once it is done."""
        self.without_price: dict[UUID, str] = {}
        """Items of which a portion leaves and nobody has said what they cost, with their GTINs."""

    def follow(self, item_id: UUID, stream: Stream, events: Sequence[Event]) -> None:
        self.events[item_id] = (stream, tuple(events))

    def decided(self, item_id: UUID, stream: Stream, decision: tuple[Decision, UUID]) -> None:
        made, split_off_id = decision
        self.follow(item_id, stream, made.events)
        if made.split_off is not None:
            self.follow(split_off_id, Stream(events=()), (made.split_off, *made.then))
            self.named_as[split_off_id] = item_id
        self.warnings += [warning for warning in made.warnings if warning not in self.warnings]


def _do(
    *,
    member: Membership,
    action_id: UUID,
    kind: str,
    asked: bytes,
    plan: Callable[[_Ground], _Plan],
    now: datetime,
    item_ids: Collection[UUID] = (),
    undoes: UUID | None = None,
) -> Done:
    """Do an action once, however often it is asked for."""
    planned = _Plan()
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic(using=_DATABASE):
                standing = _standing(member=member, action_id=action_id, undoes=undoes, item_ids=item_ids)
                if standing.done is not None:
                    return _repeated(standing.done, member=member, action_id=action_id, asked=asked)
                ground = _ground(standing, member=member, item_ids=item_ids, held=attempt > 0)
                planned = plan(ground)
                return Done(
                    action_id=action_id,
                    items=_write(
                        planned,
                        member=member,
                        action=_Action(id=action_id, kind=kind, asked=asked, undoes=undoes),
                        account_ids=ground.account_ids,
                        now=now,
                    ),
                    warnings=tuple(planned.warnings),
                    repeated=False,
                )
        except (IntegrityError, OperationalError) as error:
            if not isinstance(error.__cause__, _CAUSES):
                raise
            if error.__cause__.diag.constraint_name == _SERIAL_ONCE:
                item_id = _at_home(member, planned.serials)
                if item_id is not None:
                    raise AlreadyAtHome(item_id=item_id) from error
    raise ItemBusy


#: Who came first did what this wanted to do, or each waited for the other.
_CAUSES: Final = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Before:
    """What is known of an action that was done before."""

    household_id: UUID
    asked: bytes
    item_ids: tuple[UUID, ...]
    warnings: tuple[Caution, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Standing:
    """What is to be known before anything is decided."""

    account_ids: tuple[UUID, ...]
    done: _Before | None
    of_undone: tuple[UUID, ...]
    streams: Mapping[UUID, Stream]
    """Of these, and of the items asked for."""


#: Holds the member's row: whoever removes the member waits, so that the action has happened before or not at
#: all. Members do not wait for one another.
_STANDING_FORM: Final = """
    SELECT
        (SELECT array_agg(account_id) FROM member WHERE household_id = %(household)s),
        done.household_id, done.asked, done.item_ids, done.warnings, undone.item_ids,
        (SELECT json_agg(json_build_array(stream_id, events))::text FROM ({histories}) AS history)
    FROM member
    LEFT JOIN action done ON done.id = %(action)s
    LEFT JOIN action undone ON undone.id = %(undoes)s AND undone.household_id = %(household)s
    WHERE member.reference = %(reference)s AND member.household_id = %(household)s
    FOR KEY SHARE OF member
"""
_STANDING: Final = _STANDING_FORM.format(
    histories=event_store.HISTORIES.format(ids="COALESCE(undone.item_ids, %(items)s::uuid[])")
)


def _standing(
    *, member: Membership, action_id: UUID, undoes: UUID | None, item_ids: Collection[UUID]
) -> _Standing:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            _STANDING,
            {
                "household": member.household_id,
                "reference": member.reference,
                "action": action_id,
                "undoes": undoes,
                "items": list(item_ids),
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NoLongerMember
    account_ids, household_id, asked, touched, warnings, of_undone, histories = row
    if undoes is not None and of_undone is None:
        raise ActionNotFound
    done = None
    if household_id is not None:
        done = _Before(
            household_id=household_id,
            asked=bytes(asked),
            item_ids=tuple(touched),
            warnings=tuple(Caution(warning) for warning in warnings),
        )
    return _Standing(
        account_ids=tuple(account_ids),
        done=done,
        of_undone=tuple(of_undone or ()),
        streams={
            (found := UUID(item_id)): event_store.read(found, rows)
            for item_id, rows in orjson.loads(histories or "[]")
        },
    )


def _repeated(done: _Before, *, member: Membership, action_id: UUID, asked: bytes) -> Done:
    if done.household_id != member.household_id or done.asked != asked:
        raise ActionReused
    return Done(
        action_id=action_id,
        items=reading.items(member=member, item_ids=done.item_ids),
        warnings=done.warnings,
        repeated=True,
    )


def _ground(standing: _Standing, *, member: Membership, item_ids: Collection[UUID], held: bool) -> _Ground:
    """The histories that are to be continued. Raises ItemNotFound, also for another household's."""
    ids = standing.of_undone or tuple(item_ids)
    streams = standing.streams
    if ids and held:
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute("SELECT FROM item WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(ids)])
        streams = event_store.load_many(item_ids=ids)
    for item_id in ids:
        if item_id not in streams or streams[item_id].household_id != member.household_id:
            raise ItemNotFound
    return _Ground(account_ids=standing.account_ids, streams=streams, of_undone=standing.of_undone)


def _decide(item: Item | None, command: Command, *, at: datetime, today: date) -> tuple[Decision, UUID]:
    split_off_id = uuid4()
    try:
        return decide(item, command, at=at, today=today, new_item_id=split_off_id), split_off_id
    except CommandRefused as refused:
        raise in_our_words(refused) from refused


@dataclass(frozen=True, kw_only=True, slots=True)
class _Action:
    id: UUID
    kind: str
    asked: bytes
    undoes: UUID | None


def _write(
    planned: _Plan, *, member: Membership, action: _Action, account_ids: Collection[UUID], now: datetime
) -> tuple[StoredItem, ...]:
    """Write what was decided, and return the items that it touched."""
    prices = _last_prices(member, planned.without_price)
    recorded: list[Recorded] = []
    before: dict[UUID, Projection] = {}
    after: list[Projection] = []
    for item_id, (stream, events) in planned.events.items():
        new = tuple(
            Recorded(
                item_id=item_id,
                version=version,
                event=event,
                action_id=action.id,
                by=member.reference,
                occurred_at=now,
                recorded_at=now,
            )
            for version, event in enumerate(events, start=len(stream.events) + 1)
        )
        recorded += new
        if stream.events:
            before[item_id] = projecting.projection(stream=stream, zone=member.zone)
        after.append(
            projecting.projection(
                stream=stream.followed_by(new, known_price=prices.get(item_id)), zone=member.zone
            )
        )
    planned.serials = {
        (one.item.gtin, one.item.serial)
        for one in after
        if one.item.status is Status.HERE and one.item.serial
    }
    parameters: dict[str, Any] = (
        {
            "action": action.id,
            "household": member.household_id,
            "by": member.reference,
            "kind": action.kind,
            "asked": action.asked,
            "touched": list(planned.events),
            "warnings": [warning.value for warning in planned.warnings],
            "at": now,
            "undoes": action.undoes,
        }
        | event_store.to_append(events=recorded, household_id=member.household_id, known_prices=prices)
        | projecting.to_put(projections=after, before=before)
        | _to_name(planned)
    )
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_WRITE, parameters)
        shown = {item_id: row for item_id, *row in cursor.fetchall()}
    measured = projecting.tells(projections=after, before=before) and ports.consents().all_measured(
        account_ids=account_ids
    )
    projecting.queue(projections=after, before=before, at=now, measured=measured)
    return tuple(reading.stored_as(item=one.item, changed_at=now, shown=shown[one.item.id]) for one in after)


#: Everything that an action leaves behind, and what is shown of its items.
_WRITE_FORM: Final = """
    WITH happened AS ({append}), {put}, done AS (
        INSERT INTO action (id, household_id, by, kind, asked, item_ids, warnings, at, undoes)
        VALUES (%(action)s, %(household)s, %(by)s, %(kind)s, %(asked)s, %(touched)s, %(warnings)s, %(at)s,
                %(undoes)s)
    ), named AS (
        INSERT INTO item_name (item_id, household_id, name)
        SELECT id, %(household)s, COALESCE(new.name, other.name)
        FROM jsonb_to_recordset(%(names)s::jsonb) AS new (id uuid, name text, called_as uuid)
        LEFT JOIN LATERAL (SELECT name FROM item_name WHERE item_id = new.called_as LIMIT 1) AS other ON TRUE
        WHERE COALESCE(new.name, other.name) IS NOT NULL
        RETURNING item_id, name
    )
    SELECT one.id, {shown}
    FROM put AS one {beside}
"""
_WRITE: Final = _WRITE_FORM.format(
    append=event_store.APPEND, put=projecting.PUT, shown=reading.SHOWN, beside=reading.BESIDE_NEW
)


def _to_name(planned: _Plan) -> dict[str, str]:
    rows = [{"id": item_id, "name": name} for item_id, name in planned.names.items()]
    rows += [{"id": item_id, "called_as": other_id} for item_id, other_id in planned.named_as.items()]
    return {"names": orjson.dumps(rows).decode()}


def _last_prices(member: Membership, gtin_of: Mapping[UUID, str]) -> dict[UUID, Decimal]:
    """What a pack of the same product cost this household last, by item, where that is known."""
    if not gtin_of:
        return {}
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT gtin, price.pack_price FROM unnest(%s::text[]) AS wanted (gtin), LATERAL ("
            "  SELECT pack_price FROM item"
            "  WHERE household_id = %s AND item.gtin = wanted.gtin AND pack_price IS NOT NULL"
            "   AND status <> 'removed'"
            "  ORDER BY added_at DESC LIMIT 1"
            " ) AS price",
            [sorted(set(gtin_of.values())), member.household_id],
        )
        price_of = dict(cursor.fetchall())
    return {item_id: price_of[gtin] for item_id, gtin in gtin_of.items() if gtin in price_of}


def _at_home(member: Membership, serials: Collection[tuple[str | None, str | None]]) -> UUID | None:
    """An item that is here and has one of these GTINs with its serial."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM item WHERE household_id = %s AND status = 'here' AND serial <> ''"
            " AND (gtin, serial) IN (SELECT * FROM unnest(%s::text[], %s::text[])) ORDER BY id LIMIT 1",
            [member.household_id, [gtin for gtin, _ in serials], [serial for _, serial in serials]],
        )
        row = cursor.fetchone()
    return None if row is None else row[0]


def _check_place(member: Membership, place: Place | None) -> None:
    """That it is a plain place, or one of the household's own, and stays until the transaction ends."""
    if place is None or place.id is None:
        return
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT FROM place WHERE id = %s AND household_id = %s AND kind = %s FOR KEY SHARE",
            [place.id, member.household_id, place.kind.value],
        )
        if cursor.rowcount != 1:
            raise PlaceNotFound


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What is to be added, as far as its code and the catalogue tell."""

    pack: ports.Pack | None
    product: Product | None
    kind: KindFound
    name: str
    """That is to be kept, for nobody else knows one."""
    place: Place


def _found(adding: Adding, *, today: date) -> _Found:
    name = _clean(adding.name)
    code = adding.code or adding.gtin
    if not code and not name:
        raise NothingToAdd
    pack = ports.packs().of_code(code=code, today=today) if code else None
    product = None if pack is None else products.remember(gtin=pack.gtin)
    if adding.kind is not None:
        kind = KindFound(kind=adding.kind, certain=True)
    elif product is not None:
        kind = KindFound(kind=product.kind, certain=product.kind_is_certain)
    else:
        kind = kind_of(categories=(), name=name)
    return _Found(
        pack=pack,
        product=product,
        kind=kind,
        name="" if product is not None else name,
        place=adding.place or Place(guidance().of(kind.kind).keeps_in),
    )


def _clean(name: str | None) -> str:
    try:
        return clean_name(name or "", field="name", longest=_LONGEST_NAME)
    except HouseholdRefused as refused:
        raise HouseholdNotAccepted.of(refused) from refused


def _as_command(found: _Found, adding: Adding, *, member: Membership) -> Add:
    pack, product = found.pack, found.product
    printed, date_kind = adding.printed, adding.date_kind
    if printed is None and pack is not None:
        # Of two dates the one that is about safety counts.
        if pack.use_by is not None:
            printed, date_kind = pack.use_by, DateKind.USE_BY
        elif pack.best_before is not None:
            printed, date_kind = pack.best_before, DateKind.BEST_BEFORE
    if date_kind is None and product is not None and product.date_kind:
        date_kind = DateKind(product.date_kind)
    source = Source.HAND if pack is None else Source.SCAN if _tells_a_pack(adding) else Source.PRODUCT
    serial = adding.serial or (pack.serial if pack else None)
    return Add(
        item_id=uuid4(),
        household_id=member.household_id,
        source=adding.source or source,
        kind=found.kind.kind,
        kind_is_certain=found.kind.certain,
        place=found.place,
        gtin=None if pack is None else pack.gtin,
        lot=adding.lot or (pack.lot if pack else None),
        serial=serial if adding.packs == 1 else None,
        packs=adding.packs,
        per_pack=adding.per_pack or _net_weight(pack) or _net_quantity(product),
        printed=printed,
        date_kind=date_kind,
        price=adding.price,
        opened_days=None if product is None else product.opened_days,
        opened_on=adding.opened_on,
    )


def _tells_a_pack(adding: Adding) -> bool:
    """Whether it came by more than the number of its product, which anybody may have typed."""
    return bool(adding.code) and not _NUMBER_ALONE.fullmatch(adding.code or "")


def _net_weight(pack: ports.Pack | None) -> Quantity | None:
    if pack is None or pack.net_weight is None:
        return None
    try:
        return Quantity(pack.net_weight * 1000, Unit.GRAM)
    except QuantityRefused:  # a scale that printed zero, or tonnes
        return None


def _net_quantity(product: Product | None) -> Quantity | None:
    if product is None or product.quantity_amount is None:
        return None
    return Quantity(product.quantity_amount, Unit(product.quantity_unit))


def _today(member: Membership, now: datetime) -> date:
    return now.astimezone(member.zone).date()


def _digest(*asked: Any) -> bytes:
    """What was asked, so that the same id with something else in it is noticed."""
    return hashlib.sha256(orjson.dumps(asked, default=str)).digest()


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
