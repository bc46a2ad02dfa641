"""HR's figures, in words. Pure."""

from datetime import date

from bot.dates import format_month
from bot.i18n import _, current_locale, ngettext
from bot.ui import Block, Button, Buttons, Fact, Facts, Heading, Message, Note, Para
from handlers.hr.actions import Back, SendFigures
from handlers.hr.figures_terms import name_term
from handlers.topics import Vocabulary
from storage.models import FEWEST_PEOPLE, DemandFigure, MonthFigures


def page(months: list[MonthFigures], demand: list[DemandFigure], vocabulary: Vocabulary, note: str = "") -> Message:
    """Consultations by month, and topics that nobody could help with. `note` says what was just done."""
    title = _("Consultations in figures")
    file = (Button(_("As a file"), SendFigures()),) if months else ()
    return Message(
        title,
        (
            Heading(title),
            *_draw_months(months),
            *_draw_demand(demand, vocabulary),
            Note((_say_rule(),)),
            *((Note((note,), tone="done"),) if note else ()),
            Buttons((*file, Button(_("Back"), Back()))),
        ),
    )


def _say_rule() -> str:
    text = _(
        "Each month is counted once, after it has ended. A figure is left out when fewer than {n} people are behind "
        "it, or when one so small could be worked out from it."
    )
    return text.format(n=FEWEST_PEOPLE)


def _draw_months(months: list[MonthFigures]) -> tuple[Block, ...]:
    if not months:
        return (Para((_("The first figures come when the month of the first consultation has ended."),)),)
    return (Facts(tuple(Fact(_name_month(row.month), (_tell_month(row),)) for row in months)),)


def _name_month(month: str) -> str:
    return format_month(date.fromisoformat(f"{month}-01"), current_locale())


def _tell_month(row: MonthFigures) -> str:
    told = (_tell_asked(row.asked), _tell_accepted(row.accepted), _tell_held(row.held), _tell_use(row))
    return _(", ").join(text for text in told if text) or _("Too few people for figures")


def _tell_asked(people: int | None) -> str:
    return ngettext("{n} person asked", "{n} people asked", people).format(n=people) if people else ""


def _tell_accepted(people: int | None) -> str:
    return ngettext("{n} found somebody", "{n} found somebody", people).format(n=people) if people else ""


def _tell_held(people: int | None) -> str:
    return ngettext("{n} talked", "{n} talked", people).format(n=people) if people else ""


def _tell_use(row: MonthFigures) -> str:
    if row.useful is None:
        return ""
    return _("useful: {average} of 5 (spread {spread})").format(average=row.useful, spread=row.spread)


def _draw_demand(demand: list[DemandFigure], vocabulary: Vocabulary) -> tuple[Block, ...]:
    named = [(name_term(vocabulary, row.term, current_locale()), row) for row in demand]
    rows = tuple(Fact(name, (_tell_demand(row),)) for name, row in named if name)
    return (Heading(_("Topics nobody could help with")), Facts(rows)) if rows else ()


def _tell_demand(row: DemandFigure) -> str:
    people = ngettext("{n} person", "{n} people", row.people).format(n=row.people)
    if row.since == row.until:
        return _("{people}, {month}").format(people=people, month=_name_month(row.until))
    text = _("{people}, {first} to {last}")
    return text.format(people=people, first=_name_month(row.since), last=_name_month(row.until))
