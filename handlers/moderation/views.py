"""What HR sees of a reported message, and what the two concerned are told."""

from dataclasses import dataclass

from bot.i18n import _, fill, ngettext
from bot.ui import (
    Block,
    Button,
    Buttons,
    Divider,
    Fact,
    Facts,
    Form,
    Heading,
    Message,
    Note,
    Para,
    Quote,
    TextInput,
    When,
)
from handlers.moderation import actions
from storage.models import Report, ReportState

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Case:
    """A report with the names that go with it. `before`: how often HR has acted on messages of this writer already.
    `can_lift`: the writer is suspended because of it."""

    report: Report
    writer: str
    reporter: str
    before: int = 0
    decided_by: str = ""
    can_lift: bool = False


def card(case: Case) -> Message:
    """The card: the one message, who wrote it, who reports it, and what HR can make of it."""
    summary = _("A message was reported")
    blocks = (Heading(summary), *_tell(case))
    if case.report.state != ReportState.WAITING:
        return Message(summary, (*blocks, *_tell_decision(case)))
    hint = _("You see this one message and nothing else of what the two have written.")
    return Message(summary, (*blocks, _choices(case.report.id or 0), Note((hint,))))


def _tell(case: Case) -> tuple[Block, ...]:
    report = case.report
    rows = [
        Fact(_("Written by"), (case.writer,)),
        Fact(_("Reported by"), (case.reporter,)),
        Fact(_("Reported on"), (When(report.at),)),
    ]
    if report.note:
        rows.append(Fact(_("What is wrong with it"), (report.note,)))
    if case.before:
        earlier = ngettext("{n} earlier message", "{n} earlier messages", case.before).format(n=case.before)
        rows.append(Fact(_("HR has acted on"), (earlier,)))
    return (Quote(report.text or _("(no longer kept)")), Facts(tuple(rows)))


def _choices(id: int) -> Buttons:
    return Buttons(
        (
            Button(_("Fine"), actions.Decide(id, ReportState.FINE.value)),
            Button(_("Warn"), actions.Decide(id, ReportState.WARNED.value)),
            Button(_("Suspend"), actions.Decide(id, ReportState.SUSPENDED.value), style="danger"),
        )
    )


def _tell_decision(case: Case) -> tuple[Block, ...]:
    report = case.report
    done = Note(
        fill(_say_decision(report.state), name=case.decided_by, when=When(report.decided_at or report.at)), "done"
    )
    reason = Facts((Fact(_("Reason"), (report.reason,)),))
    if not case.can_lift:
        return (done, reason)
    confirm = _("Lift the suspension? {name} is told and can take part again.").format(name=case.writer)
    return (done, reason, Buttons((Button(_("Lift the suspension"), actions.Lift(report.id or 0), confirm=confirm),)))


def _say_decision(state: str) -> str:
    match state:
        case ReportState.FINE:
            return _("{name} found nothing wrong with it ({when}).")
        case ReportState.WARNED:
            return _("{name} has warned the writer ({when}).")
        case _:
            return _("{name} has suspended the writer ({when}).")


def decide_form(report_id: int, decision: ReportState, reason: str = "") -> Form:
    """The reason, without which nothing is decided."""
    title, hint = _ask(decision)
    field = TextInput("reason", _("Reason"), reason, hint=hint, multiline=True, max_length=LONGEST_REASON)
    return Form(title, _("Decide"), actions.Decided(report_id, decision.value), (field,))


def _ask(decision: ReportState) -> tuple[str, str]:
    match decision:
        case ReportState.FINE:
            return _("Fine"), _("The person who reported it reads this. The writer hears nothing of it.")
        case ReportState.WARNED:
            return _("Warn"), _("The writer reads this. Please write about the message, not about the person.")
        case _:
            return _("Suspend"), _("The writer reads this, and can't take part any more until HR lifts it.")


def say_reason_missing() -> str:
    """A decision without a reason."""
    return _("Please write the reason.")


def nothing_waits() -> Message:
    """HR's queue is empty."""
    text = _("No reported message is waiting.")
    return Message(text, (Para((text,)),))


def not_yours() -> Message:
    """Nobody decides in a matter of their own."""
    text = _("You are one of the two in this report, so somebody else in HR decides it.")
    return Message(text, (Para((text,)),))


# What the two are told


def thanks() -> Message:
    """To whoever reports."""
    text = _("Thank you. HR looks at this one message and tells you what they decide.")
    return Message(text, (Note((text,), "done"),))


def nothing_to_report() -> Message:
    """There is no message of the others, or none that is still kept."""
    text = _("There is no message here that could be reported: none has come, or we no longer keep it. Please tell HR.")
    return Message(text, (Para((text,)),))


def reporter_told(state: str, reason: str) -> Message:
    """What became of a report. Of what the writer is told, the reporter learns nothing."""
    if state == ReportState.FINE:
        text = _("HR has looked at the message that you reported and found nothing to object to:")
        return Message(text, (Para((text,)), Quote(reason)))
    text = _("HR has looked at the message that you reported, and has acted. Thank you for telling us.")
    return Message(text, (Para((text,)),))


def warned(reason: str) -> Message:
    """To the writer of a message that HR objects to."""
    text = _("HR has looked at a message that you wrote here, and asks you to mind this from now on:")
    after = _("Nothing else changes for you. If you would like to talk about it, please write to HR.")
    return Message(text, (Para((text,)), Quote(reason), Note((after,))))


def suspended(reason: str) -> Message:
    """To the writer who can't take part any more."""
    text = _("HR has suspended your membership because of a message that you wrote here:")
    after = _("Your conversations are closed. If you would like to talk about it, please write to HR.")
    return Message(text, (Para((text,)), Quote(reason), Note((after,))))


def lifted() -> Message:
    """To the writer who can take part again."""
    text = _("HR has lifted your suspension. You can take part again.")
    return Message(text, (Para((text,)),))


def home(waiting: int) -> tuple[Block, ...]:
    """HR's part of the home page."""
    if not waiting:
        return ()
    text = ngettext("{n} reported message waits for HR.", "{n} reported messages wait for HR.", waiting)
    return (Divider(), Para((text.format(n=waiting),)), Buttons((Button(_("Show"), actions.ShowNext()),)))
