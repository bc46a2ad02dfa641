"""What the clock does: rounds begin and are announced; people are asked whether they have met."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.feature import Due
from handlers.coffee import views
from handlers.coffee.days import find_days_off
from handlers.coffee.desk import Desk
from handlers.coffee.meeting import close_place, describe_group, list_members, may_meet
from handlers.coffee.rules import ANNOUNCED_BEFORE, Rhythm, list_days, note_sign, note_silence
from handlers.desk import send
from storage.models import CoffeeGroup, CoffeeSeat, Met, RoundState, SeatState
from storage.queries import coffee as queries
from storage.queries.cards import revise
from storage.queries.members import get_member

_LONGEST_DELAY = timedelta(days=7)
"""A round that was missed because Musubi was down is held when it is back, but not later than this."""


def look_at_the_calendar(due: Due, desk: Desk) -> None:
    """Every morning: is there a round today, or was there one while Musubi was down? Is one to be announced?"""
    for day in _list_missed(due, desk, timedelta()):
        current = queries.ensure_round(desk.db, day, desk.now)
        if current.state in (RoundState.ANNOUNCING, RoundState.ANNOUNCED):
            queries.freeze(desk.db, current, desk.now)
    for day in _list_missed(due, desk, ANNOUNCED_BEFORE):
        if day > desk.today:
            queries.ensure_round(desk.db, day, desk.now)


def _list_missed(due: Due, desk: Desk, before: timedelta) -> Iterator[date]:
    """The last round that is `before` a day since the job was due, up to today. Of several only one is made up for."""
    zone = desk.policy.zone
    since = max(due.at.astimezone(ZoneInfo(zone)).date(), desk.today - _LONGEST_DELAY)
    days = list(list_days(since + before, desk.today + before, Rhythm(desk.policy.coffee_rhythm), find_days_off(zone)))
    yield from days[-1:]


def ask_halfway(due: Due, desk: Desk) -> None:
    """Have you met? Asked of whoever has not said so."""
    group = queries.find_group(desk.db, due.subject_id)
    if group is None or group.ended_at is not None:
        return
    for seat in _list_silent(desk, group):
        member = get_member(desk.db, seat.member_id)
        meeting = describe_group(desk, group, member)
        if meeting is not None:
            key = f"coffee:{group.id}:met:{member.id}"
            asked = send(desk, member, lambda meeting=meeting: views.question(meeting), key)
            seat.card = key if asked else seat.card


def _list_silent(desk: Desk, group: CoffeeGroup) -> list[CoffeeSeat]:
    seats = queries.list_group(desk.db, group.id or 0)
    return [seat for seat in seats if seat.state == SeatState.INTRODUCED and not seat.answer]


def close(due: Due, desk: Desk) -> None:
    """The next round comes. Whoever has not said a word was silent once more; three times, and they are asked whether
    to go on."""
    group = queries.find_group(desk.db, due.subject_id)
    if group is None or group.ended_at is not None:
        return
    group.ended_at = desk.now
    for seat in queries.list_group(desk.db, group.id or 0):
        if seat.state == SeatState.INTRODUCED:
            _note(desk, group, seat)


def _note(desk: Desk, group: CoffeeGroup, seat: CoffeeSeat) -> None:
    part, member = queries.hold_part(desk.db, seat.member_id), get_member(desk.db, seat.member_id)
    if part is None or not part.joined:
        return
    if seat.answer:
        note_sign(part)
        return
    if seat.card.endswith(f":met:{member.id}"):
        revise(desk.db, member, seat.card, views.closed, desk.now)
    if note_silence(part):
        send(desk, member, views.stay, f"coffee:{group.id}:stay:{member.id}")


def recheck_member(due: Due, desk: Desk) -> None:
    """Somebody paused, left, was suspended or set a block: whoever they were introduced to lately, and has not met, is
    told neutrally."""
    for group in queries.list_open_groups(desk.db, due.subject_id):
        seats = [one for one in queries.list_group(desk.db, group.id or 0) if one.state == SeatState.INTRODUCED]
        if not may_meet(desk, list_members(desk, seats)):
            _call_off(desk, group, seats, due.subject_id)


def _call_off(desk: Desk, group: CoffeeGroup, seats: list[CoffeeSeat], cause: int) -> None:
    """Ends an introduction. Who has caused it is not told, nor whether it was a block."""
    group.ended_at = desk.now
    close_place(desk, group)
    if any(seat.answer == Met.YES for seat in seats):
        return
    next_day = desk.find_next()
    for seat in seats:
        if seat.member_id != cause:
            member = get_member(desk.db, seat.member_id)
            send(desk, member, lambda: views.gone(next_day), f"coffee:{group.id}:gone:{member.id}")
