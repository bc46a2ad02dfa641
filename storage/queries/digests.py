"""Digests: which zone is due, who reads, what stands between people, and posting for many at once.

Everything here is for a whole chunk of readers: a fixed number of set statements, whatever their number.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, func, select, update

from bot.digest import DigestReader
from storage.models import (
    Block,
    Consent,
    Delivery,
    DigestMemory,
    DigestRun,
    Member,
    Purpose,
    Slot,
    Status,
)
from storage.queries.bulk import Copy, post_copies
from storage.queries.due import win_slot
from storage.statements import insert_ignore, insert_or_update, run, table_of
from storage.uow import UnitOfWork

_member, _delivery = table_of(Member), table_of(Delivery)
_consent, _block, _slot, _run = table_of(Consent), table_of(Block), table_of(Slot), table_of(DigestRun)
_memory = table_of(DigestMemory)

SLOT = "digest.zone:"
"""Slots of this name and a zone's are the zones' next digests."""

_ASKED_FOR = (Purpose.NEWS.value, Purpose.JOBS.value)
"""What a reader must have agreed to before some items are shown."""


# Built once: they are asked at every tick, mostly for nothing.
_ANY_ZONE = select(_slot.c.name).where(_slot.c.name.startswith(SLOT, autoescape=True)).limit(1)
_DUE_ZONE = (
    select(_slot.c.name, _slot.c.next_run_at)
    .where(_slot.c.name.startswith(SLOT, autoescape=True), _slot.c.next_run_at <= bindparam("now"))
    .order_by(_slot.c.next_run_at, _slot.c.name)
    .limit(1)
)
_OPEN_RUN = (
    select(_run.c.id, _run.c.zone, _run.c.at, _run.c.period, _run.c.rhythms, _run.c.cursor)
    .where(_run.c.done_at.is_(None))
    .order_by(_run.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_MOVE = (
    update(_run)
    .where(_run.c.id == bindparam("run"))
    .values(sent=_run.c.sent + bindparam("made"), cursor=bindparam("to"), done_at=bindparam("done"))
)


def list_zones(db: UnitOfWork) -> list[str]:
    """The zones of active members."""
    statement = select(_member.c.zone).where(_member.c.status == Status.ACTIVE.value).distinct()
    return sorted(run(db.session, statement).scalars())


def has_zones(db: UnitOfWork) -> bool:
    """Whether any zone has its slot yet."""
    return run(db.session, _ANY_ZONE).first() is not None


def find_due_zone(db: UnitOfWork, now: datetime) -> tuple[str, datetime] | None:
    """A zone whose digest is due, and the moment it has been due since."""
    row = run(db.session, _DUE_ZONE, {"now": now}).first()
    return (row[0].removeprefix(SLOT), row[1]) if row else None


def begin_run(db: UnitOfWork, found: DigestRun, seen: datetime, following: datetime) -> bool:
    """Moves the zone's slot on from `seen` and writes the run down; False when another replica was first."""
    if not win_slot(db, SLOT + found.zone, seen, following):
        return False
    row = found.model_dump(exclude={"id"})
    insert_ignore(db.session, DigestRun, [row])
    return True


class OpenRun(NamedTuple):
    """A `DigestRun` that isn't done."""

    id: int
    zone: str
    at: datetime
    period: str
    rhythms: str
    cursor: int


def find_open_run(db: UnitOfWork) -> OpenRun | None:
    """The oldest run that isn't done, locked against other replicas."""
    row = run(db.session, _OPEN_RUN).first()
    return OpenRun._make(row) if row else None


def move_run(db: UnitOfWork, run_id: int, made: int, to: int, done_at: datetime | None) -> None:
    """So many more digests were made, of readers up to `to`."""
    run(db.session, _MOVE, {"run": run_id, "made": made, "to": to, "done": done_at})


def list_readers(
    db: UnitOfWork, zone: str, rhythms: Collection[str], after: int, limit: int
) -> list[tuple[DigestReader, str]]:
    """Active members of a zone whose rhythm it is, by id after `after`, with their rhythm. Two queries."""
    given = {"after": after, "zone": zone, "rhythms": tuple(rhythms), "most": limit}
    rows = run(db.session, _make_readers(), given).all()
    agreed = list_agreed(db, [row[0] for row in rows])
    nothing = frozenset[str]()
    return [(DigestReader(*row[0:4], agreed=agreed.get(row[0], nothing)), row[4]) for row in rows]


def list_agreed(db: UnitOfWork, member_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """By member what they agree to now, of what digests ask for."""
    found: dict[int, frozenset[str]] = {}
    for member_id, purpose, given in run(db.session, _make_agreed(), {"ids": member_ids}):
        before = found.get(member_id, frozenset())
        found[member_id] = before | {purpose} if given else before - {purpose}
    return found


def list_barriers(db: UnitOfWork, reader_ids: Sequence[int], about: Collection[int]) -> dict[int, frozenset[int]]:
    """By reader those among `about` from whom a block parts them: in either direction, by person or by department, as
    `storage.queries.members.select_visible` has it. Two queries at most; readers without any are left
    out."""
    everybody = {*reader_ids, *about}
    blocks = run(db.session, _make_blocks(), {"ids": list(everybody)}).all()
    by_department = any(department for _owner, _member, department in blocks)
    departments = _list_departments(db, everybody) if by_department else {}
    readers, subjects = _Side(reader_ids, departments), _Side(about, departments)
    found: dict[int, set[int]] = {}
    for owner, member, department in blocks:
        if owner in readers.ids:
            found.setdefault(owner, set()).update(subjects.find(member, department))
        if owner in subjects.ids:
            for reader in readers.find(member, department):
                found.setdefault(reader, set()).add(owner)
    return {reader: frozenset(parted) for reader, parted in found.items() if parted}


class _Side:
    """One side of the blocks: its members by id and by department."""

    def __init__(self, ids: Collection[int], departments: Mapping[int, str]) -> None:
        self.ids = frozenset(ids)
        self._by_department: dict[str, set[int]] = {}
        for id in self.ids:
            self._by_department.setdefault(departments.get(id, ""), set()).add(id)

    def find(self, member_id: int | None, department: str) -> set[int]:
        """Those whom a block names."""
        named = {member_id} & self.ids if member_id is not None else set[int]()
        return named | self._by_department.get(department.lower(), set()) if department else set(named)


def _list_departments(db: UnitOfWork, ids: Collection[int]) -> dict[int, str]:
    return {row[0]: row[1].lower() for row in run(db.session, _make_departments(), {"ids": list(ids)})}


class Memory(NamedTuple):
    """What a reader was shown lately, and when the last digest was made."""

    seen: str
    at: datetime


def list_memories(db: UnitOfWork, reader_ids: Sequence[int]) -> dict[int, Memory]:
    """By reader, of those who have had a digest."""
    return {row[0]: Memory(row[1], row[2]) for row in run(db.session, _make_memories(), {"ids": reader_ids})}


def list_served(db: UnitOfWork, keys: Sequence[str]) -> frozenset[str]:
    """Those of the deliveries' keys that exist already: their readers have moved from zone to zone on that day."""
    return frozenset(run(db.session, _make_served(), {"keys": keys}).scalars())


# A month of digests is many chunks: building these statements for each would cost as much as a third of its readers.

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)


@cache
def _make_readers() -> Select[*tuple[Any, ...]]:
    return (
        select(_member.c.id, _member.c.language, _member.c.role, _member.c.department, _member.c.digest)
        .where(_member.c.id > bindparam("after"), _member.c.zone == bindparam("zone"))
        .where(_member.c.status == Status.ACTIVE.value)
        .where(_member.c.digest.in_(bindparam("rhythms", expanding=True)))
        .order_by(_member.c.id)
        .limit(bindparam("most"))
    )


@cache
def _make_agreed() -> Select[*tuple[Any, ...]]:
    return (
        select(_consent.c.member_id, _consent.c.purpose, _consent.c.given)
        .where(_consent.c.member_id.in_(_IDS), _consent.c.purpose.in_(_ASKED_FOR))
        .order_by(_consent.c.id)
    )


@cache
def _make_blocks() -> Select[*tuple[Any, ...]]:
    return select(_block.c.owner_id, _block.c.member_id, _block.c.department).where(_block.c.owner_id.in_(_IDS))


@cache
def _make_departments() -> Select[*tuple[Any, ...]]:
    return select(_member.c.id, func.lower(_member.c.department)).where(_member.c.id.in_(_IDS))


@cache
def _make_memories() -> Select[*tuple[Any, ...]]:
    return select(_memory.c.member_id, _memory.c.seen, _memory.c.at).where(_memory.c.member_id.in_(_IDS))


@cache
def _make_served() -> Select[*tuple[Any, ...]]:
    return select(_delivery.c.key).where(_delivery.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True)
class Digest(Copy):
    """One digest ready to be posted; `seen` is what the reader has now been shown."""

    seen: str


def post_digests(db: UnitOfWork, digests: Sequence[Digest], now: datetime, not_after: datetime) -> None:
    """Puts all of them into the outbox, and keeps what their readers have seen: three statements."""
    if not digests:
        return
    post_copies(db, digests, now, not_after)
    memory = [{"member_id": digest.member_id, "seen": digest.seen, "at": now} for digest in digests]
    insert_or_update(db.session, DigestMemory, memory, ("member_id",), ("seen", "at"))
