"""The routes of this feature hang here."""

from dataclasses import dataclass
from datetime import datetime

from bot.incoming import Origin
from bot.policy import Policy
from bot.routing import Bundle, Router
from handlers.rooms.desk import Desk
from storage.models import Account, Member, RelayedRoom, Seat
from storage.queries import rooms as queries
from storage.uow import UnitOfWork

router = Router()


@dataclass(frozen=True, slots=True)
class Press(Bundle):
    """Somebody acts."""

    me: Member
    account: Account
    origin: Origin
    db: UnitOfWork
    now: datetime
    policy: Policy

    @property
    def desk(self) -> Desk:
        """The desk at which they act."""
        return Desk(self.db, self.now, self.policy)

    def find_mine(self, room_id: int) -> tuple[RelayedRoom, Seat] | None:
        """A room in which I sit, held until the end of the transaction, with my seat."""
        room, seat = queries.find_locked(self.db, room_id), queries.find_seat(self.db, room_id, self.me.id or 0)
        return (room, seat) if room is not None and seat is not None else None
