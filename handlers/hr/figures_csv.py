"""HR's figures as a file for a spreadsheet: one line a figure, all months that were counted. Pure."""

from collections.abc import Iterable, Iterator

from bot.i18n import _, current_locale
from bot.sheets import render_csv
from bot.ui import File, Message, Para
from handlers.hr.figures_terms import name_term
from handlers.topics import Vocabulary
from storage.models import DemandFigure, MonthFigures

Line = tuple[str, str, str, str, int | float]
"""From and until which month, what, of which topic ("" of all), and the figure."""


def file(months: list[MonthFigures], demand: list[DemandFigure], vocabulary: Vocabulary, day: str) -> Message:
    """The message with the file; `day` (`2026-12-01-0500`) makes its name unique."""
    label = _("The figures as a file for a spreadsheet.")
    text = render([*_list_months(months), *_list_demand(demand, vocabulary)])
    return Message(label, (Para((label,)), File(f"musubi-figures-{day}.csv", "text/csv; charset=utf-8", text, label)))


def render(lines: Iterable[Line]) -> str:
    """The lines below their headings, in the reader's language."""
    return render_csv([(_("First month"), _("Last month"), _("Figure"), _("Topic"), _("Value")), *lines])


def _list_months(months: list[MonthFigures]) -> Iterator[Line]:
    for row in months:
        told = (
            (_("People who asked"), row.asked),
            (_("People who found somebody"), row.accepted),
            (_("People who talked"), row.held),
            (_("Useful, average of 5"), row.useful),
            (_("Useful, spread"), row.spread),
        )
        yield from ((row.month, row.month, what, "", value) for what, value in told if value is not None)


def _list_demand(demand: list[DemandFigure], vocabulary: Vocabulary) -> Iterator[Line]:
    what = _("People whom nobody could help")
    for row in demand:
        if name := name_term(vocabulary, row.term, current_locale()):
            yield (row.since, row.until, what, name, row.people)
