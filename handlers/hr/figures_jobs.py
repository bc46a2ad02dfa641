"""Counts each month once, when it has ended."""

from datetime import datetime

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from handlers.hr.figures_rules import PATIENCE, count_demand, count_month, find_borders, go_back, list_ended
from handlers.hr.figures_terms import broaden
from handlers.topics import get_working_reader
from storage.models import DemandFigure, MonthFigures
from storage.queries import figures
from storage.uow import UnitOfWork


def count_what_ended(db: UnitOfWork, due: Due, now: datetime, policy: Policy, installation: Installation) -> None:
    """Counts the months that have ended and were not counted: the last one, or more after a long stop."""
    first = figures.find_first_moment(db)
    if first is None:
        return
    counted = figures.list_counted(db)
    for month in list_ended(first, now, policy.zone):
        if month not in counted:
            _count(db, month, now, policy)


def _count(db: UnitOfWork, month: str, now: datetime, policy: Policy) -> None:
    counts = count_month(figures.read_month(db, *find_borders(month, policy.zone)))
    row = MonthFigures(
        month=month,
        asked=counts.asked,
        accepted=counts.accepted,
        held=counts.held,
        useful=counts.useful,
        spread=counts.spread,
        counted_at=now,
    )
    figures.add_month(db, row)
    _count_demand(db, month, policy)
    figures.forget_wishes(db, go_back(month, PATIENCE - 1))


def _count_demand(db: UnitOfWork, month: str, policy: Policy) -> None:
    vocabulary = get_working_reader(policy.topics_file).vocabulary
    wishes = figures.list_wishes(db, month)
    for demand in count_demand(wishes, lambda term: broaden(vocabulary, term)):
        if demand.term.startswith(figures.WORD) and figures.is_in_a_name(db, demand.term.removeprefix(figures.WORD)):
            continue  # what people say of somebody is not for HR, however many say it
        figure = DemandFigure(term=demand.term, people=len(demand.askers), since=demand.since, until=month)
        figures.add_demand(db, figure, demand.wishes)
