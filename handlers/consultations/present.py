"""How things stand, as a card: for the asker, for the person asked, and for both after acceptance.

Each function reads what the card needs and returns a function that makes it, so that the words are in the language of
whoever reads it.
"""

from dataclasses import replace
from datetime import datetime

from handlers.consultations.desk import Desk
from handlers.consultations.rules import News
from handlers.consultations.views import asker as asker_views
from handlers.consultations.views import mentor as mentor_views
from handlers.consultations.views import talk
from handlers.consultations.views.careful import Workplaces
from handlers.consultations.views.people import Person
from handlers.meetings import find_time
from handlers.names import company_name
from handlers.rooms import is_open
from storage.models import Consultation, ConsultationRequest, ConsultationState, Member, RequestState, Role
from storage.queries import consultations as queries
from storage.queries.members import find_card, list_cards
from storage.queries.outbox import Make


def show(desk: Desk, consultation: Consultation, to: Member) -> Make:
    """The card of whichever side `to` is."""
    if to.id == consultation.asker_id:
        return show_asker(desk, consultation)
    return show_mentor(desk, consultation)


def show_asker(desk: Desk, consultation: Consultation, news: News = News.NONE) -> Make:
    """The asker's card, led by what has just happened."""
    match consultation.state:
        case ConsultationState.PROPOSED:
            offers = _list_offers(desk, consultation)
            until = (consultation.proposed_at or desk.now) + desk.policy.request_expires
            return lambda: asker_views.proposals(consultation, offers, until, news)
        case ConsultationState.ASKING:
            return _show_asking(desk, consultation, news)
        case ConsultationState.SEARCHING:
            look_at = consultation.next_at or desk.now
            return lambda: asker_views.searching(consultation, look_at, news)
        case ConsultationState.ACCEPTED:
            return show_meeting(desk, consultation, desk.asker(consultation))
        case ConsultationState.HELD:
            return lambda: asker_views.talked(consultation)
        case _:
            return lambda: asker_views.ended(consultation)


def _list_offers(desk: Desk, consultation: Consultation) -> list[asker_views.Offer]:
    proposals = queries.list_proposals(desk.db, consultation.id or 0)
    cards = list_cards(desk.db, desk.asker(consultation), [proposal.mentor_id for proposal in proposals])
    shown = {card.member_id: card for card in cards}
    return [
        asker_views.Offer(
            proposal.id or 0,
            Person(card, proposal.rank if card.nameless else 0),
            proposal.reasons,
        )
        for proposal in proposals
        if (card := shown.get(proposal.mentor_id)) is not None
    ]


def _show_asking(desk: Desk, consultation: Consultation, news: News) -> Make:
    request = queries.find_open_request(desk.db, consultation.id or 0)
    if request is None:
        raise LookupError(f"consultation {consultation.id} is asking nobody")
    person = _find_chosen(desk, consultation, request)
    reply_by = request.reply_by
    return lambda: asker_views.asking(consultation, person, reply_by, news)


def _find_chosen(desk: Desk, consultation: Consultation, request: ConsultationRequest) -> Person | None:
    """Who was chosen, as the asker knew them then; None where Musubi chose."""
    card = find_card(desk.db, desk.asker(consultation), request.mentor_id) if request.rank else None
    return Person(card, request.rank if card.nameless else 0) if card else None


def show_request(
    desk: Desk, consultation: Consultation, request: ConsultationRequest, *, reminds: bool = False
) -> Make:
    """The card of the person asked."""
    mentor = desk.get(request.mentor_id)
    card = find_card(desk.db, mentor, consultation.asker_id)
    state, at = request.state, request.answered_at or desk.now
    if state == RequestState.OPEN and card is not None:
        asker = Person(card)
        return lambda: mentor_views.request_card(consultation, request, asker, reminds=reminds)
    if state == RequestState.ACCEPTED and card is not None and consultation.state == ConsultationState.ACCEPTED:
        return _show_accepted(desk, consultation, Person(card), mentor, at)
    if state in (RequestState.ACCEPTED, RequestState.CALLED_OFF):
        return show_mentor(desk, consultation)
    closed = RequestState.WITHDRAWN if state == RequestState.OPEN else state
    rests = request.decline_reason == "busy"
    return lambda: mentor_views.request_closed(closed, rests=rests)


def _show_accepted(desk: Desk, consultation: Consultation, asker: Person, mentor: Member, at: datetime) -> Make:
    return lambda: mentor_views.accepted(consultation, asker, at, name_workplaces(desk, mentor, asker))


def name_workplaces(desk: Desk, reader: Member, other: Person) -> Workplaces:
    """Where both work, as the reader knows it. To be called in the reader's language."""
    return Workplaces(Role(reader.role), company_name(desk.policy), reader.employer, other.card.employer)


def show_mentor(desk: Desk, consultation: Consultation) -> Make:
    """The card of the person who accepted, from then on."""
    match consultation.state:
        case ConsultationState.ACCEPTED:
            return show_meeting(desk, consultation, desk.get(consultation.mentor_id))
        case ConsultationState.HELD:
            return lambda: asker_views.talked(consultation)
        case _:
            return lambda: talk.ended_for_mentor(consultation)


def show_meeting(desk: Desk, consultation: Consultation, reader: Member) -> Make:
    """How to meet, or, once it has been asked, whether they talked."""
    other = find_other(desk, consultation, reader)
    if other is not None and consultation.times_asked:
        return lambda: talk.question(consultation, other.name)
    return show_plan(desk, consultation, reader)


def show_plan(desk: Desk, consultation: Consultation, reader: Member) -> Make:
    """How to meet."""
    other = find_other(desk, consultation, reader)
    if other is None:
        return lambda: talk.ended_for_mentor(consultation)
    at = find_time(desk.db, queries.MEETING, consultation.id or 0)
    meeting = replace(make_meeting(desk, consultation, reader, other), at=at)
    by = (consultation.accepted_at or desk.now) + desk.policy.talk_within
    return lambda: talk.meet(consultation, meeting, by)


def find_asker(desk: Desk, consultation: Consultation, mentor: Member) -> Person | None:
    """Who asks, as the person asked may see them."""
    card = find_card(desk.db, mentor, consultation.asker_id)
    return Person(card) if card is not None else None


def find_other(desk: Desk, consultation: Consultation, reader: Member) -> Person | None:
    """The other side, as the reader may see them; None when they may not be shown any more."""
    other_id = consultation.mentor_id if reader.id == consultation.asker_id else consultation.asker_id
    card = find_card(desk.db, reader, other_id or 0)
    return Person(card) if card is not None else None


def make_meeting(desk: Desk, consultation: Consultation, reader: Member, other: Person) -> talk.Meeting:
    """How the two can meet."""
    room = queries.find_room(desk.db, consultation)
    if room is not None:
        return talk.Meeting(other, talk.Way.ROOM, room.platform)
    shared = queries.list_shared_accounts(desk.db, reader, desk.get(other.card.member_id))
    if shared:
        return talk.Meeting(other, talk.Way.FIND, shared[0][0].platform)
    relayed = is_open(desk.db, room_key(consultation))
    return talk.Meeting(other, talk.Way.RELAYED if relayed else talk.Way.APART)


def room_key(consultation: Consultation) -> str:
    """What the relayed room of a consultation is called."""
    return f"consultation:{consultation.id}"
