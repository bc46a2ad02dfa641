"""From acceptance to the last word: how both meet, and what they say of the talk afterwards."""

import hashlib
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.dates import format_day
from bot.i18n import current_locale
from bot.quiet import next_allowed
from handlers import meetings
from handlers.consultations import present, rules
from handlers.consultations.desk import Desk, inform, make_acting, send, send_card
from handlers.consultations.flow import end, set_timer, take
from handlers.consultations.rules import Answer, Conclusion, Step
from handlers.consultations.views import talk
from handlers.consultations.views.people import Person
from handlers.rooms import end_later, open_room
from storage.models import (
    Account,
    Consultation,
    ConsultationRequest,
    ConsultationState,
    EndReason,
    FollowUp,
    Member,
    RequestState,
)
from storage.queries import consultations as queries
from storage.queries.cards import revise
from storage.queries.outbox import Make, Terms, add_room, post_to_room


def accept(desk: Desk, consultation: Consultation, request: ConsultationRequest) -> None:
    """The person asked says yes: both learn what not to talk about, and how to meet."""
    mentor, asker = desk.get(request.mentor_id), desk.asker(consultation)
    take(consultation, Step.ACCEPT)
    request.state, request.answered_at = RequestState.ACCEPTED, desk.now
    mentor.ignored_requests = 0
    consultation.mentor_id, consultation.accepted_at = mentor.id, desk.now
    _plan_question(desk, consultation)
    _open_room(desk, consultation, asker, mentor)
    desk.said = present.show_request(desk, consultation, request)
    revise(desk.db, mentor, request.card, desk.said, desk.now, desk.pressed)
    _tell_asker(desk, consultation, asker)
    for member in (asker, mentor):
        send_card(desk, consultation, member, present.show_meeting(desk, consultation, member))


def _plan_question(desk: Desk, consultation: Consultation) -> None:
    zone, accepted_at = desk.asker(consultation).zone, consultation.accepted_at or desk.now
    first = rules.find_first_question(accepted_at, consultation.talk_on, zone, desk.policy)
    consultation.next_at = max(first, desk.now)
    set_timer(desk, consultation)


def _tell_asker(desk: Desk, consultation: Consultation, asker: Member) -> None:
    mentor = _get_other(desk, consultation, asker)

    def make() -> talk.Message:
        return talk.accepted(consultation, mentor, present.name_workplaces(desk, asker, mentor))

    send(desk, asker, make, f"consultation:{consultation.id}:accepted")


def _get_other(desk: Desk, consultation: Consultation, reader: Member) -> Person:
    """The other side; `recheck` has seen that the two may be shown to each other."""
    other = present.find_other(desk, consultation, reader)
    if other is None:
        raise LookupError(f"the two of consultation {consultation.id} can't be shown to each other")
    return other


def _open_room(desk: Desk, consultation: Consultation, asker: Member, mentor: Member) -> None:
    """A group conversation, where both are in one workspace and the platform opens groups; a relayed one, where they
    are in no workspace together."""
    pair = _find_pair(desk, asker, mentor)
    if pair is None:
        if not queries.list_shared_accounts(desk.db, asker, mentor):
            people = (asker.id or 0, mentor.id or 0)
            key, topic = present.room_key(consultation), consultation.topic
            open_room(desk.db, key, topic, people, desk.now, desk.policy, actor=desk.actor)
        return
    room = add_room(desk.db, f"consultation:{consultation.id}", list(pair), desk.now)
    consultation.room_id = room.id
    make = _make_opening(desk, consultation, asker, mentor)
    # A room has no quiet hours of its own; whoever acts is awake, the other side may not be.
    at = next_allowed(desk.now, asker.zone, asker.quiet_from, asker.quiet_to)
    post_to_room(desk.db, room, asker.language, make, Terms(f"consultation:{consultation.id}:room", at))


def _find_pair(desk: Desk, asker: Member, mentor: Member) -> tuple[Account, Account] | None:
    pairs = queries.list_shared_accounts(desk.db, asker, mentor)
    return next((pair for pair in pairs if pair[0].platform in desk.installation.group_platforms), None)


def _make_opening(desk: Desk, consultation: Consultation, asker: Member, mentor: Member) -> Make:
    seen_by_mentor, seen_by_asker = _get_other(desk, consultation, mentor), _get_other(desk, consultation, asker)
    languages = (asker.language, mentor.language)
    return lambda: talk.room_opening(consultation, seen_by_mentor, seen_by_asker, languages)


# Before the talk


def set_date(desk: Desk, consultation: Consultation, me: Member, day: date) -> None:
    """One side tells the day of the talk: the question comes the day after, and the other side is told."""
    other = _get_other(desk, consultation, me)
    if consultation.talk_on != day:
        consultation.talk_on = day
        consultation.times_asked = min(consultation.times_asked, rules.MOST_TIMES_ASKED - 1)
        _plan_question(desk, consultation)
        _tell_meeting(desk, consultation, day)
        key = f"consultation:{consultation.id}:date:{me.id}:{desk.now:%Y%m%d%H%M%S}"
        send(desk, desk.get(other.card.member_id), lambda: talk.date_told(day, _name_for(desk, consultation, me)), key)
    meet = present.show_plan(desk, consultation, me)
    inform(desk, consultation, me, lambda: talk.with_note(meet(), talk.say_date_kept(day)))


def _tell_meeting(desk: Desk, consultation: Consultation, day: date) -> None:
    """A day told by hand is worth more than times that were suggested."""
    id, say_day = consultation.id or 0, lambda: format_day(day, current_locale())
    meetings.settle_by_hand(make_acting(desk), queries.MEETING, id, day, say_day)


def note_time(desk: Desk, consultation: Consultation, starts_at: datetime | None) -> None:
    """The two have agreed on a time, or given it up: when they are asked how it went follows from it, and their cards
    show the day. Who arranged it has told them."""
    asker = desk.asker(consultation)
    if starts_at is None:
        consultation.talk_on = None
        consultation.next_at = max(consultation.next_at or desk.now, desk.now + rules.ASK_AGAIN)
        set_timer(desk, consultation)
    else:
        consultation.talk_on = starts_at.astimezone(ZoneInfo(asker.zone)).date()
        consultation.times_asked = min(consultation.times_asked, rules.MOST_TIMES_ASKED - 1)
        _plan_question(desk, consultation)
    cards = ((asker, consultation.asker_card), (desk.get(consultation.mentor_id), consultation.mentor_card))
    for member, card in cards:
        revise(desk.db, member, card, present.show_plan(desk, consultation, member), desk.now)


def _name_for(desk: Desk, consultation: Consultation, me: Member) -> str:
    """My name, as the other side knows it."""
    other_id = consultation.mentor_id if me.id == consultation.asker_id else consultation.asker_id
    return _get_other(desk, consultation, desk.get(other_id)).name


def share_contact(desk: Desk, consultation: Consultation, me: Member, contact: str) -> None:
    """One side tells the other how to be reached. The same text is passed on once."""
    other, name = _get_other(desk, consultation, me), _name_for(desk, consultation, me)
    digest = hashlib.sha256(contact.encode()).hexdigest()[:12]
    key = f"consultation:{consultation.id}:contact:{me.id}:{digest}"
    send(desk, desk.get(other.card.member_id), lambda: talk.contact_shared(name, contact), key)
    meet = present.show_plan(desk, consultation, me)
    inform(desk, consultation, me, lambda: talk.with_note(meet(), talk.say_contact_sent(other.name)))


# After the talk


def question_both(desk: Desk, consultation: Consultation) -> None:
    """Asks both whether they talked, and sets when to ask again."""
    consultation.times_asked += 1
    consultation.next_at = desk.now + rules.ASK_AGAIN
    set_timer(desk, consultation)
    for member in (desk.asker(consultation), desk.get(consultation.mentor_id)):
        send_card(desk, consultation, member, present.show_meeting(desk, consultation, member))


def note_answer(desk: Desk, consultation: Consultation, me: Member, answer: Answer) -> None:
    """One side's answer to "Did you talk?", and what it means together with the other's."""
    mine = queries.ensure_follow_up(desk.db, consultation.id or 0, me.id or 0, desk.now)
    if mine.answer != Answer.YES:
        mine.answer, mine.at = answer.value, desk.now
    rows = queries.list_follow_ups(desk.db, consultation.id or 0)
    others = next((row.answer for id, row in rows.items() if id != me.id), "")
    if consultation.state == ConsultationState.ACCEPTED:
        _conclude(desk, consultation, me, answer, rules.conclude(answer, others))
    elif consultation.state == ConsultationState.HELD:
        _show_after(desk, consultation, me, mine)


def _conclude(desk: Desk, consultation: Consultation, me: Member, answer: Answer, conclusion: Conclusion) -> None:
    match conclusion:
        case Conclusion.HELD:
            take(consultation, Step.TALK)
            consultation.ended_at, consultation.next_at = desk.now, None
            queries.stop_timer(desk.db, consultation)
            end_later(desk.db, present.room_key(consultation), desk.now + desk.policy.room_stays)
            meetings.end(make_acting(desk), queries.MEETING, consultation.id or 0)
            inform(desk, consultation, me, lambda: talk.held(consultation))
        case Conclusion.CALLED_OFF:
            by_asker = me.id == consultation.asker_id
            end(desk, consultation, Step.CALL_OFF, _CALLED_OFF_BY[by_asker])
        case Conclusion.WAIT:
            again = consultation.next_at if consultation.times_asked < rules.MOST_TIMES_ASKED else None
            inform(desk, consultation, me, lambda: talk.waiting(consultation, answer, again))


_CALLED_OFF_BY = {True: EndReason.ASKER_CALLED_OFF, False: EndReason.MENTOR_CALLED_OFF}


def call_off(desk: Desk, consultation: Consultation, me: Member) -> None:
    """One side calls it off."""
    end(desk, consultation, Step.CALL_OFF, _CALLED_OFF_BY[me.id == consultation.asker_id])


def _show_after(desk: Desk, consultation: Consultation, me: Member, mine: FollowUp) -> None:
    if mine.answer != Answer.YES:
        inform(desk, consultation, me, talk.noted)
    elif mine.useful is None:
        inform(desk, consultation, me, lambda: talk.held(consultation))
    else:
        inform(desk, consultation, me, talk.thanks)


def wants_feedback(desk: Desk, consultation: Consultation, me: Member) -> bool:
    """Whether the two questions are still open for me."""
    mine = queries.list_follow_ups(desk.db, consultation.id or 0).get(me.id or 0)
    return consultation.state == ConsultationState.HELD and mine is not None and mine.useful is None


def _pass_line_on(desk: Desk, consultation: Consultation, me: Member, line: str) -> None:
    to, name = desk.get(_get_other(desk, consultation, me).card.member_id), _name_for(desk, consultation, me)
    key = f"consultation:{consultation.id}:line:{me.id}"
    send(desk, to, lambda: talk.line_passed_on(name, consultation.topic, line), key)


def give_feedback(desk: Desk, consultation: Consultation, me: Member, useful: int, line: str, *, share: bool) -> None:
    """The two answers. They are taken once; the line goes to the other side only if the person says so."""
    mine = queries.ensure_follow_up(desk.db, consultation.id or 0, me.id or 0, desk.now)
    if mine.useful is None:
        mine.useful, mine.line, mine.at = useful, line, desk.now
        if share and line and present.find_other(desk, consultation, me) is not None:
            _pass_line_on(desk, consultation, me, line)
    inform(desk, consultation, me, talk.thanks)
