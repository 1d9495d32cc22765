"""What a household does with its items: added, changed, used up, and all of it undone.

Each is one transaction: the events, what the pages read and what may be told of it stand together or not at
all. Whoever writes second finds the version taken, and the whole command is decided again on what is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from contexts.fridge.application.households import Membership
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.domain.commands import Command
from contexts.fridge.domain.deciding import Caution
from contexts.fridge.domain.events import Place
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.domain.quantity import Quantity


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
    """None is the refrigerator."""
    kind: str | None = None
    """A row of the storage guidance."""
    price: Decimal | None = None
    """Of one pack, in the household's currency."""
    opened_on: date | None = None
    lot: str | None = None
    serial: str | None = None
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

    Raises NothingToAdd, AlreadyAtHome, ActionReused, ItemBusy, NoLongerMember, what a value of it breaks, and
    what passport says of a code that is none.
    """
    raise NotImplementedError


def add_all(*, member: Membership, addings: Sequence[Adding], action_id: UUID, now: datetime) -> Done:
    """Many at once, all or none; as `add`, undone together."""
    raise NotImplementedError


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
    is there now. Raises ItemNotFound, ItemChanged, ActionReused, ItemBusy, NoLongerMember, and what the
    command breaks.
    """
    raise NotImplementedError


def undo(*, member: Membership, action_id: UUID, as_action: UUID, now: datetime) -> Done:
    """Take a whole action back, in everything it touched; anybody in the household may. Undoing an undoing
    does it again.

    Raises ActionNotFound, ActionReused, ItemBusy, NoLongerMember, and what forbids it where something that
    came later rests on it.
    """
    raise NotImplementedError
