"""What HR hears without asking, in words. Pure."""

from dataclasses import dataclass

from bot.i18n import _, ngettext
from bot.policy import Policy
from bot.ui import Block, Bold, Button, Buttons, Fact, Facts, Heading, Message, Para
from handlers.hr.actions import OpenList, OpenPage
from handlers.hr.kinds import Kind
from handlers.hr.rules import Note, Reason
from handlers.names import community_name

_NAMED = 5
"""Names in a line; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Report:
    """A week: names of who joined, of who was invited a week ago and has not come, of who stopped half way; who
    deserves a note; how many applications wait for more than three days, and how many codes are to be handed over."""

    joined: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    half_way: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    overdue: int = 0
    hand_over: int = 0

    @property
    def has_something_to_say(self) -> bool:
        """Whether anything happened that HR should know of."""
        return any((self.joined, self.invited, self.half_way, self.notes, self.overdue, self.hand_over))


def week(report: Report, policy: Policy) -> Message:
    """Monday's summary."""
    summary = _("The week in {community}").format(community=community_name(policy))
    return Message(
        summary,
        (
            Heading(summary),
            *_facts(report),
            *_notes(report.notes),
            Buttons((Button(_("HR's page"), OpenPage()),)),
        ),
    )


def _facts(report: Report) -> tuple[Block, ...]:
    people = (
        (_("Joined"), report.joined),
        (_("Invited a week ago, not come"), report.invited),
        (_("Came a week ago, not registered"), report.half_way),
    )
    rows = [Fact(label, (list_names(names),)) for label, names in people if names]
    if report.overdue:
        rows.append(Fact(_("Waiting for approval for more than three days"), (_count(report.overdue),)))
    if report.hand_over:
        rows.append(Fact(_("Invitations to hand over"), (_count(report.hand_over),)))
    return (Facts(tuple(rows)),) if rows else ()


def _count(number: int) -> str:
    return ngettext("{n} person", "{n} people", number).format(n=number)


def list_names(names: tuple[str, ...]) -> str:
    """Up to five names, and how many more there are."""
    line = _(", ").join(names[:_NAMED])
    more = len(names) - _NAMED
    return (
        line if more <= 0 else ngettext("{names} and {n} more", "{names} and {n} more", more).format(names=line, n=more)
    )


def _notes(notes: tuple[Note, ...]) -> tuple[Block, ...]:
    if not notes:
        return ()
    lines = [Para((Bold(note.name), "\n", _say_why(note))) for note in notes]
    return (Para((_("A word from you would mean something to:"),)), *lines)


def _say_why(note: Note) -> str:
    match note.reason:
        case Reason.NOT_DELIVERED:
            return _("The invitation did not arrive. Perhaps by telephone, or at another address.")
        case Reason.LONG_SERVICE:
            text = _("Was with the company for {years} years, was invited a week ago, and has not come.")
            return text.format(years=note.years)
        case Reason.HALF_WAY:
            return _("Has come in and stopped half way through the registration.")
        case Reason.HAS_JOINED:
            return _("Was with the company for {years} years, and joined this week.").format(years=note.years)


def handovers(names: tuple[str, ...]) -> Message:
    """Today's leavers whom no mail invites."""
    summary = _("Invitation codes to hand over today")
    text = _("It is their last day, and they can't be invited by mail: {names}").format(names=list_names(names))
    ways = Buttons((Button(_("Hand over"), OpenList(Kind.HAND_OVER), style="primary"),))
    return Message(summary, (Heading(summary), Para((text,)), ways))


def section(waiting: int, hand_over: int) -> tuple[Block, ...]:
    """HR's part of the home page."""
    rows: list[Fact] = []
    if waiting:
        rows.append(Fact(_("Waiting for approval"), (_count(waiting),)))
    if hand_over:
        rows.append(Fact(_("Invitations to hand over"), (_count(hand_over),)))
    facts: tuple[Block, ...] = (Facts(tuple(rows)),) if rows else ()
    style = "primary" if waiting else "default"
    return (Heading(_("HR")), *facts, Buttons((Button(_("HR's page"), OpenPage(), style=style),)))
