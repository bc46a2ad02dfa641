"""The page of an announcement that was handed in: when it goes out, what became of it, and what can be done. Pure."""

from collections.abc import Callable, Mapping, Sequence

from bot.i18n import _, ngettext, prose
from bot.ui import Bold, Button, Buttons, Fact, Facts, Heading, Message, Note, Para, When
from handlers.announcements import actions, corrections
from handlers.announcements.audience import count_people, describe
from handlers.announcements.pieces import Blocks, back_to_list, name_state, say_done, say_title
from handlers.announcements.standing import Sheet
from storage.models import Announcement, AnnouncementState


def standing(sheet: Sheet, note: str = "") -> Message:
    """An announcement that is no draft: when it goes out, or what became of it; and what can be done about it."""
    title = say_title(sheet.announcement)
    return Message(
        _("{title}: {state}").format(title=title, state=name_state(sheet)),
        (
            Heading(title),
            *say_done(note),
            *_say_state(sheet),
            Facts((*_describe_people(sheet), *_describe_report(sheet))),
            *_say_waiting(sheet),
            *_say_uncertain(sheet),
            *_list_reasons(sheet),
            *corrections.show_waiting(sheet),
            *_rows(
                (*_list_ways(sheet), Button(_("Refresh"), actions.Open(sheet.announcement.id or 0)), back_to_list())
            ),
        ),
    )


def _rows(buttons: Sequence[Button]) -> tuple[Buttons, ...]:
    return tuple(Buttons(tuple(buttons[start : start + 4])) for start in range(0, len(buttons), 4))


def _say_state(sheet: Sheet) -> Blocks:
    it = sheet.announcement
    match it.state:
        case AnnouncementState.WAITING:
            text = _("It reaches {people}. Everybody else in HR has been asked to agree; one is enough.")
            return (prose(text, people=Bold(count_people(sheet.reach.people))),)
        case AnnouncementState.SCHEDULED if it.send_at is not None:
            return (prose(_("It goes out on {time}. Until then you can undo it."), time=When(it.send_at)),)
        case AnnouncementState.SENDING:
            return (Para((_("It is being sent now. Stopping it keeps it from those who don't have it yet."),)),)
        case AnnouncementState.STOPPED:
            return (Para((_("It was stopped. Those who had it by then still have it."),)),)
        case AnnouncementState.WITHDRAWN:
            return (Para((_("Where the platform allows it, a line saying so stands in its place. Mails stay."),)),)
        case _:
            return ()


def _describe_people(sheet: Sheet) -> tuple[Fact, ...]:
    begun = sheet.announcement.begun_at
    return (
        Fact(_("Kind"), (sheet.kind,)),
        Fact(_("Written by"), (sheet.author,)),
        *((Fact(_("Agreed to by"), (sheet.approver,)),) if sheet.approver else ()),
        *((Fact(_("Sent on"), (When(begun),)),) if begun else ()),
        *describe(sheet.announcement.audience),
    )


def _describe_report(sheet: Sheet) -> tuple[Fact, ...]:
    report = sheet.report
    if sheet.announcement.begun_at is None:
        return ()
    to_people = report.planned or sheet.announcement.via != "channels"
    told = (
        (_("Meant for"), count_people(report.planned) if to_people else ""),
        (_("Arrived"), count_people(report.sent) if to_people else ""),
        (_("On the way"), count_people(report.on_the_way) if report.on_the_way else ""),
        (_("Uncertain"), count_people(report.uncertain) if report.uncertain else ""),
        (_("Failed"), count_people(report.all_failed) if report.all_failed else ""),
        (_("Not sent"), count_people(report.all_skipped) if report.all_skipped else ""),
        (_("Channels"), str(report.channels) if report.channels else ""),
        (_("Channels it did not reach"), str(report.all_channels_failed) if report.channels_failed else ""),
        (_("Channels, uncertain"), str(report.channels_uncertain) if report.channels_uncertain else ""),
        (_("Pressed a button"), count_people(report.pressed) if report.pressed else ""),
    )
    return tuple(Fact(label, (value,)) for label, value in told if value)


def _say_waiting(sheet: Sheet) -> Blocks:
    if not sheet.report.on_the_way:
        return ()
    text = _("What is on the way waits for the end of quiet hours, its turn, or room among this month's messages.")
    return (Note((text,)),)


def _say_uncertain(sheet: Sheet) -> Blocks:
    if not sheet.report.uncertain and not sheet.report.channels_uncertain:
        return ()
    text = _(
        "Uncertain means: it was cut off while it was being sent, and the platform does not say whether it arrived. "
        "The names are in the file."
    )
    return (Note((text,)),)


def _list_reasons(sheet: Sheet) -> Blocks:
    report = sheet.report
    lines = [*_tell(report.failed, say_why_failed), *_tell(report.skipped, say_why_skipped)]
    channels = dict.fromkeys(say_why_channel_failed(reason) for reason in report.channels_failed)
    lines += [_("A channel: {reason}").format(reason=reason) for reason in channels]
    return (Para((Bold(_("Why some did not get it")), "\n", "\n".join(lines))),) if lines else ()


def _tell(reasons: Mapping[str, int], say: Callable[[str], str]) -> list[str]:
    """Each reason once, the most frequent first; many of the platforms' words may mean one of ours."""
    told: dict[str, int] = {}
    for reason, number in reasons.items():
        told[say(reason)] = told.get(say(reason), 0) + number
    ordered = sorted(told.items(), key=lambda item: (-item[1], item[0]))
    return [_("{people}: {reason}").format(people=count_people(number), reason=reason) for reason, number in ordered]


def say_why_failed(reason: str) -> str:
    """Why it did not arrive, in a few words; what the platform said is quoted where we have no words for it."""
    if reason in ("no_account", "account_taken_off"):
        return _("no account is left to write to")
    signs = (
        "unreachable",
        "deactivated",
        "user_not_found",
        "account_not_found",
        "channel_not_found",
        "blocked",
        "not installed",
    )
    if reason == "left" or any(sign in reason.casefold() for sign in signs):
        return _("the account takes no more messages")
    if "address" in reason.casefold() or "(55" in reason:
        return _("the mail address takes no mail")
    return _("the platform did not take it ({reason})").format(reason=reason)


def say_why_channel_failed(reason: str) -> str:
    """The same of a channel."""
    signs = ("not_in_channel", "channel_not_found", "is_archived", "unreachable", "not installed", "left")
    if any(sign in reason.casefold() for sign in signs):
        return _("it is gone, or Musubi is not in it any more")
    return _("the platform did not take it ({reason})").format(reason=reason)


def say_why_skipped(reason: str) -> str:
    """Why it was not sent."""
    match reason:
        case "month_full":
            return _("had four unasked messages this month already")
        case "too_late":
            return _("could not be reached in time")
        case "stopped":
            return _("it was stopped before")
        case "withdrawn":
            return _("it was withdrawn before")
        case _:
            return _("is paused or has left")


def _list_ways(sheet: Sheet) -> tuple[Button, ...]:
    it, id, can = sheet.announcement, sheet.announcement.id or 0, sheet.can
    if it.state == AnnouncementState.WAITING:
        asked = () if sheet.mine else decide(it)
        return (*asked, Button(_("Take it back"), actions.Undo(id)))
    if it.state == AnnouncementState.SCHEDULED:
        return (Button(_("Undo"), actions.Undo(id), style="primary"),)
    ask_stop = _("Stop it? Those who don't have it yet will not get it.")
    ask_withdraw = _("Withdraw it? A line saying so will stand in its place.")
    return (
        *((Button(_("Stop sending"), actions.Stop(id), style="danger", confirm=ask_stop),) if can.stop else ()),
        *(_offer_again(sheet) if can.send_again else ()),
        *((Button(_("Correct…"), actions.AskCorrect(id)),) if can.correct else ()),
        *((Button(_("Withdraw"), actions.Withdraw(id), style="danger", confirm=ask_withdraw),) if can.withdraw else ()),
        Button(_("As a file"), actions.SendFile(id)),
    )


def _offer_again(sheet: Sheet) -> tuple[Button, ...]:
    """To those whom it did not reach, and to those of whom nobody knows."""
    report, id = sheet.report, sheet.announcement.id or 0
    ask = _("Send it to {people} again? Those whom it has reached get it twice.").format(
        people=count_places(report.uncertain, report.channels_uncertain)
    )
    failed = (Button(_("Resend to the failed"), actions.SendAgain(id)),)
    uncertain = (Button(_("Resend to the uncertain"), actions.SendUncertain(id), confirm=ask),)
    return (
        *(failed if report.failed or report.channels_failed else ()),
        *(uncertain if report.uncertain or report.channels_uncertain else ()),
    )


def count_places(people: int, channels: int) -> str:
    """So many people and channels, without what is none."""
    some = ngettext("{n} channel", "{n} channels", channels).format(n=channels)
    if not channels:
        return count_people(people)
    return _("{people} and {channels}").format(people=count_people(people), channels=some) if people else some


def decide(announcement: Announcement) -> tuple[Button, ...]:
    """The answers of a second person of HR."""
    given = (announcement.id or 0, announcement.asked)
    return (
        Button(_("Agree"), actions.Agree(*given), style="primary"),
        Button(_("Not like this…"), actions.AskDecline(*given)),
    )
