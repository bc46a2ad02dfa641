"""Telling people whom they meet, group by group; and whoever is left over, that and why."""

from itertools import combinations

from handlers.coffee import views
from handlers.coffee.desk import Desk, tell
from handlers.coffee.meeting import describe_group, list_members, may_meet, open_conversation, open_relay
from handlers.coffee.rules import LEASE, find_close, find_halfway, find_start
from handlers.coffee.views import Meeting, Reason
from storage.models import CoffeeGroup, CoffeeRound, CoffeeSeat, Member, RoundState, SeatState
from storage.queries import coffee as queries
from storage.queries.coffee import NOT_AGAIN
from storage.queries.members import get_member
from storage.queries.reminders import remind

HALFWAY = "coffee.halfway"
CLOSE = "coffee.close"
"""The reminders of a group: asking whether they have met, and noting that they were silent."""


def introduce_next(round_id: int, desk: Desk) -> bool:
    """Tells the people of the next group: one in a transaction, so that nobody else waits long for the database.
    Whether there may be more: when all are told, those left over are, and the round is done."""
    current = queries.find_round(desk.db, round_id)
    if current is None or current.state != RoundState.SOLVED:
        return False
    members = queries.find_planned(desk.db, current)
    if members is None:
        _finish(desk, current)
        return False
    current.told_up_to, current.try_at = current.told_up_to + 1, desk.now + LEASE
    _introduce(desk, current, queries.list_seats(desk.db, round_id, members))
    return True


def _introduce(desk: Desk, current: CoffeeRound, seats: list[CoffeeSeat]) -> None:
    """Introduces those of a group who are still there. Of a group of three two are enough; one alone waits for somebody
    else who is alone."""
    here = [seat for seat in seats if queries.is_taking_part(desk.db, seat.member_id, current.day, desk.now)]
    for seat in seats:
        if seat not in here:
            seat.state = SeatState.GONE
    together = _choose_together(desk, here)
    if together:
        _tell_all(desk, current, together)


def _choose_together(desk: Desk, seats: list[CoffeeSeat]) -> list[CoffeeSeat]:
    """As many of them as may meet, two at least: somebody may have set a block since. None if nobody may."""
    for size in range(len(seats), 1, -1):
        for chosen in combinations(seats, size):
            if may_meet(desk, list_members(desk, list(chosen))):
                return list(chosen)
    return []


def _tell_all(desk: Desk, current: CoffeeRound, seats: list[CoffeeSeat]) -> None:
    group = queries.add_group(desk.db, current.id or 0, seats, desk.now)
    members = list_members(desk, seats)
    open_conversation(desk, group, members)
    for seat, member in zip(seats, members, strict=True):
        seat.card = f"coffee:{group.id}:meet:{member.id}"
        _tell_whom(desk, group, seat, member)
    open_relay(desk, group, members)
    _plan(desk, current, group)


def _tell_whom(desk: Desk, group: CoffeeGroup, seat: CoffeeSeat, member: Member) -> None:
    tell(desk, member, lambda: views.introduction(_describe(desk, group, member)), seat.card)


def _describe(desk: Desk, group: CoffeeGroup, member: Member) -> Meeting:
    meeting = describe_group(desk, group, member)
    if meeting is None:
        raise LookupError(f"the people of group {group.id} can't be shown to each other")
    return meeting


def _plan(desk: Desk, current: CoffeeRound, group: CoffeeGroup) -> None:
    """When they are asked whether they have met, and when it is over for them. Without a next round, in two and four
    weeks."""
    following = desk.find_following(current.day)
    next_day = following or current.day.fromordinal(current.day.toordinal() + 28)
    start = find_start(next_day, desk.policy.zone)
    remind(desk.db, HALFWAY, group.id or 0, find_halfway(desk.now, start))
    remind(desk.db, CLOSE, group.id or 0, max(find_close(start), find_halfway(desk.now, start)))


def _finish(desk: Desk, current: CoffeeRound) -> None:
    """Whoever is alone is introduced to somebody else who is, where that may be; the others are told."""
    left = _pair_those_left(desk, current, queries.list_without_group(desk.db, current.id or 0))
    for seat in left:
        if not queries.is_taking_part(desk.db, seat.member_id, current.day, desk.now):
            seat.state = SeatState.GONE
            continue
        tell_left_over(desk, current, seat, Reason.NOBODY)
    queries.remove_plans(desk.db, current.id or 0)
    current.state, current.try_at = RoundState.DONE.value, None


def _pair_those_left(desk: Desk, current: CoffeeRound, seats: list[CoffeeSeat]) -> list[CoffeeSeat]:
    """Introduces whoever can be; returns the others. They are few: those whose partner has gone since."""
    here = [seat for seat in seats if queries.is_taking_part(desk.db, seat.member_id, current.day, desk.now)]
    paired: set[int] = set()
    for one, other in combinations(here, 2):
        ids = {one.member_id, other.member_id}
        if not ids & paired and _may_be_introduced(desk, one, other):
            _tell_all(desk, current, [one, other])
            paired |= ids
    return [seat for seat in seats if seat.member_id not in paired]


def _may_be_introduced(desk: Desk, one: CoffeeSeat, other: CoffeeSeat) -> bool:
    since = desk.now - NOT_AGAIN
    if queries.were_introduced(desk.db, one.member_id, other.member_id, since):
        return False
    return may_meet(desk, list_members(desk, [one, other]))


def tell_left_over(desk: Desk, current: CoffeeRound, seat: CoffeeSeat, reason: Reason) -> None:
    """No introduction for this person: why, and when the next round is."""
    seat.state = SeatState.LEFT_OVER
    member, following = get_member(desk.db, seat.member_id), desk.find_following(current.day)
    tell(desk, member, lambda: views.left_over(reason, following), f"coffee:{current.id}:left:{seat.member_id}")
