"""Joining, skipping, resting and leaving; and the answers to "Have you met?"."""

from bot.glance import Glance
from bot.i18n import _
from bot.incoming import Command, Origin
from bot.replies import Private, Reply
from bot.routing import Router
from bot.ui import Block
from handlers.answers import out_of_date
from handlers.coffee import actions, views
from handlers.coffee.desk import Desk, describe, show
from handlers.coffee.meeting import describe_group
from handlers.coffee.rules import REST, note_sign
from handlers.places import answer_in_place
from storage.models import CoffeeMember, Member, Met, Purpose, SeatState
from storage.queries import coffee as queries
from storage.queries.consents import find_consents, set_consents

router = Router()


@router.command("coffee", words=("coffee", "コーヒー"), about=lambda: _("Coffee rounds: get to know somebody new"))
def show_by_word(command: Command, me: Member, desk: Desk) -> Reply:
    """`/coffee`."""
    return Private(show(desk, me))


@router.button(actions.Open)
def open_page(pressed: actions.Open, me: Member, desk: Desk) -> Reply:
    """[Coffee rounds]: beside the message, which may still be of use."""
    return Private(show(desk, me))


@router.button(actions.Join)
def join(pressed: actions.Join, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Agree and join]: the button says what is agreed to."""
    given = find_consents(desk.db, me.id or 0)
    set_consents(desk.db, me.id or 0, given | {Purpose.INTRODUCTIONS}, desk.now)
    part = queries.ensure_part(desk.db, me.id or 0, desk.now)
    if not part.joined:
        part.joined, part.skips, part.resting_until, part.changed_at = True, None, None, desk.now
        note_sign(part)
    return answer_in_place(origin, show(desk, me))


def _find_mine(desk: Desk, me: Member) -> CoffeeMember | None:
    """My part, if I am in. Pressing anything about it is a sign of life."""
    part = queries.hold_part(desk.db, me.id or 0)
    if part is None or not part.joined:
        return None
    part.changed_at = desk.now
    note_sign(part)
    return part


@router.button(actions.Skip)
def skip(pressed: actions.Skip, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Skip this one]. Of a round that has begun, it changes nothing any more and says how things stand."""
    part, next_day = _find_mine(desk, me), desk.find_next()
    if part is not None and next_day is not None and pressed.day == next_day.isoformat():
        part.skips = next_day
    return answer_in_place(origin, show(desk, me))


@router.button(actions.Come)
def come(pressed: actions.Come, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Take part after all]."""
    part = _find_mine(desk, me)
    if part is not None:
        part.skips, part.resting_until = None, None
    return answer_in_place(origin, show(desk, me))


@router.button(actions.Keep)
def keep(pressed: actions.Keep, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Keep me]."""
    _find_mine(desk, me)
    return answer_in_place(origin, show(desk, me))


@router.button(actions.Rest)
def rest(pressed: actions.Rest, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Rest a month]. Pressed again it doesn't make the rest longer."""
    part = _find_mine(desk, me)
    if part is not None and (part.resting_until is None or part.resting_until <= desk.now):
        part.resting_until = desk.now + REST
    return answer_in_place(origin, show(desk, me))


@router.button(actions.Leave)
def leave(pressed: actions.Leave, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Leave]. What the member agreed to stays as it is: it is changed among the preferences."""
    part = _find_mine(desk, me)
    if part is not None:
        part.joined, part.skips, part.resting_until = False, None, None
    return answer_in_place(origin, views.left())


@router.button(actions.Answer)
def answer(pressed: actions.Answer, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Met], [Planned], [Not yet]. Who has met has met: an older button doesn't take it back."""
    group = queries.find_group(desk.db, pressed.group)
    seats = queries.list_group(desk.db, pressed.group) if group is not None else []
    mine = next((seat for seat in seats if seat.member_id == me.id and seat.state == SeatState.INTRODUCED), None)
    if group is None or mine is None or pressed.said not in set(Met):
        return out_of_date()
    _find_mine(desk, me)
    if mine.answer != Met.YES:
        mine.answer, mine.answered_at = pressed.said, desk.now
    meeting = describe_group(desk, group, me)
    if meeting is None:
        return answer_in_place(origin, views.closed())
    return answer_in_place(origin, views.answered(meeting, mine.answer, over=group.ended_at is not None))


def show_home(me: Member, desk: Desk, glance: Glance) -> tuple[Block, ...]:
    """The part of the home page."""
    part = queries.find_part(desk.db, me.id or 0) if glance.sees(queries.HAS_PART) else None
    return views.section(describe(desk, me, part))
