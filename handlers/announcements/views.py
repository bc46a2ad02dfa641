"""The pages on which announcements are written: the list, a draft, and its preview. Pure."""

from collections.abc import Callable, Mapping, Sequence

from bot.i18n import _, fill
from bot.ui import Bold, Button, Buttons, Divider, Fact, Facts, Heading, Message, Note, Para, When
from handlers.announcements import actions
from handlers.announcements.audience import count_people, describe
from handlers.announcements.kinds import Kind
from handlers.announcements.pieces import Blocks, back_to_list, name_state, say_done, say_title, without_buttons
from handlers.announcements.rules import UNCHECKED
from handlers.announcements.standing import Sheet
from storage.models import Announcement


def begun(sheet: Sheet) -> Message:
    """What another feature has saved is a draft now."""
    id = sheet.announcement.id or 0
    text = _("Saved as a draft: “{title}”. Next: whom it is for.").format(title=say_title(sheet.announcement))
    ways = (Button(_("For whom…"), actions.AskAudience(id), style="primary"), Button(_("Preview"), actions.Preview(id)))
    return Message(text, (Note((text,), "done"), Buttons((*ways, Button(_("Show"), actions.Open(id))))))


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
            *say_done(note),
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
    line = fill(
        _("{title} ({kind}), changed on {time}"),
        title=Bold(say_title(sheet.announcement)),
        kind=sheet.kind,
        time=changed,
    )
    return (Para(line), Buttons((Button(_("Continue"), actions.Open(id)), drop)))


def _other_line(sheet: Sheet) -> Blocks:
    line = fill(
        _("{title} ({kind}): {state}"),
        title=Bold(say_title(sheet.announcement)),
        kind=sheet.kind,
        state=name_state(sheet),
    )
    return (Para(line), Buttons((Button(_("Show"), actions.Open(sheet.announcement.id or 0)),)))


# A draft


def draft(sheet: Sheet, note: str = "") -> Message:
    """A draft with whom it reaches, and what can be done next."""
    id, ready = sheet.announcement.id or 0, bool(sheet.reach.people)
    title = say_title(sheet.announcement)
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
            *say_done(note),
            Facts((*_describe_words(sheet), *describe(sheet.announcement.audience), *_describe_reach(sheet))),
            *_say_reach(sheet),
            Buttons(ways),
            Buttons((back_to_list(),)),
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
    title = _("Preview: {title}").format(title=say_title(sheet.announcement))
    ways = Buttons((*send, me, Button(_("Edit…"), actions.AskEdit(id)), Button(_("Back"), actions.Open(id))))
    return Message(title, (*(block for part in parts for block in part), *say_done(note), *_say_reach(sheet), ways))
