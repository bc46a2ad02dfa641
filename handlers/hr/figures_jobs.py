"""Counts each month once, when it has ended."""

from datetime import datetime

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from handlers.hr import figures_terms
from handlers.hr.figures_rules import PATIENCE, count_demand, count_month, find_borders, go_back, list_ended
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
    for demand in count_demand(figures.list_wishes(db, month), figures_terms.broaden):
        figure = DemandFigure(term=demand.term, people=len(demand.askers), since=demand.since, until=month)
        figures.add_demand(db, figure, demand.wishes)
    figures.forget_wishes(db, go_back(month, PATIENCE - 1))
