"""The pages of announcements: the list, a draft, its preview, and what became of it. Pure."""

from collections.abc import Callable, Mapping, Sequence

from bot.i18n import _, current_locale, fill, ngettext, prose
from bot.ui import Block, Bold, Button, Buttons, Divider, Fact, Facts, Heading, Message, Note, Para, When
from handlers.announcements import actions, corrections
from handlers.announcements.audience import count_people, describe
from handlers.announcements.kinds import Kind
from handlers.announcements.rules import UNCHECKED, find_title
from handlers.announcements.standing import Sheet
from storage.models import Announcement, AnnouncementState

Blocks = tuple[Block, ...]


def begun(sheet: Sheet) -> Message:
    """What another feature has saved is a draft now."""
    id = sheet.announcement.id or 0
    text = _("Saved as a draft: “{title}”. Next: whom it is for.").format(title=_title(sheet))
    ways = (Button(_("For whom…"), actions.AskAudience(id), style="primary"), Button(_("Preview"), actions.Preview(id)))
    return Message(text, (Note((text,), "done"), Buttons((*ways, Button(_("Show"), actions.Open(id))))))


def _done(text: str) -> Blocks:
    return (Note((text,), "done"),) if text else ()


def _all() -> Button:
    return Button(_("All announcements"), actions.Back())


# The list


def page(kinds: Sequence[Kind], drafts: Sequence[Sheet], others: Sequence[Sheet], note: str = "") -> Message:
    """`/announce`: what can be written, my drafts, and everybody's announcements."""
    new = [Button(_("News…"), actions.AskNews(), style="primary")]
    new += [Button(_("{kind}…").format(kind=kind.label()), kind.new()) for kind in kinds]
    title = _("Announcements")
    return Message(
        title,
        (
            Heading(title),
            *_done(note),
            Para((_("What would you like to announce?"),)),
            Buttons(tuple(new)),
            *_list(_("Drafts"), [_draft_line(sheet) for sheet in drafts]),
            *_list(_("On the way and sent"), [_other_line(sheet) for sheet in others]),
        ),
    )


def _list(title: str, rows: Sequence[Blocks]) -> Blocks:
    if not rows:
        return ()
    return (Divider(), Para((Bold(title),)), *(block for row in rows for block in row))


def _draft_line(sheet: Sheet) -> Blocks:
    id = sheet.announcement.id or 0
    confirm = _("Throw this draft away? It can't be brought back.")
    drop = Button(_("Throw away"), actions.ThrowAway(id), style="danger", confirm=confirm)
    changed = When(sheet.announcement.changed_at)
    line = fill(_("{title} ({kind}), changed on {time}"), title=Bold(_title(sheet)), kind=sheet.kind, time=changed)
    return (Para(line), Buttons((Button(_("Continue"), actions.Open(id)), drop)))


def _other_line(sheet: Sheet) -> Blocks:
    line = fill(_("{title} ({kind}): {state}"), title=Bold(_title(sheet)), kind=sheet.kind, state=name_state(sheet))
    return (Para(line), Buttons((Button(_("Show"), actions.Open(sheet.announcement.id or 0)),)))


def _title(sheet: Sheet) -> str:
    return find_title(sheet.announcement, current_locale())


_STATES: Mapping[AnnouncementState, Callable[[], str]] = {
    AnnouncementState.DRAFT: lambda: _("Draft"),
    AnnouncementState.WAITING: lambda: _("Waits for a second person in HR"),
    AnnouncementState.SCHEDULED: lambda: _("Scheduled"),
    AnnouncementState.SENDING: lambda: _("Being sent"),
    AnnouncementState.SENT: lambda: _("Sent"),
    AnnouncementState.STOPPED: lambda: _("Stopped on the way"),
    AnnouncementState.WITHDRAWN: lambda: _("Withdrawn"),
}


def name_state(sheet: Sheet) -> str:
    """How it stands, in a few words."""
    if sheet.correction:
        return _("Sent; a correction waits for a second person in HR")
    return _STATES[AnnouncementState(sheet.announcement.state)]()


# A draft


def draft(sheet: Sheet, note: str = "") -> Message:
    """A draft with whom it reaches, and what can be done next."""
    id, ready = sheet.announcement.id or 0, bool(sheet.reach.people)
    title = _title(sheet)
    ways = (
        Button(_("Preview"), actions.Preview(id), style="primary" if ready else "default"),
        Button(_("Edit…"), actions.AskEdit(id)),
        Button(_("For whom…"), actions.AskAudience(id), style="default" if ready else "primary"),
        *((Button(_("Send…"), actions.AskSend(id)),) if ready else ()),
    )
    return Message(
        title,
        (
            Heading(title),
            *_done(note),
            Facts((*_describe_words(sheet), *describe(sheet.announcement.audience), *_describe_reach(sheet))),
            *_say_reach(sheet),
            Buttons(ways),
            Buttons((_all(),)),
        ),
    )


def _describe_words(sheet: Sheet) -> tuple[Fact, ...]:
    it = sheet.announcement
    missing = {
        "ja": _("Not written; the readers are told that it is in English."),
        "en": _("Not written; the readers are told that it is in Japanese."),
    }
    labels = {"ja": _("Japanese"), "en": _("English")}
    words = tuple(
        Fact(labels[locale], (it.texts[locale]["title"] if locale in it.texts else missing[locale],))
        for locale in ("ja", "en")
    )
    picture = (Fact(_("Picture"), (say_picture(it),)),) if it.picture else ()
    link = (Fact(_("Link"), (it.link,)),) if it.link else ()
    return (Fact(_("Kind"), (sheet.kind,)), *words, *picture, *link)


_PICTURES: Mapping[str, Callable[[], str]] = {
    "": lambda: _("Fits"),
    UNCHECKED: lambda: _("Being looked at; open this page again in a few seconds."),
    "too_large": lambda: _("Larger than 5 MB. Please make it smaller: it would not show everywhere."),
    "no_picture": lambda: _("There is no PNG or JPEG at this address."),
    "unreachable": lambda: _("The address does not answer. Please check it."),
}


def say_picture(announcement: Announcement) -> str:
    """How its picture stands."""
    return _PICTURES.get(announcement.picture_problem, _PICTURES["unreachable"])()


def _describe_reach(sheet: Sheet) -> tuple[Fact, ...]:
    if not sheet.reach.people:
        return ()
    names = _(", ").join(sheet.reach.samples)
    shown = (Fact(_("For example"), (names,)),) if names else ()
    return (Fact(_("Reaches"), (count_people(sheet.reach.people),)), *shown)


def _say_reach(sheet: Sheet) -> Blocks:
    if sheet.reach.people:
        return ()
    return (Para((say_empty(),)),)


def say_empty() -> str:
    """An empty audience."""
    return _("Nobody fits this who agreed to get such messages. Please choose a wider audience.")


def preview(sheet: Sheet, shown: Sequence[tuple[str, Message]], note: str = "") -> Message:
    """As it will look, in each language (`shown`), above what can be done next."""
    id, labels = sheet.announcement.id or 0, {"ja": _("For readers in Japanese"), "en": _("For readers in English")}
    parts = [(Note((labels[locale],)), *without_buttons(message), Divider()) for locale, message in shown]
    send = (Button(_("Send…"), actions.AskSend(id), style="primary"),) if sheet.reach.people else ()
    me = Button(_("Send to me"), actions.SendToMe(id))
    title = _("Preview: {title}").format(title=_title(sheet))
    ways = Buttons((*send, me, Button(_("Edit…"), actions.AskEdit(id)), Button(_("Back"), actions.Open(id))))
    return Message(title, (*(block for part in parts for block in part), *_done(note), *_say_reach(sheet), ways))


def without_buttons(message: Message) -> Blocks:
    """Buttons as words: those of a preview lead nowhere yet."""
    return tuple(
        Note((" ".join(_("[{label}]").format(label=button.label) for button in block.buttons),))
        if isinstance(block, Buttons)
        else block
        for block in message.blocks
    )


# On the way, and after


def standing(sheet: Sheet, ways: Sequence[Button], note: str = "") -> Message:
    """An announcement that is no draft: when it goes out, or what became of it."""
    title = _title(sheet)
    return Message(
        _("{title}: {state}").format(title=title, state=name_state(sheet)),
        (
            Heading(title),
            *_done(note),
            *_say_state(sheet),
            Facts((*_describe_people(sheet), *_describe_report(sheet))),
            *_say_waiting(sheet),
            *_say_uncertain(sheet),
            *_list_reasons(sheet),
            *corrections.show_waiting(sheet),
            *_rows((*ways, Button(_("Refresh"), actions.Open(sheet.announcement.id or 0)), _all())),
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


def ways_of(sheet: Sheet, *, stop: bool, withdraw: bool, correct: bool) -> tuple[Button, ...]:
    """What can be done with an announcement that is no draft."""
    it, id = sheet.announcement, sheet.announcement.id or 0
    if it.state == AnnouncementState.WAITING:
        asked = () if sheet.mine else decide(it)
        return (*asked, Button(_("Take it back"), actions.Undo(id)))
    if it.state == AnnouncementState.SCHEDULED:
        return (Button(_("Undo"), actions.Undo(id), style="primary"),)
    ask_stop = _("Stop it? Those who don't have it yet will not get it.")
    ask_withdraw = _("Withdraw it? A line saying so will stand in its place.")
    return (
        *((Button(_("Stop sending"), actions.Stop(id), style="danger", confirm=ask_stop),) if stop else ()),
        *(_offer_again(sheet) if correct else ()),
        *((Button(_("Correct…"), actions.AskCorrect(id)),) if correct else ()),
        *((Button(_("Withdraw"), actions.Withdraw(id), style="danger", confirm=ask_withdraw),) if withdraw else ()),
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
