"""The forms: words, sending, declining."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.dates import get_zone
from bot.i18n import _
from bot.incoming import FormValues
from bot.ui import DateInput, Form, FormItem, Note, Option, Para, Select, TextInput
from handlers.announcements.actions import Correct, Decline, DeclineCorrection, SaveNews, Send
from handlers.announcements.audience import count_people
from handlers.announcements.rules import LONGEST_ADDRESS, LONGEST_BODY, LONGEST_TITLE, Problem, Texts
from storage.models import Announcement

_WIDEST = 3000
"""Characters that a field can hold (Slack); what is too long is told, and not cut while somebody types."""
_FIRST, _LAST = 6, 22
"""Local hours that are offered."""
_USUAL = "10:00"

REASON = "reason"
WAYS = ("members", "channels", "both")
"""As `Announcement.via` has them."""

_SENTENCES: Mapping[Problem, Callable[[], str]] = {
    Problem.NO_WORDS: lambda: _("Please write it in at least one language."),
    Problem.NO_TITLE: lambda: _("Please give it a title."),
    Problem.TITLE_TOO_LONG: lambda: _("A title has at most {n} characters.").format(n=LONGEST_TITLE),
    Problem.BODY_TOO_LONG: lambda: _(
        "This is longer than {n} characters. Please shorten it, and link to a page with the rest."
    ).format(n=f"{LONGEST_BODY:,}"),
    Problem.NO_HTTPS: lambda: _("Please use an address that begins with {https}.").format(https="https://"),
    Problem.UNREADABLE: lambda: _("This can't be read. Please check it."),
    Problem.PAST: lambda: _("This moment has passed. Please choose a later one."),
    Problem.GAP: lambda: _("The clocks skip this hour on that day. Please choose another time."),
    Problem.TOO_FAR: lambda: _("Please choose a moment within the next year."),
}


def say(problems: Mapping[str, Problem]) -> dict[str, str]:
    """Each problem as a sentence, by field."""
    return {name: _SENTENCES[problem]() for name, problem in problems.items()}


def words_form(action: SaveNews | Correct, texts: Texts, picture: str = "", link: str = "", note: str = "") -> Form:
    """The words in both languages, with picture and link where they can be changed."""
    is_new = isinstance(action, SaveNews)
    items: list[FormItem] = [
        *((Para((note,)),) if note else ()),
        Para((_("One language is enough; readers of the other are told which one it is in."),)),
        _title("ja", _("Title in Japanese"), texts),
        _body("ja", _("Text in Japanese"), texts),
        _title("en", _("Title in English"), texts),
        _body("en", _("Text in English"), texts),
    ]
    if is_new:
        items += [
            _address("picture", _("Picture"), picture, _("The web address of a PNG or JPEG of up to 5 MB.")),
            _address("link", _("Link"), link, _("The web address of a page with more about it.")),
        ]
    return Form(_("Announcement") if is_new else _("Correct it"), _("Save"), action, tuple(items))


def _title(locale: str, label: str, texts: Texts) -> TextInput:
    value = texts.get(locale, {}).get("title", "")[:LONGEST_TITLE]
    return TextInput(f"title_{locale}", label, value, required=False, max_length=LONGEST_TITLE)


def _body(locale: str, label: str, texts: Texts) -> TextInput:
    value = texts.get(locale, {}).get("body", "")[:_WIDEST]
    longest = max(LONGEST_BODY, len(value))
    hint = _("Up to {n} characters.").format(n=f"{LONGEST_BODY:,}")
    return TextInput(f"body_{locale}", label, value, hint, required=False, multiline=True, max_length=longest)


def _address(name: str, label: str, value: str, hint: str) -> TextInput:
    return TextInput(name, label, value[:LONGEST_ADDRESS], hint, "https://", required=False, max_length=LONGEST_ADDRESS)


def read_words(values: FormValues) -> dict[str, str]:
    """The words as they were entered, by field."""
    return {name: values.text(name) for name in ("title_ja", "body_ja", "title_en", "body_en", "picture", "link")}


@dataclass(frozen=True, slots=True)
class Sending:
    """What the form of [Send…] holds: `day` is ISO text, "" for as soon as possible, `clock` such as 10:00, `via` as
    `Announcement.via` has it."""

    day: str = ""
    clock: str = _USUAL
    via: str = "members"

    @classmethod
    def read(cls, values: FormValues) -> "Sending":
        """As it was sent off."""
        return cls(values.text("day"), values.text("clock"), values.text("via") or "members")


def send_form(announcement: Announcement, given: Sending, zone: str, people: int, above: int, channels: int) -> Form:
    """The form of [Send…]. `zone` is the author's own."""
    place = zone.rpartition("/")[2].replace("_", " ")
    soon = _("Left empty, it goes out as soon as possible.")
    zones = _("Times are yours ({place}). It always waits ten minutes, in which you can undo it.").format(place=place)
    return Form(
        _("Send"),
        _("Go on"),
        Send(announcement.id or 0),
        (
            Para((_("It reaches {people}.").format(people=count_people(people)),)),
            *_where(given.via, channels),
            DateInput("day", _("Day to send"), _read_day(given.day), soon, required=False),
            Select("clock", _("Time to send"), _list_clocks(given.clock), given.clock or _USUAL, required=False),
            *_say_second(people, above),
            Note((zones,)),
        ),
    )


def _list_clocks(chosen: str) -> tuple[Option, ...]:
    """Every half hour of the day, and the chosen time where it lies between."""
    clocks = {f"{hour:02}:{minute:02}" for hour in range(_FIRST, _LAST) for minute in (0, 30)}
    return tuple(Option(clock, clock) for clock in sorted(clocks | {chosen or _USUAL}))


def _say_second(people: int, above: int) -> tuple[Note, ...]:
    if people <= above:
        return ()
    text = _("It reaches more than {n} people, so a second person in HR is asked to agree.")
    return (Note((text.format(n=above),)),)


def _where(via: str, channels: int) -> tuple[Select, ...]:
    """Where there are channels at all."""
    if not channels:
        return ()
    labels = {
        "members": _("To each member"),
        "channels": _("To the channels"),
        "both": _("To the channels, and to each who is in none of their workspaces"),
    }
    hint = _("The channels are those in which the digest is posted.")
    ways = tuple(Option(way, labels[way]) for way in WAYS)
    return (Select("via", _("How"), ways, via if via in WAYS else WAYS[0], hint=hint),)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def present(announcement: Announcement, zone: str) -> Sending:
    """What was chosen the last time."""
    if announcement.wanted_at is None:
        return Sending(via=announcement.via)
    local: datetime = announcement.wanted_at.astimezone(get_zone(zone))
    return Sending(f"{local:%Y-%m-%d}", f"{local:%H:%M}", announcement.via)


def is_clock(text: str) -> bool:
    """Whether it is a time of day."""
    try:
        return bool(text) and time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def decline_form(action: Decline | DeclineCorrection, title: str) -> Form:
    """The form of [Not like this…]."""
    return Form(
        _("Not like this"),
        _("Send"),
        action,
        (
            Para((_("The author reads this about “{title}”.").format(title=title),)),
            TextInput(REASON, _("What should change"), multiline=True, max_length=500),
        ),
    )
