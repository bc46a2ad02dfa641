"""HR's figures: what has been counted, as it is shown."""

from zoneinfo import ZoneInfo

from bot.i18n import _
from bot.ui import Message
from handlers.hr import figures_csv, figures_views
from handlers.hr.desk import Desk
from handlers.hr.figures_rules import go_back
from handlers.topics import Vocabulary, get_working_reader
from storage.queries import figures
from storage.queries.outbox import Terms, post

_MONTHS = 6
"""Months shown; with ten topics they fit into one message on every platform."""
_TOPICS = 10
_TOPICS_FOR = 12
"""Months for which a topic stays in the list."""


_MOST_LINES = 1000
"""Of each kind, in the file: some decades."""


def draw_figures(desk: Desk, *, note: str = "") -> Message:
    """The page of figures. `note` says what was just done."""
    month = desk.now.astimezone(ZoneInfo(desk.policy.zone)).strftime("%Y-%m")
    demand = figures.list_demand(desk.db, go_back(month, _TOPICS_FOR), _TOPICS)
    return figures_views.page(figures.list_months(desk.db, _MONTHS), demand, _get_vocabulary(desk), note)


def send_file(desk: Desk) -> Message:
    """Sends all figures as a file, and shows the page again."""
    months = figures.list_months(desk.db, _MOST_LINES)
    demand = figures.list_demand(desk.db, "", _MOST_LINES)
    vocabulary, day = _get_vocabulary(desk), f"{desk.now.astimezone(ZoneInfo(desk.policy.zone)):%Y-%m-%d-%H%M%S}"
    terms = Terms(f"hr.figures:{desk.me.id}:{day}", desk.now)
    post(desk.db, desk.me, lambda: figures_csv.file(months, demand, vocabulary, day), terms)
    return draw_figures(desk, note=_("We have sent you the file as a message."))


def _get_vocabulary(desk: Desk) -> Vocabulary:
    return get_working_reader(desk.policy.topics_file).vocabulary
