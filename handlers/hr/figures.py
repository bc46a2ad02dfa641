"""HR's figures: what has been counted, as it is shown."""

from zoneinfo import ZoneInfo

from bot.ui import Message
from handlers.hr import figures_views
from handlers.hr.desk import Desk
from handlers.hr.figures_rules import go_back
from handlers.topics import get_working_reader
from storage.queries import figures

_MONTHS = 6
"""Months shown; with ten topics they fit into one message on every platform."""
_TOPICS = 10
_TOPICS_FOR = 12
"""Months for which a topic stays in the list."""


def draw_figures(desk: Desk) -> Message:
    """The page of figures."""
    month = desk.now.astimezone(ZoneInfo(desk.policy.zone)).strftime("%Y-%m")
    demand = figures.list_demand(desk.db, go_back(month, _TOPICS_FOR), _TOPICS)
    vocabulary = get_working_reader(desk.policy.topics_file).vocabulary
    return figures_views.page(figures.list_months(desk.db, _MONTHS), demand, vocabulary)
