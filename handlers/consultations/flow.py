"""From the wish to an answer: what each step does to a consultation, and who is told.

Callers hold the consultation (`queries.find_locked`) and have checked who acts. Every function leaves an open
consultation with its timer set, and nobody without word.
"""

from handlers import meetings
from handlers.consultations import demand, present, rules
from handlers.consultations.desk import Desk, inform, make_acting, send
from handlers.consultations.rules import Candidate, News, Standing, Step
from handlers.consultations.search import find_people
from handlers.consultations.views import mentor as mentor_views
from handlers.rooms import close_room
from storage.models import Consultation, ConsultationRequest, ConsultationState, EndReason, RequestState
from storage.queries import availability
from storage.queries import consultations as queries
from storage.queries.cards import retire, revise, was_sent
from storage.queries.members import find_card

_FOR_NOBODY = {News.FOUND: News.NOBODY, News.FOUND_AGAIN: News.STILL_NOBODY}


def take(consultation: Consultation, step: Step) -> None:
    """Moves the consultation on. Raises ValueError for what can't happen now: callers look before."""
    state = rules.find_next_state(consultation.state, step)
    if state is None:
        raise ValueError(f"consultation {consultation.id} can't {step} while {consultation.state}")
    consultation.state = state


def get_standing(desk: Desk, consultation: Consultation) -> Standing:
    """How it stands, for the timer."""
    if consultation.state == ConsultationState.ASKING:
        request = queries.find_open_request(desk.db, consultation.id or 0)
        return Standing(consultation.state, request.asked_at, request.nudges) if request else Standing("")
    done = consultation.times_asked if consultation.accepted_at else int(consultation.nudged)
    return Standing(consultation.state, consultation.proposed_at, done, consultation.next_at)


def set_timer(desk: Desk, consultation: Consultation) -> None:
    """Sets the one timer for whatever comes next."""
    at = rules.find_next_wake(get_standing(desk, consultation), desk.policy)
    if at is not None:
        queries.set_timer(desk.db, consultation, at)


# Looking


def look(desk: Desk, consultation: Consultation, news: News) -> None:
    """Looks for people, and shows them to the asker, asks the best of them (おまかせ), or says when it looks again."""
    people = find_people(desk, consultation)
    if not people:
        wait(desk, consultation, _FOR_NOBODY.get(news, news))
    elif consultation.you_choose:
        ask(desk, consultation, people[0], 0, news)
    else:
        propose(desk, consultation, people[: desk.policy.proposals], news)


def propose(desk: Desk, consultation: Consultation, people: list[Candidate], news: News) -> None:
    """Shows proposals to the asker."""
    take(consultation, Step.PROPOSE)
    queries.set_proposals(desk.db, consultation.id or 0, [(one.member_id, list(one.reasons)) for one in people])
    consultation.proposed_at, consultation.nudged, consultation.next_at = desk.now, False, None
    set_timer(desk, consultation)
    inform(desk, consultation, desk.asker(consultation), present.show_asker(desk, consultation, news))


def wait(desk: Desk, consultation: Consultation, news: News) -> None:
    """Nobody now: notes the topic as unmet demand, and sets when to look again, unless it was often enough."""
    consultation.looks += 1
    if consultation.looks > rules.MOST_LOOKS:
        end(desk, consultation, Step.CLOSE, EndReason.NOBODY)
        return
    take(consultation, Step.SEARCH)
    if consultation.looks == 1:
        demand.note(desk, consultation)
    consultation.next_at = desk.now + desk.policy.search_again
    set_timer(desk, consultation)
    inform(desk, consultation, desk.asker(consultation), present.show_asker(desk, consultation, news))


def change(desk: Desk, consultation: Consultation) -> None:
    """Looks anew after the topic was changed."""
    consultation.looks, consultation.you_choose = 0, False
    look(desk, consultation, News.FOUND)


# Asking


def ask(desk: Desk, consultation: Consultation, candidate: Candidate, rank: int, news: News) -> None:
    """Sends a request. `rank` is that of the proposal the asker chose, 0 when Musubi chooses."""
    take(consultation, Step.ASK)
    request = queries.add_request(
        desk.db,
        ConsultationRequest(
            consultation_id=consultation.id or 0,
            mentor_id=candidate.member_id,
            rank=rank,
            reasons=list(candidate.reasons),
            asked_at=desk.now,
            reply_by=desk.now + desk.policy.request_expires,
        ),
    )
    consultation.next_at = None
    set_timer(desk, consultation)
    send_request(desk, consultation, request)
    inform(desk, consultation, desk.asker(consultation), present.show_asker(desk, consultation, news))


def send_request(desk: Desk, consultation: Consultation, request: ConsultationRequest) -> None:
    """The card with the live buttons; a reminder takes the place of the earlier card."""
    mentor = desk.get(request.mentor_id)
    key = f"consultation:request:{request.id}:{request.nudges}"
    retire(desk.db, mentor, request.card, mentor_views.moved_on, desk.now, follows=key, keeps_text=False)
    request.card = key
    make = present.show_request(desk, consultation, request, reminds=request.nudges > 0)
    send(desk, mentor, make, request.card, not_after=request.reply_by)


def pass_on(desk: Desk, consultation: Consultation, news: News, suggested: Candidate | None = None) -> None:
    """Asks the next: whoever was suggested, else the best of those who are left. An asker who has gone needs nobody
    any more."""
    if not availability.is_present(desk.db, desk.asker(consultation)):
        end(desk, consultation, Step.CLOSE, EndReason.ASKER_GONE)
        return
    people = [suggested] if suggested else find_people(desk, consultation)
    if people:
        ask(desk, consultation, people[0], 0, news)
    else:
        wait(desk, consultation, news)


def close_request(desk: Desk, consultation: Consultation, request: ConsultationRequest, state: RequestState) -> None:
    """Ends a request without a talk; its buttons go."""
    request.state, request.answered_at = state, desk.now
    mentor = desk.get(request.mentor_id)
    make = present.show_request(desk, consultation, request)
    if desk.actor == mentor.id:
        desk.said = make
    revise(desk.db, mentor, request.card, make, desk.now, desk.pressed)


def expire(desk: Desk, consultation: Consultation, request: ConsultationRequest) -> None:
    """The day for an answer has passed: the next is asked. A request that never reached the person is not held against
    them; after several that did, they are asked whether to go on."""
    arrived = was_sent(desk.db, request.card)
    close_request(desk, consultation, request, RequestState.EXPIRED if arrived else RequestState.WITHDRAWN)
    if arrived:
        _count_ignored(desk, request)
    pass_on(desk, consultation, News.EXPIRED)


def _count_ignored(desk: Desk, request: ConsultationRequest) -> None:
    mentor = desk.get(request.mentor_id)
    mentor.ignored_requests += 1
    count = mentor.ignored_requests
    if count >= desk.policy.ignored_limit:
        send(desk, mentor, lambda: mentor_views.keep_asking(count), f"consultation:keep:{request.id}")


# Ending


def end(desk: Desk, consultation: Consultation, step: Step, reason: EndReason) -> None:
    """Ends a consultation without a talk, and tells both."""
    was_accepted = consultation.state == ConsultationState.ACCEPTED
    take(consultation, step)
    consultation.end_reason, consultation.ended_at, consultation.next_at = reason, desk.now, None
    queries.stop_timer(desk.db, consultation)
    request = queries.find_open_request(desk.db, consultation.id or 0)
    if request is not None:
        close_request(desk, consultation, request, RequestState.WITHDRAWN)
    if was_accepted:
        close_room(desk.db, present.room_key(consultation), desk.now, desk.policy)
        meetings.end(make_acting(desk), queries.MEETING, consultation.id or 0)
        _release_mentor(desk, consultation, reason)
    inform(desk, consultation, desk.asker(consultation), present.show_asker(desk, consultation))


def _release_mentor(desk: Desk, consultation: Consultation, reason: EndReason) -> None:
    request = queries.find_accepted_request(desk.db, consultation.id or 0)
    if request is not None and reason is EndReason.MENTOR_CALLED_OFF:
        request.state = RequestState.CALLED_OFF
    inform(desk, consultation, desk.get(consultation.mentor_id), present.show_mentor(desk, consultation))


# When people go


def recheck(desk: Desk, consultation: Consultation, *, accepting: bool = False) -> bool:
    """Looks whether both are still there and may still be shown to each other; ends or passes on what can't go on.
    Returns whether something was changed.

    `accepting`: the person asked is just saying yes, so whether they want to be asked is no question.
    """
    asker = desk.asker(consultation)
    # Whoever has no chat left can still talk by mail, but neither ask nor be asked: mail has no buttons.
    talking = consultation.state == ConsultationState.ACCEPTED
    if not availability.is_present(desk.db, asker, by_mail=talking):
        end(desk, consultation, Step.CLOSE, EndReason.ASKER_GONE)
        return True
    if consultation.state == ConsultationState.ASKING:
        return _recheck_request(desk, consultation, accepting=accepting)
    if talking and not _can_talk(desk, consultation, consultation.mentor_id, by_mail=True):
        end(desk, consultation, Step.CLOSE, EndReason.MENTOR_GONE)
        return True
    return False


def _recheck_request(desk: Desk, consultation: Consultation, *, accepting: bool) -> bool:
    request = queries.find_open_request(desk.db, consultation.id or 0)
    if request is None:
        raise LookupError(f"consultation {consultation.id} is asking nobody")
    willing = accepting or availability.is_willing_now(desk.db, request.mentor_id, desk.now)
    if willing and _can_talk(desk, consultation, request.mentor_id):
        return False
    close_request(desk, consultation, request, RequestState.WITHDRAWN)
    pass_on(desk, consultation, News.MENTOR_GONE)
    return True


def _can_talk(desk: Desk, consultation: Consultation, mentor_id: int | None, *, by_mail: bool = False) -> bool:
    mentor = desk.get(mentor_id)
    visible = find_card(desk.db, desk.asker(consultation), mentor_id or 0) is not None
    return visible and availability.is_present(desk.db, mentor, by_mail=by_mail)
