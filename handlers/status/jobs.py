"""The monthly question for news, and thanks for them: looked at again when they are due."""

from datetime import datetime

from bot.feature import Due
from handlers.status import views
from handlers.status.rules import FRESH_ENOUGH, MOST_IGNORED, count_ignored, next_question
from storage.models import Member, Purpose, Status, Urgency
from storage.queries.consents import find_consents, list_consents
from storage.queries.members import get_member, list_cards
from storage.queries.outbox import Terms, find_best_account, post
from storage.queries.reminders import forget, list_reminders, remind
from storage.queries.status import find_news, get_question, list_untold_givers, mark_told
from storage.uow import UnitOfWork

QUESTION, THANKS = "status.question", "status.thanks"


def follow(db: UnitOfWork, due: Due, now: datetime) -> None:
    """A member's choices have changed: whoever wants to be asked is, and nobody else."""
    member = get_member(db, due.subject_id)
    if not _wants_question(db, member):
        forget(db, QUESTION, due.subject_id)
        return
    waiting = [row for row in list_reminders(db, due.subject_id) if row.kind == QUESTION and row.state == "pending"]
    question = get_question(db, due.subject_id)
    if waiting or (question.ignored >= MOST_IGNORED and not _agreed_since(db, due.subject_id, question.asked_at)):
        return
    question.ignored, question.asked_at = 0, None
    _plan(db, member, now)


def _agreed_since(db: UnitOfWork, member_id: int, asked_at: datetime | None) -> bool:
    """Whether the member has ticked the box again after the last question."""
    moments = [row.at for row in list_consents(db, member_id) if row.purpose == Purpose.NEWS_QUESTION and row.given]
    return asked_at is None or any(at > asked_at for at in moments)


def _wants_question(db: UnitOfWork, member: Member) -> bool:
    return member.status == Status.ACTIVE and Purpose.NEWS_QUESTION in find_consents(db, member.id or 0)


def _plan(db: UnitOfWork, member: Member, now: datetime) -> None:
    at = next_question(member.zone, now)
    remind(db, QUESTION, member.id or 0, at, step=int(at.timestamp()) // 86400)


def ask(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Asks a member for news: one message, and the next in a month. After two that came to nothing none follows."""
    member = get_member(db, due.subject_id)
    if not _wants_question(db, member):
        return
    question, news = get_question(db, due.subject_id), find_news(db, due.subject_id)
    question.ignored = count_ignored(question.asked_at, news.at if news else None, question.ignored)
    if question.ignored >= MOST_IGNORED:
        return
    _plan(db, member, now)
    if (news is not None and news.at > now - FRESH_ENOUGH) or find_best_account(db, member) is None:
        question.asked_at = None
        return
    question.asked_at = now
    late = next_question(member.zone, now)
    terms = Terms(f"{QUESTION}:{member.id}:{due.step}", now, Urgency.NUDGE, not_after=late)
    post(db, member, lambda: views.question(member.name, member.latest_news), terms)


def tell_thanks(db: UnitOfWork, due: Due, now: datetime) -> None:
    """Tells a member who was glad of their news since the last time: those whom the member may see."""
    member = get_member(db, due.subject_id)
    givers = list_untold_givers(db, due.subject_id)
    mark_told(db, due.subject_id, givers)
    names = [card.name for card in list_cards(db, member, givers)]
    if names:
        terms = Terms(f"{THANKS}:{member.id}:{due.step}", now, Urgency.NUDGE)
        post(db, member, lambda: views.thanks(names, member.latest_news), terms)
