"""The channels in which the community's digest is posted."""

from datetime import datetime

from sqlmodel import col, select

from bot.ui import load_message
from storage.models import DigestChannel, Member, Room
from storage.queries.outbox import Terms, post_to_room
from storage.uow import UnitOfWork


def _make_key(platform: str, tenant: str, conversation: str) -> str:
    return f"channel:{platform}:{tenant}:{conversation}"


def find_channel(db: UnitOfWork, platform: str, tenant: str, conversation: str) -> DigestChannel | None:
    """The channel, if digests are posted there."""
    statement = (
        select(DigestChannel)
        .join(Room, col(Room.id) == col(DigestChannel.room_id))
        .where(Room.key == _make_key(platform, tenant, conversation))
    )
    return db.session.exec(statement).first()


def set_channel(db: UnitOfWork, platform: str, tenant: str, conversation: str, by: Member, now: datetime) -> None:
    """From now on digests are posted there. Done twice, nothing changes."""
    if find_channel(db, platform, tenant, conversation) is not None:
        return
    key = _make_key(platform, tenant, conversation)
    room = db.session.exec(select(Room).where(Room.key == key)).first()
    if room is None:
        room = Room(key=key, platform=platform, tenant=tenant, conversation=conversation, created_at=now)
        db.session.add(room)
        db.session.flush()
    db.session.add(DigestChannel(room_id=room.id or 0, set_by=by.id or 0, set_at=now))
    db.session.flush()


def drop_channel(db: UnitOfWork, platform: str, tenant: str, conversation: str) -> None:
    """No more digests there."""
    channel = find_channel(db, platform, tenant, conversation)
    if channel is not None:
        db.session.delete(channel)
        db.session.flush()


def list_channels(db: UnitOfWork) -> list[DigestChannel]:
    """All channels that get digests."""
    return list(db.session.exec(select(DigestChannel).order_by(col(DigestChannel.room_id))).all())


def list_workspaces(db: UnitOfWork) -> list[tuple[str, str]]:
    """The platforms and tenants in which these channels are."""
    statement = select(Room.platform, Room.tenant).join(DigestChannel, col(DigestChannel.room_id) == col(Room.id))
    return sorted(set(db.session.exec(statement).all()))


def post(
    db: UnitOfWork,
    channel: DigestChannel,
    key: str,
    locale: str,
    body: str,
    now: datetime,
    not_after: datetime,
    batch: str = "",
) -> None:
    """Posts a message, given as JSON, in a channel; as one of a `batch` (`Delivery.batch`)."""
    room = db.session.get_one(Room, channel.room_id)
    post_to_room(db, room, locale, lambda: load_message(body), Terms(key, now, not_after=not_after, batch=batch))
