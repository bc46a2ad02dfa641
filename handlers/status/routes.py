"""Being glad of somebody's news, and not being asked for one's own."""

from datetime import datetime

from bot.incoming import Origin
from bot.replies import Private, Reply
from bot.routing import Router
from handlers.places import answer_in_place
from handlers.status import views
from handlers.status.actions import GiveCheer, StopAsking
from handlers.status.jobs import QUESTION, THANKS
from handlers.status.rules import next_thanks, number_day
from storage.models import Member, Purpose
from storage.queries.consents import find_consents, set_consents
from storage.queries.members import find_card, get_member
from storage.queries.reminders import forget, remind
from storage.queries.status import add_cheer, find_news
from storage.uow import UnitOfWork

router = Router()


@router.button(GiveCheer)
def give_cheer(pressed: GiveCheer, db: UnitOfWork, me: Member, now: datetime) -> Reply:
    """[Applaud]: counts once for each news, and comes back to its teller as thanks, once a day."""
    card, news = find_card(db, me, pressed.member_id), find_news(db, pressed.member_id)
    if card is None or not card.latest_news or news is None or news.serial != pressed.serial:
        return Private(views.out_of_date())
    if not add_cheer(db, card.member_id, me.id or 0, news.serial, now):
        return Private(views.cheered_before(card.name))
    owner = get_member(db, card.member_id)
    at = next_thanks(owner.zone, now)
    remind(db, THANKS, card.member_id, at, step=number_day(at, owner.zone))
    return Private(views.cheered(card.name))


@router.button(StopAsking)
def stop_asking(pressed: StopAsking, db: UnitOfWork, me: Member, origin: Origin, now: datetime) -> Reply:
    """[Don't ask me], under the monthly question."""
    set_consents(db, me.id or 0, find_consents(db, me.id or 0) - {Purpose.NEWS_QUESTION}, now)
    forget(db, QUESTION, me.id or 0)
    return answer_in_place(origin, views.stopped())
