"""What people in HR are told of announcements as things happen. Pure."""

from bot.i18n import _, fill
from bot.ui import Button, Buttons, Divider, Facts, Message, Note, Para, Quote, When
from handlers.announcements import actions
from handlers.announcements.audience import count_people, describe
from handlers.announcements.pieces import say_title, told, without_buttons
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


def agreed(it: Announcement, name: str) -> Message:
    """To the author."""
    text = _("{name} agreed to “{title}”.").format(name=name, title=say_title(it))
    when = fill(_("It goes out on {time}. Until then you can undo it."), time=When(it.send_at)) if it.send_at else ()
    return told(it, text, pieces=(text, "\n", *when) if when else ())


def declined(it: Announcement, name: str, reason: str) -> Message:
    """To the author; it is a draft again."""
    text = _("{name} would like “{title}” to be changed first. It is a draft again.")
    said = text.format(name=name, title=say_title(it))
    ways = Buttons((Button(_("Continue"), actions.OpenBeside(it.id or 0)),))
    return Message(said, (Para((said,)), Quote(reason), ways))


def on_the_way(it: Announcement) -> Message:
    """To the author, once it has been handed to the outbox."""
    ways = {
        "members": _("“{title}” is on its way to {people}."),
        "channels": _("“{title}” is on its way to the channels."),
        "both": _("“{title}” is on its way to the channels, and to {people} outside of them."),
    }
    return told(it, ways[it.via].format(title=say_title(it), people=count_people(it.planned)))


def not_sent(it: Announcement, why: str) -> Message:
    """To HR: it was to go out, and did not."""
    text = _("“{title}” was not sent. It is a draft again.").format(title=say_title(it))
    return told(it, text, Para((why,)))


def picture_problem(it: Announcement) -> Message:
    """To the author: the picture can't be sent."""
    text = _("The picture of “{title}” can't be sent.").format(title=say_title(it))
    return told(it, text, pieces=(text, "\n", say_picture(it)))


def undone(it: Announcement, name: str) -> Message:
    """To the author."""
    text = _("{name} has taken “{title}” back before it went out. It is a draft again.")
    return told(it, text.format(name=name, title=say_title(it)))


def corrected_by(it: Announcement, name: str) -> Message:
    """To the other who answers for it."""
    return told(it, _("{name} has corrected “{title}”, which had been sent.").format(name=name, title=say_title(it)))
