"""What people see of a relayed room. `names` are the others, as the reader may know them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.i18n import _, ngettext, prose
from bot.ui import Block, Bold, Button, Buttons, Divider, Heading, Message, Note, Para, When
from handlers.rooms import actions
from handlers.rooms.rules import Problem, split_links, split_paragraphs
from storage.models import RoomEnd


class Manner(StrEnum):
    """How one writes in a room, which differs by platform."""

    THREAD = "thread"
    """In the thread under its opening message."""
    CHAT = "chat"
    """In the one chat with Musubi: each message must say which room it is of."""
    MAIL = "mail"
    """By answering. A mail can't be changed, and has no buttons."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room as one of those in it reads of it."""

    id: int
    topic: str
    names: str


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it reaches the others: by whom, what, and what has become of it since."""

    id: int
    name: str
    text: str
    edited: bool = False
    deleted: bool = False


_START = 80
"""Characters of a message in a notification."""


def join_names(names: Sequence[str]) -> str:
    """Several people in one sentence."""
    first, *rest = names or ("",)
    for name in rest:
        first = _("{one} and {other}").format(one=first, other=name)
    return first


# The room itself


def opening(room: Room, manner: Manner, days: int, *, answers: bool = True) -> Message:
    """The first message: who, what about, how it works, what stays private. `answers`: mails can be answered here."""
    title = _("Your conversation with {name}").format(name=room.names)
    return Message(
        _name_conversation(room),
        (
            Heading(title),
            prose(_("It is about “{topic}”."), topic=room.topic),
            Para((_how(manner, answers=answers).format(name=room.names),)),
            Note((_privacy(manner, days),)),
            *_controls(room, manner),
        ),
    )


def _name_conversation(room: Room) -> str:
    """Tells this conversation from others with the same person: as a title, and as the subject of all its mails, so
    that mail programs keep them together."""
    return _("Your conversation with {name}: {topic}").format(name=room.names, topic=room.topic)


def _how(manner: Manner, *, answers: bool) -> str:
    if manner is Manner.MAIL and not answers:
        return _(
            "You get what {name} writes by mail. This mail can't be answered: "
            "to write back, please sign in to Slack or Teams again, or ask HR."
        )
    match manner:
        case Manner.THREAD:
            return _("Please write in the thread of this message. We pass it on to {name}, under your name.")
        case Manner.CHAT:
            return _("Please write here, or press Reply. We pass it on to {name}, under your name.")
        case Manner.MAIL:
            return _(
                "Please answer this mail. We pass on what you write to {name}, under your name. "
                "Answer with the one word “close” to end the conversation, or “report” to bring "
                "the last message before HR."
            )


def _privacy(manner: Manner, days: int) -> str:
    kept = ngettext(
        "Neither of you sees the other's address, and HR can't read along. We keep your words for {n} day at most.",
        "Neither of you sees the other's address, and HR can't read along. We keep your words for {n} days at most.",
        days,
    ).format(n=days)
    follows = _("What you edit or delete, we edit or delete there too, wherever that is possible.")
    return kept if manner is Manner.MAIL else f"{kept}\n{follows}"


def _controls(room: Room, manner: Manner) -> tuple[Block, ...]:
    if manner is Manner.MAIL:
        return ()
    reply = (_reply(room.id, loud=True),) if manner is Manner.CHAT else ()
    return (Buttons((*reply, _report(room.id), close_button(room.id))),)


def _reply(room_id: int, *, loud: bool = False) -> Button:
    return Button(_("Reply"), actions.Reply(room_id), style="primary" if loud else "default")


def _report(room_id: int, message_id: int = 0) -> Button:
    return Button(_("Report"), actions.Report(room_id, message_id))


def close_button(room_id: int) -> Button:
    """[Close], which asks first."""
    return Button(_("Close"), actions.Close(room_id), confirm=_("Close this conversation? We tell the other side."))


def opening_closed(room: Room, manner: Manner) -> Message:
    """What the opening message shows once the room is closed."""
    title = _("Your conversation with {name}").format(name=room.names) if room.names else _("A conversation")
    over = _("This conversation is closed. What is written here is no longer passed on.")
    buttons = () if manner is Manner.MAIL else (Buttons((_report(room.id),)),)
    about = prose(_("It was about “{topic}”."), topic=room.topic)
    return Message(over, (Heading(title), about, Note((over,), "done"), *buttons))


def closed(room: Room, why: str, *, by_me: bool = False) -> Message:
    """Tells somebody that the room is closed now."""
    text = _say_closed(why, by_me=by_me).format(name=room.names, topic=room.topic)
    return Message(text, (Para((text,)),))


def _say_closed(why: str, *, by_me: bool) -> str:
    if why == RoomEnd.BY_MEMBER and by_me:
        return _("You have closed the conversation about “{topic}”. The other side has been told.")
    if why == RoomEnd.BY_MEMBER:
        return _("{name} has closed the conversation about “{topic}”. Thank you for your time.")
    if why == RoomEnd.OVER:
        return _("The time for the conversation about “{topic}” is over, so it is closed. Thank you both.")
    return _("The conversation about “{topic}” is closed. It can't go on at present.")


def already_closed(topic: str) -> Message:
    """An answer to what is written in a closed room."""
    text = _(
        "The conversation about “{topic}” is closed, so we didn't pass this on. "
        "To talk again, you can ask for a new consultation with /mentor."
    ).format(topic=topic)
    return Message(text, (Para((text,)),))


# What is passed on


def relayed(room: Room, written: Written, manner: Manner) -> Message:
    """A message as the others read it."""
    if written.deleted:
        return _show_deleted(room, written, manner)
    summary = _summary(room, written.name, written.text, manner)
    marks: tuple[Block, ...] = (Note((_("edited"),)),) if written.edited else ()
    body = _show_text(written.text)
    blocks = (*_from(room, written.name, manner), *body, *marks, *_buttons(room, written, manner))
    return Message(summary, blocks, _speaker(written.name))


def _speaker(name: str) -> str:
    return _("{name}").format(name=name) if name else ""


def _show_text(text: str) -> tuple[Para, ...]:
    return tuple(Para(split_links(piece)) for piece in split_paragraphs(text))


def _summary(room: Room, name: str, text: str, manner: Manner) -> str:
    if manner is Manner.MAIL:
        return _name_conversation(room)
    start = " ".join(text.split())
    start = start if len(start) <= _START else start[: _START - 1] + "…"
    return _("{name}: {text}").format(name=name, text=start) if name else start


def _from(room: Room, name: str, manner: Manner) -> tuple[Block, ...]:
    if not name:  # who may not be shown any more
        return ()
    if manner is Manner.CHAT:
        return (prose(_("{who}, about “{topic}”"), who=Bold(_("From {name}").format(name=name)), topic=room.topic),)
    return (Para((Bold(_("From {name}").format(name=name)),)),)


def _buttons(room: Room, written: Written, manner: Manner) -> tuple[Block, ...]:
    """In a thread the opening message has them."""
    return (Buttons((_reply(room.id), _report(room.id, written.id))),) if manner is Manner.CHAT else ()


def _show_deleted(room: Room, written: Written, manner: Manner) -> Message:
    text = _("(deleted by its writer)")
    summary = _summary(room, written.name, text, manner)
    return Message(summary, (*_from(room, written.name, manner), Note((text,))), _speaker(written.name))


def corrected(room: Room, written: Written, at: datetime) -> Message:
    """By mail, where nothing can be changed: what somebody wrote at `at` reads differently now, or is deleted."""
    summary = _summary(room, written.name, "", Manner.MAIL)
    if written.deleted:
        text = _("{name} has deleted the message of {when}. Please disregard it.")
        return Message(summary, (prose(text, name=written.name, when=When(at)),), _speaker(written.name))
    text = _("{name} has corrected the message of {when}. It now reads:")
    blocks = (prose(text, name=written.name, when=When(at)), *_show_text(written.text))
    return Message(summary, blocks, _speaker(written.name))


def own_copy(room: Room, text: str) -> Message:
    """What somebody wrote in the form, for their own chat to be complete."""
    summary = _("Passed on to {name}").format(name=room.names)
    about = prose(_("{to}, about “{topic}”"), to=Bold(_("You to {name}").format(name=room.names)), topic=room.topic)
    return Message(summary, (about, *_show_text(text)))


# What the writer is told


def told(room: Room, manner: Manner) -> Message:
    """A text written outside any thread has gone into the one open room."""
    text = _("Passed on to {name}, into your conversation about “{topic}”.").format(name=room.names, topic=room.topic)
    if manner is Manner.THREAD:
        more = _("What you write to us outside a thread goes there as long as it is your only open conversation.")
    else:
        more = _("What you write to us goes there as long as it is your only open conversation.")
    return Message(text, (Note((text,), "done"), Note((more,))))


def refused(problem: Problem, name: str, most: int) -> Message:
    """Why a message was not passed on, and what to do."""
    text = say_problem(problem, most).format(name=name)
    return Message(text, (Para((text,)),))


def say_problem(problem: Problem, most: int) -> str:
    """The same as a sentence, which may have a hole for the others' `name`."""
    match problem:
        case Problem.EMPTY:
            return _("There was no text in this message, so nothing was passed on to {name}.")
        case Problem.TOO_LONG:
            return _("This message is too long to be passed on to {name}. Please send it in two or three parts.")
        case Problem.TOO_MANY:
            return ngettext(
                "We pass on {n} message a minute. This one was not passed on; please send it again in a minute.",
                "We pass on {n} messages a minute. This one was not passed on; please send it again in a minute.",
                most,
            ).replace("{n}", str(most))
        case Problem.FILES:
            return _(
                "{name} couldn't open this file, so we didn't pass it on. Please put it where both of you can open "
                "it (a shared link, for example), and send the link."
            )


def nobody_there(room: Room) -> Message:
    """There is no account of the others that takes messages now."""
    text = _("{name} can't be reached at the moment, so this was not passed on. Please try again tomorrow.")
    text = text.format(name=room.names)
    return Message(text, (Para((text,)),))


def not_delivered(room: Room, at: datetime) -> Message:
    """A message could not be delivered, or nobody knows whether it was."""
    text = _("We can't be sure that your message of {when} has reached {name}. If it matters, please send it again.")
    summary = _("A message to {name} may not have arrived").format(name=room.names)
    return Message(summary, (prose(text, when=When(at), name=room.names),))


# Which room?


def which(rooms: Sequence[Room], held_id: int) -> Message:
    """Several rooms are open, and nothing says which one a text is for."""
    text = _("Which conversation is this for? We haven't passed it on yet.")
    names = [Button(_name_room(room), actions.Pick(held_id, room.id)) for room in rooms]
    out = Button(_("Don't send"), actions.Drop(held_id))
    note = _("We keep what you wrote for an hour. You can still edit it.")
    return Message(text, (Para((text,)), Buttons((*names, out)), Note((note,))))


_LABEL = 60


def _name_room(room: Room) -> str:
    label = _("{name}: {topic}").format(name=room.names, topic=room.topic)
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def chosen(room: Room) -> Message:
    """The text has gone into the room that was chosen."""
    text = _("Passed on to {name}, into your conversation about “{topic}”.").format(name=room.names, topic=room.topic)
    return Message(text, (Note((text,), "done"),))


def dropped() -> Message:
    """The writer doesn't send it."""
    text = _("Not sent. Nobody has read it.")
    return Message(text, (Note((text,), "done"),))


def lapsed() -> Message:
    """Nobody has chosen in time."""
    text = _("This was not sent, because no conversation was chosen within the hour. Please write it again.")
    return Message(text, (Para((text,)),))


# The home page


def home(rooms: Sequence[Room]) -> tuple[Block, ...]:
    """The open rooms, each with the ways into it and out of it."""
    blocks: list[Block] = []
    for room in rooms:
        line = prose(_("{name}, about “{topic}”"), name=Bold(room.names), topic=room.topic)
        blocks += [line, Buttons((_reply(room.id), _report(room.id), close_button(room.id)))]
    return (Divider(), Heading(_("Open conversations")), *blocks) if blocks else ()
