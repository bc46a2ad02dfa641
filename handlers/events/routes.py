"""What members do with events: look, answer, see who comes, say how it was."""

from bot.glance import Glance
from bot.i18n import _
from bot.incoming import Command, FormValues, Origin
from bot.replies import OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Router
from bot.ui import Block
from handlers.announcements import note_press
from handlers.answers import out_of_date
from handlers.desk import Desk
from handlers.events import actions, flow, notices, rules, short_forms, views
from handlers.events.invitation import KIND
from handlers.events.listing import list_mine, show_list
from handlers.events.present import find_title, look
from handlers.events.readers import may_see
from handlers.places import answer_in_place
from storage.models import Event, Member, Purpose, Rsvp
from storage.queries import events as queries
from storage.queries.consents import find_consents, set_consents
from storage.queries.event_readers import list_shown_guests

router = Router()


@router.command(
    "events", words=("events", "イベント"), about=lambda: _("Events: what is on, and what you signed up for")
)
def show_by_word(command: Command, me: Member, desk: Desk) -> Reply:
    """`/events`."""
    return Private(show_list(desk, me, 0))


@router.button(actions.ShowList)
def show_page(pressed: actions.ShowList, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Back], [More]."""
    return answer_in_place(origin, show_list(desk, me, pressed.page))


@router.button(actions.Agree)
def agree(pressed: actions.Agree, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Agree and show]: the words above the button say what is agreed to."""
    given = find_consents(desk.db, me.id or 0)
    set_consents(desk.db, me.id or 0, given | {Purpose.NEWS}, desk.now)
    return answer_in_place(origin, show_list(desk, me, 0))


def _hold(desk: Desk, event_id: int, me: Member) -> Event | None:
    """The event, held, if it is one that I may see; offers whose time is over have ended."""
    event = queries.find_locked(desk.db, event_id)
    if event is None or not may_see(desk, me, event):
        return None
    flow.tidy(desk, event)
    return event


@router.button(actions.Show)
def show(pressed: actions.Show, me: Member, desk: Desk) -> Reply:
    """[Details]: beside the message, which may still be of use."""
    event = _hold(desk, pressed.event, me)
    return Private(flow.show_card(desk, event, me)) if event is not None else out_of_date()


@router.button(actions.Answer)
def answer(pressed: actions.Answer, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Going], [Maybe], [Not going]: on the invitation, on the card and on reminders."""
    event = _hold(desk, pressed.event, me)
    if event is None or pressed.said not in (Rsvp.GOING, Rsvp.MAYBE, Rsvp.NOT_GOING):
        return out_of_date()
    note_press(desk.db, KIND.name, pressed.event, me.id or 0, desk.now)
    mine, refusal = flow.answer(desk, event, me, Rsvp(pressed.said), origin.message)
    if refusal is not None:
        return Private(views.refused(look(desk, event, me, mine), refusal))
    return answer_in_place(origin, flow.show_card(desk, event, me))


@router.button(actions.AnswerOffer)
def answer_offer(pressed: actions.AnswerOffer, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Take the seat], [Let it go]. An offer that is over, or an older one, takes no seat."""
    event = _hold(desk, pressed.event, me)
    mine = queries.find_answer(desk.db, pressed.event, me.id or 0) if event is not None else None
    if event is None or mine is None:
        return out_of_date()
    if mine.rsvp == Rsvp.OFFERED and mine.offer == pressed.offer:
        said = Rsvp.GOING if pressed.takes else Rsvp.NOT_GOING
        flow.answer(desk, event, me, said, origin.message)
    return answer_in_place(origin, flow.show_card(desk, event, me))


@router.button(actions.ShowPeople)
def show_people(pressed: actions.ShowPeople, me: Member, desk: Desk, origin: Origin) -> Reply:
    """[Who comes]: to those who come."""
    event = queries.find_event(desk.db, pressed.event)
    if event is None or not may_see(desk, me, event):
        return out_of_date()
    mine = queries.find_answer(desk.db, pressed.event, me.id or 0)
    sight = look(desk, event, me, mine)
    if mine is None or mine.rsvp != Rsvp.GOING or sight.stage is rules.Stage.CANCELLED:
        return Private(views.not_among_them(sight))
    page = max(0, pressed.page)
    first = page * views.PEOPLE
    cards = list_shown_guests(desk.db, me, pressed.event, limit=views.PEOPLE + 1, offset=first)
    shown = views.people(sight, cards[: views.PEOPLE], page, more=len(cards) > views.PEOPLE)
    return Private(shown) if not pressed.page else answer_in_place(origin, shown)


@router.button(actions.AskOpinion)
def ask_opinion(pressed: actions.AskOpinion, me: Member, desk: Desk) -> Reply:
    """[Answer three questions]."""
    event = _find_to_tell(desk, pressed.event, me)
    if isinstance(event, Event):
        return OpenForm(short_forms.opinion_form(actions.Opinion(pressed.event), find_title(event)))
    return event


def _find_to_tell(desk: Desk, event_id: int, me: Member) -> Event | Reply:
    """The event, if I was there and haven't said yet how it was; else the answer."""
    event = queries.find_locked(desk.db, event_id)
    mine = queries.find_answer(desk.db, event_id, me.id or 0) if event is not None else None
    if event is None or mine is None:
        return out_of_date()
    marked = queries.has_marked(desk.db, event_id)
    may = rules.may_tell(event, mine.rsvp, desk.now, attended=mine.attended, marked=marked)
    return event if may and not mine.told else Private(notices.asked_no_more(find_title(event)))


@router.form(actions.Opinion)
def take_opinion(action: actions.Opinion, values: FormValues, me: Member, desk: Desk) -> Reply:
    """The three questions: what was said is kept without a name, and that it was said."""
    event = _find_to_tell(desk, action.event, me)
    if not isinstance(event, Event):
        return event
    useful = values.text("useful")
    if useful not in {"1", "2", "3", "4", "5"}:
        return OpenForm(short_forms.opinion_form(action, find_title(event)))
    liked = [one for one in short_forms.LIKED if one in values.several("liked")]
    wished = [one for one in short_forms.WISHED if one in values.several("wished")]
    mine = queries.find_answer(desk.db, action.event, me.id or 0)
    assert mine is not None  # noqa: S101 - found a moment ago, and held with the event
    mine.told = True
    queries.add_opinion(desk.db, action.event, int(useful), liked, wished)
    return ReplaceMessage(notices.thanks(find_title(event)))


def show_home(me: Member, desk: Desk, glance: Glance) -> tuple[Block, ...]:
    """The part of the home page."""
    return views.section(list_mine(desk, me) if glance.sees(queries.HAS_OWN) else [])
