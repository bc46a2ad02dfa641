"""Claimed rows made ready to send: bodies read, mentions resolved, addresses filled in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.files import LinkFile
from bot.ports import Group, Parcel, Person, Receipt, Target, Thread
from bot.ui import Mention, Message, Reader, list_files, list_inlines, load_message
from storage.queries import deliveries
from storage.queries.deliveries import Lane, Lease, Row
from storage.uow import UnitOfWork


class Job(NamedTuple):
    """One claimed row, ready to send under its lease."""

    row: Row
    lease: Lease
    parcel: Parcel

    @property
    def lane(self) -> Lane:
        """The platform and tenant it goes to."""
        return (self.row.platform, self.row.tenant)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all parcels share: `zone` is for rooms, whose readers' zones differ; `link_file` makes files' addresses."""

    zone: str = "Asia/Tokyo"
    link_file: LinkFile = lambda key, name, sent_at: ""


def make_jobs(
    db: UnitOfWork, lease: Lease, rows: Sequence[Row], messages: Mapping[int, Message], around: Surroundings
) -> list[Job]:
    """The rows as jobs; `messages` are their bodies by row id."""
    mentions = {lane: _find_mentions(db, lane, rows, messages) for lane in {(row.platform, row.tenant) for row in rows}}
    room_ids = [row.room_id for row in rows if row.room_id is not None]
    rooms = deliveries.list_room_users(db, room_ids) if room_ids else {}
    return [
        Job(row, lease, _make_parcel(row, messages[row.id], mentions[row.platform, row.tenant], rooms, around))
        for row in rows
    ]


def find_message(row: Row) -> Message | None:
    """The row's body, or None when no version that runs now can read it."""
    try:
        return _load(row.body)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _load(body: str) -> Message:
    """Many deliveries share one body, and messages are immutable."""
    return load_message(body)


def _find_mentions(
    db: UnitOfWork, lane: Lane, rows: Iterable[Row], messages: Mapping[int, Message]
) -> Mapping[int, str]:
    mentioned = {
        inline.member_id
        for row in rows
        if (row.platform, row.tenant) == lane
        for inline in list_inlines(messages[row.id])
        if isinstance(inline, Mention)
    }
    return deliveries.list_mentions(db, lane, mentioned) if mentioned else {}


def _make_parcel(
    row: Row, message: Message, mentions: Mapping[int, str], rooms: Mapping[int, tuple[str, ...]], around: Surroundings
) -> Parcel:
    replaces = None
    if row.replaces_key and row.replaced_message:
        replaces = Receipt(row.replaced_conversation or "", row.replaced_message)
    files = {file.name: around.link_file(row.key, file.name, row.created_at) for file in list_files(message)}
    reader = Reader(row.locale, row.zone or around.zone, mentions, files)
    return Parcel(row.key, _make_target(row, rooms), message, reader, row.created_at, replaces, _find_thread(row))


def _find_thread(row: Row) -> Thread | None:
    """The thread of a row. Only in the account in which it begins does its first message mean anything."""
    if not row.thread_key:
        return None
    begins_here = row.thread_key != row.key and row.thread_message and row.thread_account == row.account_id
    return Thread(
        row.thread_key, Receipt(row.thread_conversation or "", row.thread_message or "") if begins_here else None
    )


def _make_target(row: Row, rooms: Mapping[int, tuple[str, ...]]) -> Target:
    if row.room_id is not None:
        return Group(row.tenant, rooms.get(row.room_id, ()), row.conversation or "")
    return Person(row.tenant, row.user or "", row.address or "")
