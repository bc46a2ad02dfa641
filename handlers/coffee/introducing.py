"""Telling people whom they meet, some groups at a time; and whoever is left over, that and why."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from bot.quiet import next_allowed
from handlers.coffee import views
from handlers.coffee.desk import Desk
from handlers.coffee.meeting import TOPIC, name_room
from handlers.coffee.people import People
from handlers.coffee.rules import LEASE, find_close, find_halfway, find_start
from handlers.coffee.views import Reason
from handlers.desk import send
from handlers.rooms import Guest, open_rooms
from storage.models import Account, CoffeeRound, CoffeeSeat, Member, Room, RoundState, SeatState, Urgency
from storage.queries import coffee as queries
from storage.queries import introductions
from storage.queries.coffee import NOT_AGAIN
from storage.queries.introductions import name_card
from storage.queries.members import get_member
from storage.queries.outbox import Letter, Terms, add_rooms, post_all
from storage.queries.reminders import set_reminders

HALFWAY = "coffee.halfway"
CLOSE = "coffee.close"
"""The reminders of a group: asking whether they have met, and noting that they were silent."""

AT_ONCE = 10
"""Groups whose people are told in one transaction: some ten milliseconds, for which whoever writes to the bot waits."""

Group = tuple[int, tuple[int, ...]]
"""Its id, and its members'."""


def introduce_some(round_id: int, at_once: int, desk: Desk) -> bool:
    """Tells the people of the next groups, so many at most. Whether there may be more: when all are told, those left
    over are, and the round is done."""
    current = queries.find_round(desk.db, round_id)
    if current is None or current.state != RoundState.SOLVED:
        return False
    planned = introductions.list_planned(desk.db, current, at_once)
    if not planned:
        _finish(desk, current)
        return False
    current.told_up_to, current.try_at = current.told_up_to + len(planned), desk.now + LEASE
    _introduce(desk, current, planned)
    return True


def _introduce(desk: Desk, current: CoffeeRound, planned: Sequence[Sequence[int]]) -> None:
    """Introduces those of each group who are still there. Of a group of three two are enough; one alone waits for
    somebody else who is alone."""
    ids = [id for members in planned for id in sorted(members)]
    people = People.read(desk, ids, current.day)
    gone = [{"m": id} for id in ids if id not in people.members]
    introductions.set_seats(desk.db, current.id or 0, gone, SeatState.GONE)
    here = [[id for id in sorted(members) if id in people.members] for members in planned]
    together = [people.choose_together(members) for members in here]
    _tell_all(desk, current, people, [members for members in together if members])


def _tell_all(desk: Desk, current: CoffeeRound, people: People, groups: Sequence[tuple[int, ...]]) -> None:
    """Everything that follows for these groups: a fixed number of statements."""
    ids = introductions.add_groups(desk.db, current.id or 0, groups, desk.now)
    made = list(zip(ids, groups, strict=True))
    rooms = _open_conversations(desk, people, made)
    letters = [_introduce_to_room(desk, people, rooms[id], members, id) for id, members in made if id in rooms]
    for id, members in made:
        opens = rooms[id].platform if id in rooms else ""
        letters += [letter for me in members if (letter := _tell_whom(desk, people, (id, members), me, opens))]
    post_all(desk.db, letters)
    _open_relays(desk, people, made)
    _plan(desk, current, ids)


def _open_conversations(desk: Desk, people: People, groups: Sequence[Group]) -> dict[int, Room]:
    """A conversation of all of them, where there is a workspace that all are in and the bot can open one."""
    wanted = {id: accounts for id, members in groups if (accounts := _find_workspace(desk, people, members))}
    made = add_rooms(desk.db, {name_room(id): accounts for id, accounts in wanted.items()}, desk.now)
    rooms = {id: made[name_room(id)] for id in wanted}
    introductions.set_rooms(desk.db, {id: room.id or 0 for id, room in rooms.items()})
    return rooms


def _find_workspace(desk: Desk, people: People, members: Sequence[int]) -> tuple[Account, ...]:
    common = people.list_common(members)
    return next((some for some in common if some[0].platform in desk.installation.group_platforms), ())


def _introduce_to_room(desk: Desk, people: People, room: Room, members: Sequence[int], id: int) -> Letter:
    """The first message in a conversation."""
    all_of_them = [people.members[member] for member in members]
    names, languages = tuple(one.name for one in all_of_them), tuple(one.language for one in all_of_them)
    terms = Terms(name_room(id), _find_hour(desk, all_of_them))
    return Letter(lambda: views.room_opening(names, languages), terms, languages[0], room=room)


def _find_hour(desk: Desk, members: Sequence[Member]) -> datetime:
    """A room has no quiet hours of its own: it is opened when it is quiet for none of its people, if there is such an
    hour."""
    at = desk.now
    for member in (*members, *members):
        at = next_allowed(at, member.zone, member.quiet_from, member.quiet_to)
    return at


def _tell_whom(desk: Desk, people: People, group: Group, me: int, opens: str) -> Letter | None:
    """Whom one of them meets."""
    (id, members), account = group, people.find_account(me)
    if account is None:
        return None
    terms = Terms(name_card(id, me), desk.now, Urgency.NUDGE)
    return Letter(
        lambda: views.introduction(people.describe(desk, id, me, members, opens)),
        terms,
        people.members[me].language,
        account,
    )


def _open_relays(desk: Desk, people: People, groups: Sequence[Group]) -> None:
    """Rooms that Musubi relays, for those who are in no workspace together."""
    apart = [(id, members) for id, members in groups if not people.list_common(members)]
    rooms = {name_room(id): [_seat(people, me, members) for me in members] for id, members in apart}
    open_rooms(desk.db, TOPIC, rooms, desk.now, desk.policy)


def _seat(people: People, me: int, members: Sequence[int]) -> Guest:
    names = tuple(people.render(me, id).name for id in members if id != me)
    return Guest(people.members[me], people.find_account(me), names)


def _plan(desk: Desk, current: CoffeeRound, ids: Sequence[int]) -> None:
    """When they are asked whether they have met, and when it is over for them. Without a next round, in two and four
    weeks."""
    following = desk.find_following(current.day)
    next_day = following or current.day.fromordinal(current.day.toordinal() + 28)
    start = find_start(next_day, desk.policy.zone)
    halfway = find_halfway(desk.now, start)
    set_reminders(desk.db, HALFWAY, dict.fromkeys(ids, halfway))
    set_reminders(desk.db, CLOSE, dict.fromkeys(ids, max(find_close(start), halfway)))


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
    people = People.read(desk, [seat.member_id for seat in seats], current.day)
    paired: list[tuple[int, ...]] = []
    taken: set[int] = set()
    for pair in combinations(people.members, 2):
        if not taken.intersection(pair) and _may_be_introduced(desk, people, *pair):
            paired.append(pair)
            taken |= set(pair)
    _tell_all(desk, current, people, paired)
    return [seat for seat in seats if seat.member_id not in taken]


def _may_be_introduced(desk: Desk, people: People, one: int, other: int) -> bool:
    since = desk.now - NOT_AGAIN
    return people.may_meet((one, other)) and not queries.were_introduced(desk.db, one, other, since)


def tell_left_over(desk: Desk, current: CoffeeRound, seat: CoffeeSeat, reason: Reason) -> None:
    """No introduction for this person: why, and when the next round is."""
    seat.state = SeatState.LEFT_OVER
    member, following = get_member(desk.db, seat.member_id), desk.find_following(current.day)
    send(desk, member, lambda: views.left_over(reason, following), f"coffee:{current.id}:left:{seat.member_id}")
