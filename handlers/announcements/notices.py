"""What people in HR are told of announcements as things happen. Pure."""

from bot.i18n import _, fill
from bot.ui import Button, Buttons, Divider, Facts, Inline, Message, Note, Para, Quote, When
from handlers.announcements import actions
from handlers.announcements.audience import count_people, describe
from handlers.announcements.pieces import without_buttons
from handlers.announcements.report_views import decide
from handlers.announcements.standing import Sheet
from handlers.announcements.views import say_picture
from storage.models import Announcement


def ask_to_agree(sheet: Sheet, shown: Message) -> Message:
    """To the others in HR: does it go out like this? With the announcement as they would read it."""
    text = _("{author} would like to send this to {people}. Do you agree?")
    question = text.format(author=sheet.author, people=count_people(sheet.reach.people))
    wanted = sheet.announcement.wanted_at
    when = (Note(fill(_("It is to go out on {time}."), time=When(wanted))),) if wanted else ()
    return Message(
        question,
        (
            Para((question,)),
            *when,
            Divider(),
            *without_buttons(shown),
            Divider(),
            Facts(describe(sheet.announcement.audience)),
            Buttons(decide(sheet.announcement)),
        ),
    )


def told(text: str, id: int, *pieces: Inline) -> Message:
    """One sentence about an announcement, with the way to it."""
    return Message(text, (Para(pieces or (text,)), Buttons((Button(_("Show"), actions.OpenBeside(id)),))))


def agreed(title: str, name: str, announcement: Announcement) -> Message:
    """To the author."""
    text = _("{name} agreed to “{title}”.").format(name=name, title=title)
    at = announcement.send_at
    when = ("\n", *fill(_("It goes out on {time}. Until then you can undo it."), time=When(at))) if at else ()
    return told(text, announcement.id or 0, text, *when)


def declined(title: str, name: str, reason: str, id: int) -> Message:
    """To the author; it is a draft again."""
    text = _("{name} would like “{title}” to be changed first. It is a draft again.").format(name=name, title=title)
    ways = Buttons((Button(_("Continue"), actions.OpenBeside(id)),))
    return Message(text, (Para((text,)), Quote(reason), ways))


def on_the_way(title: str, people: int, id: int) -> Message:
    """To the author, once it has been handed to the outbox."""
    text = _("“{title}” is on its way to {people}.").format(title=title, people=count_people(people))
    return told(text, id)


def not_sent(title: str, why: str, id: int) -> Message:
    """To HR: it was to go out, and did not."""
    text = _("“{title}” was not sent. It is a draft again.").format(title=title)
    return Message(text, (Para((text,)), Para((why,)), Buttons((Button(_("Show"), actions.OpenBeside(id)),))))


def picture_problem(title: str, announcement: Announcement) -> Message:
    """To the author: the picture can't be sent."""
    text = _("The picture of “{title}” can't be sent.").format(title=title)
    return told(text, announcement.id or 0, text, "\n", say_picture(announcement))


def undone(title: str, name: str, id: int) -> Message:
    """To the author."""
    return told(
        _("{name} has taken “{title}” back before it went out. It is a draft again.").format(name=name, title=title), id
    )


def corrected_by(title: str, name: str, id: int) -> Message:
    """To the other who answers for it."""
    return told(_("{name} has corrected “{title}”, which had been sent.").format(name=name, title=title), id)
