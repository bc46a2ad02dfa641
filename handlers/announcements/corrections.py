"""Corrections that a second person must agree to, as they are shown: the old words beside the new ones, and what people
in HR are told. Pure."""

from bot.i18n import LANGUAGES, _
from bot.ui import Bold, Button, Buttons, Divider, Fact, Facts, File, Message, Note, Para, Quote
from handlers.announcements import actions
from handlers.announcements.audience import count_people, describe
from handlers.announcements.pieces import Blocks, say_title, told
from handlers.announcements.standing import Correction, Sheet
from storage.models import Announcement

Words = dict[str, str]

_LONGEST = 700
"""Characters of one side that are shown: four sides stand in one message, and one in Slack takes 13,000 with its
marks. All of it is in the file."""
_AROUND = 40


# The old words beside the new ones


def write_down(words: Words | None) -> str:
    """The words in one language as they are compared; "" for a language that was not written."""
    return f"{words['title']}\n\n{words['body']}".strip() if words else ""


def cut_out(old: str, new: str) -> tuple[str, str]:
    """What differs in two texts: whole lines, and of lines that are too long to be shown what differs in them with a
    little around it. "…" stands for what is the same."""
    first, second = _trim(old.split("\n"), new.split("\n"), "\n", 0)
    if max(len(first), len(second)) > _LONGEST:
        return _trim(list(first), list(second), "", _AROUND)
    return first, second


def _trim(old: list[str], new: list[str], joint: str, around: int) -> tuple[str, str]:
    """Both without the pieces that they begin and end with alike, but for so many `around`."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    most = shorter - head
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    head, tail = max(0, head - around), max(0, tail - around)

    def keep(pieces: list[str]) -> str:
        middle = joint.join(pieces[head : len(pieces) - tail]).strip("\n")
        return joint.join(part for part in ("…" if head else "", middle, "…" if tail else "") if part)

    return keep(old), keep(new)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _list_changed(it: Announcement, correction: Correction) -> list[tuple[str, str, str]]:
    """The languages whose words change, each with the old and the new ones."""
    sides = ((locale, it.texts.get(locale), correction.texts.get(locale)) for locale in LANGUAGES)
    return [
        (locale, write_down(old), write_down(dict(new) if new else None)) for locale, old, new in sides if old != new
    ]


def compare(it: Announcement, correction: Correction) -> Blocks:
    """What changes, in each language in which something does."""
    labels = {"ja": _("Japanese"), "en": _("English")}
    parts = [
        (Note((labels[locale],)), *_say(_("Until now"), old, new), *_say(_("Corrected"), new, old))
        for locale, old, new in _list_changed(it, correction)
    ]
    return tuple(block for part in parts for block in part)


def _say(label: str, text: str, other: str) -> Blocks:
    shown = _shorten(cut_out(text, other)[0]) if text else _("Not written in this language")
    return (Para((Bold(label),)), Quote(shown))


def is_long(it: Announcement, correction: Correction) -> bool:
    """Whether more changes than is shown."""
    pairs = [cut_out(old, new) for _locale, old, new in _list_changed(it, correction)]
    return any(len(side) > _LONGEST for pair in pairs for side in pair)


def make_file(it: Announcement, correction: Correction) -> File:
    """All of the old and the new words."""
    labels = {"ja": _("Japanese"), "en": _("English")}
    nothing = _("Not written in this language")
    parts = [
        f"{labels[locale]}\n\n[{name}]\n{text or nothing}"
        for locale, old, new in _list_changed(it, correction)
        for name, text in ((_("Until now"), old), (_("Corrected"), new))
    ]
    name = f"correction-{it.id}-{correction.id}.txt"
    return File(name, "text/plain; charset=utf-8", "\n\n\n".join(parts), _("Old and new words"))


# On the announcement's page


def show_waiting(sheet: Sheet) -> Blocks:
    """The correction that waits, with what can be done about it."""
    it, correction = sheet.announcement, sheet.correction
    if correction is None:
        return ()
    text = _("{author} would like to correct it. Until somebody else in HR has agreed, the old words stay.")
    words = (Button(_("Old and new words as a file"), actions.SendWords(it.id or 0, correction.id)),)
    back = Button(_("Take the new words back"), actions.TakeCorrectionBack(it.id or 0, correction.id))
    asked = () if correction.mine else _decide(it, correction)
    return (
        Divider(),
        Para((text.format(author=correction.author),)),
        *compare(it, correction),
        *((Note((_("Shortened here; the file has all of it."),)),) if is_long(it, correction) else ()),
        Buttons((*asked, back, *(words if is_long(it, correction) else ()))),
        Divider(),
    )


def _decide(it: Announcement, correction: Correction) -> tuple[Button, ...]:
    """The answers of a second person of HR."""
    given = (it.id or 0, correction.id)
    return (
        Button(_("Agree to the new words"), actions.AgreeToCorrection(*given), style="primary"),
        Button(_("Not like this…"), actions.AskDeclineCorrection(*given)),
    )


# What people in HR are told


def ask_to_agree(it: Announcement, correction: Correction) -> Message:
    """To the others in HR: may these words stand in the place of the old ones?"""
    title = say_title(it)
    question = _(
        "{author} would like to correct “{title}”, which has been sent. Do you agree to the new words?"
    ).format(author=correction.author, title=title)
    meant = (Fact(_("Meant for"), (count_people(it.planned),)),) if it.planned else ()
    whole = (make_file(it, correction),) if is_long(it, correction) else ()
    return Message(
        question,
        (
            Para((question,)),
            Divider(),
            *compare(it, correction),
            *whole,
            Divider(),
            Facts((*meant, *describe(it.audience))),
            Buttons(_decide(it, correction)),
        ),
    )


def words_as_file(it: Announcement, correction: Correction) -> Message:
    """To whoever wants to read all of it."""
    text = _("Old and new words of “{title}”.").format(title=say_title(it))
    return Message(text, (Para((text,)), make_file(it, correction)))


def agreed(it: Announcement, name: str) -> Message:
    """To the correction's author."""
    text = _(
        "{name} agreed to your correction of “{title}”. Where the platform allows it, the new words stand there now."
    )
    return told(it, text.format(name=name, title=say_title(it)))


def declined(it: Announcement, name: str, reason: str) -> Message:
    """To the correction's author."""
    text = _("{name} would like your correction of “{title}” to be changed first. Until then the old words stay.")
    said, again = text.format(name=name, title=say_title(it)), Button(_("Correct…"), actions.AskCorrect(it.id or 0))
    show = Button(_("Show"), actions.OpenBeside(it.id or 0))
    return Message(said, (Para((said,)), Quote(reason), _say_kept(), Buttons((again, show))))


def taken_back(it: Announcement, name: str) -> Message:
    """To the correction's author, whom somebody else in HR has stopped."""
    text = _("{name} has taken your correction of “{title}” back. The old words stay.")
    return told(it, text.format(name=name, title=say_title(it)), _say_kept())


def _say_kept() -> Note:
    return Note((_("Your words are kept, and stand in the form of [Correct…]."),))


def overtaken(it: Announcement, name: str) -> Message:
    """To the correction's author: another one is asked about now."""
    text = _(
        "{name} has written another correction of “{title}”. It takes the place of yours, which nobody agreed to yet."
    )
    return told(it, text.format(name=name, title=say_title(it)))


def not_needed(it: Announcement) -> Message:
    """To the correction's author: what it would have corrected was withdrawn."""
    text = _("“{title}” has been withdrawn, so your correction is not needed any more.")
    return told(it, text.format(title=say_title(it)))


def not_made(it: Announcement, why: str) -> Message:
    """To HR: somebody agreed, and it could not be made."""
    return told(it, _("“{title}” was not corrected. The old words stay.").format(title=say_title(it)), Para((why,)))
