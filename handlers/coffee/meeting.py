"""An introduction as each of its people may know it, and the place where they meet."""

from itertools import combinations

from handlers.coffee.desk import Desk
from handlers.coffee.topics import find_shared
from handlers.coffee.views import Meeting, Way
from handlers.rooms import close_room
from storage.models import CoffeeGroup, CoffeeSeat, Member, SeatState
from storage.queries import coffee as queries
from storage.queries.introductions import list_common_accounts
from storage.queries.members import Card, find_card, get_member, list_cards

TOPIC = "コーヒー会 / Coffee round"
"""The name of a relayed room: its people may read different languages."""


def list_members(desk: Desk, seats: list[CoffeeSeat]) -> list[Member]:
    """The people on these seats."""
    return [get_member(desk.db, seat.member_id) for seat in seats]


def may_meet(desk: Desk, members: list[Member]) -> bool:
    """Whether each may be shown to each of the others: all active, and no block between any two."""
    return all(find_card(desk.db, one, other.id or 0) is not None for one, other in combinations(members, 2))


def describe_group(desk: Desk, group: CoffeeGroup, me: Member) -> Meeting | None:
    """The introduction as one of its people may know it; None when the others may not be shown to them any more."""
    seats = [seat for seat in queries.list_group(desk.db, group.id or 0) if seat.state == SeatState.INTRODUCED]
    others = list_cards(desk.db, me, [seat.member_id for seat in seats if seat.member_id != me.id])
    if not others:
        return None
    way, platform = _find_way(desk, group, list_members(desk, seats))
    return Meeting(group.id or 0, tuple(others), _find_shared(desk, me, others), way, platform)


def _find_shared(desk: Desk, me: Member, others: list[Card]) -> tuple[str, ...]:
    """What they share, as far as it is shown to each other: by my card as the others see it."""
    mine = [find_card(desk.db, get_member(desk.db, card.member_id), me.id or 0) for card in others]
    return find_shared([card.topics for card in mine if card], [card.topics for card in others], desk.policy)


def _find_way(desk: Desk, group: CoffeeGroup, members: list[Member]) -> tuple[Way, str]:
    room = queries.find_room(desk.db, group)
    if room is not None:
        return Way.ROOM, room.platform
    common = list_common_accounts(desk.db, members)
    return (Way.FIND, common[0][0].platform) if common else (Way.RELAY, "")


def name_room(group_id: int) -> str:
    """What the room of a group is for."""
    return f"coffee:{group_id}"


def close_place(desk: Desk, group: CoffeeGroup) -> None:
    """They don't meet after all."""
    close_room(desk.db, name_room(group.id or 0), desk.now, desk.policy)
