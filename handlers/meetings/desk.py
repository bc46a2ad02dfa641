"""Telling people: each of the two has one card whose buttons are alive, and it shows how their time stands."""

from bot.replies import ReplaceMessage, Reply
from handlers.meetings.hosts import Acting
from handlers.meetings.views import moved_on
from storage.models import Meeting, Member, Status, Urgency
from storage.queries.cards import retire, revise
from storage.queries.members import get_member
from storage.queries.outbox import Make, Terms, find_best_account, post


def list_both(acting: Acting, meeting: Meeting) -> tuple[Member, Member]:
    """The two."""
    return get_member(acting.db, meeting.first_id), get_member(acting.db, meeting.second_id)


def get_other(acting: Acting, meeting: Meeting, reader: Member) -> Member:
    """The other of the two."""
    return get_member(acting.db, meeting.second_id if reader.id == meeting.first_id else meeting.first_id)


def inform(acting: Acting, meeting: Meeting, to: Member, make: Make) -> None:
    """Lets one of the two see how things stand now: the card of whoever acts changes, the other gets a new one."""
    if acting.actor != to.id:
        send_card(acting, meeting, to, make)
        return
    acting.said = make
    shown = revise(acting.db, to, _get_card(meeting, to), make, acting.now, acting.pressed)
    if shown:
        _set_card(meeting, to, shown)
    else:
        send_card(acting, meeting, to, make)


def hand_over(acting: Acting, meeting: Meeting, to: Member, make: Make, note: Make) -> None:
    """A new card for something to keep: an answer to a press can carry no file. `note` takes the place of the buttons
    that were pressed."""
    if acting.actor == to.id:
        acting.said = note
        revise(acting.db, to, _get_card(meeting, to), note, acting.now, acting.pressed)
        _set_card(meeting, to, "")
    send_card(acting, meeting, to, make)


def send_card(acting: Acting, meeting: Meeting, to: Member, make: Make) -> None:
    """A new message that carries the live buttons from now on."""
    meeting.cards += 1
    key = f"meeting:{meeting.id}:card:{meeting.cards}"
    retire(acting.db, to, _get_card(meeting, to), moved_on, acting.now, follows=key)
    _set_card(meeting, to, key if send(acting, to, make, key) else "")


def close_card(acting: Acting, meeting: Meeting, of: Member, make: Make) -> None:
    """The last that the card shows: it has no live buttons any more."""
    if acting.actor == of.id:
        acting.said = make
    revise(acting.db, of, _get_card(meeting, of), make, acting.now, acting.pressed)
    _set_card(meeting, of, "")


def send(acting: Acting, to: Member, make: Make, key: str) -> bool:
    """A message, at once to whoever acts, outside the quiet hours to everybody else. Returns whether it could be
    handed over: nobody is written to who has left or can't be reached."""
    if to.status == Status.WITHDRAWN or find_best_account(acting.db, to) is None:
        return False
    urgency = Urgency.ANSWER if acting.actor == to.id else Urgency.NUDGE
    post(acting.db, to, make, Terms(key, acting.now, urgency))
    return True


def answer(acting: Acting, otherwise: Make) -> Reply:
    """The reply to a press on the meeting's card: what was said to the acting person, or else how things stand."""
    return ReplaceMessage((acting.said or otherwise)())


def _get_card(meeting: Meeting, of: Member) -> str:
    return meeting.first_card if of.id == meeting.first_id else meeting.second_card


def _set_card(meeting: Meeting, of: Member, key: str) -> None:
    if of.id == meeting.first_id:
        meeting.first_card = key
    else:
        meeting.second_card = key
