"""After the sending: stopped, withdrawn, sent again, and as a file."""

from bot.dates import format_when
from bot.i18n import _, current_locale
from bot.replies import Reply
from bot.sheets import render_csv
from bot.ui import File, Message, Para
from handlers.announcements import correcting, report_views, rules
from handlers.announcements.desk import Desk, make_batch
from handlers.announcements.pieces import say_title
from handlers.announcements.rules import find_abilities
from handlers.announcements.standing import Sheet, has_failed
from handlers.names import PLATFORMS
from storage.models import Announcement, AnnouncementState, DeliveryState
from storage.queries import batches
from storage.queries.outbox import Terms, post

_MOST_LINES = 1000
"""People named in the file: who did not get it. A message's file has at most 100,000 characters."""


def stop(desk: Desk, it: Announcement) -> Reply:
    """[Stop] while it is being sent: whoever does not have it yet will not get it."""
    if not find_abilities(it).stop:
        return desk.show(it)
    it.state, it.done_at = AnnouncementState.STOPPED, desk.now
    number = batches.skip(desk.db, make_batch(it), "stopped", desk.now)
    desk.note("stop", it, str(number))
    return desk.show(it, _("Stopped."))


def withdraw(desk: Desk, it: Announcement) -> Reply:
    """[Withdraw]: what waits is not sent, and a line stands in the place of what was."""
    if not find_abilities(it).withdraw:
        return desk.show(it)
    it.state, it.done_at = AnnouncementState.WITHDRAWN, it.done_at or desk.now
    it.replacing, it.replace_cursor, it.edition = "withdraw", 0, it.edition + 1
    batches.skip(desk.db, make_batch(it), "withdrawn", desk.now)
    correcting.call_off(desk, it)
    desk.note("withdraw", it)
    return desk.show(it, _("Withdrawn."))


def send_again(desk: Desk, it: Announcement) -> Reply:
    """[Resend to the failed]: to the account by which each can be reached now."""
    return _send_again(desk, it, "again", batches.is_failed)


def send_uncertain(desk: Desk, it: Announcement) -> Reply:
    """[Resend to the uncertain]: those whom it has reached get it twice, as HR was told."""
    return _send_again(desk, it, "uncertain", batches.is_uncertain)


def _send_again(desk: Desk, it: Announcement, act: str, which: batches.Which) -> Reply:
    if not find_abilities(it).send_again:
        return desk.show(it)
    again = batches.send_again(desk.db, make_batch(it), desk.now, desk.now + rules.TOO_LATE, which)
    desk.note(act, it, str(sum(again)))
    if not any(again):
        return desk.show(it, _("None of them can be reached yet."))
    return desk.show(it, _("It goes out once more to {people}.").format(people=report_views.count_places(*again)))


# As a file


def send_file(desk: Desk, it: Announcement) -> Reply:
    """[As a file]: the figures, and who did not get it."""
    sheet, name = desk.sheet(it), f"announcement-{it.id}-{desk.now:%Y%m%d%H%M%S}.csv"
    post(desk.db, desk.me, lambda: _make_file(desk, sheet, name), Terms(f"announce:file:{desk.me.id}:{name}", desk.now))
    return desk.show(it, _("We have sent you the file as a message."))


def _make_file(desk: Desk, sheet: Sheet, name: str) -> Message:
    rows = [*_list_figures(sheet), *_list_people(desk, sheet.announcement)]
    title = say_title(sheet.announcement)
    text = _("The report on “{title}” as a file for a spreadsheet.").format(title=title)
    return Message(text, (Para((text,)), File(name, "text/csv; charset=utf-8", render_csv(rows), _("The report"))))


Line = tuple[str | int, ...]


def _list_figures(sheet: Sheet) -> list[Line]:
    report = sheet.report
    return [
        (_("Figure"), _("Number")),
        (_("Meant for"), report.planned),
        (_("Arrived"), report.sent),
        (_("On the way"), report.on_the_way),
        (_("Uncertain"), report.uncertain),
        (_("Failed"), report.all_failed),
        (_("Not sent"), report.all_skipped),
        (_("Channels"), report.channels),
        (_("Channels it did not reach"), report.all_channels_failed),
        (_("Channels, uncertain"), report.channels_uncertain),
        (_("Pressed a button"), report.pressed),
        (),
    ]


def _list_people(desk: Desk, it: Announcement) -> list[Line]:
    found = batches.list_undelivered(desk.db, make_batch(it), _MOST_LINES + 1)
    lines: list[Line] = [(_("Name"), _("Platform"), _("Why"), _("When"))]
    for row in found[:_MOST_LINES]:
        at = format_when(row["settled_at"], "datetime", current_locale(), desk.me.zone) if row["settled_at"] else ""
        platform = PLATFORMS.get(row["platform"]) or str(row["platform"])
        name = _("A channel") if row["room_id"] else row["name"] or ""
        lines.append((name, platform, _say_why(row["state"], row["reason"], to_room=bool(row["room_id"])), at))
    if len(found) > _MOST_LINES:
        lines.append((_("Only the first {n} are listed.").format(n=f"{_MOST_LINES:,}"),))
    return lines


def _say_why(state: str, reason: str, *, to_room: bool) -> str:
    if state == DeliveryState.UNCERTAIN:
        return _("it may or may not have arrived")
    if has_failed(state, reason):
        return report_views.say_why_channel_failed(reason) if to_room else report_views.say_why_failed(reason)
    return report_views.say_why_skipped(reason)
