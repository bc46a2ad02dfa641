"""Telling HR what other features have to tell. Imported before everything else of this package, because those features
and this one need each other.
"""

from collections.abc import Callable
from datetime import datetime

from bot.ui import Message
from handlers.hr import cards
from handlers.hr.cases import draw_up
from handlers.hr.kinds import Case
from storage.models import Application, Member, Urgency
from storage.queries.cards import revise
from storage.queries.joining import list_hr
from storage.queries.members import get_member
from storage.queries.outbox import Terms, post
from storage.uow import UnitOfWork


def tell_hr_of_application(db: UnitOfWork, application: Application, now: datetime) -> None:
    """Somebody could not be matched with the roster: each of HR gets a card with [Approve] and [Decline…]."""
    case = draw_up(db, application, get_member(db, application.member_id))
    tell_hr(db, f"application:{application.id}", lambda: cards.card(case), now)


def tell_hr_of_overdue(db: UnitOfWork, application: Application, now: datetime) -> None:
    """The day has passed by which an applicant was to hear: each of HR is reminded, once, and can decide there."""
    case = draw_up(db, application, get_member(db, application.member_id))
    tell_hr(db, _overdue_key(application), lambda: cards.overdue(case), now)


def settle_cards(db: UnitOfWork, case: Case, now: datetime, pressed: str = "") -> None:
    """An application is no longer open: the buttons go from everybody's cards. `pressed` is the platform's id of the
    message whose button is being answered."""
    for member in list_hr(db):
        for key in (f"application:{case.application.id}", _overdue_key(case.application)):
            revise(db, member, f"{key}:{member.id}", lambda: cards.card(case), now, pressed=pressed)


def tell_hr_of_arrival(db: UnitOfWork, application: Application, now: datetime) -> None:
    """The applicant has come in by another way, and there is nothing left to decide."""
    settle_cards(db, draw_up(db, application, get_member(db, application.member_id)), now)


def _overdue_key(application: Application) -> str:
    return f"application.overdue:{application.id}"


def tell_hr_of_lock(db: UnitOfWork, member: Member, now: datetime) -> None:
    """Somebody entered too many wrong codes."""
    name = member.name
    tell_hr(db, f"hr.lock:{member.id}:{now:%Y%m%dT%H%M%S}", lambda: cards.locked(name), now)


def tell_hr_of_stranger(db: UnitOfWork, member: Member, accounts: tuple[str, ...], now: datetime, *, key: str) -> None:
    """A member says that somebody else joined these accounts to theirs; they have been taken off."""
    name = member.name
    tell_hr(db, key, lambda: cards.stranger(name, accounts), now)


def tell_hr(db: UnitOfWork, key: str, make: Callable[[], Message], now: datetime) -> None:
    """A message to each of HR, outside their quiet hours, under the key `<key>:<member>`."""
    for member in list_hr(db):
        post(db, member, make, Terms(f"{key}:{member.id}", now, Urgency.NUDGE))
