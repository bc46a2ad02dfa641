"""What people press in rooms. Whatever a button says, whose seat it is is looked at again."""

import hashlib

from bot.incoming import FormValues
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Who
from handlers import moderation
from handlers.answers import out_of_date
from handlers.places import answer_in_place
from handlers.rooms import actions, choosing, doors, forms, reporting, rules, views, writing
from handlers.rooms.desk import describe, find_manner, find_place, put
from handlers.rooms.router import Press, router
from handlers.rooms.rules import Problem
from handlers.rooms.writing import Text
from storage.models import RelayedRoom, RoomEnd, Seat
from storage.queries import rooms as queries


@router.button(actions.Reply)
def open_reply(action: actions.Reply, press: Press) -> Reply:
    """[Reply]: the form, or that the room is closed."""
    found = press.find_mine(action.room)
    if found is None:
        return out_of_date()
    room, seat = found
    if not doors.recheck(press.desk, room):
        return Private(views.already_closed(room.topic))
    # Which opening of the form this is: the same form sent off twice is one message.
    key = hashlib.sha256(f"{press.origin.key} {press.now.isoformat()}".encode()).hexdigest()[:16]
    return OpenForm(forms.reply_form(describe(press.desk, room, seat), key))


@router.form(actions.Send)
def send_reply(action: actions.Send, values: FormValues, press: Press) -> Reply:
    """The form behind [Reply]. What can't be passed on stays in the form."""
    found = press.find_mine(action.room)
    if found is None:
        return out_of_date()
    room, seat = found
    if not doors.recheck(press.desk, room):
        return Private(views.already_closed(room.topic))
    shown = describe(press.desk, room, seat)
    text = Text(press.account, f"form:{action.key}", rules.tidy(values.text("text")), (), "form", action.key)
    problem = writing.find_problem(press.desk, seat, text)
    if problem is not None:
        sentence = views.say_problem(problem, press.policy.relay_a_minute).format(name=shown.names)
        return FormErrors(forms.reply_form(shown, action.key, values.text("text")), {"text": sentence})
    if writing.pass_on(press.desk, seat, text):
        _show_own(press, room, seat, text)
    return Nothing()


def _show_own(press: Press, room: RelayedRoom, seat: Seat, text: Text) -> None:
    """What was written in a form stands in the writer's own chat too."""
    shown, place = describe(press.desk, room, seat), find_place(press.desk, room, seat)
    if place is not None:
        put(press.desk, seat, place, lambda: views.own_copy(shown, text.text), f"room:{room.id}:own:{text.message}")


@router.button(actions.Close)
def close(action: actions.Close, press: Press) -> Reply:
    """[Close]. An old button of a closed room says that it is closed."""
    found = press.find_mine(action.room)
    if found is None:
        return out_of_date()
    room, seat = found
    shown = describe(press.desk, room, seat)
    doors.close(press.desk, room, RoomEnd.BY_MEMBER, by=seat, pressed=press.origin.message)
    if not press.origin.message:
        return Private(views.closed(shown, room.why, by_me=True))
    return ReplaceMessage(views.opening_closed(shown, find_manner(press.account.platform)))


# Reporting: also in a closed room, while the message is kept, and by somebody who takes a break


@router.button(actions.Report, who=Who.ANYONE)
def open_report(action: actions.Report, press: Press) -> Reply:
    """[Report]: which message?"""
    found = press.find_mine(action.room)
    if found is None:
        return out_of_date()
    offered = reporting.list_offered(press.desk, found[1], action.message)
    if not offered:
        return Private(moderation.nothing_to_report())
    return OpenForm(forms.report_form(action.room, offered, action.message))


@router.form(actions.Reported, who=Who.ANYONE)
def report(action: actions.Reported, values: FormValues, press: Press) -> Reply:
    """The form behind [Report]."""
    found = press.find_mine(action.room)
    if found is None:
        return out_of_date()
    chosen = values.text("message")
    id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 15 else 0
    if not reporting.report(press.desk, found[1], id, values.text("note")):
        return Private(moderation.nothing_to_report())
    return Private(moderation.thanks())


# Choosing a room


@router.button(actions.Pick)
def pick(action: actions.Pick, press: Press) -> Reply:
    """One of several rooms for a text that waits."""
    held = queries.find_held(press.db, action.held, press.me.id or 0)
    if held is None:
        return out_of_date()
    if choosing.is_late(press.desk, held):
        queries.remove_held(press.db, held)
        return answer_in_place(press.origin, views.lapsed())
    found = press.find_mine(action.room)
    if found is None:
        return out_of_date()
    room, seat = found
    if not choosing.send(press.desk, held, room.id or 0):
        return answer_in_place(press.origin, _say_why_not(press, room))
    seat.told_at = press.now
    return answer_in_place(press.origin, views.chosen(describe(press.desk, room, seat)))


def _say_why_not(press: Press, room: RelayedRoom) -> views.Message:
    if room.closed_at is not None:
        return views.already_closed(room.topic)
    return views.refused(Problem.TOO_MANY, "", press.policy.relay_a_minute)


@router.button(actions.Drop)
def drop(action: actions.Drop, press: Press) -> Reply:
    """[Don't send]."""
    held = queries.find_held(press.db, action.held, press.me.id or 0)
    if held is None:
        return out_of_date()
    queries.remove_held(press.db, held)
    return answer_in_place(press.origin, views.dropped())
