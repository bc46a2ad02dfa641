"""What several pages of announcements have in common. Pure."""

from collections.abc import Callable, Mapping, Sequence

from bot.i18n import _, current_locale
from bot.ui import Block, Button, Buttons, Inline, Message, Note, Para
from handlers.announcements import actions
from handlers.announcements.rules import find_title
from handlers.announcements.standing import Sheet
from storage.models import Announcement, AnnouncementState

Blocks = tuple[Block, ...]


def say_title(announcement: Announcement) -> str:
    """The title in the current language, or in the other one."""
    return find_title(announcement, current_locale())


def say_done(text: str) -> Blocks:
    """What was just done; nothing where nothing was."""
    return (Note((text,), "done"),) if text else ()


def back_to_list() -> Button:
    """The way to all announcements."""
    return Button(_("All announcements"), actions.Back())


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


def without_buttons(message: Message) -> Blocks:
    """Buttons as words: those of a preview lead nowhere yet."""
    return tuple(
        Note((" ".join(_("[{label}]").format(label=button.label) for button in block.buttons),))
        if isinstance(block, Buttons)
        else block
        for block in message.blocks
    )


def told(it: Announcement, text: str, *more: Block, pieces: Sequence[Inline] = ()) -> Message:
    """One sentence about an announcement, and the way to it. `pieces` are the sentence where it is more than text."""
    show = Button(_("Show"), actions.OpenBeside(it.id or 0))
    return Message(text, (Para(tuple(pieces) or (text,)), *more, Buttons((show,))))
